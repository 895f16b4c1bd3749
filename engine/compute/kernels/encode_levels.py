"""Encoders of IQ4_NL and IQ4_XS: each value goes to the nearest of sixteen uneven levels.

Sixteen sub-blocks of 32 values at a time, one a lane; the same steps as iq4_encode.py.
"""

import numpy as np

from engine.compute.kernels.encode_affine import half, or_zero
from engine.compute.kernels.encode_lanes import vchoose, vsum8, vtop8
from engine.compute.kernels.encode_rows import (
    LANES,
    NUMBERS,
    ROWS,
    TARGET,
    VALUES,
    WEIGHTS,
    WIDE,
    claim,
    inverse,
    lane_int,
    read16,
    read_tile,
    scratch_of,
    turn,
    weigh_run,
)
from engine.compute.kernels.encode_signed import farther
from engine.compute.kernels.jit import inline, kernel
from engine.compute.simd.memory import load_f32, load_i64, store_f16, store_i8, store_i16
from engine.compute.simd.vectors import vfma, vload, vmax, vmin, vround, vsplat, vstore, vstore_i8

LEVELS = np.array(
    [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], np.float32
)
STEPS = LEVELS[1:] - LEVELS[:-1]
MIDDLES = (LEVELS[1:] + LEVELS[:-1]) / np.float32(2)
_ZERO, _ONE, _HUGE, _16 = np.float32(0), np.float32(1), np.float32(3.0e38), np.float32(16)
FIRST, TOP, TRIES = np.float32(-127), np.float32(113), 15
REFITS = 2


@inline
def level_of(t):
    """The level nearest to each lane of t."""
    level = vsplat(FIRST)
    for k in range(15):
        level = level + vchoose(vsplat(MIDDLES[k]), t, vsplat(STEPS[k]), vsplat(_ZERO))
    return level


@inline
def code_of(t):
    """The number of the level nearest to each lane of t."""
    code = vsplat(_ZERO)
    for k in range(15):
        code = code + vchoose(vsplat(MIDDLES[k]), t, vsplat(_ONE), vsplat(_ZERO))
    return code


@inline
def sums(scratch, over):
    """Sums of w·q·q and w·x·q over each lane's sub-block."""
    s_qq, s_xq = vsplat(_ZERO), vsplat(_ZERO)
    for i in range(32):
        x, w = vload(scratch + VALUES + 64 * i), vload(scratch + WEIGHTS + 64 * i)
        q = level_of(x * over)
        wq = w * q
        s_qq = vfma(wq, q, s_qq)
        s_xq = vfma(wq, x, s_xq)
    return s_qq, s_xq


@inline
def search(scratch):
    """The best scale (of either sign) of each lane."""
    low, high = vload(scratch + VALUES), vload(scratch + VALUES)
    for i in range(1, 32):
        x = vload(scratch + VALUES + 64 * i)
        low, high = vmin(low, x), vmax(high, x)
    extreme = farther(high, low)
    over, zero = or_zero(inverse(extreme)), vsplat(_ZERO)
    scale, best = extreme / vsplat(FIRST), vsplat(_HUGE)
    for k in range(2 * TRIES):
        side = FIRST if k < TRIES else TOP
        extra = np.float32(7 * (0.2 * (k % TRIES) - 1.4))
        s_qq, s_xq = sums(scratch, over * vsplat(side + extra))
        fitted = s_xq * or_zero(inverse(s_qq))
        error = zero - s_xq * fitted
        scale, best = vchoose(error, best, fitted, scale), vmin(error, best)
    return scale


@inline
def write_codes(scratch, scale):
    """The codes of all values for each lane's scale, then a sub-block in each row."""
    over = or_zero(inverse(scale))
    for i in range(32):
        code = code_of(vload(scratch + VALUES + 64 * i) * over)
        vstore(code, scratch + NUMBERS + 64 * i)
    turn(scratch + NUMBERS)


@inline
def store_codes(scratch, lane, at):
    low, high = vload(scratch + NUMBERS + 64 * lane), vload(scratch + NUMBERS + 1024 + 64 * lane)
    vstore_i8(vfma(high, vsplat(_16), low), at)


@kernel
def encode_iq4_nl(row, batch, thread):
    scratch = scratch_of(row, thread)
    while True:
        start, end = claim(row, thread, 32)
        if start == end:
            return
        for b in range(start, end, 16):
            count = min(16, end - b)
            read_tile(row, scratch, b, count)
            d = half(search(scratch), scratch + ROWS)
            vstore(d, scratch + LANES)
            write_codes(scratch, d)
            for lane in range(count):
                at = load_i64(row + TARGET) + 18 * (b + lane)
                store_f16(at, load_f32(scratch + LANES + 4 * lane))
                store_codes(scratch, lane, at + 2)


@inline
def read_two(row, scratch, b, count):
    """Blocks b and b + 1 (of one alone: twice), a sub-block of 32 in each lane."""
    for k in range(2):
        block = b + min(k, count - 1)
        for i in range(16):
            vstore(read16(row, 256 * block + 16 * i), scratch + WIDE + 64 * i)
        weigh_run(row, 256 * block, scratch + WIDE, scratch + WIDE + 1024, 16)
        for i in range(16):
            to = 1024 * (i & 1) + 64 * (8 * k + (i >> 1))
            vstore(vload(scratch + WIDE + 64 * i), scratch + VALUES + to)
            vstore(vload(scratch + WIDE + 1024 + 64 * i), scratch + WEIGHTS + to)
    turn(scratch + VALUES)
    turn(scratch + WEIGHTS)


@inline
def fit_two(scratch):
    """d (the same in all lanes of a block) and the small scales of two blocks."""
    wanted, zero = search(scratch), vsplat(_ZERO)
    d = farther(vtop8(wanted), zero - vtop8(zero - wanted)) / vsplat(np.float32(-32))
    d = half(d, scratch + ROWS)
    small = vround(wanted * or_zero(inverse(d)))
    small = vmin(vmax(small, vsplat(np.float32(-32))), vsplat(np.float32(31)))
    for _ in range(REFITS):
        s_qq, s_xq = sums(scratch, or_zero(inverse(d * small)))
        fitted = vsum8(small * s_xq) * or_zero(inverse(vsum8(small * small * s_qq)))
        size = vmax(fitted, zero - fitted)
        d = half(vchoose(zero, size, fitted, d), scratch + ROWS)
    return d, small


@inline
def store_scales(scratch, at, k):
    """Eight six-bit scales: the upper two bits in 16 bits, the lower four in four bytes."""
    high = 0
    for j in range(8):
        high |= ((lane_int(scratch, 1, 8 * k + j) + 32) >> 4) << (2 * j)
    store_i16(at, high)
    for j in range(4):
        first = lane_int(scratch, 1, 8 * k + 2 * j) + 32
        second = lane_int(scratch, 1, 8 * k + 2 * j + 1) + 32
        store_i8(at + 2 + j, (first & 15) | ((second & 15) << 4))


@kernel
def encode_iq4_xs(row, batch, thread):
    scratch = scratch_of(row, thread)
    while True:
        start, end = claim(row, thread, 256)
        if start == end:
            return
        for b in range(start, end, 2):
            count = min(2, end - b)
            read_two(row, scratch, b, count)
            d, small = fit_two(scratch)
            vstore(d, scratch + LANES)
            vstore(small, scratch + LANES + 64)
            write_codes(scratch, d * small)
            for k in range(count):
                at = load_i64(row + TARGET) + 136 * (b + k)
                store_f16(at, load_f32(scratch + LANES + 32 * k))
                store_scales(scratch, at + 2, k)
                for sub in range(8):
                    store_codes(scratch, 8 * k + sub, at + 8 + 16 * sub)
