"""The search for the IQ1, IQ2 and IQ3 types: points of a grid and scales in two levels.

Of every group of values the 16 points nearest to its rounded form are compared, one in each lane.
The bytes of a block are put together elsewhere (weights/blocks/iq.py): a kernel's result is
scale, steps, points and signs. The same steps as weights/blocks/iq_search.py.

    scratch    Y, W, LINEAR       16 vectors each, values in order: magnitudes, weights, -2·w·y
               CODES              a vector: of each of its groups which combination it is nearest to
               SUM_A, SUM_B       a vector each: -2·w·y·p and w·p·p of the 16 points p
               FOUND, BEST        a float16, and what it is as float32
               SCALES, SUB_STEPS  a float32 for each sub-block
               PICKED, OTHER      an int16 for each group: points of a search, of the other shift

    TABLE      [combination][value of a group][16] int8     the points near a combination
    NEAR       [combination][16] int16                      their numbers
"""

import numpy as np

from engine.compute.kernels.abi import declared
from engine.compute.kernels.encode_lanes import (
    count_ones,
    vbelow,
    vfirst,
    vleast16,
    vload_i8,
    vsqrt,
    vsum4,
    vsum8,
)
from engine.compute.kernels.encode_rows import (
    IMPORTANCE,
    EncodeOperands,
    read16,
    weigh,
)
from engine.compute.kernels.encoding import makes_each
from engine.compute.kernels.jit import inline
from engine.compute.simd.memory import (
    FLOAT,
    Address,
    load_f32,
    load_i64,
    load_u16,
    store_f16,
    store_f32,
    store_i8,
    store_i16,
)
from engine.compute.simd.vectors import (
    VECTOR,
    vabs,
    vfma,
    vload,
    vload_half,
    vmax,
    vmin,
    vround,
    vsplat,
    vstore,
    vsum,
    vtop,
)


@declared
class SearchOperands(EncodeOperands):
    """Addresses of the results per block, of which float16 d goes to `target`, and of tables."""

    steps: int  # uint8 [sub]
    points: int  # int16 [groups]
    signs: int  # uint8 [32]
    table: int  # int8 [combinations, width, 16]: the points near each combination
    near: int  # their numbers
    params: int


AT = SearchOperands.offsets()
STEPS, POINTS, SIGNS = AT.steps, AT.points, AT.signs
TABLE, NEAR, PARAMS = AT.table, AT.near, AT.params
# PARAMS: float32 figures in this order, then the factors tried.
(
    WIDTH, SUB, SHARED, SIGN_RULE, FIRST, PER_STEP, TOP_LEVEL, BASE_LEVEL, PER_UNIT, TOP_STEP,
    ROUNDS, N_FACTORS, POWERS,
) = (FLOAT * i for i in range(13))  # fmt: skip
FACTORS = POWERS + VECTOR  # 16 powers, one for each lane
NO_SIGNS, FREE_SIGNS, EVEN_SIGNS = 0, 1, 2
NEAREST = 16  # points that are compared, one in each lane
INT16, EIGHT = 2, 8 * FLOAT  # bytes of a number of a point, of eight values
MINUS = 1 << 11  # of a point: shifted down
SHIFT = np.float32(0.125)

# Scratch: magnitudes, weights, -2·w·y (16 vectors each), then small places.
Y, W, LINEAR = 0, 1024, 2048
CODES, SUM_A, SUM_B, FOUND, BEST = 4096, 4160, 4224, 4288, 4352
SCALES, SUB_STEPS, PICKED, OTHER = 4608, 4736, 5120, 5376

_ZERO, _TWO, _HUGE = np.float32(0), np.float32(2), np.float32(3.0e38)
REFITS = 2


@inline
def figure(params: Address, which: int) -> int:
    return np.int64(load_f32(params + which))


@inline
def split_signs(scratch: Address, rule: int, signs: Address) -> None:
    """Magnitudes to Y and a byte of signs per eight values; see iq_search.split_signs."""
    for v in range(16):
        x = vload(scratch + Y + VECTOR * v)
        bits = vbelow(x, vsplat(_ZERO))
        vstore(vabs(x), scratch + Y + VECTOR * v)
        for part in range(2):
            byte = (bits >> (8 * part)) & 255
            if rule == EVEN_SIGNS and count_ones(byte) & 1:
                byte ^= flip_least(scratch, VECTOR * v + EIGHT * part)
            store_i8(signs + 2 * v + part, byte)


@inline
def flip_least(scratch: Address, at: int) -> int:
    """Turns the magnitude that matters least; its bit."""
    least, place = _HUGE, 0
    for i in range(8):
        y = load_f32(scratch + Y + at + FLOAT * i)
        loss = load_f32(scratch + W + at + FLOAT * i) * y * y
        if loss < least:
            least, place = loss, i
    store_f32(scratch + Y + at + FLOAT * place, -load_f32(scratch + Y + at + FLOAT * place))
    return 1 << place


@inline
def codes_of(scratch: Address, params: Address, vector: int, over: float, shift: float) -> None:
    """For each group of a vector the number of its rounded form, in all its lanes, to CODES."""
    t = vload(scratch + Y + VECTOR * vector) * vsplat(over) - vsplat(shift)
    t = (t - vsplat(load_f32(params + FIRST))) * vsplat(load_f32(params + PER_STEP))
    digit = vmin(vmax(vround(t), vsplat(_ZERO)), vsplat(load_f32(params + TOP_LEVEL)))
    parts = digit * vload(params + POWERS)
    wide = load_f32(params + WIDTH) > np.float32(4)
    vstore(vsum8(parts) if wide else vsum4(parts), scratch + CODES)


@inline
def nearest(
    row: Address, scratch: Address, width: int, place: int, code: int, scale: float, shift: float
) -> tuple[int, float, float]:
    """The best point for the group of values at `place`: its number, w·p·p and -2·w·x·p."""
    table = load_i64(row + TABLE) + NEAREST * width * code
    a, b = vsplat(_ZERO), vsplat(_ZERO)
    for i in range(width):
        p = vload_i8(table + NEAREST * i) + vsplat(shift)
        w = vsplat(load_f32(scratch + W + place + FLOAT * i))
        a = vfma(p, vsplat(load_f32(scratch + LINEAR + place + FLOAT * i)), a)
        b = vfma(p * p, w, b)
    error = vfma(b, vsplat(scale), a)
    lane = vfirst(error, vleast16(error))
    vstore(a, scratch + SUM_A)
    vstore(b, scratch + SUM_B)
    point = load_u16(load_i64(row + NEAR) + INT16 * NEAREST * code + INT16 * lane)
    return point, load_f32(scratch + SUM_A + FLOAT * lane), load_f32(scratch + SUM_B + FLOAT * lane)


@inline
def run_at(
    row: Address,
    scratch: Address,
    params: Address,
    start: int,
    count: int,
    scale: float,
    shift: float,
    out: Address,
) -> tuple[float, float]:
    """Points of `count` groups from number `start` on, to int16 at `out`; sums of a and b."""
    width = figure(params, WIDTH)
    over = np.float32(1) / scale if scale > _ZERO else _ZERO
    total_a, total_b = _ZERO, _ZERO
    for g in range(start, start + count):
        place = FLOAT * width * g
        codes_of(scratch, params, place >> 6, over, shift)
        code = np.int64(load_f32(scratch + CODES + (place & 63)))
        point, a, b = nearest(row, scratch, width, place, code, scale, shift)
        if shift < _ZERO:
            point |= MINUS
        store_i16(out + INT16 * g, point)
        total_a += a
        total_b += b
    return total_a, total_b


@inline
def sub_at(
    row: Address, scratch: Address, params: Address, sub: int, scale: float, out: Address
) -> tuple[float, float]:
    """Points of sub-block `sub` at a scale; groups that share a shift take the better one."""
    groups = 256 // (figure(params, WIDTH) * figure(params, SUB))
    shared = figure(params, SHARED)
    if shared == 0:
        return run_at(row, scratch, params, sub * groups, groups, scale, _ZERO, out)
    total_a, total_b = _ZERO, _ZERO
    for start in range(sub * groups, (sub + 1) * groups, shared):
        a, b = run_at(row, scratch, params, start, shared, scale, SHIFT, out)
        other = scratch + OTHER
        c, d = run_at(row, scratch, params, start, shared, scale, -SHIFT, other)
        if scale * d + c < scale * b + a:
            a, b = c, d
            for g in range(start, start + shared):
                store_i16(out + INT16 * g, load_u16(other + INT16 * g))
        total_a += a
        total_b += b
    return total_a, total_b


@inline
def base_scale(scratch: Address, params: Address, sub: int) -> float:
    """The first guess: what makes the largest value fit, or the mean magnitude."""
    per_sub = 16 // figure(params, SUB)
    most, weight, mean = vsplat(_ZERO), vsplat(_ZERO), vsplat(_ZERO)
    for v in range(sub * per_sub, (sub + 1) * per_sub):
        size, w = vabs(vload(scratch + Y + VECTOR * v)), vload(scratch + W + VECTOR * v)
        most, weight, mean = vmax(size, most), weight + w, vfma(w, size, mean)
    level = load_f32(params + BASE_LEVEL)
    if level > _ZERO:
        return vtop(most) / level
    total = vsum(weight)
    return vsum(mean) / total if total > _ZERO else _ZERO


@inline
def search(row: Address, scratch: Address, params: Address, sub: int) -> float:
    """The best scale of a sub-block."""
    base = base_scale(scratch, params, sub)
    best, least = base, _HUGE
    count, rounds = figure(params, N_FACTORS), figure(params, ROUNDS)
    for k in range(count + 1):
        # At last once more from where the best one stands.
        scale = base * load_f32(params + FACTORS + FLOAT * k) if k < count else best
        for _ in range(rounds):
            a, b = sub_at(row, scratch, params, sub, scale, scratch + PICKED)
            scale = max(-a / (_TWO * b), _ZERO) if b > _ZERO else _ZERO
            error = scale * (scale * b + a)
            if error < least:
                least, best = error, scale
    return best


@inline
def half(x: float, scratch: Address) -> float:
    store_f16(scratch + FOUND, x)
    vstore(vload_half(scratch + FOUND), scratch + BEST)
    return load_f32(scratch + BEST)


@inline
def block_at(
    row: Address, scratch: Address, params: Address, unit: float, out: Address
) -> tuple[float, float]:
    """All points for the steps chosen; the error and the unit that would fit them best."""
    a_total, b_total = _ZERO, _ZERO
    for sub in range(figure(params, SUB)):
        times = np.float32(1) + _TWO * load_f32(scratch + SUB_STEPS + FLOAT * sub)
        a, b = sub_at(row, scratch, params, sub, unit * times, out)
        a_total += times * a
        b_total += times * times * b
    fitted = -a_total / (_TWO * b_total) if b_total > _ZERO else unit
    return unit * (unit * b_total + a_total), fitted if fitted > _ZERO else unit


@inline
def choose_steps(scratch: Address, params: Address) -> float:
    """The unit for the largest scale, and each sub-block's step in it."""
    most, count = _ZERO, figure(params, SUB)
    for sub in range(count):
        most = max(most, load_f32(scratch + SCALES + FLOAT * sub))
    top, per_unit = load_f32(params + TOP_STEP), load_f32(params + PER_UNIT)
    unit = half(most / (_TWO * top + np.float32(1)) / per_unit, scratch) * per_unit
    for sub in range(count):
        step = _ZERO
        if unit > _ZERO:
            step = (load_f32(scratch + SCALES + FLOAT * sub) / unit - np.float32(1)) / _TWO
        step = np.float32(round(min(max(step, _ZERO), top)))
        store_f32(scratch + SUB_STEPS + FLOAT * sub, step)
    return unit


@inline
def fit_block(row: Address, scratch: Address, params: Address, out: Address) -> float:
    """Steps and points of a block; returns its unit."""
    for sub in range(figure(params, SUB)):
        store_f32(scratch + SCALES + FLOAT * sub, search(row, scratch, params, sub))
    unit, per_unit = choose_steps(scratch, params), load_f32(params + PER_UNIT)
    best, least = unit, _HUGE
    for _ in range(REFITS + 1):
        error, fitted = block_at(row, scratch, params, unit, out)
        if error < least:
            least, best = error, unit
        unit = half(fitted / per_unit, scratch) * per_unit
    block_at(row, scratch, params, best, out)
    return best


@inline
def prepare(row: Address, scratch: Address, params: Address, block: int, signs: Address) -> None:
    """Values, weights and linear parts of a block to the scratch, its signs to their place."""
    total = vsplat(_ZERO)
    for v in range(16):
        x = read16(row, 256 * block + 16 * v)
        vstore(x, scratch + Y + VECTOR * v)
        total = vfma(x, x, total)
    weigh_grid(row, scratch, block, vsum(total) / np.float32(256))
    rule = figure(params, SIGN_RULE)
    if rule != NO_SIGNS:
        split_signs(scratch, rule, signs)
    for v in range(16):
        y, w = vload(scratch + Y + VECTOR * v), vload(scratch + W + VECTOR * v)
        vstore(vsplat(-_TWO) * w * y, scratch + LINEAR + VECTOR * v)


@inline
def weigh_grid(row: Address, scratch: Address, block: int, mean: float) -> None:
    """As encode_rows.weigh, damped; without importance magnitudes over the block's loudness."""
    if load_i64(row + IMPORTANCE):
        weigh(row, block, scratch + Y, scratch + W, 1)
        for v in range(16):
            # To the power 5/8 (DAMPING of blocks/iq.py).
            root = vsqrt(vload(scratch + W + VECTOR * v))
            vstore(root * vsqrt(vsqrt(root)), scratch + W + VECTOR * v)
        return
    loud = vsqrt(vsplat(mean))
    for v in range(16):
        vstore(loud + vabs(vload(scratch + Y + VECTOR * v)), scratch + W + VECTOR * v)


@makes_each(256, 2, SearchOperands)  # float16 d; the rest goes elsewhere
def search_grid(row: Address, scratch: Address, b: int, at: Address) -> None:
    params = load_i64(row + PARAMS)
    subs, groups = figure(params, SUB), 256 // figure(params, WIDTH)
    prepare(row, scratch, params, b, load_i64(row + SIGNS) + 32 * b)
    unit = fit_block(row, scratch, params, load_i64(row + POINTS) + INT16 * groups * b)
    store_f16(at, unit / load_f32(params + PER_UNIT))
    for sub in range(subs):
        step = np.int64(load_f32(scratch + SUB_STEPS + FLOAT * sub))
        store_i8(load_i64(row + STEPS) + subs * b + sub, step)
