"""Blocks as ggml laid them out in 2023, moved into today's layout; no value is computed anew.

Era 1 (ggml, ggmf, ggjt 1): values 2i and 2i+1 share byte i. Era 2 (ggjt 2): i and i + 16 do, as
today. Era 3 (ggjt 3): scales have 16 bits, as today. Before era 3 those of Q4 and Q8_0 had 32.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UnsupportedError
from engine.weights.formats.open_file import Rows
from engine.weights.types import TensorType

Bytes = NDArray[np.uint8]

OLD_TYPES = {
    0: TensorType.F32,
    1: TensorType.F16,
    2: TensorType.Q4_0,
    3: TensorType.Q4_1,
    6: TensorType.Q5_0,
    7: TensorType.Q5_1,
    8: TensorType.Q8_0,
    10: TensorType.Q2_K,
    11: TensorType.Q3_K,
    12: TensorType.Q4_K,
    13: TensorType.Q5_K,
    14: TensorType.Q6_K,
}
WIDE = (TensorType.Q4_0, TensorType.Q4_1, TensorType.Q8_0)  # 32-bit scales before era 3
PAIRED = (TensorType.Q4_0, TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1)
SCALES = {TensorType.Q4_0: 1, TensorType.Q4_1: 2, TensorType.Q8_0: 1}


@dataclass(frozen=True)
class OldBlockLayout:
    """How a type's blocks lie in files of one era: bytes of a block, and what must be moved."""

    kind: TensorType
    size: int
    wide: bool = False
    paired: bool = False


def layout_of(number: int, era: int) -> OldBlockLayout:
    kind = OLD_TYPES[number]
    if era < 3 and number > 8:
        raise UnsupportedError(
            "{kind} did not exist in files of this age; the file is broken", kind=kind.name
        )
    wide, paired = era < 3 and kind in WIDE, era < 2 and kind in PAIRED
    return OldBlockLayout(kind, kind.block_bytes + 2 * SCALES.get(kind, 0) * wide, wide, paired)


def reader(raw: Rows, layout: OldBlockLayout, planar: bool) -> Callable[[int, int], Bytes]:
    """Reads rows of raw [rows, bytes of an old row] as today's blocks."""

    def read(start: int, stop: int) -> Bytes:
        rows = raw[start:stop]
        if not (layout.wide or layout.paired):
            return rows
        blocks = _gathered(rows, layout) if planar else rows.reshape(-1, layout.size)
        return _moved(blocks, layout).reshape(stop - start, -1)

    return read


def _moved(blocks: Bytes, layout: OldBlockLayout) -> Bytes:
    """Scales to 16 bits, nibbles from pairs to halves."""
    heads = 4 * SCALES.get(layout.kind, 0) if layout.wide else 0
    rest = blocks[:, heads:]
    parts: list[Bytes] = []
    if heads:
        with np.errstate(over="ignore"):
            scales = np.ascontiguousarray(blocks[:, :heads]).view("<f4").astype("<f2")
        parts.append(scales.view(np.uint8))
    if layout.paired:
        parts += [rest[:, :-16], _halved(rest[:, -16:])]
    else:
        parts.append(rest)
    return np.ascontiguousarray(np.concatenate(parts, axis=1))


def _halved(pairs: Bytes) -> Bytes:
    """16 bytes of values (0, 1), (2, 3) … to bytes of (0, 16), (1, 17) …"""
    values = np.empty((len(pairs), 32), np.uint8)
    values[:, 0::2], values[:, 1::2] = pairs & 15, pairs >> 4
    halved: Bytes = values[:, :16] | values[:, 16:] << np.uint8(4)
    return halved


def looks_planar(row: Bytes, layout: OldBlockLayout) -> bool:
    """The very first files wrote all scales of a row before its nibbles, under the same mark.

    Scales read from the right places are of one size; read from the wrong ones they are noise.
    """
    if not layout.wide or layout.kind is TensorType.Q8_0:
        return False
    count = len(row) // layout.size
    inside = np.ascontiguousarray(row.reshape(count, layout.size)[:, :4]).view("<f4")[:, 0]
    ahead = np.ascontiguousarray(row[: 4 * count]).view("<f4")
    return _plausible(ahead) > _plausible(inside)


def _plausible(scales: NDArray[Any]) -> int:
    with np.errstate(invalid="ignore"):
        size = np.abs(scales)
        return int(np.count_nonzero((size > 1e-7) & (size < 1e2)))


def _gathered(rows: Bytes, layout: OldBlockLayout) -> Bytes:
    """From rows of (scales, minima, nibbles) to blocks."""
    count = rows.shape[1] // layout.size
    head = 4 * SCALES[layout.kind]
    scales = rows[:, : head * count].reshape(len(rows), SCALES[layout.kind], count, 4)
    nibbles = rows[:, head * count :].reshape(len(rows), count, 16)
    ordered = scales.swapaxes(1, 2).reshape(len(rows), count, head)
    return np.concatenate([ordered, nibbles], axis=2).reshape(-1, layout.size)
