"""Measuring what a made model lost, in the window and with the real engine; its chart and table."""

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.fake_engine import REPORT
from helpers.patience import WAIT_MS
from helpers.tiny_models import write_tiny_llama
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.api import jobs
from engine.weights.types import TensorType
from gui.app import Shell
from gui.main_window import MainWindow
from gui.widgets.scatter import Axes, Point, Scatter
from gui.workshop.bench import Bench
from gui.workshop.loss_card import LossCard
from gui.workshop.loss_words import KL, OTHER, WORSE, axes, basis, comparable, points, verdict
from gui.workshop.target_table import fit_of
from gui.workshop.workshop_view import WorkshopView


@pytest.fixture
def bench(workshop: MainWindow, tmp_path: Path, qtbot: QtBot) -> Bench:
    """With a tiny model of which a Q4_0 file was made."""
    assert isinstance(workshop.view("workshop"), WorkshopView)
    bench = workshop.view("workshop").bench
    tiny = write_tiny_llama(tmp_path / "tiny-F16.gguf", type=TensorType.F16, n_ctx=1024)
    bench.take(str(tiny))
    qtbot.waitUntil(lambda: bench.place is not None, timeout=WAIT_MS)
    make(bench, "Q4_0", qtbot)
    return bench


def make(bench: Bench, target: str, qtbot: QtBot) -> None:
    assert bench.table is not None
    assert bench.place is not None
    bench.table.show_all()
    bench.table.choose(target)
    bench.place.make.click()
    qtbot.waitUntil(lambda: bench.made is not None and not bench.busy, timeout=WAIT_MS)


def card_of(bench: Bench) -> LossCard:
    assert bench.losses is not None
    return bench.losses


def measure(bench: Bench, qtbot: QtBot) -> LossCard:
    card = card_of(bench)
    card.go.click()
    qtbot.waitUntil(lambda: card.loss is not None or not card.error.isHidden(), timeout=WAIT_MS)
    assert card.error.isHidden(), card.error.text()
    return card


def test_the_loss_is_measured_and_shown(bench: Bench, qtbot: QtBot) -> None:
    card = card_of(bench)
    assert not card.isHidden()
    assert card.panel.isHidden(), "nothing is known yet"
    measure(bench, qtbot)
    assert card.loss is not None
    assert "same next token" in card.said.text()
    assert f"{card.loss.tokens:,} tokens of the built-in text" in card.based.text()
    assert not card.panel.isHidden()
    names = [point.name for point in card.panel.chart.points()]
    assert names == ["Q4_0", "Source F16"]
    assert card.panel.chart.points()[0].kind == "now"
    assert "Q4_0: " in card.panel.chart.accessibleDescription()
    assert card.panel.told.full().startswith("Q4_0")
    assert card.panel.table is not None
    assert card.panel.table.sieve.rowCount() == 1


def test_types_tried_before_are_in_the_chart(bench: Bench, qtbot: QtBot) -> None:
    measure(bench, qtbot)
    assert bench.job is not None
    bench.job.more.click()
    card = card_of(bench)
    assert not card.panel.isHidden(), "what was measured stays to be seen"
    assert card.go.isHidden()
    make(bench, "Q8_0", qtbot)
    measure(bench, qtbot)
    kinds = {point.name: point.kind for point in card.panel.chart.points()}
    assert kinds == {"Q4_0": "", "Q8_0": "now", "Source F16": "base"}
    assert bench.source is not None
    bench.job.more.click()
    path = str(bench.source.path)
    bench.take(path)
    qtbot.waitUntil(lambda: bench.losses not in (None, card), timeout=WAIT_MS)
    again = card_of(bench)
    qtbot.waitUntil(lambda: not again.isHidden(), timeout=WAIT_MS)
    assert len(again.losses) == 2, "another day, the same source"


def test_a_measurement_is_stopped(bench: Bench, qtbot: QtBot) -> None:
    card = card_of(bench)
    card.go.click()
    assert not card.stop.isHidden()
    assert bench.busy
    assert bench.job is not None
    bench.job.more.click()
    assert bench.job is not None, "first it is to be waited for, or cancelled"
    card.stop.click()
    qtbot.waitUntil(lambda: not card.measurer.running, timeout=WAIT_MS)
    assert card.stop.isHidden()
    assert card.error.isHidden(), "stopping is no failure"
    assert not card.go.isHidden()
    assert card.loss is None


def test_what_goes_wrong_stands_in_the_card(bench: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    card = card_of(bench)
    short = tmp_path / "short.txt"
    short.write_text("too short")
    card.set_text(str(short))
    assert card.text.currentText() == "short.txt"
    card.go.click()
    qtbot.waitUntil(lambda: not card.error.isHidden(), timeout=WAIT_MS)
    assert "too short to measure" in card.error.text()
    longer = tmp_path / "longer.txt"
    longer.write_text("once upon a time there was a little girl. " * 9)
    card.set_text(str(longer))
    assert card.text.count() == 3, "one text of the user's at a time"
    assert "longer.txt" in measure(bench, qtbot).said.text()


def test_every_tensor_has_its_row(workshop: MainWindow, bench: Bench, qtbot: QtBot) -> None:
    card_of(bench).tensors.click()
    view = workshop.view("workshop")
    assert view is not None
    qtbot.waitUntil(lambda: view.errors is not None, timeout=WAIT_MS)
    table = view.errors
    assert table is not None
    assert table.table.sieve.rowCount() == 21
    first = table.table.sieve.index(0, 3).data()
    assert first.endswith("%"), "the largest error stands first"
    table.search.setText("norm")
    assert table.table.sieve.rowCount() == 5
    assert table.table.sieve.index(0, 3).data() == "none"
    table.closed.emit()
    assert view.errors is None


def test_closing_the_window_ends_a_measurement(workshop: MainWindow, bench: Bench) -> None:
    card_of(bench).go.click()
    workshop.close()
    bench._desk.engine.shutdown()
    assert not bench._desk.engine.paths.losses_file.exists()


def test_memory_counts_as_the_weights_lie_in_it(bench: Bench) -> None:
    assert bench.source is not None
    needs = bench.source.forecast
    assert needs is not None
    large = replace(needs, memory=replace(needs.memory, weights=5_000_000_000))
    target = replace(bench.source.targets[0], bytes=2_000_000_000, forecast=large)
    found = fit_of(target, bench.source, REPORT)
    assert found is not None
    assert found.needed == large.memory.total > 5_000_000_000


LOSS = jobs.Loss(
    name="Q4_K_M",
    file="a.gguf",
    mark="m",
    bytes=2_500_000_000,
    bits=4.9,
    text=jobs.BUILT_IN,
    text_key="k",
    tokens=812,
    source_ppl=8.0,
    ppl=8.096,
    kl_mean=0.0331,
    kl_99=0.412,
    top1=0.9612,
)


def test_losses_are_told_in_plain_words() -> None:
    assert verdict(LOSS) == (
        "It chooses the same next token 96% of the time and is 1.2% worse at predicting this text."
    )
    other = replace(LOSS, text="notes.txt", top1=0.9973, ppl=7.99)
    assert "99.7% of the time and is no worse at predicting notes.txt" in verdict(other)
    assert "812 tokens of the built-in text" in basis(LOSS)
    assert "KL divergence 0.033 on average, below 0.41 for 99%" in basis(LOSS)


def test_only_what_was_measured_over_the_same_text_is_compared() -> None:
    other = replace(LOSS, name="Q8_0", mark="n", text_key="another")
    assert comparable([LOSS, other], LOSS) == [LOSS]
    assert comparable([LOSS, other]) == [other]
    assert comparable([]) == []


def test_every_measure_has_its_axis(bench: Bench) -> None:
    source = bench.source
    assert source is not None
    for measure_by, expected in ((KL, 0.0331), (WORSE, 0.012), (OTHER, 0.0388)):
        now, base = points([LOSS], LOSS, source, measure_by)
        assert now.y == pytest.approx(expected, rel=1e-3)
        assert (now.kind, base.kind, base.y) == ("now", "base", 0.0)
    assert axes(source, KL).tell_x(0.0002) == "200"
    assert axes(source, KL).x.endswith("kB")
    assert axes(source, WORSE).tell_y(0.02) == "2%"


@pytest.fixture
def chart(shell: Shell, qtbot: QtBot) -> Scatter:
    made = Scatter("Size and loss")
    qtbot.addWidget(made)
    made.resize(640, 272)
    told = [("Big", 4.0, 0.001, ""), ("Small", 2.0, 0.2, "now"), ("Source", 8.0, 0.0, "base")]
    made.show_points([Point(n, x, y, f"{y}", k) for n, x, y, k in told], Axes("x", "y", str, str))
    made.show()
    return made


def test_the_keyboard_walks_the_points(chart: Scatter, qtbot: QtBot) -> None:
    heard: list[int] = []
    chart.pointed.connect(heard.append)
    keys = (Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Right)
    for key in keys:
        QTest.keyClick(chart, key)
    assert heard == [2, 1, 0, 1, 2]
    assert [p.name for p in chart.points()] == ["Small", "Big", "Source"]
    assert chart.accessibleDescription() == "y against x. Small: 0.2; Big: 0.001; Source: 0.0"


def test_the_mouse_finds_a_point(chart: Scatter, qtbot: QtBot) -> None:
    spot = chart._spots()[1].toPoint()
    QTest.mouseMove(chart, spot + QPoint(3, 3))
    qtbot.waitUntil(lambda: chart.at == 1)
    QTest.mouseMove(chart, QPoint(2, 2))
    qtbot.waitUntil(lambda: chart.at == -1)


def test_any_number_of_points_has_its_place(chart: Scatter) -> None:
    """Also on a heap, none, one, and one at zero."""
    heap = [Point(f"Q{i}_K_M", 2 + i / 50, 0.1 + i / 900, "", "") for i in range(12)]
    for shown in (heap, heap[:1], [], [replace(heap[0], x=0.0, y=0.0)]):
        chart.show_points(shown, Axes("x", "y", str, str))
        picture = chart.grab().toImage()
        assert picture.width() > 0
        assert len(chart._spots()) == len(shown)
        assert all(chart._area().contains(spot) for spot in chart._spots())
