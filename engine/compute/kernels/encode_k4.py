"""Encoders of Q4_K and Q5_K: two blocks of 256 values at a time (see encode_affine.py).

WIDE       a block as it is read: 16 vectors of values, 16 of weights
VALUES     square p, row 8k + i: values 16p to 16p + 15 of sub-block i of block k;
           turned, vector 16p + v: value 16p + v of all sub-blocks
LANES      d | dmin | scales | mins      lanes 0 to 7: block 0, lanes 8 to 15: block 1
NUMBERS    as VALUES; turned back, a sub-block in each row of both squares
"""

import numpy as np

from engine.compute.kernels.encode_affine import fit_blocks, write_numbers
from engine.compute.kernels.encode_lanes import transpose, vfloor
from engine.compute.kernels.encode_rows import (
    LANES,
    NUMBERS,
    SQUARE,
    VALUES,
    WEIGHTS,
    WIDE,
    lane_int,
    read16,
    weigh,
)
from engine.compute.kernels.encoding import encodes
from engine.compute.kernels.jit import inline
from engine.compute.simd.memory import Address, load_f32, store_f16, store_i8
from engine.compute.simd.vectors import VECTOR, Vector, vfma, vload, vsplat, vstore, vstore_i8
from engine.weights.types import TensorType

# Where fields of a block lie.
Q4_K_AT = TensorType.Q4_K.blocks.at
Q5_K_AT = TensorType.Q5_K.blocks.at
# What LANES holds of two blocks, eight lanes for each: d and dmin are the same in all of them.
D, DMIN, SCALES, MINS = (LANES + VECTOR * i for i in range(4))
HALF_VECTOR = VECTOR // 2  # to the lanes of the second block
_16 = np.float32(16)


@inline
def read_blocks(row: Address, scratch: Address, b: int, count: int) -> None:
    """Values and weights of blocks b and b + 1 (of one alone: twice), a sub-block in each lane."""
    for k in range(2):
        block = b + min(k, count - 1)
        for i in range(16):
            vstore(read16(row, 256 * block + 16 * i), scratch + WIDE + VECTOR * i)
        weigh(row, block, scratch + WIDE, scratch + WIDE + SQUARE, 1)
        for i in range(8):
            for part in range(2):
                # Sub-block i is vectors 2i and 2i + 1; it becomes row 8k + i of two squares.
                at = VECTOR * (2 * i + part)
                to = SQUARE * part + VECTOR * (8 * k + i)
                vstore(vload(scratch + WIDE + at), scratch + VALUES + to)
                vstore(vload(scratch + WIDE + SQUARE + at), scratch + WEIGHTS + to)
    for part in range(2):
        transpose(scratch + VALUES + SQUARE * part, scratch + VALUES + SQUARE * part)
        transpose(scratch + WEIGHTS + SQUARE * part, scratch + WEIGHTS + SQUARE * part)


@inline
def store_scales(scratch: Address, at: Address, k: int) -> None:
    """d, dmin and twelve bytes of six-bit scales and minima (see blocks/k.py) of block k."""
    store_f16(at + Q4_K_AT.d, load_f32(scratch + D + HALF_VECTOR * k))
    store_f16(at + Q4_K_AT.dmin, load_f32(scratch + DMIN + HALF_VECTOR * k))
    packed = at + Q4_K_AT.scales
    for j in range(4):
        low, high = 8 * k + j, 8 * k + j + 4
        s_low, s_high = lane_int(scratch + SCALES, low), lane_int(scratch + SCALES, high)
        m_low, m_high = lane_int(scratch + MINS, low), lane_int(scratch + MINS, high)
        store_i8(packed + j, s_low | ((s_high & 48) << 2))
        store_i8(packed + 4 + j, m_low | ((m_high & 48) << 2))
        store_i8(packed + 8 + j, (s_high & 15) | ((m_high & 15) << 4))


@inline
def number_row(scratch: Address, k: int, sub: int, part: int) -> Vector:
    """Numbers 16·part … +15 of sub-block `sub` of block k, after they were turned back."""
    return vload(scratch + NUMBERS + SQUARE * part + VECTOR * (8 * k + sub))


@inline
def store_low(scratch: Address, at: Address, k: int) -> None:
    """Four bits of all numbers: sub-blocks in pairs, the first in the low halves."""
    for pair in range(4):
        for part in range(2):
            first, second = (
                number_row(scratch, k, 2 * pair, part),
                number_row(scratch, k, 2 * pair + 1, part),
            )
            first = first - vsplat(_16) * vfloor(first / vsplat(_16))
            second = second - vsplat(_16) * vfloor(second / vsplat(_16))
            vstore_i8(vfma(second, vsplat(_16), first), at + 32 * pair + 16 * part)


@inline
def store_fifth(scratch: Address, at: Address, k: int) -> None:
    """The fifth bits: bit j of byte l is that of number l of sub-block j."""
    for part in range(2):
        packed, bit = vsplat(np.float32(0)), np.float32(1)
        for sub in range(8):
            high = vfloor(number_row(scratch, k, sub, part) / vsplat(_16))
            packed = vfma(high, vsplat(bit), packed)
            bit = bit + bit
        vstore_i8(packed, at + 16 * part)


@inline
def fit_and_turn(scratch: Address, top: float, first: float, tries: int) -> None:
    d, dmin, scales, mins = fit_blocks(scratch, 32, top, np.float32(63), first, tries)
    write_numbers(scratch, 32, d, dmin, scales, mins, top)
    vstore(d, scratch + D)
    vstore(dmin, scratch + DMIN)
    vstore(scales, scratch + SCALES)
    vstore(mins, scratch + MINS)
    transpose(scratch + NUMBERS, scratch + NUMBERS)
    transpose(scratch + NUMBERS + SQUARE, scratch + NUMBERS + SQUARE)


@inline
def fit_q4_k(row: Address, scratch: Address, b: int, count: int) -> None:
    read_blocks(row, scratch, b, count)
    fit_and_turn(scratch, np.float32(15), -1.0, 21)


@inline
def fit_q5_k(row: Address, scratch: Address, b: int, count: int) -> None:
    read_blocks(row, scratch, b, count)
    fit_and_turn(scratch, np.float32(31), -0.5, 16)


@encodes(TensorType.Q4_K, fit_q4_k, at_once=2)
def encode_q4_k(scratch: Address, k: int, at: Address) -> None:
    store_scales(scratch, at, k)
    store_low(scratch, at + Q4_K_AT.qs, k)


@encodes(TensorType.Q5_K, fit_q5_k, at_once=2)
def encode_q5_k(scratch: Address, k: int, at: Address) -> None:
    store_scales(scratch, at, k)
    store_fifth(scratch, at + Q5_K_AT.qh, k)
    store_low(scratch, at + Q5_K_AT.qs, k)
