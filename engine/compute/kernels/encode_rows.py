"""What the encoders share: their operands, sharing blocks among threads, reading, weighing.

Source rows lie one after the other and are whole blocks, so a matrix is a run of blocks.

    scratch of a thread    VALUES   32 vectors: element i of all lanes' sub-blocks in vector i
                           WEIGHTS  the same, of the values' weights
                           NUMBERS  what is found; turned back, a sub-block in each row
                           ROWS     room for one vector at a time
                           LANES    a vector for each figure of the sub-blocks, such as d
                           WIDE     values, then weights, in the order of the source
                           MOST, POISON   a vector each: what scan() found

A sub-block of 32 values is two rows, in two squares of 16 vectors.
"""

import numpy as np
from numpy.typing import NDArray

from engine.compute.kernels.abi import COUNTER, Operands, declared
from engine.compute.kernels.encode_lanes import transpose, vsqrt
from engine.compute.kernels.jit import inline
from engine.compute.simd.memory import FLOAT, Address, atomic_add, load_f32, load_i64
from engine.compute.simd.vectors import (
    Vector,
    vabs,
    vfma,
    vload,
    vload_bfloat,
    vload_half,
    vmax,
    vsplat,
    vstore,
    vsum,
)


@declared
class EncodeOperands(Operands):
    """Of all encoders; those of grids have more."""

    source: int  # address
    format: int  # what the source is: F32, F16 or BF16
    target: int  # address
    n_blocks: int
    importance: int  # address of float32 [columns], or 0
    row_blocks: int  # blocks in a row
    scratch: int  # address of room for each thread, SCRATCH_BYTES apart


AT = EncodeOperands.offsets()
TARGET, IMPORTANCE = AT.target, AT.importance
F32, F16, BF16 = 0, 1, 2
SCRATCH_BYTES = 1 << 14
VALUES, WEIGHTS, NUMBERS, ROWS = 0, 2048, 4096, 6144
SQUARE = 1024  # bytes of 16 vectors: what transpose() turns
LANES = ROWS + 2048
WIDE = ROWS + 4096
MOST, POISON = SCRATCH_BYTES - 128, SCRATCH_BYTES - 64  # what scan() found
CLAIM = 64  # blocks taken at a time

_ZERO, _ONE = np.float32(0), np.float32(1)


@inline
def read16(row: Address, index: int) -> Vector:
    """Sixteen values from number `index` on."""
    source, form = load_i64(row + AT.source), load_i64(row + AT.format)
    if form == F16:
        return vload_half(source + 2 * index)
    if form == BF16:
        return vload_bfloat(source + 2 * index)
    return vload(source + 4 * index)


@inline
def claim(row: Address, thread: int, width: int) -> tuple[int, int]:
    """First block and the end of a run for this thread; both equal when all are taken."""
    n = load_i64(row + AT.n_blocks)
    start = atomic_add(load_i64(row + COUNTER), 1) * CLAIM
    start, end = min(start, n), min(start + CLAIM, n)
    scan(row, scratch_of(row, thread), start * width, end * width)
    return start, end


@inline
def scratch_of(row: Address, thread: int) -> int:
    return load_i64(row + AT.scratch) + SCRATCH_BYTES * thread


@inline
def scan(row: Address, scratch: Address, start: int, end: int) -> None:
    """Notes the largest magnitude, and NaN where a value is no number (see largest())."""
    most, poison = vload(scratch + MOST), vload(scratch + POISON)
    for i in range(start, end, 16):
        x = read16(row, i)
        most = vmax(vabs(x), most)
        poison = vfma(x, vsplat(_ZERO), poison)
    vstore(most, scratch + MOST)
    vstore(poison, scratch + POISON)


def largest(scratch: NDArray[np.uint8], threads: int) -> float:
    """What the scans of all threads found: infinity if any value is no number.

    `scratch` is uint8 [at least threads * SCRATCH_BYTES], zeroed before the kernel ran.
    """
    notes = scratch[: threads * SCRATCH_BYTES].reshape(threads, SCRATCH_BYTES)
    poison = notes[:, POISON : POISON + 64].copy().view(np.float32)
    most = notes[:, MOST : MOST + 64].copy().view(np.float32)
    return float(most.max()) if np.isfinite(poison).all() else float("inf")


@inline
def inverse(x: Vector) -> Vector:
    """1 / x in each lane; 0 gives infinity."""
    return vsplat(_ONE) / x


@inline
def weigh(row: Address, block: int, x: Address, weights: Address, loud: int) -> None:
    """Weights for the 256 values at x (16 vectors in order): importance times loudness.

    Without importance they are what blocks/k.py takes: magnitudes, and if `loud` is 1 added to
    the root mean square of each 32 values.
    """
    importance = load_i64(row + AT.importance)
    if importance == 0:
        for k in range(8):
            low, high = vload(x + 128 * k), vload(x + 128 * k + 64)
            mean = vsum(vfma(low, low, high * high)) / np.float32(32)
            base = vsqrt(vsplat(mean)) * vsplat(np.float32(loud))
            vstore(base + vabs(low), weights + 128 * k)
            vstore(base + vabs(high), weights + 128 * k + 64)
        return
    total = vsplat(_ZERO)
    for k in range(16):
        total = vfma(vload(x + 64 * k), vload(x + 64 * k), total)
    mean = vsplat(vsum(total) / np.float32(256))
    at = importance + 1024 * (block % load_i64(row + AT.row_blocks))
    for k in range(16):
        value = vload(x + 64 * k)
        vstore(vload(at + 64 * k) * vsqrt(vfma(value, value, mean)), weights + 64 * k)


@inline
def read_block(row: Address, scratch: Address, block: int, loud: int) -> None:
    """Values and weights of one block of sub-blocks of 16, a sub-block in each lane."""
    for i in range(16):
        vstore(read16(row, 256 * block + 16 * i), scratch + VALUES + 64 * i)
    weigh(row, block, scratch + VALUES, scratch + WEIGHTS, loud)
    transpose(scratch + VALUES, scratch + VALUES)
    transpose(scratch + WEIGHTS, scratch + WEIGHTS)


@inline
def lane_int(place: Address, lane: int) -> int:
    """A whole number of a vector kept in LANES."""
    return np.int64(load_f32(place + FLOAT * lane))


@inline
def weigh_run(row: Address, first: int, x: Address, weights: Address, count: int) -> None:
    """As weigh(), for `count` vectors from value `first` on that are one block."""
    total, importance = vsplat(_ZERO), load_i64(row + AT.importance)
    for k in range(count):
        total = vfma(vload(x + 64 * k), vload(x + 64 * k), total)
    mean = vsplat(vsum(total) / np.float32(16 * count))
    at = importance + 4 * (first % (16 * count * load_i64(row + AT.row_blocks)))
    for k in range(count):
        value = vload(x + 64 * k)
        if importance:
            weight = vload(at + 64 * k) * vsqrt(vfma(value, value, mean))
        else:
            weight = vsqrt(mean) + vabs(value)
        vstore(weight, weights + 64 * k)


@inline
def read_tile(row: Address, scratch: Address, first: int, count: int) -> None:
    """`count` blocks of 32 values from number `first` on, a block in each of 16 lanes.

    Lanes without a block get the last one again.
    """
    for lane in range(16):
        value = 32 * (first + min(lane, count - 1))
        for part in range(2):
            vstore(read16(row, value + 16 * part), scratch + WIDE + 64 * part)
        weigh_run(row, value, scratch + WIDE, scratch + WIDE + 128, 2)
        for part in range(2):
            to = SQUARE * part + 64 * lane
            vstore(vload(scratch + WIDE + 64 * part), scratch + VALUES + to)
            vstore(vload(scratch + WIDE + 128 + 64 * part), scratch + WEIGHTS + to)
    turn(scratch + VALUES)
    turn(scratch + WEIGHTS)


@inline
def turn(place: Address) -> None:
    """Columns for rows in the two squares at a place."""
    transpose(place, place)
    transpose(place + SQUARE, place + SQUARE)
