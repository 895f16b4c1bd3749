"""Turns that a job gives away: work beside the compute thread, and slices of time."""

import threading
import time

import pytest
from helpers.open_tiny import drive
from helpers.patience import WAIT

from engine.base import turns
from engine.base.errors import CancelledError
from engine.base.events import Progress, Stage
from engine.base.turns import STEP_S, Portion, Slice, aside


def test_work_beside_gives_turns_until_it_has_ended() -> None:
    gate, where = threading.Event(), []

    def work() -> str:
        where.append(threading.current_thread().name)
        gate.wait(WAIT)
        return "made"

    job = aside(work, told=lambda: Progress(Stage.OPENING, 1, 2))
    assert [next(job) for _ in range(5)] == [Progress(Stage.OPENING, 1, 2)] * 5
    gate.set()
    assert drive(job) == "made"
    assert where == ["chaski-aside"]


def test_what_the_work_raises_is_the_jobs() -> None:
    class PanicError(BaseException):
        """As a library's that is written in Rust."""

    def work() -> None:
        raise PanicError("odd")

    with pytest.raises(PanicError, match="odd"):
        for _ in aside(work):
            pass


def test_a_stopped_job_waits_for_its_work_turn_by_turn_and_undoes_it() -> None:
    gate, lost, asked = threading.Event(), [], []
    before = threading.active_count()
    job = aside(
        lambda: gate.wait(WAIT) and "made", lost=lost.append, stop=lambda: asked.append("stop")
    )
    next(job)
    job.throw(CancelledError("stopped"))
    for _ in range(3):
        next(job)  # others have their turns while it ends
    gate.set()
    with pytest.raises(CancelledError):
        drive(job)
    assert lost == ["made"]
    assert asked
    assert threading.active_count() == before


def test_a_job_that_is_closed_leaves_no_thread_and_no_result() -> None:
    lost: list[int] = []
    before = threading.active_count()
    job = aside(lambda: time.sleep(0.02) or 7, lost=lost.append)
    next(job)
    job.close()
    assert lost == [7]
    assert threading.active_count() == before


def test_where_no_thread_can_be_started_it_is_done_in_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(turns.threading.Thread, "start", full)
    job = aside(lambda: 5)
    with pytest.raises(StopIteration) as end:
        next(job)
    assert end.value.value == 5


def test_a_slice_gives_its_turn_away_when_it_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(turns, "perf_counter", lambda: now[0])
    piece = Slice()
    assert list(piece.over()) == []
    now[0] += turns.SLICE_S
    job = piece.over()
    assert next(job) is None
    now[0] += 60  # the others' time does not count
    assert list(job) == []
    assert list(piece.over()) == []


def test_steps_grow_to_what_fits_into_their_time_and_shrink_at_once() -> None:
    portion, rate = Portion(4), 1000 / STEP_S  # a second: so many fit into a step
    sizes = []
    for _ in range(10):
        sizes.append(portion.size)
        portion.took(portion.size, portion.size / rate)
    assert sizes[:4] == [4, 8, 16, 32]
    assert sizes[-1] == pytest.approx(1000, abs=1)
    portion.took(1000, 1000 / (rate / 50))  # something a fiftieth as fast
    assert portion.size == pytest.approx(20, abs=1)
    portion.took(1, 1 / rate)  # the end of something: says nothing
    assert portion.size == pytest.approx(20, abs=1)
    portion.took(20, 60.0)
    assert portion.size == 1
