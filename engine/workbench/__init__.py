"""What the window's workshop asks of the engine: look at a source, make a model of it, look inside.

Importing it costs nothing; the rooms that do the work are imported when a function is called.
"""

from collections.abc import Generator
from pathlib import Path

from engine.base.events import Event
from engine.workbench.records import (
    Contents,
    Entry,
    Made,
    Order,
    Source,
    Step,
    Target,
    TensorLine,
)

__all__ = [
    "Contents",
    "Entry",
    "Made",
    "Order",
    "Source",
    "Step",
    "Target",
    "TensorLine",
    "contents",
    "look",
    "make",
]


def look(path: str | Path) -> Source:
    """What a file or folder is and what can be made of it. Reads headers; not for a GUI thread."""
    from engine.workbench.looking import look_at

    return look_at(Path(path))


def make(order: Order, kernels: Path | None = None) -> Generator[Event | None, None, Made]:
    """The job that makes a model; for the compute thread. Closing it leaves nothing half-made."""
    from engine.workbench.making import making

    return making(order, kernels)


def contents(path: str | Path) -> Contents:
    """Everything that stands in the header of a GGUF file. Not for a GUI thread."""
    from engine.workbench.inside import contents_of

    return contents_of(Path(path))
