"""Blocks as small whole numbers: value = q * factor - least, one factor for each 16 columns.

The slow twin of what kernels multiply with. Invariant: nothing is rounded; factors are the float32
products that decoding makes, so a value differs from the decoded one by float32 rounding at most.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.weights.blocks.block import Bytes, Floats, as_numbers, bits, f32, inverse, records
from engine.weights.blocks.fp4 import half_e4m3, half_power
from engine.weights.blocks.iq import THREES
from engine.weights.blocks.k import unpack_scales_3
from engine.weights.blocks.levels import LevelBlocks
from engine.weights.quants import dequantize
from engine.weights.types import TensorType as T

GROUP = 16
Ints = NDArray[np.int8]
Scales = Callable[[NDArray[Any]], Floats]  # records [n] -> factors [n, groups of any equal size]


@dataclass(frozen=True)
class Levels:
    """q [rows, cols]; factor and least [rows, cols / 16]."""

    q: Ints
    factor: Floats
    least: Floats


def split(kind: T, raw: Bytes, n_cols: int) -> Levels:
    """uint8 [rows, row_bytes] taken apart."""
    blocks = np.ascontiguousarray(raw).reshape(-1, kind.block_bytes)
    with np.errstate(invalid="ignore", over="ignore"):
        if kind is T.Q2_K:
            q, factor, least = _q2_k(blocks)
        else:
            factor = _factors(kind, blocks)
            least = np.zeros_like(factor)
            q = _divided(dequantize(kind, raw, n_cols), factor)
    rows = len(raw)
    return Levels(q.reshape(rows, n_cols), factor.reshape(rows, -1), least.reshape(rows, -1))


def _factors(kind: T, blocks: Bytes) -> Floats:
    """[n, block / 16] from however many the type has."""
    found = SCALES[kind](records(blocks, kind.blocks.record))
    groups = kind.block // GROUP
    factors: Floats = np.repeat(found, groups // found.shape[1], axis=1).astype(np.float32)
    return factors


def _divided(values: Floats, factor: Floats) -> Ints:
    """Whole numbers again: float32 rounding is far below one half of a step."""
    groups = values.reshape(-1, GROUP) * inverse(factor.reshape(-1, 1))
    whole: Ints = np.nan_to_num(np.rint(groups)).clip(-128, 127).astype(np.int8)
    return whole


def _q2_k(blocks: Bytes) -> tuple[Ints, Floats, Floats]:
    """Has minima, which could drown the small numbers in rounding: these are read, not divided."""
    b = records(blocks, T.Q2_K.blocks.record)
    q = bits(b["qs"].reshape(-1, 2, 32), 0, 2, 4, 6, mask=3).reshape(-1, 256)
    factor = f32(b["d"]) * (b["scales"] & np.uint8(15)).astype(np.float32)
    least = f32(b["dmin"]) * (b["scales"] >> np.uint8(4)).astype(np.float32)
    return q.astype(np.int8), factor, least


def _halves(scales: Bytes) -> Floats:
    """Two numbers of four bits in each byte, the low one first."""
    both = np.stack([scales & 15, scales >> 4], axis=2)
    return both.reshape(len(scales), -1).astype(np.float32)


def _odd(words: NDArray[Any]) -> Floats:
    """2 s + 1 for scales of three bits."""
    odd: Floats = (2 * (words & 7) + 1).astype(np.float32)
    return odd


def _iq1_m(b: NDArray[Any]) -> Floats:
    """d is spread over the top bits of the scale words."""
    words = as_numbers(b["scales"], "<u2")
    quarters = (words & 0xF000) >> np.array([12, 8, 4, 0], np.uint16)
    d = np.bitwise_or.reduce(quarters, axis=1).astype("<u2").view("<f2")
    return f32(d) * _odd((words[:, :, None] >> THREES).reshape(-1, 16)) * np.float32(0.125)


def _iq4_xs(b: NDArray[Any]) -> Floats:
    high = (b["scales_h"][:, None] >> np.arange(0, 16, 2, dtype=np.uint16)) & 3
    return f32(b["d"]) * (_halves(b["scales_l"]) + 16 * high.astype(np.float32) - 32)


def _top4(words: NDArray[Any], part: float) -> Floats:
    """(0.5 + s) * part for scales in the top four bits of 32."""
    half: Floats = (np.float32(0.5) + (words >> np.uint32(28)).astype(np.float32)) * np.float32(
        part
    )
    return half


def _quarter(scales: Bytes) -> Floats:
    quarter: Floats = (np.float32(0.5) + _halves(scales)) * np.float32(0.25)
    return quarter


def _d(b: NDArray[Any]) -> Floats:
    return f32(b["d"])


SCALES: dict[T, Scales] = {
    T.Q3_K: lambda b: f32(b["d"]) * unpack_scales_3(b["scales"]).astype(np.float32),
    T.IQ1_S: lambda b: f32(b["d"]) * _odd(b["qh"] >> 12) * np.float32(0.125),
    T.IQ1_M: _iq1_m,
    T.IQ2_XXS: lambda b: f32(b["d"]) * _top4(as_numbers(b["qs"], "<u4")[:, 1::2], 0.25),
    T.IQ2_XS: lambda b: f32(b["d"]) * _quarter(b["scales"]),
    T.IQ2_S: lambda b: f32(b["d"]) * _quarter(b["scales"]),
    T.IQ3_XXS: lambda b: f32(b["d"]) * _top4(as_numbers(b["signs"], "<u4"), 0.5),
    T.IQ3_S: lambda b: f32(b["d"]) * (1 + 2 * _halves(b["scales"])),
    T.IQ4_XS: _iq4_xs,
    T.TQ1_0: _d,
    T.TQ2_0: _d,
    T.Q1_0: _d,
    T.Q2_0: _d,
    T.MXFP4: lambda b: half_power(b["e"])[:, None],
    T.NVFP4: lambda b: half_e4m3(b["d"]),
} | {kind: _d for kind in T if isinstance(kind.blocks, LevelBlocks)}
