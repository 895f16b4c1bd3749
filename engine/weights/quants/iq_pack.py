"""Puts encoded blocks of the IQ1, IQ2 and IQ3 types together: scale, steps, points and signs in,
bytes out. The search for them is in iq_encode.py, its fast twin in compute/kernels.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.weights.quants.block import Bytes, as_bytes
from engine.weights.quants.iq_layout import (
    IQ1_M,
    IQ1_S,
    IQ2_S,
    IQ2_XS,
    IQ2_XXS,
    IQ3_S,
    IQ3_XXS,
)
from engine.weights.types import TensorType

BITS = np.arange(8, dtype=np.uint8)
THREES = np.array([0, 3, 6, 9], np.uint16)
MINUS = 1 << 11  # of an IQ1 point: shifted down


class Made(NamedTuple):
    """Blocks before packing: float16 d [n], uint8 steps [n, sub], points [n, groups] as numbers
    in the grid, and a byte of signs per eight values, [n, 32]."""

    d: NDArray[np.float16]
    steps: Bytes
    points: NDArray[np.uint16]
    signs: Bytes


def _pairs(steps: Bytes) -> Bytes:
    """Four-bit numbers, two to a byte, the first in the low half."""
    return steps[:, 0::2] | (steps[:, 1::2] << np.uint8(4))


def _tails(made: Made) -> NDArray[np.uint32]:
    """Per 32 values: four sign codes of seven bits and the step on top."""
    seven = (made.signs & np.uint8(127)).astype(np.uint32).reshape(len(made.d), -1, 4)
    codes = seven << np.array([0, 7, 14, 21], np.uint32)
    tails: NDArray[np.uint32] = np.bitwise_or.reduce(codes, axis=2)
    return tails | (made.steps.astype(np.uint32) << np.uint32(28))


def pack_iq2_xxs(made: Made) -> Bytes:
    b = np.zeros(len(made.d), IQ2_XXS)
    index = made.points.astype(np.uint8).view("<u4")
    b["d"] = made.d
    b["qs"] = np.stack([index, _tails(made)], axis=2).reshape(-1, 16)
    return as_bytes(b)


def pack_iq2_xs(made: Made) -> Bytes:
    b = np.zeros(len(made.d), IQ2_XS)
    seven = (made.signs & np.uint8(127)).astype(np.uint16)
    b["d"], b["scales"] = made.d, _pairs(made.steps)
    b["qs"] = made.points | (seven << np.uint16(9))
    return as_bytes(b)


def pack_iq2_s(made: Made) -> Bytes:
    b = np.zeros(len(made.d), IQ2_S)
    high = (made.points >> 8).astype(np.uint8).reshape(-1, 8, 4) << BITS[0:8:2]
    b["d"], b["scales"], b["signs"] = made.d, _pairs(made.steps), made.signs
    b["qs"], b["qh"] = made.points & 255, np.bitwise_or.reduce(high, axis=2)
    return as_bytes(b)


def pack_iq3_xxs(made: Made) -> Bytes:
    b = np.zeros(len(made.d), IQ3_XXS)
    b["d"], b["qs"], b["signs"] = made.d, made.points, _tails(made)
    return as_bytes(b)


def pack_iq3_s(made: Made) -> Bytes:
    b = np.zeros(len(made.d), IQ3_S)
    b["d"], b["scales"], b["signs"] = made.d, _pairs(made.steps), made.signs
    b["qs"] = made.points & 255
    b["qh"] = np.packbits((made.points >> 8).astype(np.uint8), axis=1, bitorder="little")
    return as_bytes(b)


def pack_iq1_s(made: Made) -> Bytes:
    b = np.zeros(len(made.d), IQ1_S)
    high = ((made.points >> 8) & 7).reshape(-1, 8, 4) << THREES
    minus = (made.points[:, ::4] >> 11) << np.uint16(15)
    steps = made.steps.astype(np.uint16) << np.uint16(12)
    b["d"], b["qs"] = made.d, made.points & 255
    b["qh"] = np.bitwise_or.reduce(high, axis=2) | steps | minus
    return as_bytes(b)


def pack_iq1_m(made: Made) -> Bytes:
    """d has no field: its four quarters are the top bits of the scale words."""
    b = np.zeros(len(made.d), IQ1_M)
    steps = made.steps.astype(np.uint16).reshape(-1, 4, 4)
    words = np.bitwise_or.reduce(steps << THREES, axis=2)
    quarters = made.d.view(np.uint16)[:, None] >> np.array([0, 4, 8, 12], np.uint16)
    b["scales"] = words | ((quarters & np.uint16(15)) << np.uint16(12))
    high = (made.points >> 8).astype(np.uint8)  # the shift's sign lies above three bits
    b["qs"], b["qh"] = made.points & 255, high[:, ::2] | (high[:, 1::2] << np.uint8(4))
    return as_bytes(b)


PACKERS: dict[TensorType, Callable[[Made], Bytes]] = {
    TensorType.IQ1_S: pack_iq1_s,
    TensorType.IQ1_M: pack_iq1_m,
    TensorType.IQ2_XXS: pack_iq2_xxs,
    TensorType.IQ2_XS: pack_iq2_xs,
    TensorType.IQ2_S: pack_iq2_s,
    TensorType.IQ3_XXS: pack_iq3_xxs,
    TensorType.IQ3_S: pack_iq3_s,
}
