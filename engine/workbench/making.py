"""The job behind "make": converts where it must, quantizes where it should.

Invariant: the result has its name only when it is whole. A stopped job leaves only .part files,
from which the same order goes on; one that failed, or came to its end, leaves nothing else.
"""

import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.base.catalogue import Words
from engine.base.errors import CancelledError, UsageError
from engine.base.events import Done, Event, Progress, Stage
from engine.base.places import check_output
from engine.base.settings import LoadOptions
from engine.base.turns import aside
from engine.measure.importance import Calibration, make_importance
from engine.model import keep_kernels_in
from engine.workbench.looking import is_gguf, opened
from engine.workbench.records import Made, Order, Part, Step
from engine.workbench.unfinished import (
    clear_passing,
    converted_of,
    is_weighed,
    matrix_of,
    note_weighed,
    only_converts,
    options_of,
    part_of,
    weighed_options,
)
from engine.workshop.convert import convert
from engine.workshop.quantize import quantize_model
from engine.workshop.quantize_plan import QuantizeOptions, check_importance, make_plan
from engine.workshop.resume import STOPS

Steps = Generator[Event | None, None, None]
Work = Generator[Event | None, None, object] | Generator[Progress, None, object]


def making(order: Order, kernels: Path | None) -> Generator[Event | None, None, Made]:
    """Tells Step, Notice and Done(Made)."""
    began = time.monotonic()
    yield Step(Stage.SOURCE, 0, 0, "convert")
    _check_place(order.out)
    if kernels is not None:
        keep_kernels_in(kernels)
    options = yield from aside(lambda: options_of(order))
    yield from aside(lambda: _foresee(order, options))
    if only_converts(order):
        job = convert(order.source, order.out, out_type=order.target.lower())
        yield from _told("convert", job, more=False)
    else:
        yield from _quantized(order, options, _Weigher(order, kernels))
    made = Made(order.out, order.out.stat().st_size, time.monotonic() - began)
    with suppress(CancelledError):  # too late: it is made
        yield Done(made)
    return made


def _foresee(order: Order, options: QuantizeOptions) -> None:
    """What speaks against the order is told before hours are spent."""
    if order.text is not None and not order.text.is_file():
        raise UsageError("there is no text {order}; choose another file", order=order.text)
    with opened(order.source) as found:
        plan = make_plan(found.file, options)
        if order.text is None:
            check_importance(plan)


def _quantized(order: Order, options: QuantizeOptions, weigher: "_Weigher") -> Steps:
    """Converts first where it must, to a passing file beside the result."""
    source = order.source
    try:
        if not is_gguf(source):
            yield from _told("convert", convert(source, converted_of(order.out), passing=True))
            source = part_of(converted_of(order.out))
        if order.text is not None and order.imatrix is None:
            if not is_weighed(order, source):
                work = weigher.weigh(source, order.text, matrix_of(order.out))
                yield from _told("importance", work)
                note_weighed(order, source)
            options = weighed_options(order, options)
        yield from _told("quantize", quantize_model(source, order.out, options), more=False)
    except STOPS:
        raise
    except BaseException:
        clear_passing(order.out)
        raise
    clear_passing(order.out)


@dataclass(frozen=True)
class _Weigher:
    """Makes an importance matrix with our own engine."""

    order: Order
    kernels: Path | None

    def weigh(self, source: Path, text: Path, out: Path) -> Generator[Event | None, None, object]:
        wanted = Calibration(text, out, overwrite=True)
        options = LoadOptions(threads=self.order.threads)
        return make_importance(source, wanted, options, kernels=self.kernels)


def _told(part: Part, work: Work, *, more: bool = True) -> Steps:
    """The events of a job, each knowing which part of the order it belongs to."""
    try:
        for event in work:
            yield _step(part, event, more) if isinstance(event, Progress) else event
    finally:
        work.close()


def _step(part: Part, event: Progress, more: bool) -> Step:
    return Step(event.stage, event.done, event.total, part, what=event.what, more=more)


def _check_place(out: Path) -> None:
    if out.suffix.lower() != ".gguf":
        raise UsageError(
            "{file} must end in .gguf, such as model-Q4_K_M.gguf",
            file=out.name or Words("the name"),
        )
    check_output(out)
