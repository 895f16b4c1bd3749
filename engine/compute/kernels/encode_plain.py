"""Encoders that search for nothing, at the speed of memory: Q8_0, Q4_0, F16, BF16, F32.

A block is 32 values: two vectors. Numbers are made as floats and stored as bytes.
"""

import numpy as np

from engine.compute.kernels.encode_lanes import vround_away, vtrunc
from engine.compute.kernels.encode_rows import TARGET, claim, read16
from engine.compute.kernels.jit import inline, kernel
from engine.compute.simd.memory import load_i64, store_f16
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

_ZERO, _ONE, _TOP8, _HALF8 = np.float32(0), np.float32(1), np.float32(127), np.float32(8.5)


@inline
def _inverse(d):
    return _ONE / d if d != _ZERO else _ZERO


@kernel
def encode_q8_0(row, batch, thread):
    while True:
        start, end = claim(row, thread, 32)
        if start == end:
            return
        for b in range(start, end):
            low, high = read16(row, 32 * b), read16(row, 32 * b + 16)
            d = vtop(vmax(vabs(low), vabs(high))) / _TOP8
            over, at = vsplat(_inverse(d)), load_i64(row + TARGET) + 34 * b
            store_f16(at, d)
            vstore_i8(vround_away(low * over), at + 2)
            vstore_i8(vround_away(high * over), at + 18)


@inline
def _four_bits(x, over):
    q = vtrunc(x * over + vsplat(_HALF8))
    return vmin(vmax(q, vsplat(_ZERO)), vsplat(np.float32(15)))


@kernel
def encode_q4_0(row, batch, thread):
    while True:
        start, end = claim(row, thread, 32)
        if start == end:
            return
        for b in range(start, end):
            low, high = read16(row, 32 * b), read16(row, 32 * b + 16)
            most = vtop(vmax(low, high))
            least = -vtop(vmax(vsplat(_ZERO) - low, vsplat(_ZERO) - high))
            extreme = most if most > -least else least
            d = extreme / np.float32(-8)
            over, at = vsplat(_inverse(d)), load_i64(row + TARGET) + 18 * b
            store_f16(at, d)
            first, second = _four_bits(low, over), _four_bits(high, over)
            vstore_i8(vfma(second, vsplat(np.float32(16)), first), at + 2)


@kernel
def encode_f16(row, batch, thread):
    while True:
        start, end = claim(row, thread, 32)
        if start == end:
            return
        for b in range(start, end):
            at = load_i64(row + TARGET) + 64 * b
            vstore_half(read16(row, 32 * b), at)
            vstore_half(read16(row, 32 * b + 16), at + 32)


@kernel
def encode_f32(row, batch, thread):
    while True:
        start, end = claim(row, thread, 32)
        if start == end:
            return
        for b in range(start, end):
            at = load_i64(row + TARGET) + 128 * b
            vstore(read16(row, 32 * b), at)
            vstore(read16(row, 32 * b + 16), at + 64)
