"""Asked: a GGUF file of weights that other programs wrote. Stopped, the same order goes on."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.base.paths import Paths
from engine.jobs.asked import Asked, Steps, telling
from engine.jobs.records import About, Kind

if TYPE_CHECKING:
    from engine.workshop.convert import ConvertResult


@dataclass(frozen=True)
class Convert:
    """See workshop/convert/run.py; `adapters` are LoRA folders to merge in, with their scales."""

    source: Path
    out: Path
    out_type: str = "auto"
    tokenizer: Path | None = None
    base: Path | None = None
    adapters: tuple[tuple[Path, float], ...] = ()
    overwrite: bool = False
    threads: int = 0


def job(order: Convert, place: Paths) -> "Steps[ConvertResult]":
    """Tells Progress and Notice."""
    from engine.model import keep_kernels_in
    from engine.workshop.convert import convert as converting

    keep_kernels_in(place.kernels)
    return (
        yield from converting(
            order.source,
            order.out,
            out_type=order.out_type,
            tokenizer=order.tokenizer,
            base=order.base,
            adapters=order.adapters,
            overwrite=order.overwrite,
            threads=order.threads,
        )
    )


def convert(order: Convert, place: Paths) -> Asked:
    """The result, and what Done tells, is ConvertResult."""
    about = About(Kind.CONVERT, order.out.name, can_resume=True)
    return Asked(about, lambda ticket: telling(job(order, place)))
