"""Encoders of the K types with sub-blocks of 16 values: Q2_K, Q3_K and Q6_K, block by block.

VALUES     vector i: value i of all 16 sub-blocks, a sub-block in each lane
LANES      d | dmin (Q2_K) or small scales (Q3_K, Q6_K)      a vector each
NUMBERS    vector i: number i of all sub-blocks; turned back, vector s: sub-block s
"""

import numpy as np

from engine.compute.kernels.encode_affine import fit_blocks as fit_affine
from engine.compute.kernels.encode_affine import write_numbers as write_affine
from engine.compute.kernels.encode_lanes import transpose, vfloor
from engine.compute.kernels.encode_rows import (
    LANES,
    NUMBERS,
    lane_int,
    read_block,
)
from engine.compute.kernels.encode_signed import fit_block as fit_signed
from engine.compute.kernels.encode_signed import write_numbers as write_signed
from engine.compute.kernels.encoding import encodes_each
from engine.compute.kernels.jit import inline
from engine.compute.simd.memory import Address, load_f32, store_f16, store_i8
from engine.compute.simd.vectors import VECTOR, Vector, vfma, vload, vsplat, vstore, vstore_i8
from engine.weights.types import TensorType

# Where fields of a block lie.
Q2_K_AT = TensorType.Q2_K.blocks.at
Q3_K_AT = TensorType.Q3_K.blocks.at
Q6_K_AT = TensorType.Q6_K.blocks.at
# What LANES holds of a block: d (the same in all lanes), then dmin, too, or the small scales.
D, DMIN = LANES, LANES + VECTOR
SCALES = DMIN
_4, _16, _64 = np.float32(4), np.float32(16), np.float32(64)


@inline
def numbers(scratch: Address, sub: int) -> Vector:
    """The 16 numbers of a sub-block, after they were turned back."""
    return vload(scratch + NUMBERS + VECTOR * sub)


@inline
def low_part(q: Vector, size: float) -> Vector:
    return q - vsplat(size) * high_part(q, size)


@inline
def high_part(q: Vector, size: float) -> Vector:
    return vfloor(q / vsplat(size))


@inline
def store_two_bits(scratch: Address, at: Address) -> None:
    """The lower two bits of all numbers: byte l of a half holds values l, l+32, l+64, l+96."""
    for part in range(4):
        first = 8 * (part >> 1) + (part & 1)
        packed = low_part(numbers(scratch, first + 6), _4)
        for step in range(4, -2, -2):
            packed = vfma(packed, vsplat(_4), low_part(numbers(scratch, first + step), _4))
        vstore_i8(packed, at + 16 * part)


@inline
def store_third_bits(scratch: Address, at: Address) -> None:
    """Bit j of byte l is the third bit of value 32·j + l."""
    for part in range(2):
        packed = vsplat(np.float32(0))
        for j in range(7, -1, -1):
            packed = packed + packed + high_part(numbers(scratch, 2 * j + part), _4)
        vstore_i8(packed, at + 16 * part)


@inline
def store_six_bits(scratch: Address, at: Address) -> None:
    """Q6_K: the low four bits in 128 bytes, the high two in 64 more."""
    for part in range(4):
        first, low = 8 * (part >> 1) + (part & 1), 64 * (part >> 1) + 16 * (part & 1)
        low += at + Q6_K_AT.ql
        a, b = numbers(scratch, first), numbers(scratch, first + 2)
        c, d = numbers(scratch, first + 4), numbers(scratch, first + 6)
        vstore_i8(vfma(low_part(c, _16), vsplat(_16), low_part(a, _16)), low)
        vstore_i8(vfma(low_part(d, _16), vsplat(_16), low_part(b, _16)), low + 32)
        high = vfma(high_part(b, _16), vsplat(_4), high_part(a, _16))
        high = vfma(high_part(c, _16), vsplat(_16), high)
        vstore_i8(vfma(high_part(d, _16), vsplat(_64), high), at + Q6_K_AT.qh + 16 * part)


@inline
def store_scales_3(scratch: Address, at: Address) -> None:
    """Sixteen signed six-bit scales in twelve bytes (see blocks/k.py)."""
    for j in range(8):
        a, b = lane_int(scratch + SCALES, j) + 32, lane_int(scratch + SCALES, j + 8) + 32
        store_i8(at + j, (a & 15) | ((b & 15) << 4))
    for j in range(4):
        high = 0
        for k in range(4):
            high |= ((lane_int(scratch + SCALES, 4 * k + j) + 32) >> 4) << (2 * k)
        store_i8(at + 8 + j, high)


@inline
def fit_and_turn(scratch: Address, top: float, scale_top: float) -> None:
    d, scales = fit_signed(scratch, top, scale_top)
    write_signed(scratch, d, scales, top)
    vstore(d, scratch + D)
    vstore(scales, scratch + SCALES)
    transpose(scratch + NUMBERS, scratch + NUMBERS)


@encodes_each(TensorType.Q6_K)
def encode_q6_k(row: Address, scratch: Address, b: int, at: Address) -> None:
    read_block(row, scratch, b, 0)
    fit_and_turn(scratch, np.float32(32), np.float32(128))
    store_six_bits(scratch, at)
    vstore_i8(vload(scratch + SCALES), at + Q6_K_AT.scales)
    store_f16(at + Q6_K_AT.d, load_f32(scratch + D))


@encodes_each(TensorType.Q3_K)
def encode_q3_k(row: Address, scratch: Address, b: int, at: Address) -> None:
    read_block(row, scratch, b, 0)
    fit_and_turn(scratch, np.float32(4), np.float32(32))
    store_third_bits(scratch, at + Q3_K_AT.hmask)
    store_two_bits(scratch, at + Q3_K_AT.qs)
    store_scales_3(scratch, at + Q3_K_AT.scales)
    store_f16(at + Q3_K_AT.d, load_f32(scratch + D))


@encodes_each(TensorType.Q2_K)
def encode_q2_k(row: Address, scratch: Address, b: int, at: Address) -> None:
    read_block(row, scratch, b, 0)
    d, dmin, scales, mins = fit_affine(scratch, 16, np.float32(3), np.float32(15), -0.5, 16)
    write_affine(scratch, 16, d, dmin, scales, mins, np.float32(3))
    vstore(d, scratch + D)
    vstore(dmin, scratch + DMIN)
    transpose(scratch + NUMBERS, scratch + NUMBERS)
    vstore_i8(vfma(mins, vsplat(_16), scales), at + Q2_K_AT.scales)
    store_two_bits(scratch, at + Q2_K_AT.qs)
    store_f16(at + Q2_K_AT.d, load_f32(scratch + D))
    store_f16(at + Q2_K_AT.dmin, load_f32(scratch + DMIN))
