"""How a verb waits: for a job of the engine's lanes, for a network, for a file that is written.

Progress and notices go to the terminal; Ctrl-C stops the job, and of a file tells what stays.
"""

from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from engine.api import Engine
from engine.base.catalogue import Words
from engine.base.errors import CancelledError
from engine.base.events import Done, Event, Failed, Finished, Listener
from engine.base.jobs import Job
from engine.cli.console import Console
from engine.host import Ticket
from engine.jobs import Asked

LOOK_EVERY = 0.1  # seconds; Ctrl-C is heeded as soon
LAST_LOOK = 0.001  # the job has told its last event: it ends any moment
LAST = (Done, Failed, Finished)


def follow(
    console: Console, start: Callable[[Listener], Ticket], listener: Listener | None = None
) -> Any:
    """Its result; raises what it raises. Ctrl-C asks it to stop, twice drops everything.

    listener: told every event in this thread. One that came in the last step of a job stops the
    next one, unless the console forgets it.
    """
    told = SimpleQueue[Event]()

    def tell(event: Event) -> None:
        console.show(event)
        if listener is not None:
            listener(event)

    with console.heeding():
        ticket, pause = start(told.put), LOOK_EVERY
        try:
            while not ticket.ended:
                if console.stop_is_asked and not ticket.cancelled:
                    ticket.cancel()
                if (event := _next(told, pause)) is not None:
                    tell(event)
                    pause = LAST_LOOK if isinstance(event, LAST) else LOOK_EVERY
            while not told.empty():
                tell(told.get())
        finally:
            ticket.cancel()
            console.clear()
    return ticket.wait(0)


def _next(told: "SimpleQueue[Event]", pause: float) -> Event | None:
    try:
        return told.get(timeout=pause)
    except Empty:
        return None


def answer_to(console: Console, asked: Asked) -> Any:
    """The result of something that can be asked (engine/jobs/)."""
    with Engine() as engine:
        return follow(console, lambda told: engine.ask(asked, told))


def asked(job: Job, console: Console) -> Any:
    """Runs a job to its end and shows its progress; returns its result.

    Unlike Console.drive it does not wait for the next step to be stopped, which may be a request
    that nobody answers.
    """
    try:
        while True:
            console.show(next(job))
    except StopIteration as end:
        return end.value
    finally:
        console.clear()


def file_of(console: Console, asked: Asked, out: Path) -> Any:
    """The result; stopped, say that the same command goes on from what is finished."""
    from engine.weights.formats.gguf_part import is_part

    try:
        return answer_to(console, asked)
    except (KeyboardInterrupt, CancelledError):
        parts = [path for path in out.parent.glob("*.part") if path.name.startswith(out.stem)]
        if any(is_part(path) for path in parts):
            console.note(
                Words(
                    "{file}: what is finished is kept; the same command goes on from it",
                    file=out.name,
                )
            )
        raise
