"""What a stopped order leaves beside its result, how far it had come, and how that goes away.

Three files at most: NAME.part; NAME.converted.part, the model on its way from other weights;
NAME.imatrix.part, what a text told about it. Invariant: a file is removed only if this program
wrote it.
"""

import hashlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from engine.base.errors import ChaskiError
from engine.hardware.report import chosen_threads
from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_part import is_part, is_sealed, seal
from engine.workbench.looking import is_gguf
from engine.workbench.records import Begun, Order
from engine.workshop.convert import OUT_TYPES
from engine.workshop.convert.run import convert_standing
from engine.workshop.mixes import target_name
from engine.workshop.quantize import quantize_standing
from engine.workshop.quantize_plan import QuantizeOptions
from engine.workshop.resume import identity


def options_of(order: Order) -> QuantizeOptions:
    return QuantizeOptions(
        target_name(order.target),
        imatrix=order.imatrix,
        allow_requantize=order.requantize,
        threads=chosen_threads(order.threads),
    )


def weighed_options(order: Order, options: QuantizeOptions) -> QuantizeOptions:
    """With the matrix that the order's text gives; the file tells of the text, which stays."""
    origin = {"quantize.imatrix.file": str(order.text)}
    return replace(options, imatrix=matrix_of(order.out), override=origin)


def only_converts(order: Order) -> bool:
    return order.target.lower() in OUT_TYPES and not is_gguf(order.source)


def converted_of(out: Path) -> Path:
    """The name that the converted model would have; it only ever lies there as .part."""
    return out.with_name(f"{out.name}.converted")


def part_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def matrix_of(out: Path) -> Path:
    return out.with_name(f"{out.name}.imatrix.part")


def is_weighed(order: Order, source: Path) -> bool:
    """Whether the matrix of this text and this model is there."""
    return is_sealed(matrix_of(order.out), _weighing(order, source))


def note_weighed(order: Order, source: Path) -> None:
    seal(matrix_of(order.out), _weighing(order, source))


def begun(order: Order) -> Begun | None:
    """How far an earlier run came; None where none was, or where nothing can be gone on from."""
    try:
        kept = sum(path.stat().st_size for path in _files(order.out) if path.is_file())
        return _begun(order, kept) if kept else None
    except (ChaskiError, OSError):
        return None  # what is wrong with the order is told when it is given


def discard(out: Path) -> None:
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


def _begun(order: Order, kept: int) -> Begun | None:
    if only_converts(order):
        found = convert_standing(order.source, order.out, order.target.lower())
        return Begun("convert", found.share, kept) if found else None
    source, options, last = order.source, options_of(order), None
    if not is_gguf(source):
        found = convert_standing(source, converted_of(order.out))
        if found is None or not found.is_sealed:
            return Begun("convert", found.share, kept) if found else None
        source, last = part_of(converted_of(order.out)), Begun("convert", 1.0, kept)
    if order.text is not None and order.imatrix is None:
        if not is_weighed(order, source):
            return last
        options, last = weighed_options(order, options), Begun("importance", 1.0, kept)
    found = quantize_standing(source, order.out, options)
    return Begun("quantize", found.share, kept) if found else last


def _weighing(order: Order, source: Path) -> bytes:
    assert order.text is not None  # whoever asks has one
    with open_gguf(source) as file:
        return hashlib.sha256(identity([*file.paths, order.text], what="imatrix")).digest()
