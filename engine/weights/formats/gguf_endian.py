"""Turns blocks of big-endian files into little-endian ones: only the many-byte fields change.

Invariant: the bytes between fields (quants, 8-bit scales) are the same in both orders.
"""

import numpy as np
from numpy.typing import NDArray

from engine.weights.types import TensorType


def swap_blocks(kind: TensorType, raw: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A copy of raw[rows, row_bytes] with each field's bytes reversed."""
    out = raw.copy()
    blocks = out.reshape(-1, kind.block_bytes)
    for offset, width, count in kind.blocks.wide_fields:
        part = blocks[:, offset : offset + width * count]
        part[:] = part.reshape(-1, count, width)[:, :, ::-1].reshape(-1, width * count)
    return out
