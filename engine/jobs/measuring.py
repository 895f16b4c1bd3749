"""A made file against its source: over a text (measuring), tensor by tensor (comparing).

Weights of other programs are converted to a passing file first, unless what they predict is
known. Invariant: whatever ends the job, no passing file stays.
"""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from engine.base.errors import UsageError
from engine.base.events import Event, Progress, Stage
from engine.base.models import TensorError
from engine.base.paths import Paths, resource_path
from engine.base.places import check_replaceable
from engine.base.settings import LoadOptions
from engine.base.turns import aside
from engine.hub.names import model_of
from engine.inspect.source import is_gguf, opened
from engine.jobs.orders import Compare, Measure, Measured, MeasureProgress
from engine.measure.comparison import (
    Compared,
    Sample,
    check_source,
    compare,
    known_predictions,
    predict,
    sample,
)
from engine.measure.known_losses import names_of, sha256_of
from engine.measure.losses import BUILT_IN, Loss, keep_loss, mark_of
from engine.measure.predictions import Predictions
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_part import is_part
from engine.workshop.convert import convert
from engine.workshop.tensor_errors import tensor_errors

T = TypeVar("T")
Work = Generator[Any, None, T]


def measuring(order: Measure, paths: Paths) -> Generator[Event | None, None, Measured]:
    """Tells MeasureProgress and Notice."""
    yield MeasureProgress(Stage.LOOKING, 0, 0)
    text = order.text or built_in()
    options = LoadOptions(threads=order.threads)
    with open_gguf(order.made) as file:
        over = sample(file, text, options)
        sizes, names = (file.file_bytes, file.n_parameters), names_of(file, _called(order.source))
    mark = mark_of(order.source)
    folder = paths.predictions / f"{mark}-{over.key}"
    source = known_predictions(folder, over)
    phases = _Phases(1 if source is not None else 2 if is_gguf(order.source) else 3)
    if source is None:
        with ExitStack() as stack:
            seen = yield from aside(lambda: stack.enter_context(opened(order.source)))
            check_source(seen.file, text, options, over)
        source = yield from _predictions(order, over, folder, phases)
    found = yield from phases.told(compare(order.made, over, source, options), phases.count - 1)
    digest = yield from sha256_of(order.made)
    loss = replace(_loss(order, over, found, *sizes), models=names, sha256=digest)
    return Measured(loss, keep_loss(paths.losses_file, mark, loss))


def comparing(order: Compare) -> Generator[Event | None, None, list[TensorError]]:
    """How far each tensor of a made file is from its source. Tells MeasureProgress."""
    source, made = order.source, order.made
    yield MeasureProgress(Stage.LOOKING, 0, 0)
    phases = _Phases(1 if is_gguf(source) else 2)
    with _passing(made) as between:
        if phases.count == 2:
            yield from phases.told(convert(source, between), 0)
            source = between
        return (yield from phases.told(tensor_errors(source, made), phases.count - 1))


def _called(source: Path) -> str:
    """What a source's own name says of the model."""
    return source.name if source.is_dir() else model_of(source.name)


def built_in() -> Path:
    """A few hundred words of plain English, in six short texts."""
    path = resource_path("texts", "plain.json")
    if path is None:
        raise UsageError("this copy of Chaski lacks its text for measuring; choose one of yours")
    return path


def _predictions(
    order: Measure, over: Sample, folder: Path, phases: "_Phases"
) -> Generator[Event | None, None, Predictions]:
    """What the source predicts; converts it first where it must."""
    source, phase = order.source, 0
    with _passing(order.made) as between:
        if phases.count == 3:
            yield from phases.told(convert(source, between), 0)
            source, phase = between, 1
        options = LoadOptions(threads=order.threads)
        found = yield from phases.told(predict(source, over, folder, options), phase)
    return found


@contextmanager
def _passing(made: Path) -> Iterator[Path]:
    """A name for a passing file beside the made one; the file goes at the end."""
    path = made.with_name(f"{made.name}.source.part")
    check_replaceable(path)
    if path.exists():
        if not (is_part(path) or is_gguf(path)):
            raise UsageError(
                "{file} is in the way, and no work of this program; move it away", file=path
            )
        path.unlink()
    try:
        yield path
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


class _Phases:
    """The phases of a measurement: events of each, numbered."""

    def __init__(self, count: int) -> None:
        self.count = count

    def told(self, work: Work[T], phase: int) -> Generator[Event | None, None, T]:
        """A job's events, each knowing its phase; its result."""
        try:
            while True:
                event = next(work)
                yield self._step(event, phase) if isinstance(event, Progress) else event
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            work.close()

    def _step(self, event: Progress, phase: int) -> MeasureProgress:
        more = phase < self.count - 1
        step = (event.stage, event.done, event.total)
        return MeasureProgress(*step, phase, self.count, what=event.what, more=more)


def _loss(order: Measure, over: Sample, found: Compared, size: int, weights: int) -> Loss:
    return Loss(
        name=order.name,
        file=order.made.name,
        mark=mark_of(order.made),
        bytes=size,
        bits=8 * size / max(1, weights),
        text=order.text.name if order.text is not None else BUILT_IN,
        text_key=over.key,
        tokens=found.made.n_tokens,
        source_ppl=found.source_ppl,
        ppl=found.made.ppl,
        kl_mean=found.made.kl_mean or 0.0,
        kl_99=found.made.kl_99 or 0.0,
        top1=found.made.top1 or 0.0,
        parameters=weights,
    )
