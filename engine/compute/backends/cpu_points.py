"""The grids of the IQ types as their packing kernels read them: words of eight codes."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.weights.quants.iq_grids import GRIDS, grid, signs_of_bytes, signs_of_seven
from engine.weights.types import TensorType

SEVEN = ("IQ2_XXS", "IQ2_XS", "IQ3_XXS")  # their signs are seven bits, the eighth follows
MINUS = np.uint8(8)


@cache
def points_of(kind: TensorType) -> NDArray[np.int64]:
    """Codes of 256 bytes of signs, then of the points of the type's grid; empty without a grid."""
    name = "IQ1_S" if kind is TensorType.IQ1_M else kind.name
    if name not in GRIDS:
        return np.zeros(0, np.int64)
    bytes_ = np.arange(256, dtype=np.uint8)
    signs = signs_of_seven(bytes_ & np.uint8(127)) if name in SEVEN else signs_of_bytes(bytes_)
    found = np.zeros((256 + GRIDS[name][2], 8), np.uint8)
    found[:256] = (signs < 0) * MINUS
    found[256:, : GRIDS[name][1]] = np.searchsorted(GRIDS[name][0], grid(name))
    return found.view(np.int64)[:, 0]
