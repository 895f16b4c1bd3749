"""Predictions for the models of the library, beside real replies."""

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.open_tiny import drive
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import CancelledError
from engine.base.events import Progress, Stage
from engine.base.jobs import Job
from engine.base.models import CacheWork, TokenWork, TypeWork
from engine.base.paths import Paths
from engine.base.rates import Rates, TypeRate
from engine.base.runs import Prediction, Run
from engine.hardware.report import make_report
from engine.hardware.runs_kept import keep_run
from engine.hardware.speeds import SUSTAINED
from engine.library import Library
from engine.measure.predicting import held_against, predicting
from engine.measure.reporting import PARTS, _as_whole, reporting

RATES = Rates(4, "avx2", ((4, 40e9),), (TypeRate("Q4_K", 60e9, 300e9),), 50e9)
REPORT = replace(make_report(), rates=RATES, bandwidth=40e9)
WORK = TokenWork((TypeWork("Q4_K", 2_000_000_000, 3_500_000_000, 3_400_000_000),), (), 200)
BARE = Prediction("A model", "/a.gguf", "Q4_K_M", 2_100_000_000)


def run(speed: float, threads: int = 4, depth: int = 100) -> Run:
    return Run(100, 100 / speed, depth, threads, 1.0)


def test_without_replies() -> None:
    found = held_against(BARE, WORK, REPORT, ())
    assert found.predicted == pytest.approx(SUSTAINED * 60 / 3.5, rel=0.02)
    assert found.seconds_to_read > 60
    assert (found.measured, found.runs, found.error) == (0, 0, 0)


def test_beside_replies_of_as_many_threads() -> None:
    found = held_against(BARE, WORK, REPORT, (run(15), run(16), run(17), run(5, threads=1)))
    assert found.measured == pytest.approx(16)
    assert found.runs == 3
    assert found.error == pytest.approx(found.predicted / 16 - 1, abs=0.001)


def test_replies_that_others_slowed_down_do_not_count() -> None:
    slowed = tuple(replace(run(3), others=0.7) for _ in range(5))
    found = held_against(BARE, WORK, REPORT, (*slowed, run(16)))
    assert (found.measured, found.runs) == (pytest.approx(16), 1)
    assert held_against(BARE, WORK, REPORT, slowed).runs == 5  # better than nothing


def test_the_error_is_that_of_a_prediction_for_the_same_depth() -> None:
    deep = replace(WORK, cache=(CacheWork(0, 100_000, 0),))
    shallow = held_against(BARE, deep, REPORT, (run(16, depth=10),))
    far = held_against(BARE, deep, REPORT, (run(16, depth=10_000),))
    assert shallow.predicted == far.predicted
    assert far.error < shallow.error


def test_every_model_of_the_library(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path / "home")
    good, bad = write_tiny_llama(tmp_path / "good.gguf"), write_tiny_llama(tmp_path / "bad.gguf")
    library = Library(paths)
    library.add(good)
    library.add(bad)
    library.close()
    bad.write_bytes(bad.read_bytes()[:100])
    keep_run(paths.runs_file, good, run(1000))
    events: list[object] = []
    found = {p.path: p for p in drive(predicting(REPORT, paths), events)}
    assert found[str(good)].predicted > 0
    assert found[str(good)].runs == 1
    assert found[str(bad)].problem
    assert found[str(bad)].predicted == 0
    assert events


def test_predictions_are_part_of_the_report_where_they_are_asked_for(tmp_path: Path) -> None:
    paths = replace(Paths.under(tmp_path), cache=Paths.default().cache)
    model = write_tiny_llama(tmp_path / "tiny.gguf")
    library = Library(paths)
    library.add(model)
    library.close()
    assert drive(reporting(False, paths)).predictions == ()
    assert [p.path for p in drive(reporting(False, paths, predict=True)).predictions] == [
        str(model)
    ]


def test_models_of_other_programs_count_once_they_were_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    for name in ("HF_HOME", "HF_HUB_CACHE", "LLAMA_CACHE", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("engine.library.refresh.home_folder", lambda: home)
    folder = home / ".lmstudio/models/maker/model"
    folder.mkdir(parents=True)
    used, other = (write_tiny_llama(folder / f"{name}.gguf") for name in ("used", "other"))
    paths = Paths.under(tmp_path / "own")
    library = Library(paths)
    assert {model.path for model in library.discover()} == {used, other}
    library.close()
    assert drive(predicting(REPORT, paths)) == ()
    keep_run(paths.runs_file, used, run(1000))
    (found,) = drive(predicting(REPORT, paths))
    assert (found.path, found.runs) == (str(used), 1)


def test_progress_is_that_of_the_whole_measurement() -> None:
    """Each stage begins where the one before has ended; what is thrown in reaches the steps."""
    closed: list[str] = []

    def steps() -> Job:
        try:
            for stage in PARTS:
                for done in (0, 7, 13):
                    yield Progress(stage, done, 13)
                yield None
            yield Progress(Stage.OPENING, 1, 2)
        finally:
            closed.append("yes")
        return "all of it"

    events: list[object] = []
    assert drive(_as_whole(steps()), events) == "all of it"
    *told, other = [event for event in events if isinstance(event, Progress)]
    assert [event.total for event in told] == [100] * len(told)
    assert [event.done for event in told] == sorted(event.done for event in told)
    assert (told[0].done, told[-1].done) == (0, 100)
    assert other == Progress(Stage.OPENING, 1, 2)
    going = _as_whole(steps())
    next(going)
    with pytest.raises(CancelledError):
        going.throw(CancelledError("stopped"))
    assert closed == ["yes", "yes"]
