"""What all families share: a block described as a NumPy record, and small tools for bits.

Invariant: a layout's size is the size that the file format gives the type; a slip fails at import.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.weights.types import TensorType

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Decoder = Callable[[Bytes], Floats]  # uint8 [n, block_bytes] -> float32 [n, block]
Encoder = Callable[[Floats], Bytes]  # the reverse
Weighted = Callable[[Floats, Floats], Bytes]  # the same with a weight for each value's error


class Codec(NamedTuple):
    """How one type is decoded and, where this program makes it, encoded."""

    decode: Decoder
    encode: Encoder | None = None
    encode_weighted: Weighted | None = None  # where the values' importance can be heeded


def layout(kind: TensorType, *fields: tuple[Any, ...]) -> np.dtype[Any]:
    """The record of one block: (name, dtype) or (name, dtype, count) in file order."""
    record = np.dtype(list(fields))
    assert record.itemsize == kind.block_bytes, (kind.name, record.itemsize)
    return record


def records(blocks: Bytes, record: np.dtype[Any]) -> NDArray[Any]:
    """Blocks seen as records, one per block."""
    found: NDArray[Any] = np.ascontiguousarray(blocks).view(record)[:, 0]
    return found


def as_bytes(filled: NDArray[Any]) -> Bytes:
    """Records back to their bytes, uint8 [n, block_bytes]."""
    return filled.view(np.uint8).reshape(len(filled), -1)


def f32(column: NDArray[Any]) -> Floats:
    """A column of small numbers as float32 [n, 1] (or [n, k] for a field of k)."""
    values: Floats = column.astype(np.float32)
    return values.reshape(len(values), -1)


def f16(values: NDArray[Any]) -> NDArray[np.float16]:
    """Float16 as files store it; what is too large becomes infinite, without a warning."""
    with np.errstate(over="ignore"):
        return values.astype("<f2")


def bits(packed: NDArray[Any], *shifts: int, mask: int) -> NDArray[Any]:
    """[n, groups, width] packed numbers -> [n, groups, len(shifts), width] of their parts."""
    shift = np.array(shifts, packed.dtype).reshape(-1, 1)
    parts: NDArray[Any] = (packed[:, :, None, :] >> shift) & packed.dtype.type(mask)
    return parts


def inverse(scale: Floats) -> Floats:
    """1 / scale, and 0 where there is no such number."""
    with np.errstate(divide="ignore", over="ignore"):
        result = np.where(scale == 0, np.float32(0), np.float32(1) / scale)
    return np.where(np.isfinite(result), result, np.float32(0))


def round_half_away(x: Floats) -> Floats:
    """C's roundf: halves go away from zero."""
    magnitude = np.abs(x)
    whole = np.floor(magnitude)
    whole += np.floor(2 * (magnitude - whole))
    return np.copysign(whole, x)


def nibbles(low_first: NDArray[np.uint8]) -> Bytes:
    """[n, 2, width] four-bit numbers -> [n, width] bytes, the first half in the low bits."""
    return low_first[:, 0] | (low_first[:, 1] << np.uint8(4))
