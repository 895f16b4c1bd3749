"""IQ1, IQ2 and IQ3 types: four or eight values at a time are a point of a grid (iq_grids.py), with
signs or a shift by an eighth, and scales of three or four bits.

For each type: its blocks read, then put together from what the search (iq_search.py, its fast twin
in compute/kernels) has found, and at the end the declarations. Two of them keep numbers in bytes,
as the format's own description does: those are not swapped in big-endian files.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.weights.blocks.block import (
    Blocks,
    Bytes,
    Decoder,
    Floats,
    Records,
    as_numbers,
    f32,
    loudness,
    record,
)
from engine.weights.blocks.iq_grids import grid, signs_of_bytes, signs_of_seven
from engine.weights.blocks.iq_search import (
    FACTORS_1,
    FACTORS_2,
    FACTORS_3,
    SHIFT,
    GridSpec,
    Made,
    Signs,
    encode_grid,
)

DAMPING = np.float32(0.625)  # measured: weighted and plain error both below llama.cpp's
BITS = np.arange(8, dtype=np.uint8)
THREES = np.array([0, 3, 6, 9], np.uint16)
SEVENS = np.array([0, 7, 14, 21], np.uint32)


def _shifted(scale: Floats, index: NDArray[np.uint16], minus: NDArray[np.bool_]) -> Floats:
    """index [n, 32]; scale and minus (shift down, not up) have one entry per equal share of it."""
    each = np.repeat(scale, 32 // scale.shape[1], axis=1)[:, :, None]
    shift = np.where(minus, -SHIFT, SHIFT)
    shifts = np.repeat(shift, 32 // shift.shape[1], axis=1)[:, :, None]
    values: Floats = each * (grid("IQ1_S")[index] + shifts)
    return values.reshape(-1, 256)


def decode_iq1_s(b: Records) -> Floats:
    """qh, per 32 values: four times three upper index bits, the scale, the shift's sign."""
    qh = b["qh"]
    scale = f32(b["d"]) * (2 * ((qh >> 12) & 7) + 1).astype(np.float32)
    high = ((qh[:, :, None] >> THREES) & 7).reshape(-1, 32)
    return _shifted(scale, b["qs"] | (high << 8), (qh & 0x8000) != 0)


def decode_iq1_m(b: Records) -> Floats:
    """No field for d: its four quarters are the top bits of the four scale words."""
    words = as_numbers(b["scales"], "<u2")
    quarters = (words & 0xF000) >> np.array([12, 8, 4, 0], np.uint16)
    d = np.bitwise_or.reduce(quarters, axis=1).astype("<u2").view("<f2")
    small = ((words[:, :, None] >> THREES) & 7).reshape(-1, 16)
    high = np.stack([b["qh"] & 15, b["qh"] >> 4], axis=2).reshape(-1, 32)
    index = b["qs"] | ((high & 7).astype(np.uint16) << 8)
    return _shifted(f32(d) * (2 * small + 1).astype(np.float32), index, (high & 8) != 0)


def _scaled_eights(
    d: Floats, scales: NDArray[np.unsignedinteger], points: Floats, signs: Floats
) -> Floats:
    """points and signs are [n, 32, 8]; each scale serves 32 / len(scales) of the points."""
    scale = d * (np.float32(0.5) + scales.astype(np.float32)) * np.float32(0.25)
    each = np.repeat(scale, 32 // scale.shape[1], axis=1)[:, :, None]
    values: Floats = each * points * signs
    return values.reshape(-1, 256)


def _halves(scales: Bytes) -> Bytes:
    """[n, 8] -> [n, 16]: low half first."""
    return np.stack([scales & 15, scales >> 4], axis=2).reshape(len(scales), 16)


def decode_iq2_xxs(b: Records) -> Floats:
    """Each 32 values: four grid indices of a byte, then four sign codes and the scale."""
    pairs = as_numbers(b["qs"], "<u4").reshape(-1, 8, 2)
    index = np.ascontiguousarray(pairs[:, :, 0]).view(np.uint8).reshape(-1, 32)
    signs = ((pairs[:, :, 1, None] >> SEVENS) & 127).reshape(-1, 32)
    scales = pairs[:, :, 1] >> np.uint32(28)
    return _scaled_eights(f32(b["d"]), scales, grid("IQ2_XXS")[index], signs_of_seven(signs))


def decode_iq2_xs(b: Records) -> Floats:
    """Nine bits of grid index and seven of signs per eight values."""
    points, signs = grid("IQ2_XS")[b["qs"] & 511], signs_of_seven(b["qs"] >> 9)
    return _scaled_eights(f32(b["d"]), _halves(b["scales"]), points, signs)


def decode_iq2_s(b: Records) -> Floats:
    """Ten bits of grid index (the top two in qh) and eight free signs per eight values."""
    high = (b["qh"][:, :, None] >> np.arange(0, 8, 2, dtype=np.uint8)) & np.uint8(3)
    index = b["qs"].astype(np.uint16) | (high.reshape(-1, 32).astype(np.uint16) << 8)
    signs = signs_of_bytes(b["signs"])
    return _scaled_eights(f32(b["d"]), _halves(b["scales"]), grid("IQ2_S")[index], signs)


def _scaled_fours(scale: Floats, points: Floats, signs: Floats) -> Floats:
    """scale [n, 8]; points [n, 64, 4]; signs [n, 32, 8]."""
    values: Floats = scale[:, :, None] * points.reshape(-1, 8, 32) * signs.reshape(-1, 8, 32)
    return values.reshape(-1, 256)


def decode_iq3_xxs(b: Records) -> Floats:
    """A byte of grid index per four values; per 32 values four sign codes and the scale."""
    tails = as_numbers(b["signs"], "<u4")
    scales = (tails >> np.uint32(28)).astype(np.float32)
    signs = signs_of_seven(((tails[:, :, None] >> SEVENS) & 127).reshape(-1, 32))
    scale = f32(b["d"]) * (np.float32(0.5) + scales) * np.float32(0.5)
    return _scaled_fours(scale, grid("IQ3_XXS")[b["qs"]], signs)


def decode_iq3_s(b: Records) -> Floats:
    """Nine bits of grid index (the top one in qh) per four values, free signs."""
    high = np.unpackbits(b["qh"], axis=1, bitorder="little").astype(np.uint16)
    scales = np.stack([b["scales"] & 15, b["scales"] >> 4], axis=2).reshape(-1, 8)
    scale = f32(b["d"]) * (1 + 2 * scales.astype(np.float32))
    points = grid("IQ3_S")[b["qs"].astype(np.uint16) | (high << 8)]
    return _scaled_fours(scale, points, signs_of_bytes(b["signs"]))


# --- put together -----------------------------------------------------------------------------
def _pairs(steps: Bytes) -> Bytes:
    """Four-bit numbers, two to a byte, the first in the low half."""
    return steps[:, 0::2] | (steps[:, 1::2] << np.uint8(4))


def _tails(made: Made) -> NDArray[np.uint32]:
    """Per 32 values: four sign codes of seven bits and the step on top."""
    seven = (made.signs & np.uint8(127)).astype(np.uint32).reshape(len(made.d), -1, 4)
    codes = seven << SEVENS
    tails: NDArray[np.uint32] = np.bitwise_or.reduce(codes, axis=2)
    return tails | (made.steps.astype(np.uint32) << np.uint32(28))


def pack_iq2_xxs(made: Made) -> Records:
    b = np.zeros(len(made.d), IQ2_XXS.record)
    index = made.points.astype(np.uint8).view("<u4")
    b["d"] = made.d
    b["qs"] = as_numbers(np.stack([index, _tails(made)], axis=2).reshape(-1, 16), "<u2")
    return b


def pack_iq2_xs(made: Made) -> Records:
    b = np.zeros(len(made.d), IQ2_XS.record)
    seven = (made.signs & np.uint8(127)).astype(np.uint16)
    b["d"], b["scales"] = made.d, _pairs(made.steps)
    b["qs"] = made.points | (seven << np.uint16(9))
    return b


def pack_iq2_s(made: Made) -> Records:
    b = np.zeros(len(made.d), IQ2_S.record)
    high = (made.points >> 8).astype(np.uint8).reshape(-1, 8, 4) << BITS[0:8:2]
    b["d"], b["scales"], b["signs"] = made.d, _pairs(made.steps), made.signs
    b["qs"], b["qh"] = made.points & 255, np.bitwise_or.reduce(high, axis=2)
    return b


def pack_iq3_xxs(made: Made) -> Records:
    b = np.zeros(len(made.d), IQ3_XXS.record)
    b["d"], b["qs"], b["signs"] = made.d, made.points, as_numbers(_tails(made), "u1")
    return b


def pack_iq3_s(made: Made) -> Records:
    b = np.zeros(len(made.d), IQ3_S.record)
    b["d"], b["scales"], b["signs"] = made.d, _pairs(made.steps), made.signs
    b["qs"] = made.points & 255
    b["qh"] = np.packbits((made.points >> 8).astype(np.uint8), axis=1, bitorder="little")
    return b


def pack_iq1_s(made: Made) -> Records:
    b = np.zeros(len(made.d), IQ1_S.record)
    high = ((made.points >> 8) & 7).reshape(-1, 8, 4) << THREES
    minus = (made.points[:, ::4] >> 11) << np.uint16(15)
    steps = made.steps.astype(np.uint16) << np.uint16(12)
    b["d"], b["qs"] = made.d, made.points & 255
    b["qh"] = np.bitwise_or.reduce(high, axis=2) | steps | minus
    return b


def pack_iq1_m(made: Made) -> Records:
    """d has no field: its four quarters are the top bits of the scale words."""
    b = np.zeros(len(made.d), IQ1_M.record)
    steps = made.steps.astype(np.uint16).reshape(-1, 4, 4)
    words = np.bitwise_or.reduce(steps << THREES, axis=2)
    quarters = made.d.view(np.uint16)[:, None] >> np.array([0, 4, 8, 12], np.uint16)
    b["scales"] = as_numbers(words | ((quarters & np.uint16(15)) << np.uint16(12)), "u1")
    high = (made.points >> 8).astype(np.uint8)  # the shift's sign lies above three bits
    b["qs"], b["qh"] = made.points & 255, high[:, ::2] | (high[:, 1::2] << np.uint8(4))
    return b


# --- declarations ----------------------------------------------------------------------------
@dataclass(frozen=True, eq=False, kw_only=True)
class GridBlocks(Blocks):
    """A type whose values are points of a grid."""

    spec: GridSpec
    put_together: Callable[[Made], Records]


def _grid_blocks(
    layout: np.dtype[Any],
    decode: Decoder,
    pack: Callable[[Made], Records],
    spec: GridSpec,
    *,
    needs_importance: bool = True,
) -> GridBlocks:
    """Weights are damped: a grid would pay for loud columns with all others."""
    return GridBlocks(
        256,
        layout,
        decode,
        lambda x: pack(encode_grid(spec, x, loudness(x))),
        lambda x, w: pack(encode_grid(spec, x, w**DAMPING)),
        spec=spec,
        put_together=pack,
        needs_importance=needs_importance,
    )


_D, _SIGNS = ("d", "<f2"), ("signs", "u1", 32)
IQ1_S = _grid_blocks(
    record(_D, ("qs", "u1", 32), ("qh", "<u2", 8)),
    decode_iq1_s,
    pack_iq1_s,
    GridSpec("IQ1_S", 8, Signs.NONE, 1.0, 7, FACTORS_1, 4),
)
IQ1_M = _grid_blocks(
    record(("qs", "u1", 32), ("qh", "u1", 16), ("scales", "u1", 8)),
    decode_iq1_m,
    pack_iq1_m,
    GridSpec("IQ1_S", 16, Signs.NONE, 1.0, 7, FACTORS_1, 1),
)
IQ2_XXS = _grid_blocks(
    record(_D, ("qs", "<u2", 32)),
    decode_iq2_xxs,
    pack_iq2_xxs,
    GridSpec("IQ2_XXS", 8, Signs.EVEN, 1 / 8, 15, FACTORS_2),
)
IQ2_XS = _grid_blocks(
    record(_D, ("qs", "<u2", 32), ("scales", "u1", 8)),
    decode_iq2_xs,
    pack_iq2_xs,
    GridSpec("IQ2_XS", 16, Signs.EVEN, 1 / 8, 15, FACTORS_2),
)
IQ2_S = _grid_blocks(
    record(_D, ("qs", "u1", 32), _SIGNS, ("qh", "u1", 8), ("scales", "u1", 8)),
    decode_iq2_s,
    pack_iq2_s,
    GridSpec("IQ2_S", 16, Signs.FREE, 1 / 8, 15, FACTORS_2),
)
IQ3_XXS = _grid_blocks(
    record(_D, ("qs", "u1", 64), _SIGNS),
    decode_iq3_xxs,
    pack_iq3_xxs,
    GridSpec("IQ3_XXS", 8, Signs.EVEN, 1 / 4, 15, FACTORS_3),
)
IQ3_S = _grid_blocks(
    record(_D, ("qs", "u1", 64), ("qh", "u1", 8), _SIGNS, ("scales", "u1", 4)),
    decode_iq3_s,
    pack_iq3_s,
    GridSpec("IQ3_S", 8, Signs.FREE, 1.0, 15, FACTORS_3),
    needs_importance=False,
)
