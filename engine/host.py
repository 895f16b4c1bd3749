"""The one compute thread: queued jobs are generators that run a step each in turn.

Nothing else runs kernels, so no lock is needed around models, caches or the thread team. Nothing
that a job raises ends the thread, and should it end all the same, its jobs are told and another
takes its place.
"""

import atexit
import logging
import queue
import threading
from collections import deque
from errno import ENOSPC

from engine.base.errors import CancelledError, ChaskiError, MemoryTooSmallError, bounded
from engine.base.events import Event, Failed, Listener
from engine.base.jobs import Job

log = logging.getLogger(__name__)


class Ticket:
    """A caller's handle on a queued job: ask it to stop, wait for its end, read its result."""

    def __init__(self, listener: Listener | None = None) -> None:
        self.listener = listener
        self.result: object = None
        self.error: Exception | None = None
        self._stop = threading.Event()
        self._ended = threading.Event()

    def cancel(self) -> None:
        """Ask the job to end at its next step; returns at once, may be called from any thread."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def tell(self, event: Event) -> None:
        """Pass an event to the listener, if there is one."""
        if self.listener is not None:
            self.listener(event)

    def checkpoint(self, event: Event | None = None) -> None:
        """For work that cannot yield: tell an event, and stop here if the user asked for it."""
        if self.cancelled:
            raise CancelledError("stopped")
        if event is not None:
            self.tell(event)

    def finish(self, result: object = None, error: Exception | None = None) -> None:
        """Called once by whoever drives the job."""
        self.result, self.error = result, error
        self._ended.set()

    def wait(self, timeout: float | None = None) -> object:
        """Block until the job ended; returns its result or raises its error."""
        if not self._ended.wait(timeout):
            raise TimeoutError("the job is still running")
        if self.error is not None:
            raise self.error
        return self.result


class _Running:
    """A job in the round: its ticket, and how far its cancelling has got."""

    def __init__(self, job: Job, ticket: Ticket) -> None:
        self.job = job
        self.ticket = ticket
        self.begun = False
        self.told_to_stop = False

    def step(self) -> bool:
        """Run to the next yield; False when the job is over."""
        try:
            event = self._advance()
            if event is not None:
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
        self.begun = True
        return next(self.job)

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

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[_Running | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._tickets: list[Ticket] = []
        self._round: deque[_Running] = deque()  # of the compute thread alone
        self._closed = False

    def submit(self, job: Job, ticket: Ticket) -> Ticket:
        """Queue a job; its events go to the ticket's listener, in the compute thread.

        A stopped job gets a CancelledError at its yield; it may tell a last event and return,
        or let the error pass.
        """
        with self._lock:
            if self._closed:
                raise ChaskiError("the engine has been shut down")
            self._tickets = [t for t in self._tickets if not t.ended] + [ticket]
            self._queue.put(_Running(job, ticket))
            if self._thread is None:
                atexit.register(self.shutdown)
            if self._thread is None or not self._thread.is_alive():
                self._start()
        return ticket

    def _start(self) -> None:
        # A daemon, so that a program that forgets shutdown() still ends; atexit joins it first.
        self._thread = threading.Thread(target=self._live, name="chaski-compute", daemon=True)
        self._thread.start()

    def _live(self) -> None:
        """Work until the end; should anything end it before, the jobs fail and another begins."""
        try:
            self._work()
        except BaseException as error:
            log.debug("the compute thread ended", exc_info=error)
            while self._round:
                self._round.popleft().fail(error)
            with self._lock:
                if self._thread is not None:
                    self._start()

    def shutdown(self, timeout: float = 30.0) -> bool:
        """Stop every job at its next step and join the thread; False if a step would not end."""
        with self._lock:
            self._closed = True
            for ticket in self._tickets:
                ticket.cancel()
            thread, self._thread = self._thread, None
        if thread is None:
            return True
        atexit.unregister(self.shutdown)
        self._queue.put(None)
        if thread is not threading.current_thread():
            thread.join(timeout)
        return not thread.is_alive()

    def _work(self) -> None:
        open_for_jobs = True
        while open_for_jobs or self._round:
            open_for_jobs = self._admit(self._round, open_for_jobs)
            if self._round and self._round[0].step():
                self._round.rotate(-1)
            elif self._round:
                self._round.popleft()

    def _admit(self, jobs: deque[_Running], open_for_jobs: bool) -> bool:
        """Move what waits into the round; blocks only when there is nothing to do."""
        while open_for_jobs:
            try:
                new = self._queue.get(block=not jobs)
            except queue.Empty:
                break
            if new is None:
                return False
            jobs.append(new)
        return open_for_jobs


def as_sentence(error: BaseException) -> ChaskiError:
    """Any exception as one that a person can read; the original stays attached as its cause."""
    if isinstance(error, ChaskiError):
        return error
    log.debug("a job failed", exc_info=error)
    if isinstance(error, MemoryError):
        sentence: ChaskiError = MemoryTooSmallError(
            "the computer ran out of memory; close other programs or models, or choose a smaller "
            "context or a smaller model"
        )
    elif isinstance(error, OSError) and error.errno == ENOSPC:
        where = f" ({error.filename})" if error.filename else ""
        sentence = ChaskiError(f"the disk is full{where}; make room on it and try again")
    elif isinstance(error, OSError):
        sentence = ChaskiError(f"the system refused: {bounded(error)}")
    else:
        sentence = ChaskiError(
            f"internal error ({type(error).__name__}: {bounded(error)}); please report it "
            "(CHASKI_DEBUG=1 shows where)"
        )
    sentence.__cause__ = error
    return sentence
