"""Asked: a smaller file of a model. Stopped, the same order goes on from what is finished."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.base.paths import Paths
from engine.jobs.asked import Asked, Steps, telling
from engine.jobs.records import About, Kind

if TYPE_CHECKING:
    from engine.workshop.quantize import Quantized
    from engine.workshop.quantize_plan import QuantizeOptions


@dataclass(frozen=True)
class Quantize:
    """A GGUF file, and where the smaller one goes."""

    source: Path
    out: Path
    options: "QuantizeOptions"


def job(order: Quantize, place: Paths) -> "Steps[Quantized]":
    """Tells Progress and Notice."""
    from engine.model import keep_kernels_in
    from engine.workshop.quantize import quantize_model

    keep_kernels_in(place.kernels)
    return (yield from quantize_model(order.source, order.out, order.options))


def quantize(order: Quantize, place: Paths) -> Asked:
    """The result, and what Done tells, is Quantized."""
    about = About(Kind.QUANTIZE, order.out.name, can_resume=True)
    return Asked(about, lambda ticket: telling(job(order, place)))
