"""Reads .safetensors files: a JSON table of tensors, then their bytes.

Invariant: every tensor of the table is inside the file and as long as its shape says.
"""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.base.catalogue import Phrase, Words
from engine.base.errors import FormatError
from engine.base.words import quoted, shown
from engine.weights.formats.checkpoint import Checkpoint, parse_json
from engine.weights.formats.lazy import LazyTensor, of_blocks, sound_shape, unreadable
from engine.weights.formats.open_file import OpenFile
from engine.weights.formats.small_types import SMALL, of_small
from engine.weights.types import TensorType

MAX_HEADER = 8 << 20  # the largest tables have two; the format would allow 100
MAX_TENSORS = 100_000
KINDS = {
    "F64": TensorType.F64,
    "F32": TensorType.F32,
    "F16": TensorType.F16,
    "BF16": TensorType.BF16,
    "I64": TensorType.I64,
    "I32": TensorType.I32,
    "I16": TensorType.I16,
    "I8": TensorType.I8,
}

BYTES = "U8"  # codes of some method, never numbers


def open_safetensors(path: str | Path) -> Checkpoint:
    """The tensors of one file; those of types unknown here are errors only when they are read."""
    file = OpenFile(path)
    try:
        size = int.from_bytes(file.bytes(0, 8, Words("the length of the table")), "little")
        if MAX_HEADER < size <= file.size - 8:
            raise FormatError(
                "{file}: its table of tensors has {size:,} bytes, more than the {max_header:,} "
                "that the largest models need",
                file=file.name,
                size=size,
                max_header=MAX_HEADER,
            )
        if size > file.size - 8:
            raise FormatError(
                "{file} is cut short or no safetensors file: its table claims {size} bytes, the "
                "file has {file_size}; get the file again",
                file=file.name,
                size=size,
                file_size=file.size,
            )
        table = parse_json(
            file.bytes(8, size, Words("the table")),
            Words("{file}: the table of tensors", file=file.name),
        )
        table.pop("__metadata__", None)
        if len(table) > MAX_TENSORS:
            raise FormatError(
                "{file} has {n_table:,} tensors, more than any model needs",
                file=file.name,
                n_table=len(table),
            )
        tensors = {name: _tensor(file, 8 + size, name, entry) for name, entry in table.items()}
    except BaseException:
        file.close()
        raise
    return Checkpoint(tensors, [file])


def _tensor(file: OpenFile, base: int, name: str, entry: Any) -> LazyTensor:
    dtype, shape, (begin, end) = _checked(file, name, entry)
    raw = file.view(base + begin, end - begin, Phrase("tensor {name}", name=quoted(name)))
    kind = TensorType.I8 if dtype in SMALL else KINDS.get(dtype)
    if kind is None:
        found = unreadable(
            shape,
            Words(
                "{file}: tensor {name} is of type {dtype}, which cannot be converted",
                file=file.name,
                name=quoted(name),
                dtype=shown(dtype, 40),
            ),
        )
        if dtype == BYTES and math.prod(shape) == end - begin:
            found = replace(found, codes=of_blocks(raw, shape, TensorType.I8).read)
        return found
    if math.prod(shape) * kind.block_bytes != end - begin:
        raise FormatError(
            "{file} is broken: tensor {name} of shape {shape} and type {dtype} cannot have {end} "
            "bytes",
            file=file.name,
            name=quoted(name),
            shape=shape,
            dtype=dtype,
            end=end - begin,
        )
    return of_small(raw, shape, dtype) if dtype in SMALL else of_blocks(raw, shape, kind)


def _checked(file: OpenFile, name: str, entry: Any) -> tuple[str, tuple[int, ...], tuple[int, int]]:
    """dtype, shape and offsets, or an error if the entry is anything else."""
    if isinstance(entry, dict):
        parts: list[Any] = [entry.get(key) for key in ("dtype", "shape", "data_offsets")]
        dtype, shape, span = parts
        sound = isinstance(dtype, str) and _sizes(shape, 8) and _sizes(span, 2) and len(span) == 2
        if sound and span[0] <= span[1] and sound_shape(shape):
            return dtype, tuple(shape), (span[0], span[1])
    raise FormatError(
        "{file} is broken: the entry of tensor {name} makes no sense",
        file=file.name,
        name=quoted(name),
    )


def _sizes(value: Any, most: int) -> bool:
    """A short list of whole numbers that are not negative."""
    return (
        isinstance(value, list)
        and len(value) <= most
        and all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 1 << 62 for n in value)
    )
