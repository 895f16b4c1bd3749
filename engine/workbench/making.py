"""The job behind "make": converts where it must, quantizes where it should.

Invariant: the result has its name only when it is whole; whatever ends the job, nothing else stays.
"""

import time
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from engine.base.errors import CancelledError, UsageError
from engine.base.events import Done, Event, Progress
from engine.base.settings import LoadOptions
from engine.hardware.report import default_threads
from engine.measure.importance import Calibration, make_importance
from engine.model import keep_kernels_in
from engine.workbench.looking import is_gguf, opened
from engine.workbench.records import Made, Order, Stage, Step
from engine.workshop.convert import OUT_TYPES, convert
from engine.workshop.mixes import target_name
from engine.workshop.quantize import quantize_model
from engine.workshop.quantize_plan import QuantizeOptions, check_importance, make_plan

Steps = Generator[Event | None, None, None]
Work = Generator[Event | None, None, object] | Generator[Progress, None, object]


def making(
    order: Order, kernels: Path | None, checkpoint: Callable[[Event], None]
) -> Generator[Event | None, None, Made]:
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
    if _is_gguf(order, options) or order.target.lower() not in OUT_TYPES:
        yield from _quantized(order, options, _Weigher(order, kernels, checkpoint))
    else:
        job = convert(order.source, order.out, out_type=order.target.lower())
        yield from _told("convert", job)
    made = Made(order.out, order.out.stat().st_size, time.monotonic() - began)
    with suppress(CancelledError):  # too late: it is made
        yield Done(made)
    return made


def _is_gguf(order: Order, options: QuantizeOptions) -> bool:
    """Whether there is nothing to convert. What speaks against is told before hours are spent."""
    if order.text is not None and not order.text.is_file():
        raise UsageError(f"there is no text {order.text}; choose another file")
    with opened(order.source) as found:
        plan = make_plan(found.file, options)
        if order.text is None:
            check_importance(plan)
        return found.is_gguf


def _quantized(order: Order, options: QuantizeOptions, weigher: "_Weigher") -> Steps:
    """Converts first where it must, to a passing file beside the result."""
    between, matrix = (_passing(order.out, what) for what in ("converted", "imatrix"))
    source = order.source
    try:
        if not is_gguf(source):
            yield from _told("convert", convert(source, between))
            source = between
        if order.text is not None and order.imatrix is None:
            yield from _told("importance", weigher.weigh(source, order.text, matrix))
            origin = {"quantize.imatrix.file": str(order.text)}  # the matrix itself will be gone
            options = replace(options, imatrix=matrix, override=origin)
        yield from _told("quantize", quantize_model(source, order.out, options))
    finally:
        for path in (between, matrix):
            with suppress(OSError):
                path.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Weigher:
    """Makes an importance matrix with our own engine."""

    order: Order
    kernels: Path | None
    checkpoint: Callable[[Event], None]

    def weigh(self, source: Path, text: Path, out: Path) -> Generator[Event | None, None, object]:
        wanted = Calibration(text, out, overwrite=True)
        options = LoadOptions(threads=self.order.threads)
        return make_importance(source, wanted, options, self._tell, kernels=self.kernels)

    def _tell(self, event: Progress) -> None:
        self.checkpoint(Step(event.stage, event.done, event.total, "importance"))


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


def _passing(out: Path, what: str) -> Path:
    """A file of this order alone; where a run was killed, one of an earlier run goes."""
    path = out.with_name(f"{out.name}.{what}.part")
    path.unlink(missing_ok=True)
    return path
