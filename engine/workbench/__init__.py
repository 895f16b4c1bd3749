"""What the window's workshop asks of the engine: look at a source, make a model of it, look inside.

Importing it costs nothing; the rooms that do the work are imported when a function is called.
"""

from engine.measure.losses import BUILT_IN, Loss
from engine.workbench.front import (
    begun,
    contents,
    discard,
    foretell,
    histogram,
    importance,
    look,
    make,
    measure,
    measured,
    tensor_errors,
)
from engine.workbench.loss_records import (
    LossStep,
    Measured,
    Measuring,
    TensorError,
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
    "BUILT_IN",
    "Begun",
    "Contents",
    "Entry",
    "Histogram",
    "Loss",
    "LossStep",
    "Made",
    "Measured",
    "Measuring",
    "Order",
    "Source",
    "Step",
    "Target",
    "TensorError",
    "TensorLine",
    "begun",
    "contents",
    "discard",
    "foretell",
    "histogram",
    "importance",
    "look",
    "make",
    "measure",
    "measured",
    "tensor_errors",
]
