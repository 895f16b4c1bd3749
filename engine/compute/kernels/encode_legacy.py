"""Encoders of Q4_0, Q4_1, Q5_0 and Q5_1 with importance: sixteen blocks at a time, one a lane.

VALUES     vector i: value i of all blocks, i < 32
LANES      d | m (Q4_1, Q5_1)      a lane for each block
NUMBERS    vector i: number i of all blocks; turned back
           square 0, row b: numbers 0 to 15 of block b, the low halves of its 16 bytes
           square 1, row b: numbers 16 to 31, the high halves
"""

import numpy as np

from engine.compute.kernels import encode_affine as affine
from engine.compute.kernels import encode_signed as signed
from engine.compute.kernels.encode_affine import error_of, half, or_zero, sums, totals
from engine.compute.kernels.encode_lanes import vbelow, vchoose, vfloor
from engine.compute.kernels.encode_rows import (
    LANES,
    NUMBERS,
    ROWS,
    SQUARE,
    VALUES,
    inverse,
    read_tile,
    turn,
)
from engine.compute.kernels.encoding import encodes
from engine.compute.kernels.jit import Inlined, inline
from engine.compute.simd.memory import FLOAT, Address, load_f32, store_f16, store_i16
from engine.compute.simd.vectors import (
    VECTOR,
    Vector,
    vfma,
    vload,
    vmax,
    vmin,
    vround,
    vsplat,
    vstore,
    vstore_i8,
)
from engine.weights.types import TensorType

# Where fields of a block lie.
Q4_0_AT = TensorType.Q4_0.blocks.at
Q4_1_AT = TensorType.Q4_1.blocks.at
Q5_0_AT = TensorType.Q5_0.blocks.at
Q5_1_AT = TensorType.Q5_1.blocks.at
D, M = LANES, LANES + VECTOR  # scales and minimums of sixteen blocks
search_affine, search_signed = affine.search, signed.search
_ZERO, _16 = np.float32(0), np.float32(16)
_FIFTH = np.float32(15.5)


@inline
def fit_signed(scratch: Address, top: float) -> None:
    """Scales to LANES and lifted numbers to NUMBERS, a block in each row."""
    d = half(search_signed(scratch, 32, top, 10), scratch + ROWS)
    over, most = or_zero(inverse(d)), vsplat(top + top - np.float32(1))
    for i in range(32):
        q = vround(vload(scratch + VALUES + VECTOR * i) * over) + vsplat(top)
        vstore(vmin(vmax(q, vsplat(_ZERO)), most), scratch + NUMBERS + VECTOR * i)
    vstore(d, scratch + D)
    turn(scratch + NUMBERS)


@inline
def refit(scratch: Address, top: float, d: Vector, low: Vector) -> tuple[Vector, Vector]:
    """Scales and minima that fit the numbers better which the rounded ones give; of either sign."""
    zero, huge, room = vsplat(_ZERO), vsplat(np.float32(3.0e38)), scratch + ROWS
    s_w, s_x, _, _, _ = totals(scratch, 32)
    over = or_zero(inverse(d))
    s_q, s_qq, s_xq = sums(scratch, 32, over, zero - low * over, top)
    best = error_of(d, zero - low, s_w, s_x, s_q, s_qq, s_xq)
    for _ in range(2):
        share = or_zero(inverse(s_w * s_qq - s_q * s_q))
        a = half((s_w * s_xq - s_x * s_q) * share, room)
        b = half((s_qq * s_x - s_q * s_xq) * share, room)
        over = or_zero(inverse(a))
        s_q, s_qq, s_xq = sums(scratch, 32, over, zero - b * over, top)
        error = error_of(a, zero - b, s_w, s_x, s_q, s_qq, s_xq)
        error = vchoose(zero, a, error, huge)
        d, low = vchoose(error, best, a, d), vchoose(error, best, b, low)
        best = vmin(error, best)
    return d, low


@inline
def fit_affine(scratch: Address, top: float) -> None:
    """The same with minima, which follow the scales in LANES."""
    d, least = search_affine(scratch, 32, top, -1.0, 21)
    d, low = half(d, scratch + ROWS), half(vsplat(_ZERO) - least, scratch + ROWS)
    d, low = refit(scratch, top, d, low)
    over = or_zero(inverse(d))
    for i in range(32):
        q = vround((vload(scratch + VALUES + VECTOR * i) - low) * over)
        vstore(vmin(vmax(q, vsplat(_ZERO)), vsplat(top)), scratch + NUMBERS + VECTOR * i)
    vstore(d, scratch + D)
    vstore(low, scratch + M)
    turn(scratch + NUMBERS)


@inline
def store_nibbles(scratch: Address, lane: int, at: Address) -> None:
    """Four bits of a block's numbers: the first half low, the second high."""
    low, high = (
        vload(scratch + NUMBERS + VECTOR * lane),
        vload(scratch + NUMBERS + SQUARE + VECTOR * lane),
    )
    low = low - vsplat(_16) * vfloor(low / vsplat(_16))
    high = high - vsplat(_16) * vfloor(high / vsplat(_16))
    vstore_i8(vfma(high, vsplat(_16), low), at)


@inline
def store_fifths(scratch: Address, lane: int, at: Address) -> None:
    """A bit for each number above 15."""
    for part in range(2):
        q = vload(scratch + NUMBERS + SQUARE * part + VECTOR * lane)
        store_i16(at + 2 * part, vbelow(vsplat(_FIFTH), q))


@inline
def store_scale(place: Address, lane: int, at: Address) -> None:
    store_f16(at, load_f32(place + FLOAT * lane))


def _fits(fit: Inlined, top: int) -> Inlined:
    """Sixteen blocks read and fitted, with numbers up to `top`."""
    most = np.float32(top)

    def fitted(row: Address, scratch: Address, b: int, count: int) -> None:
        read_tile(row, scratch, b, count)
        fit(scratch, most)

    fitted.__qualname__ = f"fitted_{top}"
    return inline(fitted)


@encodes(TensorType.Q4_0, _fits(fit_signed, 8), at_once=16)
def weighted_q4_0(scratch: Address, lane: int, at: Address) -> None:
    store_scale(scratch + D, lane, at + Q4_0_AT.d)
    store_nibbles(scratch, lane, at + Q4_0_AT.qs)


@encodes(TensorType.Q5_0, _fits(fit_signed, 16), at_once=16)
def weighted_q5_0(scratch: Address, lane: int, at: Address) -> None:
    store_scale(scratch + D, lane, at + Q5_0_AT.d)
    store_fifths(scratch, lane, at + Q5_0_AT.qh)
    store_nibbles(scratch, lane, at + Q5_0_AT.qs)


@encodes(TensorType.Q4_1, _fits(fit_affine, 15), at_once=16)
def weighted_q4_1(scratch: Address, lane: int, at: Address) -> None:
    store_scale(scratch + D, lane, at + Q4_1_AT.d)
    store_scale(scratch + M, lane, at + Q4_1_AT.m)
    store_nibbles(scratch, lane, at + Q4_1_AT.qs)


@encodes(TensorType.Q5_1, _fits(fit_affine, 31), at_once=16)
def weighted_q5_1(scratch: Address, lane: int, at: Address) -> None:
    store_scale(scratch + D, lane, at + Q5_1_AT.d)
    store_scale(scratch + M, lane, at + Q5_1_AT.m)
    store_fifths(scratch, lane, at + Q5_1_AT.qh)
    store_nibbles(scratch, lane, at + Q5_1_AT.qs)
