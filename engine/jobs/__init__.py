"""What can be asked and waited for: one file for each kind, the list of all that runs, and orders
that several rooms work on.

Importing it costs nothing; the rooms that do the work are imported when a job begins.
"""

from engine.jobs.asked import Asked
from engine.jobs.comparing import Compare, compare
from engine.jobs.converting import Convert, convert
from engine.jobs.list import JobList, Work
from engine.jobs.making import make
from engine.jobs.measuring import measure
from engine.jobs.moving import Move, move
from engine.jobs.perplexing import Perplex, perplexity
from engine.jobs.quantizing import Quantize, quantize
from engine.jobs.records import About, JobRecord, Kind, State
from engine.jobs.reporting import Hardware, hardware
from engine.jobs.verifying import verify
from engine.jobs.weighing import Weigh, weigh
from engine.jobs.wishes import Got, Wish, wish_of

__all__ = [
    "About",
    "Asked",
    "Compare",
    "Convert",
    "Got",
    "Hardware",
    "JobList",
    "JobRecord",
    "Kind",
    "Move",
    "Perplex",
    "Quantize",
    "State",
    "Weigh",
    "Wish",
    "Work",
    "compare",
    "convert",
    "hardware",
    "make",
    "measure",
    "move",
    "perplexity",
    "quantize",
    "verify",
    "weigh",
    "wish_of",
]
