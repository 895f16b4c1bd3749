"""Encoders that search for nothing, at the speed of memory: Q8_0, Q4_0 to Q5_1, F16, F32.

A block is 32 values: two vectors. Numbers are made as floats and stored as bytes.
"""

import numpy as np

from engine.compute.kernels.encode_lanes import vbelow, vchoose, vround_away, vtrunc
from engine.compute.kernels.encode_rows import read16
from engine.compute.kernels.encoding import encodes_each
from engine.compute.kernels.jit import inline
from engine.compute.simd.memory import store_f16, store_i16
from engine.compute.simd.vectors import (
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

_ZERO, _ONE, _TOP8, _HALF = np.float32(0), np.float32(1), np.float32(127), np.float32(0.5)


@inline
def _inverse(d):
    return _ONE / d if d != _ZERO else _ZERO


@encodes_each(TensorType.Q8_0)
def encode_q8_0(row, scratch, b, at):
    low, high = read16(row, 32 * b), read16(row, 32 * b + 16)
    d = vtop(vmax(vabs(low), vabs(high))) / _TOP8
    over = vsplat(_inverse(d))
    store_f16(at, d)
    vstore_i8(vround_away(low * over), at + 2)
    vstore_i8(vround_away(high * over), at + 18)


@inline
def _centred(row, b, half):
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
def encode_q4_0(row, scratch, b, at):
    first, second, d = _centred(row, b, np.float32(8))
    store_f16(at, d)
    vstore_i8(vfma(second, vsplat(np.float32(16)), first), at + 2)


@encodes_each(TensorType.Q5_0)
def encode_q5_0(row, scratch, b, at):
    first, second, d = _centred(row, b, np.float32(16))
    store_f16(at, d)
    _store_five(first, second, at + 2)


@encodes_each(TensorType.F16, at_once=32)
def encode_f16(row, scratch, b, at):
    vstore_half(read16(row, 32 * b), at)
    vstore_half(read16(row, 32 * b + 16), at + 32)


@encodes_each(TensorType.F32, at_once=32)
def encode_f32(row, scratch, b, at):
    vstore(read16(row, 32 * b), at)
    vstore(read16(row, 32 * b + 16), at + 64)


@inline
def _spread(row, b, top):
    """The two halves of a block as numbers 0..top, with the scale and the minimum."""
    low, high = read16(row, 32 * b), read16(row, 32 * b + 16)
    least = -vtop(vmax(vsplat(_ZERO) - low, vsplat(_ZERO) - high))
    d = (vtop(vmax(low, high)) - least) / top
    over, most = vsplat(_inverse(d)), vsplat(top)
    first = vtrunc((low - vsplat(least)) * over + vsplat(np.float32(0.5)))
    second = vtrunc((high - vsplat(least)) * over + vsplat(np.float32(0.5)))
    return vmin(first, most), vmin(second, most), d, least


@inline
def _store_five(first, second, at):
    """Fifth bits to 4 bytes, the lower four of both halves to the 16 after."""
    bound, sixteen = vsplat(np.float32(15.5)), vsplat(np.float32(16))
    store_i16(at, vbelow(bound, first))
    store_i16(at + 2, vbelow(bound, second))
    first = first - vchoose(bound, first, sixteen, vsplat(_ZERO))
    second = second - vchoose(bound, second, sixteen, vsplat(_ZERO))
    vstore_i8(vfma(second, sixteen, first), at + 4)


@encodes_each(TensorType.Q4_1)
def encode_q4_1(row, scratch, b, at):
    first, second, d, least = _spread(row, b, np.float32(15))
    store_f16(at, d)
    store_f16(at + 2, least)
    vstore_i8(vfma(second, vsplat(np.float32(16)), first), at + 4)


@encodes_each(TensorType.Q5_1)
def encode_q5_1(row, scratch, b, at):
    first, second, d, least = _spread(row, b, np.float32(31))
    store_f16(at, d)
    store_f16(at + 2, least)
    _store_five(first, second, at + 4)
