"""A question to the hub in a thread of its own, so that the lane's other jobs go on meanwhile."""

import threading
from collections.abc import Callable, Generator
from typing import TypeVar

from engine.base.events import Event
from engine.base.jobs import Rest

T = TypeVar("T")
LOOK_EVERY = 0.25  # seconds; `ring` ends the rest at once


def apart(call: Callable[[], T], ring: Callable[[], None]) -> Generator[Event | None, None, T]:
    """What the call gives; raises what it raises. Stopped, it leaves the call to its timeout."""
    answers = list[T]()
    errors = list[BaseException]()

    def run() -> None:
        try:
            answers.append(call())
        except BaseException as error:  # told by the job
            errors.append(error)
        ring()

    threading.Thread(target=run, name="chaski-asking", daemon=True).start()
    while not (answers or errors):
        yield Rest(LOOK_EVERY)
    if errors:
        raise errors[0]
    return answers[0]
