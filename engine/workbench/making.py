"""The job behind "make": converts where it must, quantizes where it should.

Invariant: the result has its name only when it is whole; whatever ends the job, nothing else stays.
"""

import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

from engine.base.errors import CancelledError, UsageError
from engine.base.events import Done, Event, Progress
from engine.hardware.report import default_threads
from engine.model import keep_kernels_in
from engine.workbench.looking import opened
from engine.workbench.records import Made, Order, Stage, Step
from engine.workshop.convert import OUT_TYPES, ConvertResult, convert
from engine.workshop.mixes import target_name
from engine.workshop.quantize import Quantized, quantize_model
from engine.workshop.quantize_plan import QuantizeOptions, check_importance, make_plan

Steps = Generator[Event | None, None, None]
Work = (
    Generator[Event | None, None, ConvertResult]
    | Generator[Progress, None, ConvertResult | Quantized]
)


def making(order: Order, kernels: Path | None) -> Generator[Event | None, None, Made]:
    """Tells Step, Notice and Done(Made)."""
    began = time.monotonic()
    yield Step("looking at the source", 0, 0, "convert")
    _check_place(order.out)
    if kernels is not None:
        keep_kernels_in(kernels)
    options = QuantizeOptions(
        target_name(order.target),
        imatrix=order.imatrix,
        allow_requantize=order.requantize,
        threads=order.threads or default_threads(),
    )
    with opened(order.source) as found:
        # Told before hours are spent on converting.
        check_importance(make_plan(found.file, options))
        is_gguf = found.is_gguf
    if is_gguf:
        yield from _told("quantize", quantize_model(order.source, order.out, options))
    elif order.target.lower() in OUT_TYPES:
        job = convert(order.source, order.out, out_type=order.target.lower())
        yield from _told("convert", job)
    else:
        yield from _both(order, options)
    made = Made(order.out, order.out.stat().st_size, time.monotonic() - began)
    with suppress(CancelledError):  # too late: it is made
        yield Done(made)
    return made


def _both(order: Order, options: QuantizeOptions) -> Steps:
    """Converts to a passing file beside the result, and quantizes that."""
    between = order.out.with_name(f"{order.out.name}.converted.part")
    _forget(between)  # of a run that was killed
    try:
        yield from _told("convert", convert(order.source, between))
        yield from _told("quantize", quantize_model(between, order.out, options))
    finally:
        _forget(between)


def _told(part: Stage, work: Work) -> Steps:
    """The events of a job, each knowing which part of the order it belongs to."""
    try:
        for event in work:
            if isinstance(event, Progress):
                yield Step(event.stage, event.done, event.total, part)
            else:
                yield event
    finally:
        work.close()


def _check_place(out: Path) -> None:
    if out.suffix.lower() != ".gguf":
        raise UsageError(f"{out.name or 'the name'} must end in .gguf, such as model-Q4_K_M.gguf")
    if not out.parent.is_dir():
        raise UsageError(f"the folder {out.parent} does not exist; choose another or make it first")
    if out.exists():
        raise UsageError(f"{out} exists already; choose another name or remove it first")


def _forget(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
