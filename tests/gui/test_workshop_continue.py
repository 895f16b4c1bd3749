"""A stopped job in the window: the same choice goes on, another does not, and it can be let go."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.patience import WAIT_MS
from helpers.tiny_models import write_tiny_llama
from pytestqt.qtbot import QtBot

from engine.api import jobs
from engine.base.events import Progress, Stage
from engine.jobs.making import making
from engine.weights.types import TensorType
from engine.workshop import quantize
from gui.main_window import MainWindow
from gui.workshop.bench import Bench
from gui.workshop.unfinished import begun_words
from gui.workshop.workshop_view import WorkshopView


@pytest.fixture
def bench(workshop: MainWindow) -> Bench:
    assert isinstance(workshop.view("workshop"), WorkshopView)
    return workshop.view("workshop").bench


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_tiny_llama(tmp_path / "tiny-F16.gguf", type=TensorType.F16)


def results(bench: Bench) -> list[str]:
    return sorted(path.name for path in bench._desk.engine.paths.models.iterdir())


def take(bench: Bench, path: Path, target: str, qtbot: QtBot) -> None:
    bench.take(str(path))
    qtbot.waitUntil(lambda: bench.table is not None, timeout=WAIT_MS)
    assert bench.table is not None
    bench.table.choose(target)


def leave_unfinished(bench: Bench, source: Path, target: str) -> Path:
    """What a run leaves that was stopped before this window was opened."""
    out = bench._desk.engine.paths.models / f"tiny-{target}.gguf"
    job = making(jobs.Make(source, out, target))
    for event in job:
        if isinstance(event, Progress) and event.done > 0.6 * event.total > 0:
            break
    job.close()
    return out


def says(bench: Bench) -> str:
    assert bench.place is not None
    return bench.place.make.text().strip()


def test_the_same_choice_goes_on_after_a_crash(
    bench: Bench, tiny: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    out = leave_unfinished(bench, tiny, "Q8_0")
    take(bench, tiny, "Q8_0", qtbot)
    place, table = bench.place, bench.table
    assert place is not None
    assert table is not None
    qtbot.waitUntil(lambda: says(bench) == "Continue", timeout=WAIT_MS)
    assert place.begun.isVisible()
    assert "quantizing, at 6" in place.begun.words.text()
    assert "from 6" in place.make.toolTip()
    table.choose("Q6_K")
    assert says(bench) == "Make Q6_K"
    assert not place.begun.isVisible()
    table.choose("Q8_0")
    qtbot.waitUntil(lambda: says(bench) == "Continue", timeout=WAIT_MS)
    place.name.setText("other.gguf")
    assert says(bench) == "Make Q8_0", "under another name nothing was begun"
    place.name.setText(out.name)
    qtbot.waitUntil(lambda: says(bench) == "Continue", timeout=WAIT_MS)
    with qtbot.waitSignal(bench.runner.notice, timeout=WAIT_MS) as told:
        place.make.click()
    assert told.args is not None
    assert told.args[0].progress.stage is Stage.CONTINUING
    assert told.args[0].text.startswith("continuing from ")
    qtbot.waitUntil(lambda: bench.made is not None, timeout=WAIT_MS)
    assert results(bench) == [out.name]
    whole = tmp_path / "whole.gguf"
    list(making(jobs.Make(tiny, whole, "Q8_0")))
    assert out.read_bytes() == whole.read_bytes()


def test_cancelled_half_way_it_goes_on(
    bench: Bench, tiny: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded = quantize.encoded_rows

    def slow(*what: object) -> Iterator[object]:
        time.sleep(0.05)  # a slow disk
        yield from encoded(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(quantize, "encoded_rows", slow)
    take(bench, tiny, "Q8_0", qtbot)
    assert bench.place is not None
    bench.place.make.click()
    job = bench.job
    assert job is not None
    qtbot.waitUntil(lambda: (job.bar.fraction() or 0) > 0.3, timeout=WAIT_MS)
    with qtbot.waitSignal(bench._desk.notice, timeout=WAIT_MS) as told:
        job.cancel.click()
    assert told.args == ["Stopped; what is finished is kept"]
    assert results(bench) == ["tiny-Q8_0.gguf.part"]
    assert says(bench) == "Continue"
    bench.place.make.click()
    qtbot.waitUntil(lambda: bench.made is not None, timeout=WAIT_MS)
    assert results(bench) == ["tiny-Q8_0.gguf"]
    assert bench.job is not None
    bench.job.more.click()
    qtbot.wait(300)
    assert says(bench) == "Make Q8_0"


def test_what_was_begun_can_be_let_go(bench: Bench, tiny: Path, qtbot: QtBot) -> None:
    leave_unfinished(bench, tiny, "Q8_0")
    take(bench, tiny, "Q8_0", qtbot)
    qtbot.waitUntil(lambda: says(bench) == "Continue", timeout=WAIT_MS)
    assert bench.place is not None
    row = bench.place.begun
    row.discard.click()
    assert results(bench) == ["tiny-Q8_0.gguf.part"], "the first click only asks"
    assert "Really" in row.discard.text()
    row.discard.click()
    qtbot.waitUntil(lambda: says(bench) == "Make Q8_0", timeout=WAIT_MS)
    assert results(bench) == []
    assert not row.isVisible()


def test_another_job_over_it_says_so(bench: Bench, tiny: Path, qtbot: QtBot) -> None:
    out = leave_unfinished(bench, tiny, "Q8_0")
    take(bench, tiny, "Q6_K", qtbot)
    assert bench.place is not None
    bench.place.name.setText(out.name)
    with qtbot.waitSignal(bench._desk.notice, timeout=WAIT_MS) as told:
        bench.place.make.click()
    assert told.args is not None
    assert "starting anew" in told.args[0]
    qtbot.waitUntil(lambda: bench.made is not None, timeout=WAIT_MS)
    assert results(bench) == [out.name]


def test_words() -> None:
    half = jobs.Resumable("quantize", 0.631, 1_570_000_000)
    assert begun_words(half).startswith("Stopped while quantizing, at 63%. 1.57 GB are kept")
    assert "after reading the text." in begun_words(jobs.Resumable("importance", 1.0, 5))
    assert "converting, at 99%" in begun_words(jobs.Resumable("convert", 0.9999, 5))
