"""Packs Q2_K and Q3_K; see packing.py.

Two and three bits become nibbles: what the tiles unpack fastest.
"""

from engine.compute.kernels import panels
from engine.compute.kernels.jit import inline
from engine.compute.kernels.packing import packs
from engine.compute.simd.memory import (
    load_i8,
    load_u16,
    load_u32,
    store_i8,
    store_i16,
    store_i32,
)
from engine.weights.types import TensorType

Q2_K_R, Q3_K_R = panels.Q2_K.record_bytes, panels.Q3_K.record_bytes
Q2_K_Q, Q3_K_Q = panels.Q2_K.start("qs"), panels.Q3_K.start("qs")
Q2_K_S, Q2_K_M, Q2_K_D, Q2_K_L = (panels.Q2_K.start(n) for n in ("sc", "mn", "d", "dmin"))
Q3_K_S, Q3_K_D = panels.Q3_K.start("sc"), panels.Q3_K.start("d")
TWOS, ONES = 0x03030303, 0x01010101


@inline
def twos(qs, block, word):
    """Four two-bit numbers, columns 4·word … of one block of 32."""
    return (load_u32(qs + 32 * (block >> 2) + 4 * word) >> (2 * (block & 3))) & TWOS


@inline
def threes(qs, mask, block, word):
    """The same with the third bit, from a mask that holds bit `block` of each column."""
    return twos(qs, block, word) | (((load_u32(mask + 4 * word) >> block) & ONES) << 2)


@inline
def scale_of_q3_k(scales, i):
    """Six bits in two places, less 32."""
    low = (load_i8(scales + (i & 7)) >> (4 * (i >> 3))) & 15
    high = (load_i8(scales + 8 + (i & 3)) >> (2 * (i >> 2))) & 3
    return (low | (high << 4)) - 32


@packs(TensorType.Q2_K, panels.Q2_K)
def pack_q2_k(block, chunk, r):
    store_i16(chunk + Q2_K_D + 2 * r, load_u16(block + 80))
    store_i16(chunk + Q2_K_L + 2 * r, load_u16(block + 82))
    for i in range(16):
        both = load_i8(block + i)
        at = chunk + Q2_K_R * (i >> 1) + 16 * (i & 1) + r
        store_i8(at + Q2_K_S, both & 15)
        store_i8(at + Q2_K_M, (both >> 4) & 15)
    for j in range(8):
        for g in range(4):
            first, second = twos(block + 16, j, g), twos(block + 16, j, g + 4)
            at = chunk + Q2_K_Q + Q2_K_R * j + 64 * g + 4 * r
            store_i32(at, first | (second << 4))


@packs(TensorType.Q3_K, panels.Q3_K)
def pack_q3_k(block, chunk, r):
    store_i16(chunk + Q3_K_D + 2 * r, load_u16(block + 108))
    for i in range(16):
        at = chunk + Q3_K_S + Q3_K_R * (i >> 1) + 16 * (i & 1) + r
        store_i8(at, scale_of_q3_k(block + 96, i))
    for j in range(8):
        for g in range(4):
            first = threes(block + 32, block, j, g)
            second = threes(block + 32, block, j, g + 4)
            at = chunk + Q3_K_Q + Q3_K_R * j + 64 * g + 4 * r
            store_i32(at, first | (second << 4))
