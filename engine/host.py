"""The one compute thread: queued jobs are generators that run a step each in turn.

Nothing else runs kernels, so no lock is needed around models, caches or the thread team.
"""

import threading

from engine.base.events import Event, Listener


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
