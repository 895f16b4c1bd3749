"""What can be asked and waited for (`orders.py`), the list of all that runs, and orders on which
several rooms work.

Importing it costs nothing; the rooms that do the work are imported when a job begins.
"""

from engine.base.models import TensorError
from engine.jobs.list import JobList, Work
from engine.jobs.orders import (
    Asked,
    Compare,
    Convert,
    Hardware,
    Made,
    Make,
    MakeProgress,
    Measure,
    Measured,
    MeasureProgress,
    Move,
    Perplex,
    Quantize,
    Resumable,
    Weigh,
    compare,
    convert,
    discard,
    hardware,
    losses_of_source,
    make,
    measure,
    move,
    perplexity,
    quantize,
    resumable,
    verify,
    weigh,
)
from engine.jobs.records import About, JobKind, JobRecord, JobState
from engine.jobs.wishes import Got, Wish, wish_of
from engine.measure.losses import BUILT_IN, Loss

__all__ = [
    "About",
    "Asked",
    "BUILT_IN",
    "Compare",
    "Convert",
    "Got",
    "Hardware",
    "JobList",
    "JobRecord",
    "JobKind",
    "Loss",
    "Made",
    "Make",
    "MakeProgress",
    "Measure",
    "MeasureProgress",
    "Measured",
    "Move",
    "Perplex",
    "Quantize",
    "Resumable",
    "JobState",
    "TensorError",
    "Weigh",
    "Wish",
    "Work",
    "compare",
    "convert",
    "discard",
    "hardware",
    "losses_of_source",
    "make",
    "measure",
    "move",
    "perplexity",
    "quantize",
    "resumable",
    "verify",
    "weigh",
    "wish_of",
]
