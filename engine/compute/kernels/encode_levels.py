"""Encoders of the types of uneven levels (weights/blocks/levels.py) and IQ4_XS: each value goes to
the nearest of sixteen levels.

Sixteen sub-blocks of 32 values at a time, one a lane; the same steps as blocks/levels.py.

    lane       0  1  2  …  7 | 8  …  15      types of levels: blocks 0 to 15
                                             IQ4_XS: sub-blocks of one block | of the next
    VALUES     vector i: value i of all lanes, i < 32
    LANES      d | small scales (IQ4_XS)
    NUMBERS    vector i: code i of all lanes; turned back
               square 0, row r: codes 0 to 15 of lane r, the low halves of its 16 bytes
               square 1, row r: codes 16 to 31, the high halves
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from engine.compute.kernels.encode_affine import half, or_zero
from engine.compute.kernels.encode_lanes import vchoose, vsum8, vtop8
from engine.compute.kernels.encode_rows import (
    LANES,
    NUMBERS,
    ROWS,
    SQUARE,
    VALUES,
    WEIGHTS,
    WIDE,
    inverse,
    lane_int,
    read16,
    read_tile,
    turn,
    weigh_run,
)
from engine.compute.kernels.encode_signed import farther
from engine.compute.kernels.encoding import encodes
from engine.compute.kernels.jit import Kernel, inline
from engine.compute.simd.memory import FLOAT, Address, load_f32, store_f16, store_i8, store_i16
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
from engine.weights.blocks.levels import FOUR, REACH, LevelBlocks
from engine.weights.types import TensorType

_ZERO, _ONE, _HUGE, _16 = np.float32(0), np.float32(1), np.float32(3.0e38), np.float32(16)
# What LANES holds: scales; of IQ4_XS d (the same in all eight lanes of a block) and small scales.
D, SMALL = LANES, LANES + VECTOR
HALF_VECTOR = VECTOR // 2  # to the lanes of the second block
TRIES = 15  # on each side
REFITS = 2


class Tools(NamedTuple):
    """What a table of levels is searched with: inline functions that have it as constants."""

    sums: Any
    search: Any
    write_codes: Any


def _named(kind: TensorType) -> Callable[[Callable[..., Any]], Any]:
    """Decorator: an inline function whose name no other type's has (README.md: closures)."""

    def make(function: Callable[..., Any]) -> Any:
        function.__qualname__ = f"{function.__name__}_{kind.name.lower()}"
        return inline(function)

    return make


def tools_for(kind: TensorType, levels: tuple[int, ...]) -> Tools:
    table = np.array(levels, np.float32)
    steps, middles = table[1:] - table[:-1], (table[1:] + table[:-1]) / np.float32(2)
    first, top = table[0], table[-1]
    reach = REACH * max(-levels[0], levels[-1])

    @_named(kind)
    def level_of(t: Vector) -> Vector:
        """The level nearest to each lane of t."""
        level = vsplat(first)
        for k in range(15):
            level = level + vchoose(vsplat(middles[k]), t, vsplat(steps[k]), vsplat(_ZERO))
        return level

    @_named(kind)
    def code_of(t: Vector) -> Vector:
        """The number of the level nearest to each lane of t."""
        code = vsplat(_ZERO)
        for k in range(15):
            code = code + vchoose(vsplat(middles[k]), t, vsplat(_ONE), vsplat(_ZERO))
        return code

    @_named(kind)
    def sums(scratch: Address, over: Vector) -> tuple[Vector, Vector]:
        """Sums of w·q·q and w·x·q over each lane's sub-block."""
        s_qq, s_xq = vsplat(_ZERO), vsplat(_ZERO)
        for i in range(32):
            x, w = vload(scratch + VALUES + VECTOR * i), vload(scratch + WEIGHTS + VECTOR * i)
            q = level_of(x * over)
            wq = w * q
            s_qq = vfma(wq, q, s_qq)
            s_xq = vfma(wq, x, s_xq)
        return s_qq, s_xq

    @_named(kind)
    def search(scratch: Address) -> Vector:
        """The best scale (of either sign) of each lane."""
        low, high = vload(scratch + VALUES), vload(scratch + VALUES)
        for i in range(1, 32):
            x = vload(scratch + VALUES + VECTOR * i)
            low, high = vmin(low, x), vmax(high, x)
        extreme = farther(high, low)
        over, zero = or_zero(inverse(extreme)), vsplat(_ZERO)
        scale, best = extreme / vsplat(first), vsplat(_HUGE)
        for k in range(2 * TRIES):
            side = first if k < TRIES else top
            extra = np.float32(reach * (0.2 * (k % TRIES) - 1.4))
            s_qq, s_xq = sums(scratch, over * vsplat(side + extra))
            fitted = s_xq * or_zero(inverse(s_qq))
            error = zero - s_xq * fitted
            scale, best = vchoose(error, best, fitted, scale), vmin(error, best)
        return scale

    @_named(kind)
    def write_codes(scratch: Address, scale: Vector) -> None:
        """The codes of all values for each lane's scale, then a sub-block in each row."""
        over = or_zero(inverse(scale))
        for i in range(32):
            code = code_of(vload(scratch + VALUES + VECTOR * i) * over)
            vstore(code, scratch + NUMBERS + VECTOR * i)
        turn(scratch + NUMBERS)

    return Tools(sums, search, write_codes)


@inline
def store_codes(scratch: Address, lane: int, at: Address) -> None:
    low, high = (
        vload(scratch + NUMBERS + VECTOR * lane),
        vload(scratch + NUMBERS + SQUARE + VECTOR * lane),
    )
    vstore_i8(vfma(high, vsplat(_16), low), at)


def level_encoder(kind: TensorType, blocks: LevelBlocks) -> Kernel:
    """Of blocks of 32 values."""
    tools = tools_for(kind, blocks.levels)
    search, write_codes, fields = tools.search, tools.write_codes, blocks.at

    @_named(kind)
    def fit(row: Address, scratch: Address, b: int, count: int) -> None:
        read_tile(row, scratch, b, count)
        d = half(search(scratch), scratch + ROWS)
        vstore(d, scratch + D)
        write_codes(scratch, d)

    def store(scratch: Address, lane: int, at: Address) -> None:
        store_f16(at + fields.d, load_f32(scratch + D + FLOAT * lane))
        store_codes(scratch, lane, at + fields.qs)

    store.__name__ = store.__qualname__ = f"encode_{kind.name.lower()}"
    return encodes(kind, fit, at_once=16)(store)


# Those with larger blocks are made by their slow twin.
LEVEL_ENCODERS = {
    kind: level_encoder(kind, kind.blocks)
    for kind in TensorType
    if isinstance(kind.blocks, LevelBlocks) and kind.block == 32
}

# --- IQ4_XS --------------------------------------------------------------------------------------
IQ4_XS_AT = TensorType.IQ4_XS.blocks.at
sums, search, write_codes = tools_for(TensorType.IQ4_XS, FOUR)


@inline
def read_two(row: Address, scratch: Address, b: int, count: int) -> None:
    """Blocks b and b + 1 (of one alone: twice), a sub-block of 32 in each lane."""
    for k in range(2):
        block = b + min(k, count - 1)
        for i in range(16):
            vstore(read16(row, 256 * block + 16 * i), scratch + WIDE + VECTOR * i)
        weigh_run(row, 256 * block, scratch + WIDE, scratch + WIDE + SQUARE, 16)
        for i in range(16):
            to = SQUARE * (i & 1) + VECTOR * (8 * k + (i >> 1))
            vstore(vload(scratch + WIDE + VECTOR * i), scratch + VALUES + to)
            vstore(vload(scratch + WIDE + SQUARE + VECTOR * i), scratch + WEIGHTS + to)
    turn(scratch + VALUES)
    turn(scratch + WEIGHTS)


@inline
def fit_two(scratch: Address) -> tuple[Vector, Vector]:
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
def store_scales(scratch: Address, at: Address, k: int) -> None:
    """Eight six-bit scales: the upper two bits in 16 bits, the lower four in four bytes."""
    high = 0
    for j in range(8):
        high |= ((lane_int(scratch + SMALL, 8 * k + j) + 32) >> 4) << (2 * j)
    store_i16(at + IQ4_XS_AT.scales_h, high)
    for j in range(4):
        first = lane_int(scratch + SMALL, 8 * k + 2 * j) + 32
        second = lane_int(scratch + SMALL, 8 * k + 2 * j + 1) + 32
        store_i8(at + IQ4_XS_AT.scales_l + j, (first & 15) | ((second & 15) << 4))


@inline
def fit_iq4_xs(row: Address, scratch: Address, b: int, count: int) -> None:
    read_two(row, scratch, b, count)
    d, small = fit_two(scratch)
    vstore(d, scratch + D)
    vstore(small, scratch + SMALL)
    write_codes(scratch, d * small)


@encodes(TensorType.IQ4_XS, fit_iq4_xs, at_once=2)
def encode_iq4_xs(scratch: Address, k: int, at: Address) -> None:
    store_f16(at + IQ4_XS_AT.d, load_f32(scratch + D + HALF_VECTOR * k))
    store_scales(scratch, at, k)
    for sub in range(8):
        store_codes(scratch, 8 * k + sub, at + IQ4_XS_AT.qs + 16 * sub)
