"""The search for Q3_K and Q6_K: numbers -half..half-1 with a signed scale per 16 values.

One block at a time: lane r is sub-block r. The same steps as blocks/k_search.py.

    lane                 0     1     2    …    15
    VALUES   vector i    x[i]  x[i]  x[i]      x[i]     of sub-blocks 0 to 15, i < 16
    WEIGHTS  vector i    w[i]  …
    scales               one number of each sub-block
    d                    the same in all lanes
    NUMBERS  vector i    q[i]  …                        0 to 2·top - 1; x ≈ d · scale · (q - top)

`search` alone also serves encode_legacy.py: sixteen blocks of 32 values.
"""

import numpy as np

from engine.compute.kernels.encode_affine import half, or_zero
from engine.compute.kernels.encode_lanes import vchoose, vsum16, vtop16
from engine.compute.kernels.encode_rows import NUMBERS, ROWS, VALUES, WEIGHTS, inverse
from engine.compute.kernels.jit import inline
from engine.compute.simd.memory import Address
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
)

_ZERO, _HUGE = np.float32(0), np.float32(3.0e38)
REFITS = 2


@inline
def rounded(x: Vector, over: Vector, top: float) -> Vector:
    """x·over as a number: -top..top-1."""
    most = vsplat(top)
    q = vmax(vround(x * over), vsplat(_ZERO) - most)
    return vmin(q, most - vsplat(np.float32(1)))


@inline
def sums(scratch: Address, width: int, over: Vector, top: float) -> tuple[Vector, Vector]:
    """Sums of w·q·q and w·x·q over each lane's sub-block."""
    s_qq, s_xq = vsplat(_ZERO), vsplat(_ZERO)
    for i in range(width):
        x, w = vload(scratch + VALUES + VECTOR * i), vload(scratch + WEIGHTS + VECTOR * i)
        q = rounded(x, over, top)
        wq = w * q
        s_qq = vfma(wq, q, s_qq)
        s_xq = vfma(wq, x, s_xq)
    return s_qq, s_xq


@inline
def farther(high: Vector, low: Vector) -> Vector:
    """Of the largest and the least value the one farther from 0."""
    return vchoose(high, vsplat(_ZERO) - low, low, high)


@inline
def search(scratch: Address, width: int, top: float, tenths: int) -> Vector:
    """The best scale of each lane; ranges within so many tenths of `top` are tried."""
    low, high = vload(scratch + VALUES), vload(scratch + VALUES)
    for i in range(1, width):
        x = vload(scratch + VALUES + VECTOR * i)
        low, high = vmin(low, x), vmax(high, x)
    extreme, zero = farther(high, low), vsplat(_ZERO)
    over = zero - or_zero(inverse(extreme))
    scale, best = extreme / vsplat(-top), vsplat(_HUGE)
    for k in range(-tenths, tenths + 1):
        s_qq, s_xq = sums(scratch, width, over * vsplat(top + np.float32(k * 0.1)), top)
        fitted = s_xq * or_zero(inverse(s_qq))
        error = zero - s_xq * fitted
        scale, best = vchoose(error, best, fitted, scale), vmin(error, best)
    return scale


@inline
def lane_error(scratch: Address, scale: Vector, top: float) -> Vector:
    """Each lane's error but for w·x·x."""
    s_qq, s_xq = sums(scratch, 16, or_zero(inverse(scale)), top)
    return scale * (scale * s_qq - vsplat(np.float32(2)) * s_xq)


@inline
def polish(scratch: Address, d: Vector, scales: Vector, top: float, most: Vector) -> Vector:
    """Each small scale or one of its neighbours, whichever leaves the least error."""
    kept, best = scales, lane_error(scratch, d * scales, top)
    for step in range(-1, 2, 2):
        tried = vmin(scales + vsplat(np.float32(step)), most - vsplat(np.float32(1)))
        tried = vmax(tried, vsplat(_ZERO) - most)
        error = lane_error(scratch, d * tried, top)
        kept, best = vchoose(error, best, tried, kept), vmin(error, best)
    return kept


@inline
def refit(scratch: Address, d: Vector, scales: Vector, top: float) -> Vector:
    s_qq, s_xq = sums(scratch, 16, or_zero(inverse(d * scales)), top)
    s_aa, s_xa = vsum16(scales * scales * s_qq), vsum16(scales * s_xq)
    fitted = s_xa * or_zero(inverse(s_aa))
    # Kept where there is nothing to fit.
    size = vmax(fitted, vsplat(_ZERO) - fitted)
    return half(vchoose(vsplat(_ZERO), size, fitted, d), scratch + ROWS)


@inline
def fit_block(scratch: Address, top: float, scale_top: float) -> tuple[Vector, Vector]:
    """d (the same in all lanes) and the small scales of a block."""
    scale, most, zero = search(scratch, 16, top, 9), vsplat(scale_top), vsplat(_ZERO)
    extreme = farther(vtop16(scale), zero - vtop16(zero - scale))
    d = extreme / (zero - most)
    scales = rounded(scale, or_zero(inverse(d)), scale_top)
    d = half(d, scratch + ROWS)
    best = vsum16(lane_error(scratch, d * scales, top))
    for _ in range(REFITS):
        new = polish(scratch, d, scales, top, most)
        new_d = refit(scratch, d, new, top)
        error = vsum16(lane_error(scratch, new_d * new, top))
        d, scales = vchoose(error, best, new_d, d), vchoose(error, best, new, scales)
        best = vmin(error, best)
    return d, scales


@inline
def write_numbers(scratch: Address, d: Vector, scales: Vector, top: float) -> None:
    """The final numbers, lifted to 0..2·top-1, to NUMBERS: element i of all lanes in vector i."""
    over = or_zero(inverse(d * scales))
    for i in range(16):
        q = rounded(vload(scratch + VALUES + VECTOR * i), over, top)
        vstore(q + vsplat(top), scratch + NUMBERS + VECTOR * i)
