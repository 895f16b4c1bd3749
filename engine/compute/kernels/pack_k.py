"""Packs the K types: superblocks of 256 columns (see packing.py).

    chunk    d | dmin | block 0: qs | qh | sc | mn | block 1: … | block 7: …

Two and three bits become nibbles: what the tiles unpack fastest.
"""

from engine.compute.kernels.jit import inline
from engine.compute.kernels.pack import HIGH, LOW
from engine.compute.kernels.packing import packs
from engine.compute.kernels.panels import (
    FLOAT16,
    HIGH1,
    HIGH2,
    IN_QUAD,
    NIBBLES,
    QUAD,
    SHARED_D,
    SHARED_DMIN,
    Layout,
)
from engine.compute.simd.memory import (
    Address,
    load_i8,
    load_u16,
    load_u32,
    store_i8,
    store_i16,
    store_i32,
)
from engine.weights.types import TensorType

_SC, _MN = ("sc", 16), ("mn", 16)  # of each block: a byte for every row
_SC2, _MN2 = ("sc", 32), ("mn", 32)  # of each 16 columns
_SHARED = (SHARED_D, SHARED_DMIN)
Q2_K = Layout(TensorType.Q2_K, (NIBBLES, _SC2, _MN2, *_SHARED), 256, most=3, halves=True)
Q3_K = Layout(TensorType.Q3_K, (NIBBLES, _SC2, SHARED_D), 256, most=7, halves=True, lifted=4)
Q4_K = Layout(TensorType.Q4_K, (NIBBLES, _SC, _MN, *_SHARED), 256, most=15)
Q5_K = Layout(TensorType.Q5_K, (NIBBLES, HIGH1, _SC, _MN, *_SHARED), 256, most=31)
Q6_K = Layout(
    TensorType.Q6_K, (NIBBLES, HIGH2, _SC2, SHARED_D), 256, most=63, halves=True, lifted=32
)
# Where fields of a block of the file lie, where parts of a chunk's first block begin, and how far
# it is from one block of a chunk to the next.
Q2_K_IN, Q2_K_OUT, Q2_K_NEXT = TensorType.Q2_K.blocks.at, Q2_K.at, Q2_K.record_bytes
Q3_K_IN, Q3_K_OUT, Q3_K_NEXT = TensorType.Q3_K.blocks.at, Q3_K.at, Q3_K.record_bytes
Q4_K_IN, Q4_K_OUT, Q4_K_NEXT = TensorType.Q4_K.blocks.at, Q4_K.at, Q4_K.record_bytes
Q5_K_IN, Q5_K_OUT, Q5_K_NEXT = TensorType.Q5_K.blocks.at, Q5_K.at, Q5_K.record_bytes
Q6_K_IN, Q6_K_OUT, Q6_K_NEXT = TensorType.Q6_K.blocks.at, Q6_K.at, Q6_K.record_bytes
ONES, TWOS, SIXES = 0x01010101, 0x03030303, 0x3F3F3F3F  # bits of each of four bytes


@inline
def twos(qs: Address, block: int, word: int) -> int:
    """Four two-bit numbers, columns 4·word … of one block of 32."""
    return (load_u32(qs + 32 * (block >> 2) + 4 * word) >> (2 * (block & 3))) & TWOS


@inline
def threes(qs: Address, mask: Address, block: int, word: int) -> int:
    """The same with the third bit, from a mask that holds bit `block` of each column."""
    return twos(qs, block, word) | (((load_u32(mask + 4 * word) >> block) & ONES) << 2)


@inline
def scale_of_q3_k(scales: Address, i: int) -> int:
    """Six bits in two places, less 32."""
    low = (load_i8(scales + (i & 7)) >> (4 * (i >> 3))) & 15
    high = (load_i8(scales + 8 + (i & 3)) >> (2 * (i >> 2))) & 3
    return (low | (high << 4)) - 32


@packs(TensorType.Q2_K, Q2_K)
def pack_q2_k(block: Address, chunk: Address, r: int) -> None:
    store_i16(chunk + Q2_K_OUT.d + FLOAT16 * r, load_u16(block + Q2_K_IN.d))
    store_i16(chunk + Q2_K_OUT.dmin + FLOAT16 * r, load_u16(block + Q2_K_IN.dmin))
    for i in range(16):
        both = load_i8(block + Q2_K_IN.scales + i)
        at = chunk + Q2_K_NEXT * (i >> 1) + 16 * (i & 1) + r
        store_i8(at + Q2_K_OUT.sc, both & 15)
        store_i8(at + Q2_K_OUT.mn, (both >> 4) & 15)
    for j in range(8):
        for g in range(4):
            first, second = twos(block + Q2_K_IN.qs, j, g), twos(block + Q2_K_IN.qs, j, g + 4)
            at = chunk + Q2_K_OUT.qs + Q2_K_NEXT * j + QUAD * g + IN_QUAD * r
            store_i32(at, first | (second << 4))


@packs(TensorType.Q3_K, Q3_K)
def pack_q3_k(block: Address, chunk: Address, r: int) -> None:
    store_i16(chunk + Q3_K_OUT.d + FLOAT16 * r, load_u16(block + Q3_K_IN.d))
    for i in range(16):
        at = chunk + Q3_K_OUT.sc + Q3_K_NEXT * (i >> 1) + 16 * (i & 1) + r
        store_i8(at, scale_of_q3_k(block + Q3_K_IN.scales, i))
    for j in range(8):
        for g in range(4):
            first = threes(block + Q3_K_IN.qs, block + Q3_K_IN.hmask, j, g)
            second = threes(block + Q3_K_IN.qs, block + Q3_K_IN.hmask, j, g + 4)
            at = chunk + Q3_K_OUT.qs + Q3_K_NEXT * j + QUAD * g + IN_QUAD * r
            store_i32(at, first | (second << 4))


@inline
def keep_scales_k4(packed: Address, scales: Address, leasts: Address, apart: int) -> None:
    """Eight six-bit scales and minimums from the twelve bytes of Q4_K and Q5_K, block by block."""
    first, second, third = load_u32(packed), load_u32(packed + 4), load_u32(packed + 8)
    scale_low, least_low = first & SIXES, second & SIXES
    scale_high = (third & LOW) | (((first >> 6) & TWOS) << 4)
    least_high = ((third >> 4) & LOW) | (((second >> 6) & TWOS) << 4)
    for j in range(4):
        store_i8(scales + apart * j, scale_low >> (8 * j))
        store_i8(scales + apart * (j + 4), scale_high >> (8 * j))
        store_i8(leasts + apart * j, least_low >> (8 * j))
        store_i8(leasts + apart * (j + 4), least_high >> (8 * j))


@inline
def nibbles_k4(chunk: Address, target: Address, apart: int) -> None:
    """32 bytes (low nibbles: one block, high nibbles: the next) to the vectors of two blocks."""
    for g in range(4):
        first, second = load_u32(chunk + 4 * g), load_u32(chunk + 4 * g + 16)
        store_i32(target + QUAD * g, (first & LOW) | ((second & LOW) << 4))
        store_i32(target + apart + QUAD * g, ((first >> 4) & LOW) | (second & HIGH))


@packs(TensorType.Q4_K, Q4_K)
def pack_q4_k(block: Address, chunk: Address, r: int) -> None:
    store_i16(chunk + Q4_K_OUT.d + FLOAT16 * r, load_u16(block + Q4_K_IN.d))
    store_i16(chunk + Q4_K_OUT.dmin + FLOAT16 * r, load_u16(block + Q4_K_IN.dmin))
    scales = chunk + Q4_K_OUT.sc + r
    leasts = chunk + Q4_K_OUT.mn + r
    keep_scales_k4(block + Q4_K_IN.scales, scales, leasts, Q4_K_NEXT)
    for j in range(4):
        nibbles_k4(
            block + Q4_K_IN.qs + 32 * j,
            chunk + Q4_K_OUT.qs + 2 * Q4_K_NEXT * j + IN_QUAD * r,
            Q4_K_NEXT,
        )


@packs(TensorType.Q5_K, Q5_K)
def pack_q5_k(block: Address, chunk: Address, r: int) -> None:
    store_i16(chunk + Q5_K_OUT.d + FLOAT16 * r, load_u16(block + Q5_K_IN.d))
    store_i16(chunk + Q5_K_OUT.dmin + FLOAT16 * r, load_u16(block + Q5_K_IN.dmin))
    scales = chunk + Q5_K_OUT.sc + r
    leasts = chunk + Q5_K_OUT.mn + r
    keep_scales_k4(block + Q5_K_IN.scales, scales, leasts, Q5_K_NEXT)
    for j in range(8):
        bits = 0
        for k in range(8):
            bits |= ((load_u32(block + Q5_K_IN.qh + 4 * k) >> j) & ONES) << k
        store_i32(chunk + Q5_K_OUT.qh + Q5_K_NEXT * j + IN_QUAD * r, bits)
    for j in range(4):
        nibbles_k4(
            block + Q5_K_IN.qs + 32 * j,
            chunk + Q5_K_OUT.qs + 2 * Q5_K_NEXT * j + IN_QUAD * r,
            Q5_K_NEXT,
        )


@inline
def nibbles_q6_k(low: Address, shift: int, target: Address) -> None:
    """One block's low nibbles from 32 bytes, shifted by 0 or 4."""
    for g in range(4):
        first = (load_u32(low + 4 * g) >> shift) & LOW
        second = (load_u32(low + 4 * g + 16) >> shift) & LOW
        store_i32(target + QUAD * g, first | (second << 4))


@packs(TensorType.Q6_K, Q6_K)
def pack_q6_k(block: Address, chunk: Address, r: int) -> None:
    store_i16(chunk + Q6_K_OUT.d + FLOAT16 * r, load_u16(block + Q6_K_IN.d))
    for j in range(8):
        low = block + Q6_K_IN.ql + 64 * (j // 4) + 32 * (j % 2)
        nibbles_q6_k(low, 4 * (j % 4 // 2), chunk + Q6_K_OUT.qs + Q6_K_NEXT * j + IN_QUAD * r)
        for half in range(2):
            scale = load_i8(block + Q6_K_IN.scales + 2 * j + half)
            store_i8(chunk + Q6_K_OUT.sc + Q6_K_NEXT * j + 16 * half + r, scale)
            bits = 0
            for k in range(4):
                word = load_u32(block + Q6_K_IN.qh + 32 * (j // 4) + 16 * half + 4 * k)
                bits |= ((word >> (2 * (j % 4))) & TWOS) << (2 * k)
            store_i32(chunk + Q6_K_OUT.qh + Q6_K_NEXT * j + QUAD * half + IN_QUAD * r, bits)
