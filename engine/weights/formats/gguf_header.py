"""Reads one GGUF file's header: metadata and the table of tensors, all checked against the file.

Invariant: a Header's tensors lie wholly inside the file, are aligned and do not overlap.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Literal

from engine.base.catalogue import Phrase, Words
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.gguf_values import (
    MAX_KEY,
    Buffer,
    Cursor,
    MetaValue,
    ReadBudget,
    ValueType,
    quoted,
)
from engine.weights.formats.magic import not_gguf
from engine.weights.types import TensorType, tensor_type

ByteOrder = Literal["little", "big"]
MAGIC = b"GGUF"
VERSIONS = (2, 3)
ALIGNMENT_KEY = "general.alignment"
DEFAULT_ALIGNMENT = 32
MAX_DIMS = 4
MAX_KEYS = MAX_KEY
MAX_TENSORS = 100_000  # of all files of a model together; the largest have some thousands
MIN_KEY_BYTES = 14  # length, one letter, type, one byte of value
MIN_TENSOR_BYTES = 33  # length, one letter, dimensions, type, offset


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor: `shape` in NumPy order (rows first), `offset` from the start of its file.

    Leading ones beyond a matrix are left out: the format takes dimensions that are not written
    for ones. A tensor may have no elements; then it has no bytes.
    """

    name: str
    shape: tuple[int, ...]
    type: TensorType
    offset: int
    nbytes: int
    shard: int = 0  # which file of a split model

    @property
    def n_elements(self) -> int:
        return math.prod(self.shape)

    @property
    def n_cols(self) -> int:
        return self.shape[-1]

    @property
    def n_rows(self) -> int:
        """Rows that have bytes: none where there are no elements."""
        return self.n_elements // self.n_cols if self.n_elements else 0

    def has_shape(self, wanted: tuple[int, ...]) -> bool:
        """Whether the shape is this one: [64] and [1, 64] are two spellings of one."""
        return _least(self.shape) == _least(wanted)


@dataclass
class GgufHeader:
    """What stands before the tensor data."""

    version: int
    byte_order: ByteOrder
    metadata: dict[str, MetaValue] = field(default_factory=dict)
    value_types: dict[str, ValueType] = field(default_factory=dict)
    tensors: dict[str, TensorInfo] = field(default_factory=dict)


def _least(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Without the ones in front."""
    first = next((i for i, n in enumerate(shape) if n != 1), len(shape))
    return shape[first:]


def read_header(data: Buffer, name: str, budget: ReadBudget | None = None) -> GgufHeader:
    """The header of a file's bytes; `name` is the file's, for messages. `budget`: what the files
    of a split model may still hold."""
    if data[:4] != MAGIC:
        raise FormatError(not_gguf(name, data[:64], len(data)))
    cursor = Cursor(data, name, budget)
    cursor.pos = 4
    header = _read_version(cursor)
    n_tensors = cursor.u64(Phrase("the number of tensors"))
    n_keys = cursor.u64(Phrase("the number of metadata keys"))
    _check_count(cursor, n_keys, MAX_KEYS, MIN_KEY_BYTES, Words("metadata keys"))
    _check_count(cursor, n_tensors, MAX_TENSORS, MIN_TENSOR_BYTES, Words("tensors"))
    for _ in range(n_keys):
        _read_key(cursor, header)
    alignment = _alignment(cursor, header)
    infos = [_read_tensor(cursor, alignment) for _ in range(n_tensors)]
    _place(cursor, header, infos, alignment)
    return header


def _read_version(cursor: Cursor) -> GgufHeader:
    cursor.need(4, Phrase("the version"))
    raw = bytes(cursor.data[4:8])
    little, big = int.from_bytes(raw, "little"), int.from_bytes(raw, "big")
    cursor.pos = 8
    if little in VERSIONS:
        return GgufHeader(little, "little")
    if big in VERSIONS:
        cursor.order = ">"
        return GgufHeader(big, "big")
    version = min(little, big)
    if version == 1:
        raise UnsupportedError(
            "{file} is GGUF version 1 (August 2023), which is read no more; get a newer file of "
            "the model",
            file=cursor.name,
        )
    if version < 1000:
        raise UnsupportedError(
            "{file} is GGUF version {version}; this program reads versions 2 and 3",
            file=cursor.name,
            version=version,
        )
    cursor.pos = 4
    cursor.fail(Words("{little} is no version of GGUF", little=little))


def _check_count(cursor: Cursor, count: int, limit: int, least: int, what: str) -> None:
    if count > limit:
        cursor.fail(
            Words(
                "the file claims {count} {what}, more than the {limit} allowed",
                count=count,
                what=what,
                limit=limit,
            )
        )
    cursor.need(count * least, Phrase("the table of {count} {what}", count=count, what=what))


def _read_key(cursor: Cursor, header: GgufHeader) -> None:
    start = cursor.pos
    key = cursor.name_text(
        Phrase("metadata key number {n_metadata}", n_metadata=len(header.metadata) + 1)
    )
    if key in header.metadata:
        cursor.pos = start
        cursor.fail(Words("the metadata key {key} comes twice", key=quoted(key)))
    what = Phrase("metadata key {key}", key=quoted(key))
    kind = cursor.value_type(what)
    header.metadata[key] = cursor.value(kind, what)
    header.value_types[key] = kind


def _alignment(cursor: Cursor, header: GgufHeader) -> int:
    value = header.metadata.get(ALIGNMENT_KEY, DEFAULT_ALIGNMENT)
    if isinstance(value, int) and value > 0 and value & (value - 1) == 0 and value < 1 << 32:
        return int(value)
    told = value if isinstance(value, (int, float)) else Words("no number")
    raise FormatError(
        "{file} is broken: {alignment_key} is {told}, it must be a power of two",
        file=cursor.name,
        alignment_key=ALIGNMENT_KEY,
        told=told,
    )


def _read_tensor(cursor: Cursor, alignment: int) -> TensorInfo:
    """One row of the table; its offset still counts from the start of the tensor data."""
    name = cursor.name_text(Phrase("a tensor's name"))
    what = Phrase("tensor {name}", name=quoted(name))
    n_dims = cursor.u32(Phrase("the number of dimensions of {what}", what=what))
    if n_dims > MAX_DIMS:
        cursor.pos -= 4
        cursor.fail(
            Words(
                "{what} has {n_dims} dimensions; up to {max_dims} are allowed",
                what=what,
                n_dims=n_dims,
                max_dims=MAX_DIMS,
            )
        )
    each = Phrase("the dimensions of {what}", what=what)
    dims = [cursor.u64(each) for _ in range(n_dims)] or [1]
    while len(dims) > 2 and dims[-1] == 1:
        dims.pop()
    try:
        kind = tensor_type(cursor.u32(Phrase("the type of {what}", what=what)))
        nbytes = kind.row_bytes(dims[0]) * math.prod(dims[1:])
    except (FormatError, UnsupportedError) as error:
        told = Words("{what} cannot be read: {error}", what=what, error=error)
        raise type(error)("{file}: {told}", file=cursor.name, told=told) from None
    offset = cursor.u64(Phrase("the offset of {what}", what=what))
    if offset % alignment:
        cursor.pos -= 8
        cursor.fail(
            Words(
                "{what} begins at {offset}, which is no multiple of {alignment}",
                what=what,
                offset=offset,
                alignment=alignment,
            )
        )
    return TensorInfo(name, tuple(reversed(dims)), kind, offset, nbytes)


def _place(cursor: Cursor, header: GgufHeader, infos: list[TensorInfo], alignment: int) -> None:
    """Turns offsets into places in the file and checks that each tensor has its own."""
    base = -(-cursor.pos // alignment) * alignment
    for info in infos:
        if info.name in header.tensors:
            cursor.fail(Words("the tensor {tensor} comes twice", tensor=quoted(info.name)))
        header.tensors[info.name] = replace(info, offset=base + info.offset)
    reached, before = base, ""
    for info in sorted(header.tensors.values(), key=lambda info: (info.offset, info.nbytes)):
        if not info.nbytes:
            continue  # it has no place
        if info.offset < reached:
            cursor.fail(
                Words(
                    "the tensors {before} and {tensor} overlap",
                    before=quoted(before),
                    tensor=quoted(info.name),
                )
            )
        reached, before = info.offset + info.nbytes, info.name
        if reached > cursor.end:
            raise FormatError(
                "{file} is cut short or broken: tensor {tensor} ends at byte {reached}, the file "
                "at byte {end}; get the file again",
                file=cursor.name,
                tensor=quoted(info.name),
                reached=reached,
                end=cursor.end,
            )
