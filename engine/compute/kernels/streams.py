"""Streams that stand beside each other, summed by figures of each token; rows made as large as
others; and what stands far above its row's mean (Gemma 3n).

    a, b, c, d, x, like    token 0: vector 0 | vector 1 | ...      the stride from token to token
    coefs                  token 0: figure 0 | figure 1 | ...      from `start` on, one a stream
"""

import math

import numpy as np

from engine.compute.kernels.abi import COUNT, COUNTER, Place, declared
from engine.compute.kernels.jit import inline, kernel
from engine.compute.kernels.norm import mean_of, spread_of
from engine.compute.kernels.rows import Outputs, finish_block, finish_vector
from engine.compute.simd.memory import FLOAT, Address, atomic_add, load_f32, load_i64
from engine.compute.simd.vectors import (
    LANES,
    VECTOR,
    Vector,
    vfma,
    vload,
    vmask_below,
    vmax,
    vsplat,
)


@declared
class BlendOperands(Outputs):
    """Of blend_rows; streams that are 0 are not there, nor those behind them."""

    a: Place
    a_stride: int  # bytes
    b: Place = 0
    b_stride: int = 0
    c: Place = 0
    c_stride: int = 0
    d: Place = 0
    d_stride: int = 0
    coefs: Place
    coefs_stride: int
    start: int  # of the figures within a row, in bytes
    plus: float
    vectors: int  # of 16 floats in a row


@declared
class MeasureOperands(Outputs):
    """Of resized_rows and sparse_rows."""

    x: Place
    x_stride: int  # bytes
    like: Place = 0
    like_stride: int = 0
    width: int
    figure: float  # the least mean square of x; standard deviations of the cutoff


BLEND, MEASURE = BlendOperands.offsets(), MeasureOperands.offsets()

_ZERO = np.float32(0)


@inline
def stream(row: Address, place: int, stride: int, token: int) -> Address:
    """A token's row of one stream; 0 where that is not there."""
    base = load_i64(row + place)
    return base + token * load_i64(row + stride) if base else 0


@inline
def blended(
    a: Address, b: Address, c: Address, d: Address, coefs: Address, plus: float, at: int
) -> Vector:
    """One vector of the sum."""
    y = vload(a + at) * vsplat(load_f32(coefs) + plus)
    if b:
        y = vfma(vload(b + at), vsplat(load_f32(coefs + FLOAT) + plus), y)
    if c:
        y = vfma(vload(c + at), vsplat(load_f32(coefs + 2 * FLOAT) + plus), y)
    if d:
        y = vfma(vload(d + at), vsplat(load_f32(coefs + 3 * FLOAT) + plus), y)
    return y


@kernel(BlendOperands)
def blend_rows(row: Address, batch: Address, thread: int) -> None:
    n_tokens, vectors = load_i64(batch + load_i64(row + COUNT)), load_i64(row + BLEND.vectors)
    plus = load_f32(row + BLEND.plus)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        a = stream(row, BLEND.a, BLEND.a_stride, token)
        b = stream(row, BLEND.b, BLEND.b_stride, token)
        c = stream(row, BLEND.c, BLEND.c_stride, token)
        d = stream(row, BLEND.d, BLEND.d_stride, token)
        coefs = load_i64(row + BLEND.coefs) + token * load_i64(row + BLEND.coefs_stride)
        coefs += load_i64(row + BLEND.start)
        for block in range(vectors >> 1):
            at = 2 * VECTOR * block
            low = blended(a, b, c, d, coefs, plus, at)
            high = blended(a, b, c, d, coefs, plus, at + VECTOR)
            finish_block(row, token, block, low, high)
        if vectors & 1:
            last = blended(a, b, c, d, coefs, plus, VECTOR * (vectors - 1))
            finish_vector(row, token, vectors - 1, last)


@kernel(MeasureOperands)
def resized_rows(row: Address, batch: Address, thread: int) -> None:
    n_tokens, width = load_i64(batch + load_i64(row + COUNT)), load_i64(row + MEASURE.width)
    vectors, least = (width + 15) >> 4, load_f32(row + MEASURE.figure)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        x = stream(row, MEASURE.x, MEASURE.x_stride, token)
        like = stream(row, MEASURE.like, MEASURE.like_stride, token)
        own = max(spread_of(x, width, _ZERO), least)
        factor = vsplat(np.float32(math.sqrt(spread_of(like, width, _ZERO) / own)))
        for block in range(vectors >> 1):
            at = x + 2 * VECTOR * block
            finish_block(row, token, block, vload(at) * factor, vload(at + VECTOR) * factor)
        if vectors & 1:
            last = vload(x + VECTOR * (vectors - 1)) * factor
            finish_vector(row, token, vectors - 1, last)


@inline
def above(x: Address, i: int, cutoff: Vector, width: int) -> Vector:
    """One vector of what stands above; nothing past the width."""
    zero = vsplat(_ZERO)
    return vmask_below(vmax(zero, vload(x + VECTOR * i) - cutoff), width - LANES * i, zero)


@kernel(MeasureOperands)
def sparse_rows(row: Address, batch: Address, thread: int) -> None:
    n_tokens, width = load_i64(batch + load_i64(row + COUNT)), load_i64(row + MEASURE.width)
    vectors, times = (width + 15) >> 4, load_f32(row + MEASURE.figure)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        x = stream(row, MEASURE.x, MEASURE.x_stride, token)
        mean = mean_of(x, width)
        spread = np.float32(math.sqrt(spread_of(x, width, mean)))
        cutoff = vsplat(mean + times * spread)
        for block in range(vectors >> 1):
            low = above(x, 2 * block, cutoff, width)
            high = above(x, 2 * block + 1, cutoff, width)
            finish_block(row, token, block, low, high)
        if vectors & 1:
            last = above(x, vectors - 1, cutoff, width)
            finish_vector(row, token, vectors - 1, last)
