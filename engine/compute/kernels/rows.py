"""What elementwise kernels end with: 32 finished columns of one token, in the forms asked for.

The first operands of every such kernel say where to, form by form (see activations.py); an address
of 0 means that nobody wants that form.

    block of a token      low: 16 columns | high: 16 columns
    f32, bf16             token 0: block 0 | block 1 | ...      the stride from token to token
    integers              tokens 0 .. 3: block 0 | block 1 | ...      from group to group
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.compute.kernels.abi import Operands, Place, Placed, declared
from engine.compute.kernels.activations import (
    COLUMNS,
    Q8_BYTES,
    Q8_HALVES,
    Q8_MOST,
    Q8_SCALE,
    Q8_SUM,
    Q8F_BYTES,
    Q8F_SCALES,
    Q8X2_BYTES,
    Q8X2_LOW,
    Q8X2_MOST,
    Q16_BYTES,
    Q16_HALVES,
    Q16_MOST,
    Q16_SCALE,
    Q16_SUM,
    SUMS,
)
from engine.compute.kernels.jit import inline
from engine.compute.simd.memory import FLOAT, Address, load_i64, store_f32
from engine.compute.simd.vectors import (
    LANES,
    VECTOR,
    Vector,
    vlargest,
    vround,
    vsplat,
    vstore,
    vstore_bfloat,
    vstore_i8,
    vstore_i16,
    vsum,
)

FORMS = ("f32", "q8", "q8f", "q16", "bf16", "q8x2")


@declared
class Outputs(Operands):
    """Where results go, form by form: address, and bytes from row to row or group to group. Who has
    results like that declares its own operands after these."""

    out_f32: Place = 0
    out_f32_stride: int = 0
    out_q8: Place = 0
    out_q8_stride: int = 0
    out_q8f: Place = 0
    out_q8f_stride: int = 0
    out_q16: Place = 0
    out_q16_stride: int = 0
    out_bf16: Place = 0
    out_bf16_stride: int = 0
    out_q8x2: Place = 0
    out_q8x2_stride: int = 0


def outputs(places: Mapping[str, Placed]) -> dict[str, Any]:
    """The words of Outputs, by name, for results that are wanted in these of the FORMS."""
    found = dict[str, Any]()
    for form, place in places.items():
        found |= {f"out_{form}": place, f"out_{form}_stride": place.row_bytes}
    return found


AT = Outputs.offsets()

_Q8, _Q16, _Q8X2 = np.float32(Q8_MOST), np.float32(Q16_MOST), np.float32(Q8X2_MOST)
_SUMS, _PART, _NUDGE = np.float32(SUMS), np.float32(1 / 256), np.float32(1 / 1024)
_BYTE = np.float32(256)
_ZERO = np.float32(0)
FLOAT_BLOCK, BFLOAT_BLOCK = FLOAT * COLUMNS, 2 * COLUMNS  # bytes of one token's block
BYTE_ROW, WORD_ROW = COLUMNS, 2 * COLUMNS  # of its quants: int8, int16
HALVES = 2 * FLOAT  # of its two sums or scales


@inline
def finish_block(row: Address, token: int, block: int, low: Vector, high: Vector) -> None:
    """Store columns 32·block … +31 of a token, given as two vectors."""
    out = load_i64(row + AT.out_f32)
    if out:
        at = out + token * load_i64(row + AT.out_f32_stride) + FLOAT_BLOCK * block
        vstore(low, at)
        vstore(high, at + VECTOR)
    bf16 = load_i64(row + AT.out_bf16)
    if bf16:
        at = bf16 + token * load_i64(row + AT.out_bf16_stride) + BFLOAT_BLOCK * block
        vstore_bfloat(low, at)
        vstore_bfloat(high, at + 2 * LANES)
    q8, q8f, q16 = load_i64(row + AT.out_q8), load_i64(row + AT.out_q8f), load_i64(row + AT.out_q16)
    if q8f:
        group = q8f + (token >> 2) * load_i64(row + AT.out_q8f_stride) + Q8F_BYTES * block
        store_q8f(group, token & 3, low, high)
    q8x2 = load_i64(row + AT.out_q8x2)
    if q8 == 0 and q16 == 0 and q8x2 == 0:
        return
    top = vlargest(low, high)
    if q8:
        group = q8 + (token >> 2) * load_i64(row + AT.out_q8_stride) + Q8_BYTES * block
        store_q8(group, token & 3, top, low, high)
    if q16:
        group = q16 + (token >> 2) * load_i64(row + AT.out_q16_stride) + Q16_BYTES * block
        store_q16(group, token & 3, top, low, high)
    if q8x2:
        group = q8x2 + (token >> 2) * load_i64(row + AT.out_q8x2_stride) + Q8X2_BYTES * block
        store_q8x2(group, token & 3, top, low, high)


@inline
def store_sums(
    group: Address, lane: int, at: int, halves: int, both: float, first: float, second: float
) -> None:
    """Scaled sums of a block and of its halves, where the form keeps them."""
    store_f32(group + at + FLOAT * lane, _SUMS * both)
    store_f32(group + halves + HALVES * lane, _SUMS * first)
    store_f32(group + halves + HALVES * lane + FLOAT, _SUMS * second)


@inline
def store_q8(group: Address, lane: int, top: float, low: Vector, high: Vector) -> None:
    inverse = vsplat(_Q8 / top if top > _ZERO else _ZERO)
    scale = top / _Q8
    low, high = vround(low * inverse), vround(high * inverse)
    vstore_i8(low, group + BYTE_ROW * lane)
    vstore_i8(high, group + BYTE_ROW * lane + LANES)
    store_f32(group + Q8_SCALE + FLOAT * lane, scale)
    first, second = vsum(low), vsum(high)
    both = scale * (first + second)
    store_sums(group, lane, Q8_SUM, Q8_HALVES, both, scale * first, scale * second)


@inline
def store_q8f(group: Address, lane: int, low: Vector, high: Vector) -> None:
    first_top, second_top = vlargest(low, low), vlargest(high, high)
    first_scale, second_scale = first_top / _Q8, second_top / _Q8
    low = vround(low * vsplat(_Q8 / first_top if first_top > _ZERO else _ZERO))
    high = vround(high * vsplat(_Q8 / second_top if second_top > _ZERO else _ZERO))
    vstore_i8(low, group + BYTE_ROW * lane)
    vstore_i8(high, group + BYTE_ROW * lane + LANES)
    first, second = first_scale * vsum(low), second_scale * vsum(high)
    store_sums(group, lane, Q8_SUM, Q8_HALVES, first + second, first, second)
    store_f32(group + Q8F_SCALES + HALVES * lane, first_scale)
    store_f32(group + Q8F_SCALES + HALVES * lane + FLOAT, second_scale)


@inline
def store_q16(group: Address, lane: int, top: float, low: Vector, high: Vector) -> None:
    inverse = vsplat(_Q16 / top if top > _ZERO else _ZERO)
    scale = top / _Q16
    low, high = vround(low * inverse), vround(high * inverse)
    vstore_i16(low, group + WORD_ROW * lane)
    vstore_i16(high, group + WORD_ROW * lane + 2 * LANES)
    store_f32(group + Q16_SCALE + FLOAT * lane, scale)
    first, second = vsum(low), vsum(high)
    both = scale * (first + second)
    store_sums(group, lane, Q16_SUM, Q16_HALVES, both, scale * first, scale * second)


@inline
def store_q8x2(group: Address, lane: int, top: float, low: Vector, high: Vector) -> None:
    inverse = vsplat(_Q8X2 / top if top > _ZERO else _ZERO)
    scale = top / _Q8X2
    low, high = vround(low * inverse), vround(high * inverse)
    store_bytes(group + BYTE_ROW * lane, low)
    store_bytes(group + BYTE_ROW * lane + LANES, high)
    store_f32(group + Q16_SCALE + FLOAT * lane, scale)
    first, second = vsum(low), vsum(high)
    both = scale * (first + second)
    store_sums(group, lane, Q16_SUM, Q16_HALVES, both, scale * first, scale * second)


@inline
def store_bytes(at: Address, whole: Vector) -> None:
    """Whole numbers as 256 · upper + lower; halves go up, so that lower is -128 … 127."""
    upper = vround(whole * vsplat(_PART) + vsplat(_NUDGE))
    vstore_i8(upper, at)
    vstore_i8(whole - upper * vsplat(_BYTE), at + Q8X2_LOW)


@inline
def finish_vector(row: Address, token: int, index: int, value: Vector) -> None:
    """Store a last vector that has no partner; only rows of floats may be so narrow."""
    out, bf16 = load_i64(row + AT.out_f32), load_i64(row + AT.out_bf16)
    if out:
        vstore(value, out + token * load_i64(row + AT.out_f32_stride) + VECTOR * index)
    if bf16:
        vstore_bfloat(value, bf16 + token * load_i64(row + AT.out_bf16_stride) + 2 * LANES * index)
