"""What all families share: how a type's blocks are declared, and small tools for bits.

    d  qs qs qs …    a record: fields in file order, little-endian; it holds `values` numbers

Invariant: a field wider than a byte is a number, which big-endian files hold the other way round;
fields of bytes are the same in both orders.
"""

from collections import namedtuple
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Records: TypeAlias = NDArray[Any]  # [n], of a type's record
Decoder = Callable[[Records], Floats]  # [n] -> float32 [n, values]
Encoder = Callable[[Floats], Records]  # the reverse
Weighted = Callable[[Floats, Floats], Records]  # the same with a weight for each value's error

FLOAT16_MOST = 65504.0
# No float16 scale reaches further: two more factors, of 7 bits and 5.
FARTHEST = FLOAT16_MOST * 128 * 32


@dataclass(frozen=True, eq=False)
class Blocks:
    """All there is to tell of one tensor type but its name and number (weights/types.py)."""

    values: int  # in a block
    record: np.dtype[Any]
    decode: Decoder
    encode: Encoder | None = None  # where this program makes it
    encode_weighted: Weighted | None = None  # where the values' importance can be heeded
    _: KW_ONLY
    needs_importance: bool = False  # without it what is made is noise
    is_target: bool = True  # a file may be asked for as this type, if files bear its name
    # All values up to `holds` are held, none beyond `reaches`; between them it is seen in what was
    # made. Unless `shows_most`, a single loud value is far from what it became.
    holds: float = FLOAT16_MOST
    reaches: float = FARTHEST
    shows_most: bool = True

    @property
    def at(self) -> Any:
        """The byte offset of each field by its name, as compiled code can read it."""
        fields = dict(self.record.fields or {})
        named: Any = namedtuple("named", list(fields))  # type: ignore[misc]
        return named(*(int(place[1]) for place in fields.values()))

    @property
    def wide_fields(self) -> tuple[tuple[int, int, int], ...]:
        """(byte offset, width, how many) of each field of numbers wider than a byte."""
        found = []
        for name in self.record.names or ():
            base, shape = self.record[name].base, self.record[name].shape
            if base.itemsize > 1:
                offset = self.record.fields[name][1] if self.record.fields else 0
                found.append((offset, base.itemsize, int(np.prod(shape, dtype=int))))
        return tuple(found)

    def swapped(self, raw: Bytes) -> Bytes:
        """A copy of raw [rows, row_bytes] with the bytes of each wide number the other way round:
        big-endian blocks become little-endian ones, and the reverse."""
        out = raw.copy()
        blocks = out.reshape(-1, self.record.itemsize)
        for offset, width, count in self.wide_fields:
            part = blocks[:, offset : offset + width * count]
            part[:] = part.reshape(-1, count, width)[:, :, ::-1].reshape(-1, width * count)
        return out


def record(*fields: tuple[Any, ...]) -> np.dtype[Any]:
    """The record of one block: (name, dtype) or (name, dtype, count) in file order."""
    return np.dtype(list(fields))


def records(blocks: Bytes, layout: np.dtype[Any]) -> Records:
    """Blocks seen as records, one per block."""
    found: Records = np.ascontiguousarray(blocks).view(layout)[:, 0]
    return found


def as_bytes(filled: Records) -> Bytes:
    """Records back to their bytes, uint8 [n, block_bytes]."""
    return filled.view(np.uint8).reshape(len(filled), -1)


def as_numbers(packed: NDArray[Any], dtype: str) -> NDArray[Any]:
    """[n, k] bytes as [n, …] wider numbers, which files keep as bytes."""
    return np.ascontiguousarray(packed).view(dtype)


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


def loudness(x: Floats) -> Floats:
    """Weights without calibration: large values matter more, small ones are not forgotten."""
    weights: Floats = np.sqrt(np.mean(x * x, axis=1, keepdims=True)) + np.abs(x)
    return weights
