"""Encoders that search for nothing, at the speed of memory: Q8_0, Q4_0 to Q5_1, F16, F32.

A block is 32 values: two vectors. Numbers are made as floats and stored as bytes.
"""

import numpy as np

from engine.compute.kernels.encode_lanes import vbelow, vchoose, vround_away, vtrunc
from engine.compute.kernels.encode_rows import read16
from engine.compute.kernels.encoding import encodes_each
from engine.compute.kernels.jit import inline
from engine.compute.simd.memory import Address, store_f16, store_i16
from engine.compute.simd.vectors import (
    Vector,
    vabs,
    vfma,
    vmax,
    vmin,
    vsplat,
    vstore,
    vstore_half,
    vstore_i8,
    vtop,
)
from engine.weights.types import TensorType

# Where fields of a block lie.
Q4_0_AT = TensorType.Q4_0.blocks.at
Q4_1_AT = TensorType.Q4_1.blocks.at
Q5_0_AT = TensorType.Q5_0.blocks.at
Q5_1_AT = TensorType.Q5_1.blocks.at
Q8_0_AT = TensorType.Q8_0.blocks.at
_ZERO, _ONE, _TOP8, _HALF = np.float32(0), np.float32(1), np.float32(127), np.float32(0.5)


@inline
def _inverse(d: float) -> float:
    return _ONE / d if d != _ZERO else _ZERO


@encodes_each(TensorType.Q8_0)
def encode_q8_0(row: Address, scratch: Address, b: int, at: Address) -> None:
    low, high = read16(row, 32 * b), read16(row, 32 * b + 16)
    d = vtop(vmax(vabs(low), vabs(high))) / _TOP8
    over = vsplat(_inverse(d))
    store_f16(at + Q8_0_AT.d, d)
    vstore_i8(vround_away(low * over), at + Q8_0_AT.qs)
    vstore_i8(vround_away(high * over), at + Q8_0_AT.qs + 16)


@inline
def _centred(row: Address, b: int, half: float) -> tuple[Vector, Vector, float]:
    """The two halves of a block as numbers 0..2·half-1, with the scale: the extreme becomes 0."""
    low, high = read16(row, 32 * b), read16(row, 32 * b + 16)
    most = vtop(vmax(low, high))
    least = -vtop(vmax(vsplat(_ZERO) - low, vsplat(_ZERO) - high))
    d = (most if most > -least else least) / -half
    over, lift, top = vsplat(_inverse(d)), vsplat(half + _HALF), vsplat(half + half - _ONE)
    first, second = vtrunc(low * over + lift), vtrunc(high * over + lift)
    zero = vsplat(_ZERO)
    return vmin(vmax(first, zero), top), vmin(vmax(second, zero), top), d


@encodes_each(TensorType.Q4_0)
def encode_q4_0(row: Address, scratch: Address, b: int, at: Address) -> None:
    first, second, d = _centred(row, b, np.float32(8))
    store_f16(at + Q4_0_AT.d, d)
    vstore_i8(vfma(second, vsplat(np.float32(16)), first), at + Q4_0_AT.qs)


@encodes_each(TensorType.Q5_0)
def encode_q5_0(row: Address, scratch: Address, b: int, at: Address) -> None:
    first, second, d = _centred(row, b, np.float32(16))
    store_f16(at + Q5_0_AT.d, d)
    _store_five(first, second, at + Q5_0_AT.qh)


@encodes_each(TensorType.F16, at_once=32)
def encode_f16(row: Address, scratch: Address, b: int, at: Address) -> None:
    vstore_half(read16(row, 32 * b), at)
    vstore_half(read16(row, 32 * b + 16), at + 32)


@encodes_each(TensorType.F32, at_once=32)
def encode_f32(row: Address, scratch: Address, b: int, at: Address) -> None:
    vstore(read16(row, 32 * b), at)
    vstore(read16(row, 32 * b + 16), at + 64)


@inline
def _spread(row: Address, b: int, top: float) -> tuple[Vector, Vector, float, float]:
    """The two halves of a block as numbers 0..top, with the scale and the minimum."""
    low, high = read16(row, 32 * b), read16(row, 32 * b + 16)
    least = -vtop(vmax(vsplat(_ZERO) - low, vsplat(_ZERO) - high))
    d = (vtop(vmax(low, high)) - least) / top
    over, most = vsplat(_inverse(d)), vsplat(top)
    first = vtrunc((low - vsplat(least)) * over + vsplat(np.float32(0.5)))
    second = vtrunc((high - vsplat(least)) * over + vsplat(np.float32(0.5)))
    return vmin(first, most), vmin(second, most), d, least


@inline
def _store_five(first: Vector, second: Vector, at: Address) -> None:
    """Fifth bits to 4 bytes, the lower four of both halves to the 16 after."""
    bound, sixteen = vsplat(np.float32(15.5)), vsplat(np.float32(16))
    store_i16(at, vbelow(bound, first))
    store_i16(at + 2, vbelow(bound, second))
    first = first - vchoose(bound, first, sixteen, vsplat(_ZERO))
    second = second - vchoose(bound, second, sixteen, vsplat(_ZERO))
    vstore_i8(vfma(second, sixteen, first), at + 4)


@encodes_each(TensorType.Q4_1)
def encode_q4_1(row: Address, scratch: Address, b: int, at: Address) -> None:
    first, second, d, least = _spread(row, b, np.float32(15))
    store_f16(at + Q4_1_AT.d, d)
    store_f16(at + Q4_1_AT.m, least)
    vstore_i8(vfma(second, vsplat(np.float32(16)), first), at + Q4_1_AT.qs)


@encodes_each(TensorType.Q5_1)
def encode_q5_1(row: Address, scratch: Address, b: int, at: Address) -> None:
    first, second, d, least = _spread(row, b, np.float32(31))
    store_f16(at + Q5_1_AT.d, d)
    store_f16(at + Q5_1_AT.m, least)
    _store_five(first, second, at + Q5_1_AT.qh)
