"""The search for Q2_K, Q4_K and Q5_K: numbers 0..top with a scale and a minimum per sub-block.

Lane r is sub-block r of 16: of two blocks where they are 32 values wide, else of one. The same
steps as blocks/k_search.py; errors come from six sums instead of a second look.

    lane                 0     1     2    …    15
    VALUES   vector i    x[i]  x[i]  x[i]      x[i]     of sub-blocks 0 to 15, i < width
    WEIGHTS  vector i    w[i]  …
    scale, min           one number of each sub-block
    d, dmin              the same in all lanes of a block
    NUMBERS  vector i    q[i]  …                        0 to top; x ≈ d · scale · q - dmin · min

    width 16             |————————— a block —————————|
    width 32             |—— block ——| |—— block ——|    eight lanes each
"""

import numpy as np

from engine.compute.kernels.encode_lanes import vchoose, vsum8, vsum16, vtop8, vtop16
from engine.compute.kernels.encode_rows import NUMBERS, ROWS, VALUES, WEIGHTS, inverse
from engine.compute.kernels.jit import inline
from engine.compute.simd.memory import Address
from engine.compute.simd.vectors import (
    VECTOR,
    Vector,
    vfma,
    vload,
    vload_half,
    vmax,
    vmin,
    vround,
    vsplat,
    vstore,
    vstore_half,
)

_ZERO, _HUGE = np.float32(0), np.float32(3.0e38)
REFITS = 2


@inline
def or_zero(x: Vector) -> Vector:
    """The finite lanes of x, 0 for the others."""
    size = vmax(x, vsplat(_ZERO) - x)
    return vchoose(size, vsplat(_HUGE), x, vsplat(_ZERO))


@inline
def half(x: Vector, room: Address) -> Vector:
    """What float16 keeps of x."""
    vstore_half(x, room)
    return vload_half(room)


@inline
def sums(
    scratch: Address, width: int, over: Vector, off: Vector, top: float
) -> tuple[Vector, Vector, Vector]:
    """Sums of w·q, w·q·q and w·x·q over a sub-block, for q = x·over + off rounded to 0..top."""
    s_q, s_qq, s_xq = vsplat(_ZERO), vsplat(_ZERO), vsplat(_ZERO)
    most = vsplat(top)
    for i in range(width):
        x, w = vload(scratch + VALUES + VECTOR * i), vload(scratch + WEIGHTS + VECTOR * i)
        q = vmin(vmax(vround(vfma(x, over, off)), vsplat(_ZERO)), most)
        wq = w * q
        s_q = s_q + wq
        s_qq = vfma(wq, q, s_qq)
        s_xq = vfma(wq, x, s_xq)
    return s_q, s_qq, s_xq


@inline
def totals(scratch: Address, width: int) -> tuple[Vector, Vector, Vector, Vector, Vector]:
    """Sums of w, w·x and w·x·x; the least (at most 0) and the largest value."""
    s_w, s_x, s_xx = vsplat(_ZERO), vsplat(_ZERO), vsplat(_ZERO)
    low, high = vsplat(_ZERO), vload(scratch + VALUES)
    for i in range(width):
        x, w = vload(scratch + VALUES + VECTOR * i), vload(scratch + WEIGHTS + VECTOR * i)
        wx = w * x
        s_w = s_w + w
        s_x = s_x + wx
        s_xx = vfma(wx, x, s_xx)
        low, high = vmin(low, x), vmax(high, x)
    return s_w, s_x, s_xx, low, high


@inline
def search(
    scratch: Address, width: int, top: float, first: float, tries: int
) -> tuple[Vector, Vector]:
    """Best scale and least value of each lane; ranges top + first, then in tenths, are tried."""
    s_w, s_x, s_xx, low, high = totals(scratch, width)
    zero = vsplat(_ZERO)
    span = or_zero(inverse(high - low))
    scale, least = (high - low) / vsplat(top), low
    best = vsplat(_HUGE)
    for k in range(-1, tries):
        extra = np.float32(first + k * 0.1) if k >= 0 else _ZERO
        over = span * vsplat(top + extra)
        s_q, s_qq, s_xq = sums(scratch, width, over, zero - low * over, top)
        share = or_zero(inverse(s_w * s_qq - s_q * s_q))
        a = (s_w * s_xq - s_x * s_q) * share
        b = (s_qq * s_x - s_q * s_xq) * share
        # A minimum above zero cannot be stored: fit without one.
        a = vchoose(zero, b, s_xq * or_zero(inverse(s_qq)), a)
        b = vmin(b, zero)
        error = s_xx - a * s_xq - b * s_x
        error = vchoose(zero, a, error, vsplat(_HUGE))
        scale, least = vchoose(error, best, a, scale), vchoose(error, best, b, least)
        best = vmin(error, best)
    return scale, zero - least


@inline
def numbers_of(d: Vector, dmin: Vector, scales: Vector, mins: Vector) -> tuple[Vector, Vector]:
    """Factor and offset that turn values into numbers for stored scales."""
    over = or_zero(inverse(d * scales))
    return over, dmin * mins * over


@inline
def stored_sums(
    scratch: Address, width: int, d: Vector, dmin: Vector, scales: Vector, mins: Vector, top: float
) -> tuple[Vector, Vector, Vector]:
    over, off = numbers_of(d, dmin, scales, mins)
    return sums(scratch, width, over, off, top)


@inline
def block_sum(x: Vector, width: int) -> Vector:
    return vsum8(x) if width == 32 else vsum16(x)


@inline
def block_top(x: Vector, width: int) -> Vector:
    return vtop8(x) if width == 32 else vtop16(x)


@inline
def error_of(
    a: Vector, b: Vector, s_w: Vector, s_x: Vector, s_q: Vector, s_qq: Vector, s_xq: Vector
) -> Vector:
    """w·(a·q - b - x)² summed, but for w·x·x."""
    two = vsplat(np.float32(2))
    return a * (a * s_qq - two * s_xq - two * b * s_q) + b * (two * s_x + b * s_w)


@inline
def polish(
    scratch: Address,
    width: int,
    d: Vector,
    dmin: Vector,
    scales: Vector,
    mins: Vector,
    top: float,
    most: Vector,
    s_w: Vector,
    s_x: Vector,
) -> tuple[Vector, Vector]:
    """Each small scale and its neighbours, each with the minimum that then fits best."""
    s_q, s_qq, s_xq = stored_sums(scratch, width, d, dmin, scales, mins, top)
    best = error_of(d * scales, dmin * mins, s_w, s_x, s_q, s_qq, s_xq)
    zero = vsplat(_ZERO)
    kept_scales, kept_mins = scales, mins
    share = or_zero(inverse(s_w * dmin))
    for step in range(-1, 2):
        tried = vmin(vmax(scales + vsplat(np.float32(step)), zero), most)
        s_q, s_qq, s_xq = stored_sums(scratch, width, d, dmin, tried, mins, top)
        fitted = vround((d * tried * s_q - s_x) * share)
        fitted = vmin(vmax(fitted, zero), most)
        s_q, s_qq, s_xq = stored_sums(scratch, width, d, dmin, tried, fitted, top)
        error = error_of(d * tried, dmin * fitted, s_w, s_x, s_q, s_qq, s_xq)
        kept_scales = vchoose(error, best, tried, kept_scales)
        kept_mins = vchoose(error, best, fitted, kept_mins)
        best = vmin(error, best)
    return kept_scales, kept_mins


@inline
def refit(
    scratch: Address,
    width: int,
    d: Vector,
    dmin: Vector,
    scales: Vector,
    mins: Vector,
    top: float,
    s_w: Vector,
    s_x: Vector,
) -> tuple[Vector, Vector]:
    """d and dmin by least squares over the whole block, numbers and small scales held."""
    s_q, s_qq, s_xq = stored_sums(scratch, width, d, dmin, scales, mins, top)
    s_aa, s_ab = block_sum(scales * scales * s_qq, width), block_sum(scales * mins * s_q, width)
    s_bb = block_sum(mins * mins * s_w, width)
    s_xa, s_xb = block_sum(scales * s_xq, width), block_sum(mins * s_x, width)
    share = or_zero(inverse(s_aa * s_bb - s_ab * s_ab))
    new_d = (s_xa * s_bb - s_xb * s_ab) * share
    new_dmin = (s_xa * s_ab - s_xb * s_aa) * share
    zero, room = vsplat(_ZERO), scratch + ROWS
    # Kept where the fit is degenerate or cannot be stored.
    bad = vmin(new_d, vmin(new_dmin + vsplat(np.float32(1e-30)), vmax(share, zero - share)))
    new_d, new_dmin = vchoose(zero, bad, new_d, d), vchoose(zero, bad, new_dmin, dmin)
    return half(new_d, room), half(new_dmin, room)


@inline
def block_error(
    scratch: Address,
    width: int,
    d: Vector,
    dmin: Vector,
    scales: Vector,
    mins: Vector,
    top: float,
    s_w: Vector,
    s_x: Vector,
) -> Vector:
    s_q, s_qq, s_xq = stored_sums(scratch, width, d, dmin, scales, mins, top)
    error = error_of(d * scales, dmin * mins, s_w, s_x, s_q, s_qq, s_xq)
    return block_sum(error, width)


@inline
def fit_blocks(
    scratch: Address, width: int, top: float, scale_top: float, first: float, tries: int
) -> tuple[Vector, Vector, Vector, Vector]:
    """d, dmin (the same in all lanes of a block), small scales and minima."""
    scale, least = search(scratch, width, top, first, tries)
    s_w, s_x, _, _, _ = totals(scratch, width)
    zero, most, room = vsplat(_ZERO), vsplat(scale_top), scratch + ROWS
    d, dmin = block_top(scale, width) / most, block_top(least, width) / most
    scales = vmin(vround(scale * or_zero(inverse(d))), most)
    mins = vmin(vround(least * or_zero(inverse(dmin))), most)
    d, dmin = half(d, room), half(dmin, room)
    best = block_error(scratch, width, d, dmin, scales, mins, top, s_w, s_x)
    for _ in range(REFITS):
        a, b = polish(scratch, width, d, dmin, scales, mins, top, most, s_w, s_x)
        new_d, new_dmin = refit(scratch, width, d, dmin, a, b, top, s_w, s_x)
        error = block_error(scratch, width, new_d, new_dmin, a, b, top, s_w, s_x)
        d, dmin = vchoose(error, best, new_d, d), vchoose(error, best, new_dmin, dmin)
        scales, mins = vchoose(error, best, a, scales), vchoose(error, best, b, mins)
        best = vmin(error, best)
    return vmax(d, zero), dmin, scales, mins


@inline
def write_numbers(
    scratch: Address, width: int, d: Vector, dmin: Vector, scales: Vector, mins: Vector, top: float
) -> None:
    """The final numbers to NUMBERS, element i of all lanes in vector i."""
    over, off = numbers_of(d, dmin, scales, mins)
    for i in range(width):
        q = vround(vfma(vload(scratch + VALUES + VECTOR * i), over, off))
        vstore(vmin(vmax(q, vsplat(_ZERO)), vsplat(top)), scratch + NUMBERS + VECTOR * i)
