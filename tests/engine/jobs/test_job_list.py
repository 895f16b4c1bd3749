"""The list of jobs: records that any thread may ask for, stop, pause and resume."""

import threading
import time
from collections.abc import Callable, Generator

import pytest
from helpers.patience import WAIT

from engine.base.errors import CancelledError, ChaskiError, UsageError
from engine.base.events import Done, Notice, Progress, Stage
from engine.base.jobs import Job, Lane, Rest
from engine.host import Lanes, Ticket
from engine.jobs import About, JobKind, JobList, JobRecord, JobState

ABOUT = About(JobKind.QUANTIZE, "tiny-Q4_K_M.gguf")


@pytest.fixture
def jobs() -> Generator[JobList, None, None]:
    lanes = Lanes()
    yield JobList(lanes)
    assert lanes.shutdown(WAIT)


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not what():
        assert time.monotonic() < end
        time.sleep(0.005)


def works() -> Job:
    yield Progress(Stage.ENCODING, 1, 4, what="blk.0")
    yield Notice("a guess")
    yield Done("made")
    return "made"


def forever(ticket: Ticket) -> Job:
    while True:
        yield Rest(0.01)


def test_a_job_leaves_its_record(jobs: JobList) -> None:
    heard: list[JobRecord] = []
    end = jobs.listen(heard.append)
    ticket = jobs.submit(works(), ABOUT)
    assert ticket.wait(WAIT) == "made"
    (record,) = jobs.records()
    assert (record.id, record.title, record.kind) == (
        ticket.job_id,
        "tiny-Q4_K_M.gguf",
        JobKind.QUANTIZE,
    )
    assert record.state is JobState.DONE
    assert (record.stage, record.share) == (Stage.ENCODING, 0.25)
    assert record.notices == ("a guess",)
    assert record.began <= record.ended
    assert not record.can_stop
    assert not record.can_resume
    assert [r.state for r in heard][0] is JobState.WAITING
    assert JobState.RUNNING in [r.state for r in heard]
    assert heard[-1] == record
    end()
    jobs.submit(works(), ABOUT).wait(WAIT)
    assert heard[-1] == record


def test_a_failure_is_a_sentence(jobs: JobList) -> None:
    def fails() -> Job:
        yield None
        raise ChaskiError("the disk is full; make room")

    with pytest.raises(ChaskiError):
        jobs.submit(fails(), ABOUT).wait(WAIT)
    (record,) = jobs.records()
    assert (record.state, record.failure) == (JobState.FAILED, "the disk is full; make room")


def test_stop_and_resume_under_the_same_number(jobs: JobList) -> None:
    begun: list[Ticket] = []

    def work(ticket: Ticket) -> Job:
        begun.append(ticket)
        return forever(ticket) if len(begun) < 2 else works()

    ticket = jobs.submit(work, About(JobKind.MAKE, "x.gguf", can_resume=True), lane=Lane.DISK)
    until(lambda: jobs.record(ticket.job_id).state is JobState.RUNNING)
    jobs.stop(ticket.job_id)
    with pytest.raises(CancelledError):
        ticket.wait(WAIT)
    stopped = jobs.record(ticket.job_id)
    assert (stopped.state, stopped.can_resume, stopped.failure) == (JobState.STOPPED, True, "")
    again = jobs.resume(ticket.job_id)
    assert again.wait(WAIT) == "made"
    (record,) = jobs.records()
    assert (record.id, record.state) == (ticket.job_id, JobState.DONE)


def test_pause_is_another_thing_than_stop(jobs: JobList) -> None:
    about = About(JobKind.DOWNLOAD, "x.gguf", can_pause=True, can_resume=True)
    ticket = jobs.submit(forever, about, lane=Lane.NETWORK)
    until(lambda: jobs.record(ticket.job_id).can_pause)
    jobs.pause(ticket.job_id)
    with pytest.raises(CancelledError):
        ticket.wait(WAIT)
    assert jobs.record(ticket.job_id).state is JobState.PAUSED
    assert jobs.resume(ticket.job_id) is not ticket
    jobs.stop(ticket.job_id)
    until(lambda: jobs.record(ticket.job_id).state is JobState.STOPPED)
    jobs.forget(ticket.job_id)
    assert jobs.records() == ()
    with pytest.raises(UsageError, match="no job"):
        jobs.stop(ticket.job_id)


def test_what_cannot_be_is_refused(jobs: JobList) -> None:
    ticket = jobs.submit(forever, ABOUT)
    with pytest.raises(UsageError, match="cannot be paused"):
        jobs.pause(ticket.job_id)
    with pytest.raises(UsageError, match="has not ended"):
        jobs.forget(ticket.job_id)
    jobs.stop(ticket.job_id)
    until(lambda: ticket.ended)
    with pytest.raises(UsageError, match="cannot go on"):
        jobs.resume(ticket.job_id)


def test_a_job_of_an_earlier_run_is_kept_and_goes_on(jobs: JobList) -> None:
    about = About(JobKind.DOWNLOAD, "x.gguf", can_pause=True, can_resume=True)
    number = jobs.keep(lambda ticket: works(), about, lane=Lane.NETWORK)
    assert (jobs.record(number).state, jobs.record(number).can_resume) == (JobState.PAUSED, True)
    assert jobs.resume(number).wait(WAIT) == "made"


def test_any_thread_may_ask_while_jobs_run(jobs: JobList) -> None:
    errors: list[BaseException] = []

    def asks() -> None:
        try:
            for _ in range(300):
                for record in jobs.records():
                    jobs.record(record.id)
        except BaseException as error:
            errors.append(error)

    asking = [threading.Thread(target=asks) for _ in range(3)]
    for thread in asking:
        thread.start()
    for ticket in [jobs.submit(works(), ABOUT, lane=lane) for lane in Lane for _ in range(20)]:
        ticket.wait(WAIT)
    for thread in asking:
        thread.join()
    assert not errors


def test_time_left_is_told_only_when_it_is_known(
    jobs: JobList, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("engine.base.pace.Pace.__init__.__defaults__", (lambda: now[0],))
    told: list[tuple[float | None, float | None]] = []

    def job(ticket: Ticket) -> Job:
        for step in range(6):
            yield Progress(Stage.ENCODING, step * 10, 100, more=step == 5)
            record = jobs.record(ticket.job_id)
            told.append((record.rate, record.seconds_left))
            now[0] += 1.0

    jobs.submit(job, ABOUT).wait(WAIT)
    assert told[0] == told[1] == (None, None)
    assert told[4] == (pytest.approx(10.0), pytest.approx(6.0))
    assert told[5][1] is None  # further parts come: this one's end is not the job's


def test_one_that_fails_while_it_is_stopped_was_stopped(jobs: JobList) -> None:
    heeded: list[JobState] = []

    def fails(ticket: Ticket) -> Job:
        try:
            yield from forever(ticket)
        except CancelledError:
            raise ChaskiError("the disk is full; make room") from None
        return None

    def heed(state: JobState, failure: str) -> None:
        heeded.append(state)

    ticket = jobs.submit(fails, ABOUT, heed=heed)
    until(lambda: jobs.record(ticket.job_id).state is JobState.RUNNING)
    jobs.stop(ticket.job_id)
    with pytest.raises(ChaskiError):
        ticket.wait(WAIT)
    assert jobs.record(ticket.job_id).state is JobState.STOPPED
    assert heeded == [JobState.STOPPED], "what is given up is not kept as failed"
