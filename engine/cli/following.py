"""A job of the engine's lanes, seen from the terminal: its progress, its notices, and Ctrl-C."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from engine.api import Engine
from engine.base.events import Event, Listener
from engine.cli.console import Console
from engine.host import Ticket
from engine.jobs import Asked

LOOK_EVERY = 0.1  # seconds; Ctrl-C is heeded as soon


def follow(console: Console, start: Callable[[Listener], Ticket]) -> Any:
    """Its result; raises what it raises. Ctrl-C asks it to stop, twice drops everything."""
    told = SimpleQueue[Event]()
    ticket = start(told.put)
    with console.heeding():
        try:
            while not ticket.ended:
                if console.stop_is_asked and not ticket.cancelled:
                    ticket.cancel()
                _show(console, told)
            while not told.empty():
                console.show(told.get())
        finally:
            ticket.cancel()
            console.clear()
    return ticket.wait(0)


def answer_to(console: Console, asked: Asked) -> Any:
    """The result of something that can be asked (engine/jobs/)."""
    with Engine() as engine:
        return follow(console, lambda told: engine.ask(asked, told))


def _show(console: Console, told: "SimpleQueue[Event]") -> None:
    try:
        console.show(told.get(timeout=LOOK_EVERY))
    except Empty:
        return
