"""Makes a model: converts where it must, weighs where it should, quantizes; goes on where it was.

Invariant: the result has its name only when it is whole. A stopped job leaves only .part files,
from which the same order goes on; one that failed, or came to its end, leaves nothing else. Three
files at most: NAME.part; NAME.converted.part, the model on its way from other weights;
NAME.imatrix.part, what a text told about it. A file is removed only if this program wrote it.
"""

import hashlib
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from engine.base.errors import ChaskiError, UsageError
from engine.base.events import Event, Progress, Stage
from engine.base.places import check_output
from engine.base.settings import CONVERT_TYPES, LoadOptions
from engine.base.turns import aside
from engine.compute.place import take_kernel_folder
from engine.hardware.report import chosen_threads
from engine.inspect.source import is_gguf, opened
from engine.jobs.orders import Made, Make, MakeProgress, Phase, Resumable
from engine.measure.importance import Calibration, make_importance
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_part import is_part, is_sealed, seal
from engine.workshop.convert import convert
from engine.workshop.convert.run import convert_progress
from engine.workshop.mixes import target_name
from engine.workshop.quantize import quantize_model, quantize_progress
from engine.workshop.quantize_plan import QuantizeOptions, check_importance, make_plan
from engine.workshop.resume import STOPS, job_key

Steps = Generator[Event | None, None, None]
Work = Generator[Event | None, None, object] | Generator[Progress, None, object]


def making(order: Make) -> Generator[Event | None, None, Made]:
    """Tells MakeProgress and Notice."""
    began = time.monotonic()
    yield MakeProgress(Stage.SOURCE, 0, 0, "convert")
    _check_place(order.out)
    take_kernel_folder()
    options = yield from aside(lambda: options_of(order))
    yield from aside(lambda: _foresee(order, options))
    if only_converts(order):
        kind, threads = order.target.lower(), options.threads
        job = convert(order.source, order.out, out_type=kind, threads=threads)
        yield from _told("convert", job, more=False)
    else:
        yield from _quantized(order, options, _Weigher(order))
    return Made(order.out, order.out.stat().st_size, time.monotonic() - began)


def _foresee(order: Make, options: QuantizeOptions) -> None:
    """What speaks against the order is told before hours are spent."""
    if order.text is not None and not order.text.is_file():
        raise UsageError("there is no text {order}; choose another file", order=order.text)
    with opened(order.source) as found:
        plan = make_plan(found.file, options)
        if order.text is None:
            check_importance(plan)


def _quantized(order: Make, options: QuantizeOptions, weigher: "_Weigher") -> Steps:
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

    order: Make

    def weigh(self, source: Path, text: Path, out: Path) -> Generator[Event | None, None, object]:
        wanted = Calibration(text, out, overwrite=True)
        options = LoadOptions(threads=self.order.threads)
        return make_importance(source, wanted, options)


def _told(phase: Phase, work: Work, *, more: bool = True) -> Steps:
    """The events of a job, each knowing which phase of the order it belongs to."""
    try:
        for event in work:
            yield _step(phase, event, more) if isinstance(event, Progress) else event
    finally:
        work.close()


def _step(phase: Phase, event: Progress, more: bool) -> MakeProgress:
    return MakeProgress(event.stage, event.done, event.total, phase, what=event.what, more=more)


def _check_place(out: Path) -> None:
    if out.suffix.lower() != ".gguf":
        raise UsageError(
            "{file} must end in .gguf, such as model-Q4_K_M.gguf", file=out.name or "the name"
        )
    check_output(out)


def options_of(order: Make) -> QuantizeOptions:
    return QuantizeOptions(
        target_name(order.target),
        imatrix=order.imatrix,
        allow_requantize=order.requantize,
        threads=chosen_threads(order.threads),
    )


def weighed_options(order: Make, options: QuantizeOptions) -> QuantizeOptions:
    """With the matrix that the order's text gives; the file tells of the text, which stays."""
    origin = {"quantize.imatrix.file": str(order.text)}
    return replace(options, imatrix=matrix_of(order.out), override=origin)


def only_converts(order: Make) -> bool:
    return order.target.lower() in CONVERT_TYPES and not is_gguf(order.source)


def converted_of(out: Path) -> Path:
    """The name that the converted model would have; it only ever lies there as .part."""
    return out.with_name(f"{out.name}.converted")


def part_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def matrix_of(out: Path) -> Path:
    return out.with_name(f"{out.name}.imatrix.part")


def is_weighed(order: Make, source: Path) -> bool:
    """Whether the matrix of this text and this model is there."""
    return is_sealed(matrix_of(order.out), _weighing_key(order, source))


def note_weighed(order: Make, source: Path) -> None:
    seal(matrix_of(order.out), _weighing_key(order, source))


def resumable_of(order: Make) -> Resumable | None:
    """How far an earlier run came; None where none was, or where nothing can be gone on from."""
    try:
        kept = sum(path.stat().st_size for path in _files(order.out) if path.is_file())
        return _left_of(order, kept) if kept else None
    except (ChaskiError, OSError):
        return None  # what is wrong with the order is told when it is given


def remove_left(out: Path) -> None:
    """Removes what an earlier run left; what this program did not write stays."""
    for path in _files(out):
        if is_part(path):
            path.unlink(missing_ok=True)


def clear_passing(out: Path) -> None:
    """Removes what was needed on the way, of this run and of others."""
    for path in _files(out)[1:]:
        with suppress(OSError):
            if is_part(path):
                path.unlink()


def _files(out: Path) -> tuple[Path, ...]:
    return part_of(out), part_of(converted_of(out)), matrix_of(out)


def _left_of(order: Make, kept: int) -> Resumable | None:
    if only_converts(order):
        found = convert_progress(order.source, order.out, order.target.lower())
        return Resumable("convert", found.share, kept) if found else None
    source, options, last = order.source, options_of(order), None
    if not is_gguf(source):
        found = convert_progress(source, converted_of(order.out))
        if found is None or not found.is_sealed:
            return Resumable("convert", found.share, kept) if found else None
        source, last = part_of(converted_of(order.out)), Resumable("convert", 1.0, kept)
    if order.text is not None and order.imatrix is None:
        if not is_weighed(order, source):
            return last
        options, last = weighed_options(order, options), Resumable("importance", 1.0, kept)
    found = quantize_progress(source, order.out, options)
    return Resumable("quantize", found.share, kept) if found else last


def _weighing_key(order: Make, source: Path) -> bytes:
    assert order.text is not None  # whoever asks has one
    with open_gguf(source) as file:
        return hashlib.sha256(job_key([*file.paths, order.text], what="imatrix")).digest()
