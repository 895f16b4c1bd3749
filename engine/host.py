"""The lanes: a thread each for compute, disk and network; queued jobs are generators that run a
step each in turn. What several of them want at once (`Together`) is done for all in one go.

Nothing but the compute lane runs kernels, so no lock is needed around models, caches or the thread
team. Nothing that a job raises ends a thread, and should it end all the same, its jobs are told and
another takes its place.
"""

import atexit
import logging
import queue
import threading
import time
from collections import deque
from enum import Enum

from engine.base.errors import CancelledError, ChaskiError
from engine.base.events import Event, Failed
from engine.base.failures import as_sentence
from engine.base.jobs import Job, Lane, MoveLane, Rest, Together
from engine.base.tickets import Ticket, Watcher

__all__ = ["Host", "Lanes", "Ticket", "Watcher"]
log = logging.getLogger(__name__)


LAST_REST = 0.05  # seconds at most, while the lane ends
MOST_STEPS = 16  # that a job takes in one turn until it wants what others want, too


class _Call(Enum):
    """What a lane's queue holds beside jobs."""

    WAKE = "wake"
    END = "end"


class _Running:
    """A job in the round: its ticket, and how far its cancelling has got."""

    def __init__(self, job: Job, ticket: Ticket) -> None:
        self.job = job
        self.ticket = ticket
        self.begun = False
        self.told_to_stop = False
        self.rests_until = 0.0  # by time.monotonic
        self.moves_to: Lane | None = None
        self.wanted: Together | None = None  # before its next step
        self.shares = False  # whether it has ever wanted something so

    @property
    def waits(self) -> bool:
        """For what it wants together with others; one that was told to stop waits no more."""
        if self.wanted is None or self.wanted.ready:
            return False
        return self.told_to_stop or not self.ticket.cancelled

    def step(self) -> bool:
        """Run to the next yield; False when the job is over."""
        self.wanted = None
        try:
            event = self._advance()
            if isinstance(event, Rest):
                self.rests_until = time.monotonic() + event.seconds
            elif isinstance(event, MoveLane):
                self.moves_to = event.lane
            elif isinstance(event, Together):
                self.wanted, self.shares = event, True
            elif event is not None:
                self.ticket.tell(event)
            return True
        except StopIteration as end:
            self.ticket.finish(end.value)
        except BaseException as error:  # a panic of a library is no Exception
            self.fail(error)
        return False

    def _advance(self) -> Event | None:
        # The first step always runs: a job that has begun can say itself how it ended.
        if self.begun and self.ticket.cancelled and not self.told_to_stop:
            self.told_to_stop = True
            return self.job.throw(CancelledError("stopped"))
        if not self.begun:
            self.begun = True
            self.ticket.begin()
        return next(self.job)

    def rest_left(self, now: float) -> float:
        """Seconds for which there is nothing to do; one that was told to stop rests no more."""
        woken = self.ticket.cancelled and not self.told_to_stop
        return 0.0 if woken else max(0.0, self.rests_until - now)

    def fail(self, error: BaseException) -> None:
        """End the job with a sentence; whoever waits for it is always told."""
        sentence = as_sentence(error)
        try:
            self.job.close()
            self.ticket.tell(Failed(sentence))
        except BaseException as second:  # a broken listener must not take the thread along
            log.debug("while reporting %r", error, exc_info=second)
        finally:
            self.ticket.finish(error=sentence)


class Host:
    """Runs jobs in a thread of its own, which starts with the first job and sleeps without one."""

    def __init__(self, lane: Lane = Lane.COMPUTE, others: "Lanes | None" = None) -> None:
        self.lane = lane
        self._others = others
        self._queue: queue.SimpleQueue[_Running | _Call] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._tickets: list[Ticket] = []
        self._round: deque[_Running] = deque()  # of the lane's thread alone
        self._closed = False

    def submit(self, job: Job, ticket: Ticket) -> Ticket:
        """Queue a job; its events go to the ticket's listener, in the lane's thread.

        A stopped job gets a CancelledError at its yield; it may tell a last event and return,
        or let the error pass.
        """
        self._take(_Running(job, ticket))
        return ticket

    def _take(self, running: _Running) -> None:
        with self._lock:
            if self._closed:
                raise ChaskiError("the engine has been shut down")
            running.ticket.wake = self.wake
            self._tickets = [t for t in self._tickets if not t.ended] + [running.ticket]
            self._queue.put(running)
            if self._thread is None:
                atexit.register(self.shutdown)
            if self._thread is None or not self._thread.is_alive():
                self._start()

    def wake(self) -> None:
        """End the rests of this lane: something has come. From any thread, costs nothing."""
        if self._queue.empty():
            self._queue.put(_Call.WAKE)

    def _start(self) -> None:
        # A daemon, so that a program that forgets shutdown() still ends; atexit joins it first.
        name = f"chaski-{self.lane}"
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)
        self._thread.start()

    def _live(self) -> None:
        """Work until the end; should anything end it before, the jobs fail and another begins."""
        try:
            self._work()
        except BaseException as error:
            log.debug("the %s thread ended", self.lane, exc_info=error)
            while self._round:
                self._round.popleft().fail(error)
            with self._lock:
                if self._thread is not None:
                    self._start()

    def ask_to_end(self) -> None:
        """Refuse new jobs and stop every job at its next step; returns at once."""
        with self._lock:
            self._closed = True
            for ticket in self._tickets:
                ticket.cancel()

    def shutdown(self, timeout: float = 30.0) -> bool:
        """Stop every job at its next step and join the thread; False if a step would not end."""
        self.ask_to_end()
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is None:
            return True
        atexit.unregister(self.shutdown)
        self._queue.put(_Call.END)
        if thread is not threading.current_thread():
            thread.join(timeout)
        return not thread.is_alive()

    def _work(self) -> None:
        open_for_jobs = True
        while open_for_jobs or self._round:
            open_for_jobs = self._admit(self._round, open_for_jobs)
            if not self._round:
                continue
            first = self._round[0]
            if first.waits:  # all others have had their turn since it began to
                self._serve()
            if first.waits or first.rest_left(time.monotonic()):
                self._round.rotate(-1)
            elif not self._turn(first):
                self._round.popleft()
            elif first.moves_to is not None:
                self._hand_over(self._round.popleft())
            else:
                self._round.rotate(-1)

    def _turn(self, running: _Running) -> bool:
        """A step, or as many as there are until a job that shares passes wants the next: so those
        who share them stay together. False when the job is over."""
        for _ in range(MOST_STEPS):
            if not running.step():
                return False
            moves = running.moves_to is not None
            if not running.shares or moves or running.wanted or running.rest_left(time.monotonic()):
                break
        return True

    def _serve(self) -> None:
        """What waits is done, or a part of it."""
        now = time.monotonic()
        waiting = [r.wanted for r in self._round if r.waits and r.wanted is not None]
        crowd = sum(not r.waits and not r.rest_left(now) for r in self._round)
        waiting[0].serve(waiting, crowd)

    def _hand_over(self, running: _Running) -> None:
        """The job goes on in another lane, unless this host stands alone."""
        lane, running.moves_to = running.moves_to, None
        if self._others is None or lane is None or lane is self.lane:
            self._round.append(running)
            return
        with self._lock:
            self._tickets = [t for t in self._tickets if t is not running.ticket]
        try:
            self._others[lane]._take(running)
        except ChaskiError as error:  # it has been shut down: the job can leave things in order
            running.fail(CancelledError("stopped") if running.ticket.cancelled else error)

    def _admit(self, jobs: deque[_Running], open_for_jobs: bool) -> bool:
        """Move what waits into the round; blocks only while there is nothing to do."""
        while open_for_jobs:
            pause = self._pause(jobs)
            try:
                new = self._queue.get(block=pause != 0.0, timeout=pause)
            except queue.Empty:
                break
            if new is _Call.END:
                return False
            if isinstance(new, _Running):
                jobs.append(new)
            else:
                for job in jobs:
                    job.rests_until = 0.0
        if jobs and not open_for_jobs and (pause := self._pause(jobs)):
            time.sleep(min(pause, LAST_REST))
        return open_for_jobs

    def _pause(self, jobs: deque[_Running]) -> float | None:
        """Seconds until the first of them has something to do; None: there is none."""
        now = time.monotonic()
        return min((job.rest_left(now) for job in jobs), default=None)


class Lanes:
    """One host for each lane."""

    def __init__(self) -> None:
        self._hosts = {lane: Host(lane, self) for lane in Lane}

    def __getitem__(self, lane: Lane) -> Host:
        return self._hosts[lane]

    def submit(self, job: Job, ticket: Ticket, lane: Lane = Lane.COMPUTE) -> Ticket:
        return self._hosts[lane].submit(job, ticket)

    def shutdown(self, timeout: float = 30.0) -> bool:
        """Stop all jobs of all lanes and join their threads, in `timeout` seconds altogether."""
        until = time.monotonic() + timeout
        hosts = list(self._hosts.values())
        for host in hosts:
            host.ask_to_end()
        return all([host.shutdown(max(0.0, until - time.monotonic())) for host in hosts])
