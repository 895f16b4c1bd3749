"""Questions to the hub in a thread of their own, so that the lane's other jobs go on meanwhile: no
download waits, or piles up in memory, while a slow hub is searched."""

import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Generic, TypeVar

from engine.base.events import Event
from engine.base.jobs import Job, Rest
from engine.hub.client import Hub

T = TypeVar("T")
LOOK_EVERY = 0.25  # seconds; `ring` ends the rest at once


class HubQuestion(Generic[T]):
    """Asked at once; `answer` is a job that rests until it has come."""

    def __init__(self, hub: Hub, ask: Callable[[Hub], T], ring: Callable[[], None]) -> None:
        self.hub = hub
        self._ask, self._ring = ask, ring
        self._answers = list[T]()
        self._errors = list[BaseException]()
        self._thread = threading.Thread(target=self._run, name="chaski-asking", daemon=True)
        self._thread.start()

    def answer(self) -> Generator[Event | None, None, T]:
        """Raises what the hub raises. Stopped, it leaves the question to its timeout."""
        while not (self._answers or self._errors):
            yield Rest(LOOK_EVERY)
        self.check()
        return self._answers[0]

    def check(self) -> None:
        """Raises what went wrong, where that is known by now."""
        if self._errors:
            raise self._errors[0]

    def gone(self, seconds: float | None = 0.0) -> bool:
        """Whether its thread has ended, at the latest after so many seconds; None: once it has."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._answers.append(self._ask(self.hub))
        except BaseException as error:  # told by the job
            self._errors.append(error)
        self._ring()


class _End:
    """What a job came to."""

    def __init__(self, result: object) -> None:
        self.result = result


def stepwise(job: Job, hub: Hub, ring: Callable[[], None]) -> Job:
    """A job that asks the hub in its steps, which are done one by one in threads.

    Stopped, it leaves the step at hand to itself; whoever closes the hub ends that.
    """

    def step(hub: Hub) -> Event | None | _End:
        try:
            return next(job)
        except StopIteration as end:
            return _End(end.value)

    try:
        while True:
            told = yield from HubQuestion(hub, step, ring).answer()
            if isinstance(told, _End):
                return told.result
            yield told
    finally:
        with suppress(ValueError):  # its thread has not come back yet
            job.close()
