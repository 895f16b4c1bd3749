"""The grids of the IQ types as their packing kernels read them: words of eight codes."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.weights.blocks.iq import GridBlocks
from engine.weights.blocks.iq_grids import GRIDS, grid, signs_of_bytes, signs_of_seven
from engine.weights.blocks.iq_search import Signs
from engine.weights.types import TensorType

MINUS = np.uint8(8)


@cache
def points_of(kind: TensorType) -> NDArray[np.int64]:
    """Codes of 256 bytes of signs, then of the points of the type's grid; empty without a grid."""
    if not isinstance(kind.blocks, GridBlocks):
        return np.zeros(0, np.int64)
    spec, bytes_ = kind.blocks.spec, np.arange(256, dtype=np.uint8)
    # Where their number is even, seven bits are kept and the eighth follows.
    seven = spec.signs is Signs.EVEN
    signs = signs_of_seven(bytes_ & np.uint8(127)) if seven else signs_of_bytes(bytes_)
    levels, width, n_points, _ = GRIDS[spec.grid]
    found = np.zeros((256 + n_points, 8), np.uint8)
    found[:256] = (signs < 0) * MINUS
    found[256:, :width] = np.searchsorted(levels, grid(spec.grid))
    return found.view(np.int64)[:, 0]
