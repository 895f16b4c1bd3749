"""Records of the K types and the packing of their small scales.

Twelve bytes hold eight 6-bit scales with eight 6-bit minima (Q4_K, Q5_K) or sixteen signed 6-bit
scales (Q3_K).
"""

import numpy as np
from numpy.typing import NDArray

from engine.weights.quants.block import Bytes, layout
from engine.weights.types import TensorType

Q2_K = layout(
    TensorType.Q2_K, ("scales", "u1", 16), ("qs", "u1", 64), ("d", "<f2"), ("dmin", "<f2")
)
Q3_K = layout(
    TensorType.Q3_K, ("hmask", "u1", 32), ("qs", "u1", 64), ("scales", "u1", 12), ("d", "<f2")
)
Q4_K = layout(
    TensorType.Q4_K, ("d", "<f2"), ("dmin", "<f2"), ("scales", "u1", 12), ("qs", "u1", 128)
)
Q5_K = layout(
    TensorType.Q5_K,
    ("d", "<f2"),
    ("dmin", "<f2"),
    ("scales", "u1", 12),
    ("qh", "u1", 32),
    ("qs", "u1", 128),
)
Q6_K = layout(
    TensorType.Q6_K, ("ql", "u1", 128), ("qh", "u1", 64), ("scales", "i1", 16), ("d", "<f2")
)
Q8_K = layout(TensorType.Q8_K, ("d", "<f4"), ("qs", "i1", 256), ("bsums", "<i2", 16))


def unpack_scales_6(packed: Bytes) -> tuple[Bytes, Bytes]:
    """[n, 12] -> eight scales and eight minima of six bits each.

    Bytes 0-3: scales 0-3, 4-7: minima 0-3, each with two spare bits on top: the upper bits of
    number 4-7, whose lower four bits share bytes 8-11.
    """
    low, least, mixed = packed[:, 0:4], packed[:, 4:8], packed[:, 8:12]
    scales = (low & 63, (mixed & 15) | ((low >> 2) & 48))
    mins = (least & 63, (mixed >> 4) | ((least >> 2) & 48))
    return np.concatenate(scales, axis=1), np.concatenate(mins, axis=1)


def pack_scales_6(scales: Bytes, mins: Bytes) -> Bytes:
    """The reverse of unpack_scales_6."""
    s0, s1, m0, m1 = scales[:, :4], scales[:, 4:], mins[:, :4], mins[:, 4:]
    parts = (
        s0 | ((s1 & 48) << 2),
        m0 | ((m1 & 48) << 2),
        (s1 & 15) | ((m1 & 15) << 4),
    )
    return np.concatenate(parts, axis=1).astype(np.uint8)


def unpack_scales_3(packed: Bytes) -> NDArray[np.int8]:
    """[n, 12] -> sixteen scales of -32..31: bytes 0-7 the low four bits, 8-11 the high two."""
    low, high = packed[:, :8], packed[:, 8:]
    lows = np.concatenate([low & 15, low >> 4], axis=1)
    highs = np.concatenate([(high >> shift) & 3 for shift in (0, 2, 4, 6)], axis=1)
    scales: NDArray[np.int8] = (lows | (highs << 4)).astype(np.int8) - np.int8(32)
    return scales


def pack_scales_3(scales: NDArray[np.int8]) -> Bytes:
    """The reverse of unpack_scales_3."""
    lifted = (scales.astype(np.int16) + 32).astype(np.uint8)
    low = (lifted[:, :8] & 15) | ((lifted[:, 8:] & 15) << 4)
    high = np.zeros((len(lifted), 4), np.uint8)
    for i, shift in enumerate((0, 2, 4, 6)):
        high |= (lifted[:, 4 * i : 4 * i + 4] >> 4) << shift
    return np.concatenate([low, high], axis=1)
