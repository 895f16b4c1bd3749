"""RMS norm and layer norm of each token's row, or of each head in it, in any output form.

x               token 0: vector 0 | vector 1 | ...      a token: x_stride
weight, bias    vector 0 | vector 1 | ...      norm_heads: `group` floats, the same for each head
"""

import math

import numpy as np

from engine.compute.kernels.abi import COUNT, COUNTER, Place, declared
from engine.compute.kernels.jit import inline, kernel
from engine.compute.kernels.rows import Outputs, finish_block, finish_vector
from engine.compute.simd.memory import FLOAT, Address, atomic_add, load_f32, load_i64, store_f32
from engine.compute.simd.vectors import (
    LANES,
    VECTOR,
    Vector,
    vfma,
    vload,
    vmask_below,
    vsplat,
    vsum,
)


@declared
class NormOperands(Outputs):
    """Of norm_rows, and of norm_heads, which has float32 outputs only."""

    x: Place
    x_stride: int  # bytes
    width: int
    group: int  # columns that norm_heads takes together
    weight: int  # address of float32 [whole vectors of the row]: ones where the model has none
    bias: int  # the same, or 0
    eps: float
    layer: int  # not 0: layer norm


AT = NormOperands.offsets()

_ZERO = np.float32(0)


@inline
def mean_of(x: Address, width: int) -> float:
    total = vsplat(_ZERO)
    for i in range((width + 15) >> 4):
        total = total + vmask_below(vload(x + VECTOR * i), width - LANES * i, vsplat(_ZERO))
    return vsum(total) / np.float32(width)


@inline
def spread_of(x: Address, width: int, mean: float) -> float:
    """Mean of (x - mean)², columns past the width left out."""
    centre, total = vsplat(mean), vsplat(_ZERO)
    for i in range((width + 15) >> 4):
        d = vmask_below(vload(x + VECTOR * i) - centre, width - LANES * i, vsplat(_ZERO))
        total = vfma(d, d, total)
    return vsum(total) / np.float32(width)


@inline
def normed(
    x: Address, weight: Address, bias: Address, i: int, mean: Vector, factor: Vector
) -> Vector:
    value = (vload(x + VECTOR * i) - mean) * factor * vload(weight + VECTOR * i)
    if bias:
        value = value + vload(bias + VECTOR * i)
    return value


@inline
def factor_of(square: float) -> float:
    """1 / sqrt; no number where squares went beyond float32: 0 would make up figures."""
    return np.float32(1.0 / math.sqrt(square)) + (square - square)


@kernel(NormOperands)
def norm_rows(row: Address, batch: Address, thread: int) -> None:
    n_tokens, width = load_i64(batch + load_i64(row + COUNT)), load_i64(row + AT.width)
    weight, bias = load_i64(row + AT.weight), load_i64(row + AT.bias)
    vectors = (width + 15) >> 4
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        x = load_i64(row + AT.x) + token * load_i64(row + AT.x_stride)
        centre = mean_of(x, width) if load_i64(row + AT.layer) else _ZERO
        spread = spread_of(x, width, centre)
        factor = vsplat(factor_of(spread + load_f32(row + AT.eps)))
        mean = vsplat(centre)
        for block in range(vectors >> 1):
            low = normed(x, weight, bias, 2 * block, mean, factor)
            high = normed(x, weight, bias, 2 * block + 1, mean, factor)
            finish_block(row, token, block, low, high)
        if vectors & 1:
            last = normed(x, weight, bias, vectors - 1, mean, factor)
            finish_vector(row, token, vectors - 1, last)


@kernel(NormOperands)
def norm_heads(row: Address, batch: Address, thread: int) -> None:
    """The norm of groups of GROUP columns, all with the same weights; float32 output only."""
    n_tokens, width = load_i64(batch + load_i64(row + COUNT)), load_i64(row + AT.width)
    group, weight, eps = load_i64(row + AT.group), load_i64(row + AT.weight), load_f32(row + AT.eps)
    groups, layer = width // group, load_i64(row + AT.layer)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        x = load_i64(row + AT.x) + token * load_i64(row + AT.x_stride)
        out = load_i64(row + AT.out_f32) + token * load_i64(row + AT.out_f32_stride)
        for g in range(groups):  # not a range with a step: that could raise
            start, total, mean = FLOAT * group * g, _ZERO, _ZERO
            if layer:
                for c in range(start, start + FLOAT * group, FLOAT):
                    mean += load_f32(x + c)
                mean = mean / np.float32(group)
            for c in range(start, start + FLOAT * group, FLOAT):
                value = load_f32(x + c) - mean
                total += value * value
            factor = factor_of(total / np.float32(group) + eps)
            for c in range(0, FLOAT * group, FLOAT):
                value = (load_f32(x + start + c) - mean) * factor * load_f32(weight + c)
                store_f32(out + start + c, value)
