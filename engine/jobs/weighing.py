"""Asked: which weights of a model matter most, measured over a text (an importance matrix)."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.base.paths import Paths
from engine.base.settings import LoadOptions
from engine.jobs.asked import Asked, Steps, telling
from engine.jobs.records import About, Kind

if TYPE_CHECKING:
    from engine.measure.importance import Calibrated, Calibration


@dataclass(frozen=True)
class Weigh:
    """A model, what it reads, and how it is opened for that."""

    source: Path
    wanted: "Calibration"
    options: LoadOptions = LoadOptions()  # noqa: RUF009 (frozen)


def job(order: Weigh, place: Paths) -> "Steps[Calibrated]":
    """Tells Progress."""
    from engine.measure.importance import make_importance

    return make_importance(order.source, order.wanted, order.options, kernels=place.kernels)


def weigh(order: Weigh, place: Paths) -> Asked:
    """The result, and what Done tells, is Calibrated."""
    about = About(Kind.IMPORTANCE, order.wanted.out.name)
    return Asked(about, lambda ticket: telling(job(order, place)))
