"""A tensor that is read a few rows at a time, whatever file it lies in and however it was bent.

Invariant: nothing here holds a whole tensor in memory; peak memory does not know the model's size.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UnsupportedError, UsageError
from engine.base.turns import Portion
from engine.weights.formats.open_file import Span
from engine.weights.quants import dequantize
from engine.weights.types import TensorType

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
MOST_ELEMENTS = 1 << 48
CHUNK = 4 << 20  # values of one step; as float32 and with its encoding some 40 MB

# NumPy's view of the types that are one number per value; bfloat16 it does not know.
DTYPES = {
    TensorType.F32: "<f4",
    TensorType.F16: "<f2",
    TensorType.BF16: "<u2",
    TensorType.F64: "<f8",
    TensorType.I8: "i1",
    TensorType.I16: "<i2",
    TensorType.I32: "<i4",
    TensorType.I64: "<i8",
}


@dataclass(frozen=True)
class LazyTensor:
    """`read(start, stop)` gives rows as raw blocks, uint8 [rows, row_bytes].

    usual: the type that is written where none is asked for, if not `kind` itself. codes: bytes of
    a tensor whose numbers nobody knows but whoever quantized it, uint8 [rows, n_cols]. looked:
    whoever made it has seen that it can be read; a first row may cost as much as all of them.
    """

    shape: tuple[int, ...]
    kind: TensorType
    read: Callable[[int, int], Bytes]
    usual: TensorType | None = None
    codes: Callable[[int, int], Bytes] | None = None
    looked: bool = False

    @property
    def n_cols(self) -> int:
        return self.shape[-1] if self.shape else 1

    @property
    def n_rows(self) -> int:
        """Rows that can be read; none where there are no elements."""
        return math.prod(self.shape[:-1]) if 0 not in self.shape else 0

    @property
    def n_elements(self) -> int:
        return math.prod(self.shape)

    def floats(self, start: int, stop: int) -> Floats:
        """Rows as float32 [rows, n_cols]."""
        return dequantize(self.kind, self.read(start, stop), self.n_cols)

    def steps(self, portion: Portion | None = None) -> Iterator[tuple[int, int]]:
        """(start, stop) of row groups of about CHUNK values each, or of what `portion` says when a
        step begins, if that is less."""
        start = 0
        while start < self.n_rows:
            size = CHUNK if portion is None else min(CHUNK, portion.size)
            stop = min(start + max(1, size // max(1, self.n_cols)), self.n_rows)
            yield start, stop
            start = stop

    def whole(self) -> Floats:
        """All of it as float32, in its shape: for small tensors and tests."""
        return self.floats(0, self.n_rows).reshape(self.shape)


def sound_shape(shape: Sequence[int]) -> bool:
    """Whether a shape can be reckoned with; zeros do not make the other sizes harmless."""
    return math.prod(n for n in shape if n) < MOST_ELEMENTS


def of_array(values: NDArray[Any], kind: TensorType) -> LazyTensor:
    """A tensor seen through an array, which may be a strided view."""
    rows = values.reshape(-1, values.shape[-1]) if values.ndim > 2 else np.atleast_2d(values)

    def read(start: int, stop: int) -> Bytes:
        part = np.ascontiguousarray(rows[start:stop])
        return part.view(np.uint8).reshape(stop - start, -1)

    return LazyTensor(values.shape or (1,), kind, read)


def of_floats(values: Any) -> LazyTensor:
    """A small tensor made here, float32."""
    return of_array(np.asarray(values, np.float32), TensorType.F32)


def of_blocks(raw: Bytes | Span, shape: tuple[int, ...], kind: TensorType) -> LazyTensor:
    """A tensor whose raw blocks, uint8 [n], lie one after another, here or in a file."""
    shape = shape or (1,)
    row_bytes = kind.row_bytes(shape[-1])
    if 0 in shape:
        return LazyTensor(shape, kind, lambda a, b: np.zeros((b - a, row_bytes), np.uint8))
    rows = raw.reshape(-1, row_bytes)
    return LazyTensor(shape, kind, lambda start, stop: rows[start:stop])


def unreadable(shape: tuple[int, ...], why: str) -> LazyTensor:
    """Stands for a tensor of a type that cannot be read; harmless as long as nobody wants it."""

    def read(start: int, stop: int) -> Bytes:
        raise UnsupportedError(why)

    return LazyTensor(shape, TensorType.F32, read)


def taking_rows(tensor: LazyTensor, order: NDArray[np.int64]) -> LazyTensor:
    """Row i of the result is row order[i]; also of a vector, whose entries count as rows."""
    if len(tensor.shape) == 1:
        size = TensorType.row_bytes(tensor.kind, 1)

        def entries(start: int, stop: int) -> Bytes:
            return tensor.read(0, 1).reshape(-1, size)[order].reshape(1, -1)

        return replace(tensor, shape=(len(order),), read=entries)

    def read(start: int, stop: int) -> Bytes:
        wanted = order[start:stop]
        low, high = int(wanted.min()), int(wanted.max()) + 1
        return tensor.read(low, high)[wanted - low]

    return replace(tensor, shape=(len(order), *tensor.shape[1:]), read=read)


def in_rows(tensor: LazyTensor, n: int) -> LazyTensor:
    """A vector as a matrix of n rows."""
    if len(tensor.shape) != 1 or tensor.kind not in DTYPES or tensor.shape[0] % n:
        raise UsageError(
            "a tensor {shape} of type {kind} makes no {n} rows",
            shape=tensor.shape,
            kind=tensor.kind.name,
            n=n,
        )

    def read(start: int, stop: int) -> Bytes:
        return np.ascontiguousarray(tensor.read(0, 1)).reshape(n, -1)[start:stop]

    return replace(tensor, shape=(n, tensor.shape[0] // n), read=read)


def reshaped(tensor: LazyTensor, shape: tuple[int, ...]) -> LazyTensor:
    """The same values in as many places: rows of the same width, or a vector of all of them."""
    if shape[-1] == tensor.n_cols:
        return replace(tensor, shape=shape)

    def read(start: int, stop: int) -> Bytes:
        return np.ascontiguousarray(tensor.read(0, tensor.n_rows)).reshape(1, -1)

    return replace(tensor, shape=shape, read=read)


def transposed(tensor: LazyTensor) -> LazyTensor:
    """A matrix with rows and columns exchanged; reads all rows for each group of columns."""
    if len(tensor.shape) != 2 or tensor.kind not in DTYPES:
        raise UsageError(
            "a tensor {shape} of type {kind} cannot be turned",
            shape=tensor.shape,
            kind=tensor.kind.name,
        )
    dtype = DTYPES[tensor.kind]

    def read(start: int, stop: int) -> Bytes:
        parts = [
            np.ascontiguousarray(tensor.read(a, b).view(dtype)[:, start:stop])
            for a, b in tensor.steps()
        ]
        turned = np.ascontiguousarray(np.concatenate(parts).T)
        return turned.view(np.uint8).reshape(stop - start, -1)

    return replace(tensor, shape=tensor.shape[::-1], read=read)


def joined(parts: Sequence[LazyTensor], axis: int) -> LazyTensor:
    """Parts of one matrix (or vector) put together again, one below or beside another."""
    first = parts[0]
    same = {(p.kind, p.shape[:axis] + p.shape[axis + 1 :]) for p in parts}
    if len(same) != 1 or axis >= len(first.shape) or len(first.shape) > 2:
        shapes = ", ".join(f"{p.shape} {p.kind.name}" for p in parts)
        raise UsageError("parts of a tensor do not fit together: {shapes}", shapes=shapes)
    total = sum(p.shape[axis] for p in parts)
    shape = (*first.shape[:axis], total, *first.shape[axis + 1 :])
    beside = axis == len(first.shape) - 1

    def read_beside(start: int, stop: int) -> Bytes:
        return np.concatenate([p.read(start, stop) for p in parts], axis=1)

    def read_below(start: int, stop: int) -> Bytes:
        found, base = [], 0
        for part in parts:
            low, high = max(start - base, 0), min(stop - base, part.n_rows)
            if low < high:
                found.append(part.read(low, high))
            base += part.n_rows
        return np.concatenate(found)

    return LazyTensor(shape, first.kind, read_beside if beside else read_below, first.usual)


def stacked(parts: Sequence[LazyTensor]) -> LazyTensor:
    """Tensors of one shape as one with a dimension more, in front."""
    if len({(part.kind, part.shape) for part in parts}) != 1:
        shapes = ", ".join(f"{p.shape} {p.kind.name}" for p in parts[:4])
        raise UsageError("parts of a tensor do not fit together: {shapes}", shapes=shapes)
    each = parts[0].n_rows

    def read(start: int, stop: int) -> Bytes:
        found = []
        while start < stop:
            number, at = divmod(start, each)
            end = min(each, at + stop - start)
            found.append(parts[number].read(at, end))
            start += end - at
        return found[0] if len(found) == 1 else np.concatenate(found)

    shape, looked = (len(parts), *parts[0].shape), all(part.looked for part in parts)
    return LazyTensor(shape, parts[0].kind, read, parts[0].usual, looked=looked)


def unstacked(tensor: LazyTensor) -> list[LazyTensor]:
    """The tensors that `stacked` would make this one of."""
    inner = replace(tensor, shape=tensor.shape[1:])

    def part(number: int) -> LazyTensor:
        first = number * inner.n_rows
        return replace(inner, read=lambda a, b: tensor.read(first + a, first + b))

    return [part(number) for number in range(tensor.shape[0])]


def computed(tensor: LazyTensor, change: Callable[[Floats, int, int], Floats]) -> LazyTensor:
    """A tensor whose rows are changed by arithmetic; kept in float32 so that nothing is lost."""

    def read(start: int, stop: int) -> Bytes:
        values = np.ascontiguousarray(change(tensor.floats(start, stop), start, stop), np.float32)
        return values.view(np.uint8).reshape(stop - start, -1)

    return replace(tensor, kind=TensorType.F32, read=read)
