"""What the window's workshop asks of the engine: look at a source, make a model of it, look inside.

Importing it costs nothing; the rooms that do the work are imported when a function is called.
"""

from engine.workbench.front import (
    begun,
    contents,
    discard,
    histogram,
    importance,
    look,
    make,
)
from engine.workbench.records import (
    Begun,
    Contents,
    Entry,
    Histogram,
    Made,
    Order,
    Source,
    Step,
    Target,
    TensorLine,
)

__all__ = [
    "Begun",
    "Contents",
    "Entry",
    "Histogram",
    "Made",
    "Order",
    "Source",
    "Step",
    "Target",
    "TensorLine",
    "begun",
    "contents",
    "discard",
    "histogram",
    "importance",
    "look",
    "make",
]
