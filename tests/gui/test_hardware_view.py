"""The hardware view: what it tells of a report, measuring as a job, and the plots of now."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.fake_engine import REPORT, FakeEngine
from helpers.patience import WAIT
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine.api import Engine, Kept, LiveFigures, Paths, Prediction, Rates, Ticket, jobs
from engine.base.devices import CacheLevel, Disk, DiskKind, Graphics
from engine.base.events import Event, HardwareReport, Progress, Stage
from engine.base.jobs import Rest
from engine.base.rates import TypeRate
from engine.compute.backends import product_rates
from engine.measure import rating
from engine.measure import reporting as machine_job
from engine.measure.live import Others
from gui import pulse as pulse_module
from gui.activity.activity_view import ActivityView
from gui.app import Shell
from gui.chat.book import Book
from gui.discover.discover_view import DiscoverView
from gui.hardware import words
from gui.hardware.columns import Columns
from gui.hardware.hardware_view import HardwareView
from gui.main_window import MainWindow
from gui.pulse import LiveStrip, Pulse, kept_words
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.charts import apart
from gui.widgets.labels import ElidedLabel, Pill

GB = 10**9
KINDS = ("IQ2_XS", "IQ3_S", "Q4_K", "Q5_K", "Q6_K", "Q8_0", "F16")
RATES = Rates(
    6,
    "avx512-vnni",
    ((1, 18e9), (6, 52.6e9)),
    tuple(TypeRate(kind, 80e9, 900e9) for kind in KINDS),
    90e9,
    0.02,
)
PREDICTIONS = (
    Prediction("Gemma", "/a", "Q6_K", 3 * GB, 14.2, 71, 13.6, 5, 0.044),
    Prediction("Llama", "/b", "Q8_0", 3 * GB, 13.1, 58, 13.1, 1, 0.001),
    Prediction("Mistral", "/c", "Q4_K_M", 14 * GB, 3.1, 430),
    Prediction("Odd", "/d", "Q4_0", 4 * GB, problem="its family is not known here"),
    Prediction("Qwen", "/e", "Q4_K_M", 2 * GB, 12.0, 63, 15.8, 1, -0.24),
)
MEASURED = replace(
    REPORT,
    rates=RATES,
    best_threads=6,
    predictions=PREDICTIONS,
    caches=(CacheLevel(3, "unified", 16 << 20, 8, 1),),
    disks=(
        Disk("/m", "models", DiskKind.NVME, "ext4", 10**12, 214 * GB, 3.1e9, 1.2e9),
        Disk("/d", "data", DiskKind.SPINNING, "xfs", 10**12, 880 * GB),
    ),
    graphics=(Graphics("NVIDIA H100", 80 << 30, driver="NVIDIA 570.86.15"),),
)
BARE = replace(REPORT, bandwidth=0.0, bandwidth_by_threads=())


@pytest.fixture
def view(window: MainWindow, qtbot: QtBot) -> HardwareView:
    return shown(window, qtbot)


def shown(window: MainWindow, qtbot: QtBot) -> HardwareView:
    window.show_view("hardware")
    made = window.view("hardware")
    assert isinstance(made, HardwareView)
    qtbot.waitUntil(lambda: made.report is not None and not made._feed.running)
    return made


def show(view: HardwareView, report: HardwareReport) -> None:
    view._desk.set_hardware(report, whole=True)


def texts(view: HardwareView) -> list[str]:
    """All words on the page, without what keeps a figure and its unit together."""
    labels = [*view._head.findChildren(QLabel), *view._body.findChildren(QLabel)]
    told = [x.full() if isinstance(x, ElidedLabel) else x.text() for x in labels]
    return [text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "") for text in told]


# What is told


def test_everything_that_is_known_is_on_the_page(view: HardwareView) -> None:
    show(view, MEASURED)
    told = texts(view)
    for words_of in (
        "Best with 6 threads: measured and kept, used whenever a model is opened.",
        "Caches: L3 16 MB for 8 cores",
        "NVMe, ext4, 214.0 GB free, reads 3.1 GB/s, writes 1.2 GB/s",
        "Spinning, xfs, 880.0 GB free",
        "NVIDIA H100, 85.9 GB, NVIDIA 570.86.15",
        "Measured with the AVX-512 VNNI kernels, 6 threads; billions of products a second",
    ):
        assert words_of in told
    assert view.measure.text() == "Measure again"
    assert view.measure.kind == "plain"


def test_models_stand_with_their_speed_and_the_error(view: HardwareView) -> None:
    show(view, MEASURED)
    told = texts(view)
    for word in ("≈ 14 tok/s", "13.6 tok/s", "1 min", "its family is not known here", "≈ 3 tok/s"):
        assert word in told
    tones = {pill.text(): pill.tone for pill in view._body.findChildren(Pill)}
    assert tones["4 % too high"] == "good"
    assert tones["Right"] == "good"
    assert tones["24 % too low"] == "warn"
    show(view, replace(MEASURED, predictions=()))
    assert "Gemma" not in texts(view), "the last model went"
    assert any(text.startswith("There is no model") for text in texts(view))


def test_predictions_stay_while_new_ones_are_read(view: HardwareView) -> None:
    show(view, MEASURED)
    view._desk.set_hardware(replace(MEASURED, predictions=(), ram_available=1 * GB))
    assert "Gemma" in texts(view)


def test_nothing_was_measured_yet(view: HardwareView) -> None:
    show(view, BARE)
    told = texts(view)
    assert "Not measured yet" in told
    assert "Memory bandwidth by threads" not in told
    assert (view.measure.text(), view.measure.kind) == ("Measure", "primary")
    assert any(t.startswith("8 threads suit the cores") for t in told)
    assert "≈" not in words.rate_words(0)


def test_a_busy_machine_is_told(view: HardwareView) -> None:
    show(view, replace(MEASURED, rates=replace(RATES, others=0.4)))
    assert any("Other programs took 40 %" in text for text in texts(view))


def test_settings_overrule_the_best_number(view: HardwareView, shell: Shell) -> None:
    desk = shell.desk
    desk.set_preferences(replace(desk.preferences, threads=2))
    show(view, MEASURED)
    assert "Best with 6 threads: measured and kept; Settings ask for 2." in texts(view)


def test_rare_types_are_shown_on_demand(view: HardwareView) -> None:
    show(view, MEASURED)

    def types() -> list[str]:
        bars = view._body.findChildren(Bar)
        return [bar.accessibleName().partition(":")[0] for bar in bars]

    assert types() == ["Q4_K", "Q5_K", "Q6_K", "Q8_0", "F16"]
    more = [b for b in buttons(view) if b.text() == "Show all 7 types"]
    more[0].click()
    assert types() == list(KINDS)
    show(view, replace(MEASURED, ram_available=GB))
    assert types() == list(KINDS), "also after the next look"


def buttons(view: HardwareView) -> list[object]:
    from gui.widgets.buttons import Button

    return [b for b in view._body.findChildren(Button) if not b.isHidden()]


def test_many_models_are_shown_on_demand(view: HardwareView) -> None:
    many = tuple(replace(PREDICTIONS[0], name=f"Model {i}") for i in range(60))
    show(view, replace(MEASURED, predictions=many))
    assert "Model 20" not in texts(view)
    (more,) = [b for b in buttons(view) if b.text() == "Show more (52)"]
    more.click()
    assert "Model 27" in texts(view)
    assert "Model 28" not in texts(view)
    (more,) = [b for b in buttons(view) if b.text() == "Show more (32)"]
    more.click()
    assert "Model 47" in texts(view)


def test_an_equal_report_draws_nothing_anew(view: HardwareView) -> None:
    show(view, MEASURED)
    body = view._body
    show(view, replace(MEASURED, ram_available=MEASURED.ram_available + 1))
    assert view._body is body


def test_one_column_where_there_is_little_room(
    view: HardwareView, window: MainWindow, qtbot: QtBot
) -> None:
    show(view, MEASURED)
    body = view._body
    assert isinstance(body, Columns)
    for width, narrow in ((760, True), (1280, False)):
        window.resize(width, 700)

        def laid_out(narrow: bool = narrow) -> bool:
            across = {c.x() for row in body._rows for c in row}
            return body._narrow is narrow and (len(across) == 1) is narrow

        qtbot.waitUntil(laid_out)
        assert all(c.width() <= body.width() for row in body._rows for c in row)


def test_copied_as_text_and_as_json(view: HardwareView) -> None:
    show(view, MEASURED)
    view.copy.click()
    assert "about 14 tok/s; 13.6 tok/s in 5 replies" in QGuiApplication.clipboard().text()
    view.copy_json.click()
    told = json.loads(QGuiApplication.clipboard().text())
    assert told["rates"]["threads"] == 6
    assert told["predictions"][0]["error"] == 0.044


def test_models_that_fit_are_one_click_away(view: HardwareView, window: MainWindow) -> None:
    show(view, MEASURED)
    (find,) = [b for b in view._head.findChildren(type(view.copy)) if "Find" in b.text()]
    assert find.kind == "primary"
    find.click()
    assert isinstance(window._stack.currentWidget(), DiscoverView)


# Measuring


@pytest.fixture
def measuring(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    """The real engine, which measures one type and a small disk, with kernels that are there."""
    monkeypatch.setattr(rating, "TYPES", ("Q4_0",))
    monkeypatch.setattr(product_rates, "LEAST_BYTES", 8 << 20)
    monkeypatch.setattr(product_rates, "MOST_BYTES", 8 << 20)
    monkeypatch.setattr(product_rates, "ROUNDS_S", 0.02)
    monkeypatch.setattr(machine_job.disks.measuring, "__defaults__", (machine_job.disks.PIECE,))
    home = replace(Paths.under(tmp_path / "home"), cache=Paths.default().cache)
    made = Shell(qapp, Engine(home), Book())
    yield made
    made.close()


def test_measuring_is_a_job_that_every_window_sees(
    measuring: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, second = measuring.open_window(), measuring.open_window()
    view, other = shown(window, qtbot), shown(second, qtbot)
    works = measuring.desk.works
    told: list[float | None] = []
    seen: list[list[tuple[bool, bool]]] = []
    looked = threading.Event()
    monkeypatch.setattr(rating, "Others", lambda: looked.wait(WAIT) and Others())

    def look() -> None:
        """Whenever something is told; the measurement is not over before this saw it."""
        if works.measuring:
            looked.set()
            told.append(works.measuring.share)
            views = (view, other)
            seen.append(
                [(each._work.isVisibleTo(each), each.measure.isEnabled()) for each in views]
            )

    works.changed.connect(look)
    view.measure.click()
    qtbot.waitUntil(lambda: bool(seen) and works.measuring is None)
    assert seen[-1] == [(True, False), (True, False)], "both show it, and neither begins another"
    qtbot.waitUntil(lambda: not view._feed.running)
    assert not view._work.isVisibleTo(view)
    report = measuring.desk.hardware
    assert report is not None
    assert [rate.type for rate in report.rates.types] == ["Q4_0"]
    for each in (view, other):
        assert any(text.startswith("Best with ") for text in texts(each))
        assert each.measure.text() == "Measure again"
    shares = [share for share in told if share is not None]
    assert shares == sorted(shares), "the bar never runs backwards"
    assert works.all[0].state == "done"


def test_measuring_is_stopped(
    measuring: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rating, "READINGS", 1_000_000)  # it would not end by itself
    window = measuring.open_window()
    view, works = shown(window, qtbot), measuring.desk.works
    view.measure.click()
    qtbot.waitUntil(lambda: works.measuring is not None)
    (card,) = view._work.cards.values()
    card.stop.click()
    qtbot.waitUntil(lambda: works.measuring is None)
    qtbot.waitUntil(lambda: not view._feed.running)
    assert works.all[0].state == "stopped"
    assert view.measure.isEnabled()
    assert view._error.isHidden()


# Right now


def figures(at: float, speed: float = 20.0) -> LiveFigures:
    return LiveFigures(at, 3 * GB, 9 * GB, 0.5, speed)


def test_plots_move_while_something_runs_and_somebody_looks(
    view: HardwareView, engine: FakeEngine, window: MainWindow, qtbot: QtBot
) -> None:
    strip = view.live
    assert strip._timer.isActive()
    assert not engine.live.samples, "nothing runs: nothing is asked"
    assert strip.words.text() == pulse_module.IDLE
    assert strip._plots.isHidden()
    engine.is_busy = True
    strip._pulse._sampled = -10.0
    strip.beat()
    assert len(engine.live.samples) == 1
    assert strip.memory.value.text().endswith("B")
    assert not strip._plots.isHidden()
    window.show_view("settings")
    assert not strip._timer.isActive()


def test_two_who_look_ask_once(engine: FakeEngine) -> None:
    now = [100.0]
    pulse = Pulse(engine, lambda: now[0])  # type: ignore[arg-type]
    engine.is_busy = True
    pulse.look()
    now[0] += 0.2
    assert len(pulse.look()) == 1
    now[0] += 1.0
    assert len(pulse.look()) == 2
    engine.is_busy = False
    now[0] += 1.0
    assert len(pulse.look()) == 3, "the line comes down"
    now[0] += 3.0
    assert len(pulse.look()) == 3, "and then rests"


def test_what_is_kept_for_later_is_shown_and_forgotten(
    view: HardwareView, engine: FakeEngine, window: MainWindow, qtbot: QtBot
) -> None:
    line = view.kept
    assert line.isHidden()
    engine.keeps = Kept(4 * GB // 10, 3)
    view.live.beat()
    assert not line.isHidden()
    assert line.words.text().startswith("Kept: 400 MB for 3 conversations that may")
    (entry,) = [e for e in window.chat.header.choices() if "Forget" in e.words]
    assert entry.words == "Forget what is kept: 400 MB for 3 conversations"
    line.forget.click()
    qtbot.waitUntil(line.isHidden)
    assert engine.kept() == Kept()
    assert not [e for e in window.chat.header.choices() if "Forget" in e.words]
    engine.keeps = Kept(900_000, 1)
    assert kept_words(engine.kept()) == "900 kB for 1 conversation"
    entry.act()
    qtbot.waitUntil(lambda: engine.kept() == Kept())


def test_what_the_plots_say(shell: Shell, engine: FakeEngine, qtbot: QtBot) -> None:
    strip = LiveStrip(Pulse(engine))  # type: ignore[arg-type]
    qtbot.addWidget(strip)
    strip.show_samples((figures(0.0), figures(100.0), figures(101.0, 18.24), figures(230.0, 0.5)))
    assert strip.memory.value.text() == "3.0 GB"
    assert strip.processor.value.text() == "50 %"
    assert strip.speed.value.text() == "0.5 tok/s"
    assert strip.speed.line.accessibleDescription() == "Speed: 0.5 tok/s now"
    assert [ago for ago, _ in strip.speed.line._moments] == [0.0], "two minutes, no more"
    assert strip.memory.toolTip() == "What Chaski holds; 9.0 GB more could be had"
    strip.show_samples((replace(figures(231.0), kept=GB),))
    assert "; 1.0 GB of it waits for conversations; " in strip.memory.toolTip()
    strip.resize(600, 90)
    assert not strip.grab().isNull()


def test_activity_shows_them_while_something_goes_on(
    window: MainWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    window.show_view("activity")
    activity = window.view("activity")
    assert isinstance(activity, ActivityView)
    assert activity._live.isHidden()
    hold = threading.Event()

    def job(ticket: Ticket) -> Iterator[Event]:
        yield Progress(Stage.WRITING, 1, 2)
        while not hold.is_set():
            yield Rest(0.01)

    engine.jobs.submit(job, jobs.About(jobs.JobKind.QUANTIZE, "a"))
    qtbot.waitUntil(lambda: not activity._live.isHidden())
    hold.set()
    qtbot.waitUntil(activity._live.isHidden)


def test_labels_of_a_chart_do_not_touch() -> None:
    assert apart([4, 8, 16, 32, 64, 128, 256], 24) == [0, 3, 4, 5, 6]
    assert apart([10, 200, 210], 24) == [0, 2]
    assert apart([7], 24) == [0]
    assert apart([], 24) == []


def test_cards_are_made_anew_for_another_size_of_text(view: HardwareView, shell: Shell) -> None:
    show(view, MEASURED)
    body = view._body
    shell.theme.choose("dark")
    assert view._body is body, "colours are the style sheet's"
    shell.theme.set_font_pixels(20)
    assert view._body is not body
    assert view._live_card.box.contentsMargins().left() == shell.theme.px(16)
    shell.theme.set_font_pixels(14)
    shell.theme.choose("light")


class Squeezed(QObject):
    """Notes each time that a page is painted lower than what is on it."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        self.painted, self.found = 0, list[tuple[int, int]]()
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            layout = self._page.layout()
            assert layout is not None
            self.painted += 1
            height, least = self._page.height(), layout.minimumSize().height()
            if height < least:
                self.found.append((height, least))
        return False


def test_no_card_is_squeezed_for_a_moment(view: HardwareView, qtbot: QtBot) -> None:
    """Neither at another text size nor with other figures: new cards count from the first."""
    show(view, MEASURED)
    QTest.qWait(100)
    page = view._body.parentWidget()
    assert page is not None
    watched = Squeezed(page)
    current().set_font_pixels(18)
    qtbot.waitUntil(lambda: watched.painted > 0)
    current().set_font_pixels(21)
    show(view, replace(MEASURED, ram_available=3 * GB))
    painted = watched.painted
    qtbot.waitUntil(lambda: watched.painted > painted)
    QTest.qWait(100)
    page.removeEventFilter(watched)
    assert watched.found == []
