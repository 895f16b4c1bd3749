"""What can be asked: one form for all of it, whoever asks: window, command line, later the server.

Each kind is a file beside this one: its order, and a function of the kind's name that answers an
Asked, which `Engine.ask` puts into the list of jobs. Where the work is more than one call of the
room that does it, the file has `job(order, place)`, the generator.
"""

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from engine.base.errors import CancelledError
from engine.base.events import Done, Event
from engine.base.jobs import Job, Lane
from engine.host import Ticket
from engine.jobs.records import About

Result = TypeVar("Result")
Steps = Generator[Event | None, None, Result]


@dataclass(frozen=True)
class Asked:
    """`work` begins a fresh job each time, as it may be resumed; `about` is its record's."""

    about: About
    work: Callable[[Ticket], Job]
    lane: Lane = Lane.COMPUTE


def called(model: str | Path) -> str:
    """What a job on this model is called."""
    return model.stem if isinstance(model, Path) else model


def telling(steps: Steps[Result]) -> Steps[Result]:
    """A job that tells its result at the end, in Done. One that is stopped there is told all the
    same: it is done."""
    result = yield from steps
    with suppress(CancelledError):
        yield Done(result)
    return result
