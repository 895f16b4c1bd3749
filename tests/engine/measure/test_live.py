"""Live figures of this process, and how fast real replies came."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from engine.base.events import Event, Finished, Statistics, Timings
from engine.base.runs import Run
from engine.hardware.runs_kept import RUNS, keep_run, kept_runs, run_of, usual_speed
from engine.measure.live import Live


def statistics(n: int) -> Statistics:
    return Statistics(Timings(predicted_n=n, predicted_s=1.0), n, 512)


def test_tokens_per_second_are_those_of_all_models() -> None:
    now = [100.0]
    live = Live(samples=3, clock=lambda: now[0])
    assert live.sample().tokens_per_second == 0
    heard: list[Event] = []
    one, other = live.listening(heard.append), live.listening(None)
    one(statistics(4))
    one(statistics(10))
    other(statistics(5))
    now[0] += 0.5
    assert live.sample().tokens_per_second == 30
    one(Finished("eos", Timings(predicted_n=12, predicted_s=1.5), "x"))
    now[0] += 1.0
    assert live.sample().tokens_per_second == 2
    assert len(heard) == 3
    now[0] += 1.0
    assert live.sample().tokens_per_second == 0
    assert len(live.samples) == 3
    assert [s.at for s in live.samples] == sorted(s.at for s in live.samples)


def test_figures_of_this_process() -> None:
    live = Live()
    live.sample()
    sum(range(2_000_000))
    figures = live.sample()
    assert figures.memory > 1 << 20
    assert figures.memory_free > 0
    assert 0 < figures.processor <= 1


def reply(n: int, seconds: float, accepted: int = 0) -> Timings:
    return Timings(predicted_n=n, predicted_s=seconds, accepted_n=accepted)


def test_what_a_reply_says_about_speed() -> None:
    run = run_of(reply(100, 5.0), 300, 4, 7.0)
    assert run == Run(100, 5.0, 250, 4, 7.0)
    assert run.speed == 20
    assert run_of(reply(5, 1.0), 300, 4, 7.0) is None  # too short
    assert run_of(reply(100, 0.0), 300, 4, 7.0) is None
    assert run_of(reply(100, 2.0, accepted=40), 300, 4, 7.0) is None  # guessed ahead
    shared = replace(reply(100, 9.0), shared_n=50)  # half of it beside another conversation
    assert run_of(shared, 300, 4, 7.0) is None


def test_the_last_replies_of_each_model_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "data/runs.json"
    assert kept_runs(file) == {}
    for i in range(RUNS + 3):
        assert keep_run(file, Path("/a.gguf"), Run(20 + i, 1.0, 9, 2, float(i)))
    keep_run(file, Path("/b.gguf"), Run(50, 2.0, 9, 2, 1.0))
    kept = kept_runs(file)
    assert [run.when for run in kept["/a.gguf"]] == [float(i) for i in range(3, RUNS + 3)]
    assert usual_speed(kept["/b.gguf"]) == 25
    assert usual_speed(()) == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"form": 1}',
        '{"form": 1, "models": 3}',
        '{"form": 1, "models": {"/a": 3, "/b": [1, {"tokens": 1}]}}',
        json.dumps({"form": 1, "models": {"/a": [{**vars(Run(1, 1.0, 1, 1, 1.0)), "x": 1}]}}),
        json.dumps({"form": 1, "models": {"/a": [vars(Run(1, math.nan, 1, 1, 1.0))]}}),
        json.dumps({"form": 1, "models": {"/a": [vars(Run(0, 1.0, 1, 1, 1.0))]}}),
        json.dumps({"form": 2, "models": {"/a": [vars(Run(1, 1.0, 1, 1, 1.0))]}}),
    ],
)
def test_a_damaged_file_is_gathered_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "runs.json").write_text(text)
    assert kept_runs(tmp_path / "runs.json") == {}
    assert keep_run(tmp_path / "runs.json", Path("/a"), Run(20, 1.0, 9, 2, 1.0))
    assert len(kept_runs(tmp_path / "runs.json")) == 1
