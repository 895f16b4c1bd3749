"""Turns blocks of big-endian files into little-endian ones: only the many-byte fields change.

Invariant: the bytes between fields (quants, 8-bit scales) are the same in both orders.
"""

import numpy as np
from numpy.typing import NDArray

from engine.weights.types import TensorType

# Per type: (byte offset in the block, width, how many of them) of each field wider than a byte.
FIELDS: dict[TensorType, tuple[tuple[int, int, int], ...]] = {
    TensorType.F32: ((0, 4, 1),),
    TensorType.F16: ((0, 2, 1),),
    TensorType.BF16: ((0, 2, 1),),
    TensorType.I16: ((0, 2, 1),),
    TensorType.I32: ((0, 4, 1),),
    TensorType.I64: ((0, 8, 1),),
    TensorType.F64: ((0, 8, 1),),
    TensorType.Q4_0: ((0, 2, 1),),
    TensorType.Q4_1: ((0, 2, 2),),
    TensorType.Q5_0: ((0, 2, 1),),  # the fifth bits are kept as bytes
    TensorType.Q5_1: ((0, 2, 2),),
    TensorType.Q8_0: ((0, 2, 1),),
    TensorType.Q8_1: ((0, 2, 2),),
    TensorType.Q2_K: ((80, 2, 2),),
    TensorType.Q3_K: ((108, 2, 1),),
    TensorType.Q4_K: ((0, 2, 2),),
    TensorType.Q5_K: ((0, 2, 2),),
    TensorType.Q6_K: ((208, 2, 1),),
    TensorType.Q8_K: ((0, 4, 1), (260, 2, 16)),
    TensorType.IQ2_XXS: ((0, 2, 33),),
    TensorType.IQ2_XS: ((0, 2, 33),),
    TensorType.IQ2_S: ((0, 2, 1),),
    TensorType.IQ3_XXS: ((0, 2, 1),),
    TensorType.IQ3_S: ((0, 2, 1),),
    TensorType.IQ1_S: ((0, 2, 1), (34, 2, 8)),
    TensorType.IQ1_M: (),
    TensorType.IQ4_NL: ((0, 2, 1),),
    TensorType.IQ4_XS: ((0, 2, 2),),
    TensorType.TQ1_0: ((52, 2, 1),),
    TensorType.TQ2_0: ((64, 2, 1),),
    TensorType.I8: (),
    TensorType.MXFP4: (),
    TensorType.NVFP4: (),
    TensorType.Q1_0: ((0, 2, 1),),
    TensorType.Q2_0: ((0, 2, 1),),
}


def swap_blocks(kind: TensorType, raw: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A copy of raw[rows, row_bytes] with each field's bytes reversed."""
    out = raw.copy()
    blocks = out.reshape(-1, kind.block_bytes)
    for offset, width, count in FIELDS[kind]:
        part = blocks[:, offset : offset + width * count]
        part[:] = part.reshape(-1, count, width)[:, :, ::-1].reshape(-1, width * count)
    return out
