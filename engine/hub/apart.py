"""A question to the hub in a thread of its own, so that the lane's other jobs go on meanwhile."""

import threading
from collections.abc import Callable, Generator
from typing import Generic, TypeVar

from engine.base.events import Event
from engine.base.jobs import Rest
from engine.hub.client import Hub

T = TypeVar("T")
LOOK_EVERY = 0.25  # seconds; `ring` ends the rest at once


class Question(Generic[T]):
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
