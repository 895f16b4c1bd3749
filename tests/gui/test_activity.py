"""The jobs of the engine in the window: listed, told, stopped, and seen from the rail."""

import threading
from collections.abc import Iterator

import pytest
from helpers.fake_engine import FakeEngine
from helpers.patience import WAIT
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.api import Lane, Ticket, jobs
from engine.base.errors import ChaskiError
from engine.base.events import Event, Progress, Stage, Transfer
from engine.base.jobs import Rest
from gui.activity.activity_view import ActivityView
from gui.discover.discover_view import DiscoverView
from gui.main_window import MainWindow
from gui.widgets.confirm import Confirm

GB = 1_000_000_000


def download(engine: FakeEngine, title: str, hold: threading.Event, error: str = "") -> Ticket:
    """A job as downloads are: it tells bytes, waits, and ends or fails."""

    def job(ticket: Ticket) -> Iterator[Event]:
        yield Transfer(Stage.DOWNLOADING, GB, 2 * GB, what=title, rate=18.2e6, seconds_left=39.0)
        while not hold.is_set():
            yield Rest(0.01)
        if error:
            raise ChaskiError(error)

    about = jobs.About(jobs.JobKind.DOWNLOAD, title, can_pause=True, can_resume=True)
    return engine.jobs.submit(job, about, lane=Lane.NETWORK)  # type: ignore[arg-type]


def activity(window: MainWindow) -> ActivityView:
    window.show_view("activity")
    view = window.view("activity")
    assert isinstance(view, ActivityView)
    return view


def test_a_download_is_seen_wherever_one_looks(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    works, hold = window._desk.works, threading.Event()
    view = activity(window)
    window.show_view("discover")
    found = window.view("discover")
    assert isinstance(found, DiscoverView)
    assert not view.list.cards
    download(engine, "Qwen3 4B · Q4_K_M", hold)
    qtbot.waitUntil(lambda: bool(works.all) and works.all[0].left != "")
    assert works.n_going == 1
    for cards in (view.list.cards, found.page.downloads.cards):
        (card,) = cards.values()
        assert card.shown.title == "Qwen3 4B · Q4_K_M"
        assert card._figures.full() == "1 GB of 2 GB · 18.2 MB/s · 39 s left"
        assert not card.pause.isHidden()
    assert window.rail._buttons["activity"]._busy
    hold.set()
    qtbot.waitUntil(lambda: works.all[0].state == "done")
    assert not window.rail._buttons["activity"]._busy
    view.clear.click()
    assert not view.list.cards


def test_pause_and_go_on(window: MainWindow, engine: FakeEngine, qtbot: QtBot) -> None:
    works, view, hold = window._desk.works, activity(window), threading.Event()
    download(engine, "A", hold)
    qtbot.waitUntil(lambda: bool(works.all) and works.all[0].state == "running")
    (card,) = view.list.cards.values()
    card.pause.click()
    qtbot.waitUntil(lambda: works.all[0].state == "paused")
    assert not card.resume.isHidden()
    card.resume.click()
    qtbot.waitUntil(lambda: works.all[0].state == "running")
    hold.set()


def test_other_work_is_stopped_at_once(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    """Nothing is lost with it: what it has made so far is taken up again when it goes on."""
    works, view = window._desk.works, activity(window)

    def job(ticket: Ticket) -> Iterator[Event]:
        while True:
            yield Rest(0.01)

    about = jobs.About(jobs.JobKind.MAKE, "A", can_resume=True)
    engine.jobs.submit(job, about, lane=Lane.DISK)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: bool(works.all) and works.all[0].state == "running")
    (card,) = view.list.cards.values()
    card.stop.click()
    qtbot.waitUntil(lambda: works.all[0].state == "stopped")
    card.forget.click()
    qtbot.waitUntil(lambda: works.all == [])


@pytest.mark.qt_log_ignore("propagateSizeHints")  # without a display
def test_a_download_that_goes_on_is_given_up_only_when_that_is_meant(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    """Stopped, its parts would lie there unlisted once the program has ended."""
    works, view, hold = window._desk.works, activity(window), threading.Event()
    download(engine, "A", hold)
    qtbot.waitUntil(lambda: bool(works.all) and works.all[0].left != "")
    (card,) = view.list.cards.values()
    assert card.stop.accessibleName() == "Give this up"
    card.stop.click()
    (asked,) = window.findChildren(Confirm)
    asked.back.click()
    qtbot.waitUntil(lambda: not window.findChildren(Confirm))
    assert works.all[0].state == "running"
    card.stop.click()
    (asked,) = window.findChildren(Confirm)
    asked.go_on.click()
    qtbot.waitUntil(lambda: bool(engine.downloads.discarded))
    hold.set()


@pytest.mark.qt_log_ignore("propagateSizeHints")  # without a display
def test_what_has_come_of_a_download_is_given_up_only_when_that_is_meant(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    """Its parts go with it, so nobody loses them with a click; those of others stay."""
    works, view, hold = window._desk.works, activity(window), threading.Event()
    download(engine, "A", hold)
    qtbot.waitUntil(lambda: bool(works.all) and works.all[0].left != "")
    (card,) = view.list.cards.values()
    card.pause.click()
    qtbot.waitUntil(lambda: works.all[0].state == "paused")
    assert not view.clear.isEnabled(), "what is finished is cleared, and this is not"
    for answer in ("back", "go_on"):
        card.forget.click()
        (asked,) = window.findChildren(Confirm)
        told = [label.text() for label in asked.findChildren(QLabel)]
        assert "The 1 GB that have come are deleted. A later download begins anew." in told
        getattr(asked, answer).click()
        qtbot.waitUntil(lambda: not window.findChildren(Confirm))
        assert bool(engine.downloads.discarded) is (answer == "go_on")
    qtbot.waitUntil(lambda: works.all == [])
    hold.set()


def test_what_went_wrong_is_one_sentence(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    works, view, hold = window._desk.works, activity(window), threading.Event()
    hold.set()
    download(engine, "A", hold, "huggingface.co does not answer; look at the connection")
    qtbot.waitUntil(lambda: bool(works.all) and works.all[0].state == "failed")
    (card,) = view.list.cards.values()
    assert card._words.text() == "huggingface.co does not answer; look at the connection."
    assert not card.resume.isHidden()


def test_what_has_ended_meanwhile_is_told(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    works, told = window._desk.works, list[str]()
    works.refused.connect(told.append)
    works.resume(12345)
    assert told
    assert "no job" in told[0]


def test_a_flood_of_news_is_drawn_a_few_times(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    works, drawn = window._desk.works, list[int]()
    works.changed.connect(lambda: drawn.append(1))

    def job(ticket: Ticket) -> Iterator[Event]:
        for i in range(2000):
            yield Progress(Stage.ENCODING if i % 2 else Stage.TIMING, i, 2000)

    ticket = engine.jobs.submit(job, jobs.About(jobs.JobKind.VERIFY, "A"), lane=Lane.DISK)  # type: ignore[arg-type]
    ticket.wait(WAIT)
    qtbot.waitUntil(lambda: bool(works.all) and works.all[0].state == "done")
    assert len(drawn) < 40


def test_opening_a_model_is_told_elsewhere(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    def job(ticket: Ticket) -> Iterator[Event]:
        raise ChaskiError("no such file")
        yield

    ticket = engine.jobs.submit(job, jobs.About(jobs.JobKind.OPEN, "A"))  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: ticket.ended)
    qtbot.wait(300)
    assert window._desk.works.all == []
