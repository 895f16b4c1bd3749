"""Asked: how far each tensor of a made model is from its source."""

from dataclasses import dataclass
from pathlib import Path

from engine.base.paths import Paths
from engine.jobs.asked import Asked
from engine.jobs.records import About, Kind
from engine.workbench.front import tensor_errors


@dataclass(frozen=True)
class Compare:
    """A GGUF file, or what one was made of, and the file that was made."""

    source: Path
    made: Path


def compare(order: Compare, place: Paths) -> Asked:
    """The result is a list of TensorError. Tells LossStep."""
    about = About(Kind.COMPARE, order.made.name)
    return Asked(about, lambda ticket: tensor_errors(order.source, order.made))
