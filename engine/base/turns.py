"""How a long job lets the others run: a slice of time for work that can be cut, a thread for the
rest.

Invariant: who yields from here gives its turn away at least every tenth of a second or so, and gets
an exception of the work itself, or its result, as if it had done the work in place.
"""

import threading
from collections.abc import Callable, Generator, Iterator
from time import perf_counter
from typing import TypeVar

from engine.base.errors import CancelledError
from engine.base.events import Event

SLICE_S = 0.05  # of work between two turns of others
STEP_S = 0.08  # what a step should take whose size can be chosen
POLL_S = 0.002  # how long a turn takes in which only another thread works
T = TypeVar("T")


class Slice:
    """Counts the time since the others last had their turn."""

    def __init__(self) -> None:
        self._begun = perf_counter()

    def over(self) -> Iterator[None]:
        """Yields once if the slice is used up; the next one then begins. `yield from` it between
        two pieces of work."""
        if perf_counter() - self._begun >= SLICE_S:
            yield None
            self._begun = perf_counter()


class Portion:
    """How much of a long work makes one step: learned from the steps that were done."""

    def __init__(self, first: int) -> None:
        """Few enough that the slowest machine does them in time; it doubles step by step."""
        self.size = first

    def took(self, done: int, seconds: float) -> None:
        """So many were done in so long. The last step of something may be short: it says little."""
        fitting = int(done * STEP_S / max(seconds, 1e-9))
        if fitting < self.size or 2 * done >= self.size:
            self.size = max(1, min(fitting, 2 * self.size))


def aside(
    work: Callable[[], T],
    *,
    told: Callable[[], Event | None] = lambda: None,
    stop: Callable[[], object] = lambda: None,
    lost: Callable[[T], object] = lambda result: None,
) -> Generator[Event | None, None, T]:
    """Runs `work` in a thread of its own while the caller's job gives its turns away.

    For what is one long call: a parser, a compiler, fsync. It must not touch models or caches.
    told: an event for each turn; stop: asks the work to end early when the job is stopped, which
    it then does once the work has ended; lost: undoes a result that nobody will get.
    """
    found: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:  # also a panic of a library's: it belongs to the caller
            failed.append(error)

    thread = threading.Thread(target=run, name="chaski-aside", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # the system has no more: the others wait this once
        return work()
    stopped: CancelledError | None = None
    delivered = False
    try:
        while thread.is_alive():
            thread.join(POLL_S)
            try:
                yield told()
            except CancelledError as error:
                stopped = error
                stop()
        delivered = stopped is None
    finally:
        if not delivered:  # also where the job is closed, which leaves no more turns
            stop()
            thread.join()
            for result in found:
                lost(result)
    if stopped is not None:
        raise stopped
    if failed:
        raise failed[0]
    return found[0]
