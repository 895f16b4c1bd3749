"""The compute thread: turns, cancelling, errors as sentences, a clean end."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from typing import Any

import pytest
from helpers.patience import WAIT

from engine.base.errors import CancelledError, ChaskiError, MemoryTooSmallError
from engine.base.events import Done, Event, Failed, Notice
from engine.base.jobs import Job, Lane, MoveLane, Rest
from engine.host import Host, Lanes, Ticket


@pytest.fixture
def host() -> Generator[Host, None, None]:
    host = Host()
    yield host
    assert host.shutdown(WAIT)
    assert not [t for t in threading.enumerate() if t.name == "chaski-compute"]


def forever() -> Job:
    while True:
        yield None


def test_events_arrive_in_order_and_the_result_is_kept(host: Host) -> None:
    def job() -> Job:
        yield Notice("one")
        yield None
        yield Notice("two")
        return 42

    heard: list[Event] = []
    ticket = host.submit(job(), Ticket(heard.append))
    assert ticket.wait(WAIT) == 42
    assert heard == [Notice("one"), Notice("two")]


class Panic(BaseException):
    """What a library in Rust raises: no Exception."""


@pytest.mark.parametrize("error", [Panic("at byte\x1b[2J 7"), SystemExit(3), KeyboardInterrupt()])
def test_what_is_no_exception_is_a_sentence_too(host: Host, error: BaseException) -> None:
    def job() -> Job:
        yield None
        raise error

    heard: list[Event] = []
    ticket = host.submit(job(), Ticket(heard.append))
    with pytest.raises(ChaskiError, match="internal error") as caught:
        ticket.wait(WAIT)
    assert str(caught.value).isprintable()
    assert isinstance(heard[-1], Failed)
    assert host.submit(iter_of(1), Ticket()).wait(WAIT) == 1


def iter_of(result: int) -> Job:
    yield None
    return result


def test_a_listener_that_panics_ends_its_own_job_alone(host: Host) -> None:
    def told(event: Event) -> None:
        raise Panic("no")

    def job() -> Job:
        yield Notice("one")

    ticket = host.submit(job(), Ticket(told))
    with pytest.raises(ChaskiError):
        ticket.wait(WAIT)
    assert host.submit(iter_of(2), Ticket()).wait(WAIT) == 2


def test_should_the_thread_end_its_jobs_fail_and_another_takes_its_place(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    admit = Host._admit
    with monkeypatch.context() as broken:

        def breaks(self: Host, jobs: Any, open_for_jobs: bool) -> bool:
            opened = admit(self, jobs, open_for_jobs)
            if jobs:
                broken.setattr(Host, "_admit", admit)
                raise Panic("the thread is gone")
            return opened

        broken.setattr(Host, "_admit", breaks)
        ticket = host.submit(forever(), Ticket())
        with pytest.raises(ChaskiError, match="the thread is gone"):
            ticket.wait(WAIT)
    assert host.submit(iter_of(3), Ticket()).wait(WAIT) == 3


def test_jobs_take_turns(host: Host) -> None:
    order: list[str] = []
    gate = threading.Event()

    def job(name: str) -> Job:
        gate.wait(WAIT)
        for _ in range(3):
            order.append(name)
            yield None

    tickets = [host.submit(job(name), Ticket()) for name in "ab"]
    gate.set()
    for ticket in tickets:
        ticket.wait(WAIT)
    assert "aaa" not in "".join(order)


def test_a_cancelled_job_may_say_how_it_ended(host: Host) -> None:
    def job() -> Job:
        try:
            yield from forever()
        except CancelledError:
            yield Done("half")
        return "half"

    heard: list[Event] = []
    ticket = host.submit(job(), Ticket(heard.append))
    ticket.cancel()
    assert ticket.wait(WAIT) == "half"
    assert heard == [Done("half")]


def test_a_job_that_does_not_care_ends_as_cancelled(host: Host) -> None:
    heard: list[Event] = []
    ticket = host.submit(forever(), Ticket(heard.append))
    ticket.cancel()
    with pytest.raises(CancelledError):
        ticket.wait(WAIT)
    assert isinstance(heard[0], Failed)


@pytest.mark.parametrize(
    ("raised", "told", "words"),
    [
        (ChaskiError("the file is gone"), ChaskiError, "the file is gone"),
        (MemoryError(), MemoryTooSmallError, "out of memory"),
        (OSError("disk on fire"), ChaskiError, "disk on fire"),
        (ZeroDivisionError("oh"), ChaskiError, "internal error"),
    ],
)
def test_errors_become_sentences(
    host: Host, raised: Exception, told: type[Exception], words: str
) -> None:
    def job() -> Job:
        yield None
        raise raised

    heard: list[Event] = []
    with pytest.raises(told, match=words):
        host.submit(job(), Ticket(heard.append)).wait(WAIT)
    assert isinstance(heard[-1], Failed)
    assert words in str(heard[-1].error)


def test_a_broken_listener_fails_its_own_job_only(host: Host) -> None:
    def job() -> Job:
        yield Notice("x")
        return 1

    def broken(event: Event) -> None:
        raise RuntimeError("no window")

    with pytest.raises(ChaskiError, match="no window"):
        host.submit(job(), Ticket(broken)).wait(WAIT)
    assert host.submit(job(), Ticket()).wait(WAIT) == 1


def test_work_that_cannot_yield_stops_at_a_checkpoint(host: Host) -> None:
    ticket = Ticket()
    ticket.checkpoint()
    ticket.cancel()
    with pytest.raises(CancelledError):
        ticket.checkpoint(Notice("never told"))


def test_shutdown_stops_all_jobs_and_refuses_new_ones() -> None:
    host = Host()
    tickets = [host.submit(forever(), Ticket()) for _ in range(3)]
    assert host.shutdown(WAIT)
    assert all(t.ended for t in tickets)
    with pytest.raises(ChaskiError, match="shut down"):
        host.submit(forever(), Ticket())


def test_a_program_that_forgets_shutdown_still_ends() -> None:
    code = """
from engine.host import Host, Lanes, Ticket
def job():
    while True:
        yield None
Host().submit(job(), Ticket())
"""
    assert subprocess.run([sys.executable, "-c", code], timeout=WAIT).returncode == 0


def test_the_front_door_imports_no_numpy() -> None:
    code = "import engine.api, sys; print([m for m in ('numpy', 'numba') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_a_lane_does_not_wait_for_another() -> None:
    """A disk that hangs keeps no chat waiting."""
    lanes, gate = Lanes(), threading.Event()

    def hangs() -> Job:
        gate.wait(WAIT)
        yield None
        return threading.current_thread().name

    def names() -> Job:
        yield None
        return threading.current_thread().name

    slow = lanes.submit(hangs(), Ticket(), Lane.DISK)
    assert lanes.submit(names(), Ticket(), Lane.COMPUTE).wait(WAIT) == "chaski-compute"
    assert lanes.submit(names(), Ticket(), Lane.NETWORK).wait(WAIT) == "chaski-network"
    assert not slow.ended
    gate.set()
    assert slow.wait(WAIT) == "chaski-disk"
    assert lanes.shutdown(WAIT)


def test_a_job_goes_on_in_another_lane() -> None:
    lanes, seen = Lanes(), list[str]()

    def job() -> Job:
        for lane in (Lane.NETWORK, Lane.DISK, Lane.COMPUTE, Lane.COMPUTE):
            yield MoveLane(lane)
            seen.append(threading.current_thread().name)
        try:
            yield from forever()
        except CancelledError:
            return seen

    heard: list[Event] = []
    ticket = lanes.submit(job(), Ticket(heard.append), Lane.NETWORK)
    ticket.cancel()
    lanes.submit(iter_of(1), Ticket(), Lane.DISK).wait(WAIT)
    with contextlib.suppress(CancelledError):
        ticket.wait(WAIT)
    ticket = lanes.submit(job(), Ticket(heard.append), Lane.NETWORK)
    while len(seen) < 4:
        time.sleep(0.01)
    ticket.cancel()
    assert ticket.wait(WAIT) == seen
    assert seen[-4:] == ["chaski-network", "chaski-disk", "chaski-compute", "chaski-compute"]
    assert lanes.shutdown(WAIT)
    assert not [event for event in heard if isinstance(event, MoveLane)]


def test_who_rests_keeps_nobody_waiting_and_burns_nothing(host: Host) -> None:
    used = list[float]()  # seconds of the lane's thread

    def rests() -> Job:
        while True:
            used.append(time.thread_time())
            yield Rest(0.02)

    def counts() -> Job:
        for _ in range(1000):
            yield None
        return "done"

    resting = host.submit(rests(), Ticket())
    assert host.submit(counts(), Ticket()).wait(WAIT) == "done"
    assert len(used) < 500, "the other one does not wait for each of its rests"
    used.clear()
    time.sleep(0.3)
    assert used[-1] - used[0] < 0.1
    assert not resting.ended


def test_a_rest_ends_when_something_comes_or_the_job_is_stopped(host: Host) -> None:
    arrived = threading.Event()

    def waits() -> Job:
        while not arrived.is_set():
            yield Rest(60)
        return "there"

    ticket = host.submit(waits(), Ticket())
    time.sleep(0.05)
    arrived.set()
    ticket.wake()
    assert ticket.wait(WAIT / 4) == "there"
    arrived.clear()
    ticket = host.submit(waits(), Ticket())
    time.sleep(0.05)
    ticket.cancel()
    with pytest.raises(CancelledError):
        ticket.wait(WAIT / 4)


def test_shutdown_ends_all_lanes_within_its_time() -> None:
    lanes, gate = Lanes(), threading.Event()

    def hangs() -> Job:
        gate.wait(WAIT)
        yield None

    lanes.submit(hangs(), Ticket(), Lane.DISK)
    quick = lanes.submit(forever(), Ticket(), Lane.NETWORK)
    assert not lanes.shutdown(0.2)
    assert quick.ended
    gate.set()
    for lane in Lane:
        with pytest.raises(ChaskiError, match="shut down"):
            lanes.submit(forever(), Ticket(), lane)


def test_a_watcher_hears_before_others_do(host: Host) -> None:
    told = list[str]()

    class Watching:
        def began(self) -> None:
            told.append("began")

        def heard(self, event: Event) -> None:
            told.append("heard")

        def ended(self, error: Exception | None) -> None:
            told.append(f"ended {type(error).__name__}")

    def job() -> Job:
        yield Notice("x")
        raise ChaskiError("no")

    ticket = host.submit(job(), Ticket(lambda event: told.append("listener"), Watching()))
    with pytest.raises(ChaskiError):
        ticket.wait(WAIT)
    assert told == ["began", "heard", "listener", "heard", "listener", "ended ChaskiError"]
