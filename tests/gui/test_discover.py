"""Discover: what is asked for, the list, the page of a model, the downloads."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from engine.api import Fit, Verdict
from gui.app import Shell
from gui.discover.discover_view import DiscoverView
from gui.discover.finder import Finder
from gui.discover.shown import (
    Answer,
    Found,
    Offer,
    Page,
    Wanted,
    many,
    name_of,
    second_line,
)
from gui.widgets.work_card import Work, _figures

WELL = Fit(Verdict.WELL, 31.0, 3_600_000_000, "2.50 GB weights + 1.10 GB context")
NOT = Fit(Verdict.NOT, 0.0, 17_200_000_000, "17.2 GB, but 13.9 GB is free")
FOUND = (
    Found("Qwen/Qwen3-4B-GGUF", 1_200_000, 1900, "Apache-2.0", fit=WELL),
    Found("acme/Strange-7B-GGUF", 512, problem="The family strange is not known yet"),
    Found("big/Model-400B", 41_000, fit=NOT),
)
OFFERS = (
    Offer("Q4_K_M", 2_500_000_000, WELL, "Best balance for this machine", recommended=True),
    Offer("Q8_0", 4_280_000_000, WELL, "Nearly lossless", path="/models/q8.gguf"),
    Offer("F32", 16_100_000_000, NOT, "The original weights"),
    Offer("Q9_9", 1_000_000, None, problem="Made with a type that Chaski does not know"),
)
PAGE = Page(
    FOUND[0], 8192, "36 layers", OFFERS, ("# Qwen3\n\nA *card*.",), sums="Memory = weights + cache"
)

pytestmark = pytest.mark.qt_log_ignore("plugin does not support")  # without a display


@pytest.fixture
def view(shell: Shell, qtbot: QtBot) -> DiscoverView:
    made = DiscoverView(Finder(shell.desk))
    qtbot.addWidget(made)
    made.resize(1216, 800)
    made.show()
    return made


def rows(view: DiscoverView) -> list[str]:
    model = view.list._view.model()
    return [model.index(i, 0).data() for i in range(model.rowCount())]


def test_the_hub_is_asked_once_when_typing_ends(view: DiscoverView, qtbot: QtBot) -> None:
    asked: list[Wanted] = []
    view.list.wanted.connect(asked.append)
    qtbot.keyClicks(view.list.search, "qwen3 4b")
    qtbot.waitUntil(lambda: bool(asked))
    qtbot.wait(500)
    assert asked == [Wanted("qwen3 4b")]
    view.list.fits.click()
    assert asked[-1] == Wanted("qwen3 4b", fits_only=False)


def test_nothing_is_asked_before_somebody_does(view: DiscoverView, qtbot: QtBot) -> None:
    asked: list[Wanted] = []
    view.list.wanted.connect(asked.append)
    qtbot.wait(600)
    assert asked == []


def test_choosing_tells_the_repository_and_figures_come_in_place(view: DiscoverView) -> None:
    chosen: list[str] = []
    view.list.chosen.connect(chosen.append)
    view.list.show_answer(Answer(Wanted("x"), FOUND))
    assert rows(view) == ["Qwen3 4B", "Strange 7B", "Model 400B"]
    view.list._view.setCurrentIndex(view.list._view.model().index(1, 0))
    assert chosen == ["acme/Strange-7B-GGUF"]
    judged = (FOUND[0], FOUND[1], replace(FOUND[2], fit=WELL))
    view.list.show_answer(Answer(Wanted("x"), judged), "acme/Strange-7B-GGUF")
    assert view.list._view.currentIndex().row() == 1, "what is chosen stays so"
    assert chosen == ["acme/Strange-7B-GGUF"], "and is not chosen again"


def test_a_problem_stands_in_the_lists_place(view: DiscoverView) -> None:
    asked: list[Wanted] = []
    view.list.wanted.connect(asked.append)
    words = "huggingface.co cannot be reached; look at the connection and try again"
    view.list.show_answer(Answer(Wanted("x"), problem=words))
    assert view.list._words.text() == words
    view.list._again.click()
    assert len(asked) == 1
    view.list.show_answer(Answer(Wanted("x")))
    assert "Nothing was found" in view.list._words.text()
    assert not view.list._again.isVisible()


def test_only_what_runs_can_be_had(view: DiscoverView) -> None:
    wanted: list[tuple[str, str]] = []
    chats: list[tuple[str, str]] = []
    view.page.download_wanted.disconnect(view.finder.get)
    view.page.download_wanted.connect(lambda *what: wanted.append(what))
    view.page.chat_wanted.connect(lambda *what: chats.append(what))
    view.page.show_page(PAGE)
    table = view.page.table
    assert table is not None
    assert set(table.buttons) == {"Q4_K_M", "Q8_0"}
    table.buttons["Q4_K_M"].click()
    table.buttons["Q8_0"].click()
    assert wanted == [("Qwen/Qwen3-4B-GGUF", "Q4_K_M")]
    assert chats == [("Qwen/Qwen3-4B-GGUF", "Q8_0")]
    assert view.page.card.isVisible()


class Painted(QObject):
    """The heights at which a widget was painted."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.heights: list[int] = []
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.heights.append(watched.height())
        return False


def test_nothing_is_seen_squeezed(view: DiscoverView, qtbot: QtBot) -> None:
    view.resize(1000, 420)
    qtbot.wait(50)
    view.page.show_page(PAGE)
    table = view.page.table
    assert table is not None
    painted = Painted(table)
    qtbot.waitUntil(lambda: bool(painted.heights))
    qtbot.wait(100)
    assert min(painted.heights) >= table.minimumSizeHint().height() - 4


def test_without_a_model_it_says_what_can_be_done(view: DiscoverView) -> None:
    view.page.show_page(PAGE)
    view.page.show_page(None)
    assert view.page.table is None
    assert view.page._title.full() == "Discover"
    assert not view.page.card.isVisible()


@pytest.mark.parametrize("width", [680, 780, 1000, 1216])
def test_nothing_is_cut_off(view: DiscoverView, width: int, qtbot: QtBot) -> None:
    view.page.show_page(PAGE)
    view.page.show_downloads(
        [Work(1, "A long name of a model " * 4, "running", 0.5, "5 GB of 10 GB · 3 MB/s")]
    )
    view.resize(width, 700)
    area = view.page.findChild(QScrollArea)
    assert area is not None
    assert view.width() == width
    qtbot.waitUntil(lambda: area.widget().width() <= area.viewport().width())


def test_every_button_has_a_name(view: DiscoverView) -> None:
    view.page.show_page(PAGE)
    view.page.show_downloads([Work(1, "x", "running", 0.5)])
    for button in view.findChildren(QAbstractButton):
        assert button.accessibleName() or button.text(), button


def test_works_keep_their_cards(view: DiscoverView) -> None:
    works, told = view.page.downloads, list[int]()
    works.paused.connect(told.append)
    view.page.show_downloads([Work(1, "A", "running", 0.1, can_pause=True)])
    first = works.cards[1]
    first.pause.click()
    assert told == [1]
    view.page.show_downloads([Work(2, "B", "waiting"), Work(1, "A", "paused", can_resume=True)])
    assert works.cards[1] is first
    assert list(works.cards) == [1, 2]
    assert works._box.itemAt(0).widget() is works.cards[2]
    assert not first.resume.isHidden()
    assert first.pause.isHidden()
    view.page.show_downloads([])
    assert works.cards == {}


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (Work(1, "A", "running", 0.5, "1.31 GB of 2.02 GB", left="39 s left"), "39 s left"),
        (Work(1, "A", "paused", 0.5, "1 GB of 2 GB", left="5 s left"), "1 GB of 2 GB · paused"),
        (Work(1, "A", "done", 1.0, "2 GB"), "2 GB"),
    ],
)
def test_figures_of_a_work(work: Work, words: str) -> None:
    assert _figures(work).endswith(words)


def test_words() -> None:
    assert [many(n) for n in (512, 1900, 9960, 980_000, 999_600, 1_234_567)] == [
        "512",
        "1.9k",
        "10k",
        "980k",
        "1.0M",
        "1.2M",
    ]
    assert name_of("Qwen/Qwen3-4B-Instruct-GGUF") == "Qwen3 4B Instruct"
    assert name_of("x") == "x"
    assert second_line(FOUND[0]) == "Qwen · 1.2M downloads"
    assert second_line(replace(FOUND[0], good_for="Quick answers")) == "Quick answers"
