"""A job's ticket: what its caller holds, and what whoever drives it calls."""

import threading
from collections.abc import Callable
from typing import Protocol

from engine.base.errors import CancelledError
from engine.base.events import Event, Listener


class Watcher(Protocol):
    """Who keeps the record of a job; called in the job's thread, and must neither block nor raise.

    `heard` comes before the listener is told, `ended` before whoever waits for the ticket goes on.
    """

    def began(self) -> None: ...

    def heard(self, event: Event) -> None: ...

    def ended(self, error: Exception | None) -> None: ...


class Ticket:
    """A caller's handle on a queued job: ask it to stop, wait for its end, read its result."""

    def __init__(self, listener: Listener | None = None, watcher: Watcher | None = None) -> None:
        self.listener = listener
        self.watcher = watcher
        self.result: object = None
        self.error: Exception | None = None
        self.wake: Callable[[], None] = lambda: None  # ends the rests of its lane; any thread
        self.job_id = 0  # in the list of jobs; 0: in none
        self._stop = threading.Event()
        self._ended = threading.Event()

    def cancel(self) -> None:
        """Ask the job to end at its next step; returns at once, may be called from any thread."""
        self._stop.set()
        self.wake()

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def tell(self, event: Event) -> None:
        """Pass an event to the listener, if there is one."""
        if self.watcher is not None:
            self.watcher.heard(event)
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
        try:
            if self.watcher is not None:
                self.watcher.ended(error)
        finally:
            self._ended.set()

    def begin(self) -> None:
        """Called before the first step by whoever drives the job."""
        if self.watcher is not None:
            self.watcher.began()

    def wait(self, timeout: float | None = None) -> object:
        """Block until the job ended; returns its result or raises its error."""
        if not self._ended.wait(timeout):
            raise TimeoutError("the job is still running")
        if self.error is not None:
            raise self.error
        return self.result
