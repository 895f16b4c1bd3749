"""The list of jobs: what runs, how far it is, and how to stop it or let it go on.

Asked and listened to from any thread. Invariant: a job is in its last state before whoever waits
for its ticket goes on.
"""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from engine.base.errors import CancelledError, UsageError
from engine.base.events import Event, Listener, Notice, Progress, Transfer
from engine.base.jobs import Job, Lane
from engine.base.pace import Pace
from engine.host import Lanes, Ticket
from engine.jobs.records import About, JobRecord, JobState

Work = Job | Callable[[Ticket], Job]
Heard = Callable[[JobRecord], None]
Heed = Callable[[JobState, str], None]
MOST_ENDED, MOST_NOTICES = 100, 20
TOLD_EVERY = 0.1  # seconds between two words about how far a job is


class _Entry:
    """A job in the list: its record, and what it takes to begin it again. Is its ticket's watcher.

    All fields are guarded by the list's lock.
    """

    def __init__(self, book: "JobList", record: JobRecord, about: About) -> None:
        self.record = record
        self.about = about
        self.work: Callable[[Ticket], Job] | None = None
        self.listener: Listener | None = None
        self.heed: Heed = lambda state, failure: None
        self.lane = Lane.COMPUTE
        self.ticket: Ticket | None = None
        self.stops_as = self.usual_stop
        self.is_given_up = False  # a person has stopped it
        self._book = book
        self._pace = Pace()
        self._told = 0.0

    @property
    def usual_stop(self) -> JobState:
        """What it comes to where nobody asked it to stop: the program ends."""
        return JobState.PAUSED if self.about.can_pause else JobState.STOPPED

    def change(self, *, quietly: bool = False, **fields: object) -> None:
        self.record = replace(self.record, **fields)  # type: ignore[arg-type]
        now = time.monotonic()
        if not quietly or now - self._told >= TOLD_EVERY:
            self._told = now
            self._book.tell(self.record)

    # What the job's own thread says

    def began(self) -> None:
        with self._book.lock:
            self._pace.begin()
            self.change(state=JobState.RUNNING, began=time.time(), can_pause=self.about.can_pause)

    def heard(self, event: Event) -> None:
        with self._book.lock:
            if isinstance(event, Progress):
                self._progressed(event)
            elif isinstance(event, Notice):
                self.change(notices=(*self.record.notices, event.text)[-MOST_NOTICES:])

    def ended(self, error: Exception | None) -> None:
        with self._book.lock:
            if error is None:
                state = JobState.DONE
            elif self.is_given_up:  # even where it failed just then: nobody waits for it
                state = JobState.STOPPED
            else:
                state = self.stops_as if isinstance(error, CancelledError) else JobState.FAILED
            self.rest(state, error if state is JobState.FAILED else None)
            if state in (JobState.DONE, JobState.FAILED):
                self.heed(state, self.record.failure)

    def rest(self, state: JobState, error: Exception | None = None) -> None:
        """It is over, or waits to be asked to go on."""
        self.change(
            state=state,
            error=error,
            rate=None,
            seconds_left=None,
            ended=time.time(),
            can_stop=False,
            can_pause=False,
            can_resume=self._can_go_on and state is not JobState.DONE,
        )

    @property
    def _can_go_on(self) -> bool:
        return self.about.can_resume and self.work is not None

    def _progressed(self, event: Progress) -> None:
        if isinstance(event, Transfer):
            rate, left = event.rate, event.seconds_left
        else:
            if event.stage != self.record.stage:
                self._pace.begin(event.done)
            self._pace.note(event.done)
            rate = self._pace.rate if event.total else None
            left = self._pace.seconds_left(event.total - event.done) if rate else None
            left = None if event.more else left
        same = event.stage == self.record.stage
        self.change(quietly=same, progress=event, rate=rate, seconds_left=left)


class JobList:
    """Every job that a person would wait for."""

    def __init__(self, lanes: Lanes) -> None:
        self.lock = threading.RLock()
        self._lanes = lanes
        self._entries: dict[int, _Entry] = {}
        self._listeners: list[Heard] = []
        self._numbers = itertools.count(1)

    # Asking

    def records(self) -> tuple[JobRecord, ...]:
        """All jobs in the order in which they were asked for."""
        with self.lock:
            return tuple(entry.record for entry in self._entries.values())

    def record(self, number: int) -> JobRecord:
        with self.lock:
            return self._entry(number).record

    def listen(self, heard: Heard) -> Callable[[], None]:
        """Be told every change, in the thread where it happens, which may not be kept waiting.
        Returns what ends it."""
        with self.lock:
            self._listeners.append(heard)

        def end() -> None:
            with self.lock:
                if heard in self._listeners:
                    self._listeners.remove(heard)

        return end

    # Doing

    def submit(
        self,
        work: Work,
        about: About,
        listener: Listener | None = None,
        lane: Lane = Lane.COMPUTE,
        heed: Heed | None = None,
    ) -> Ticket:
        """Queue a job under a record; `work` as a function gets the ticket, and can go on later.

        heed: told what a person decides (paused, stopped, running again) and how it ends (done,
        failed, with the sentence), but not that the program ends; it may not keep anybody waiting.
        """
        with self.lock:
            entry = self._new(about)
        entry.listener, entry.lane, entry.heed = listener, lane, heed or entry.heed
        if callable(work):
            entry.work = work
            return self._begin(entry, work)
        job = work
        return self._begin(entry, lambda ticket: job)

    def keep(
        self,
        work: Callable[[Ticket], Job],
        about: About,
        *,
        lane: Lane,
        state: JobState = JobState.PAUSED,
        error: Exception | None = None,
        heed: Heed | None = None,
    ) -> int:
        """A job of an earlier run of the program, which goes on when it is asked to."""
        with self.lock:
            entry = self._new(about)
            entry.work, entry.lane, entry.heed = work, lane, heed or entry.heed
            entry.rest(state, error)
            return entry.record.id

    def stop(self, number: int) -> None:
        """Ask a job to end; returns at once. One that is over stays as it is."""
        self._stop(number, JobState.STOPPED)

    def pause(self, number: int) -> None:
        """Ask a job to rest until `resume`, also over the end of the program."""
        with self.lock:
            if not self._entry(number).about.can_pause:
                raise UsageError(
                    "{title} cannot be paused; stop it", title=self._entry(number).about.title
                )
        self._stop(number, JobState.PAUSED)

    def resume(self, number: int, listener: Listener | None = None) -> Ticket:
        """Begin a job again that was paused or stopped or has failed; it goes on where it was."""
        with self.lock:
            entry = self._entry(number)
            if not entry.record.state.is_over and entry.ticket is not None:
                return entry.ticket
            if not entry.record.can_resume or entry.work is None:
                raise UsageError("{title} cannot go on; ask for it anew", title=entry.about.title)
            work = entry.work
            if listener is not None:
                entry.listener = listener
            entry.heed(JobState.RUNNING, "")
        return self._begin(entry, work)

    def forget(self, number: int) -> None:
        """Take a job that is over off the list; one that was paused or has failed goes on no
        more, nor does it after a new start."""
        with self.lock:
            entry = self._entry(number)
            if not entry.record.state.is_over:
                raise UsageError("{title} has not ended; stop it first", title=entry.about.title)
            if entry.record.state in (JobState.PAUSED, JobState.FAILED):
                entry.heed(JobState.STOPPED, "")
            del self._entries[number]

    def ticket(self, number: int) -> Ticket | None:
        with self.lock:
            return self._entry(number).ticket

    # Within

    def tell(self, record: JobRecord) -> None:
        """For entries, with the lock held."""
        for heard in tuple(self._listeners):
            heard(record)

    def _new(self, about: About) -> _Entry:
        number = next(self._numbers)
        entry = _Entry(self, JobRecord(number, about.title, about.kind), about)
        self._entries[number] = entry
        over = [n for n, e in self._entries.items() if e.record.state is JobState.DONE]
        for old in over[: max(0, len(over) - MOST_ENDED)]:
            del self._entries[old]
        return entry

    def _begin(self, entry: _Entry, work: Callable[[Ticket], Job]) -> Ticket:
        ticket = Ticket(entry.listener, entry)
        ticket.job_id = entry.record.id
        with self.lock:
            entry.ticket, entry.stops_as, entry.is_given_up = ticket, entry.usual_stop, False
            entry.change(
                state=JobState.WAITING, error=None, ended=0.0, can_stop=True, can_resume=False
            )
        try:
            return self._lanes.submit(work(ticket), ticket, entry.lane)
        except BaseException as error:
            ticket.finish(error=error if isinstance(error, Exception) else None)
            raise

    def _stop(self, number: int, state: JobState) -> None:
        with self.lock:
            entry = self._entry(number)
            was = entry.record.state
            if was in (JobState.STOPPED, JobState.DONE) or (
                was.is_over and state is JobState.PAUSED
            ):
                return
            entry.stops_as, entry.is_given_up = state, state is JobState.STOPPED
            entry.heed(state, "")
            if was.is_over:
                entry.rest(state)
                return
            ticket = entry.ticket
        if ticket is not None:
            ticket.cancel()

    def _entry(self, number: int) -> _Entry:
        try:
            return self._entries[number]
        except KeyError:
            raise UsageError("there is no job {number} (any more)", number=number) from None
