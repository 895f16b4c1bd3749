"""Packs blocks of floats, Q4 to Q8 and the larger K types (see packing.py).

Field order of each block: ggml-common.h; the same layouts are spelled out in engine/weights/quants.
"""

from engine.compute.kernels import panels
from engine.compute.kernels.jit import inline
from engine.compute.kernels.packing import packs
from engine.compute.simd.memory import (
    copy_bytes,
    load_i8,
    load_u16,
    load_u32,
    store_i8,
    store_i16,
    store_i32,
)
from engine.weights.types import TensorType

LOW, HIGH = 0x0F0F0F0F, 0xF0F0F0F0
# Where in a chunk its parts begin.
Q4_0_D = panels.Q4_0.start("d")
Q4_1_D, Q4_1_M = panels.Q4_1.start("d"), panels.Q4_1.start("m")
Q5_0_H, Q5_0_D = panels.Q5_0.start("qh"), panels.Q5_0.start("d")
Q5_1_H, Q5_1_D, Q5_1_M = (panels.Q5_1.start(n) for n in ("qh", "d", "m"))
Q8_0_D = panels.Q8_0.start("d")
Q4_K_R, Q5_K_R, Q6_K_R = (x.record_bytes for x in (panels.Q4_K, panels.Q5_K, panels.Q6_K))
Q4_K_Q, Q5_K_Q, Q6_K_Q = (x.start("qs") for x in (panels.Q4_K, panels.Q5_K, panels.Q6_K))
Q4_K_S, Q4_K_M, Q4_K_D, Q4_K_L = (panels.Q4_K.start(n) for n in ("sc", "mn", "d", "dmin"))
Q5_K_S, Q5_K_M, Q5_K_D, Q5_K_L = (panels.Q5_K.start(n) for n in ("sc", "mn", "d", "dmin"))
Q5_K_H = panels.Q5_K.start("qh")
Q6_K_H, Q6_K_S, Q6_K_D = (panels.Q6_K.start(n) for n in ("qh", "sc", "d"))


@inline
def copy_words(source, target, count):
    """`count` words of 4 columns each to the same row of successive vectors."""
    for k in range(count):
        store_i32(target + 64 * k, load_u32(source + 4 * k))


@inline
def spread_bits(bits):
    """32 high bits, column 4j + c at bit 4j + c, as four bytes c with bit j."""
    word = 0
    for c in range(4):
        x = (bits >> c) & 0x11111111
        x = (x | (x >> 3)) & 0x03030303
        x = (x | (x >> 6)) & 0x000F000F
        x = (x | (x >> 12)) & 0xFF
        word |= x << (8 * c)
    return word


@inline
def keep_scales_k4(packed, scales, leasts, apart):
    """Eight six-bit scales and minimums from the twelve bytes of Q4_K and Q5_K, block by block."""
    first, second, third = load_u32(packed), load_u32(packed + 4), load_u32(packed + 8)
    scale_low, least_low = first & 0x3F3F3F3F, second & 0x3F3F3F3F
    scale_high = (third & LOW) | (((first >> 6) & 0x03030303) << 4)
    least_high = ((third >> 4) & LOW) | (((second >> 6) & 0x03030303) << 4)
    for j in range(4):
        store_i8(scales + apart * j, scale_low >> (8 * j))
        store_i8(scales + apart * (j + 4), scale_high >> (8 * j))
        store_i8(leasts + apart * j, least_low >> (8 * j))
        store_i8(leasts + apart * (j + 4), least_high >> (8 * j))


@inline
def nibbles_k4(chunk, target, apart):
    """32 bytes (low nibbles: one block, high nibbles: the next) to the vectors of two blocks."""
    for g in range(4):
        first, second = load_u32(chunk + 4 * g), load_u32(chunk + 4 * g + 16)
        store_i32(target + 64 * g, (first & LOW) | ((second & LOW) << 4))
        store_i32(target + apart + 64 * g, ((first >> 4) & LOW) | (second & HIGH))


@packs(TensorType.Q4_0, panels.Q4_0)
def pack_q4_0(block, chunk, r):
    store_i16(chunk + Q4_0_D + 2 * r, load_u16(block))
    copy_words(block + 2, chunk + 4 * r, 4)


@packs(TensorType.Q4_1, panels.Q4_1)
def pack_q4_1(block, chunk, r):
    store_i16(chunk + Q4_1_D + 2 * r, load_u16(block))
    store_i16(chunk + Q4_1_M + 2 * r, load_u16(block + 2))
    copy_words(block + 4, chunk + 4 * r, 4)


@packs(TensorType.Q5_0, panels.Q5_0)
def pack_q5_0(block, chunk, r):
    store_i16(chunk + Q5_0_D + 2 * r, load_u16(block))
    bits = spread_bits(load_u32(block + 2))
    store_i32(chunk + Q5_0_H + 4 * r, bits)
    copy_words(block + 6, chunk + 4 * r, 4)


@packs(TensorType.Q5_1, panels.Q5_1)
def pack_q5_1(block, chunk, r):
    store_i16(chunk + Q5_1_D + 2 * r, load_u16(block))
    store_i16(chunk + Q5_1_M + 2 * r, load_u16(block + 2))
    bits = spread_bits(load_u32(block + 4))
    store_i32(chunk + Q5_1_H + 4 * r, bits)
    copy_words(block + 8, chunk + 4 * r, 4)


@packs(TensorType.Q8_0, panels.Q8_0)
def pack_q8_0(block, chunk, r):
    """Quads of unsigned bytes: flipping the sign bit adds 128."""
    store_i16(chunk + Q8_0_D + 2 * r, load_u16(block))
    for j in range(8):
        word = load_u32(block + 2 + 4 * j) ^ 0x80808080
        store_i32(chunk + 64 * j + 4 * r, word)


@packs(TensorType.Q8_0, panels.Q8_0_PAIRS)
def pack_q8_0_pairs(block, chunk, r):
    store_i16(chunk + Q8_0_D + 2 * r, load_u16(block))
    for p in range(16):
        store_i16(chunk + 32 * p + 2 * r, load_u16(block + 2 + 2 * p))


@packs(TensorType.Q4_K, panels.Q4_K)
def pack_q4_k(block, chunk, r):
    store_i16(chunk + Q4_K_D + 2 * r, load_u16(block))
    store_i16(chunk + Q4_K_L + 2 * r, load_u16(block + 2))
    scales = chunk + Q4_K_S + r
    leasts = chunk + Q4_K_M + r
    keep_scales_k4(block + 4, scales, leasts, Q4_K_R)
    for j in range(4):
        nibbles_k4(block + 16 + 32 * j, chunk + Q4_K_Q + 2 * Q4_K_R * j + 4 * r, Q4_K_R)


@packs(TensorType.Q5_K, panels.Q5_K)
def pack_q5_k(block, chunk, r):
    store_i16(chunk + Q5_K_D + 2 * r, load_u16(block))
    store_i16(chunk + Q5_K_L + 2 * r, load_u16(block + 2))
    scales = chunk + Q5_K_S + r
    leasts = chunk + Q5_K_M + r
    keep_scales_k4(block + 4, scales, leasts, Q5_K_R)
    for j in range(8):
        bits = 0
        for k in range(8):
            bits |= ((load_u32(block + 16 + 4 * k) >> j) & 0x01010101) << k
        store_i32(chunk + Q5_K_H + Q5_K_R * j + 4 * r, bits)
    for j in range(4):
        nibbles_k4(block + 48 + 32 * j, chunk + Q5_K_Q + 2 * Q5_K_R * j + 4 * r, Q5_K_R)


@inline
def nibbles_q6_k(low, shift, target):
    """One block's low nibbles from 32 bytes, shifted by 0 or 4."""
    for g in range(4):
        first = (load_u32(low + 4 * g) >> shift) & LOW
        second = (load_u32(low + 4 * g + 16) >> shift) & LOW
        store_i32(target + 64 * g, first | (second << 4))


@packs(TensorType.Q6_K, panels.Q6_K)
def pack_q6_k(block, chunk, r):
    store_i16(chunk + Q6_K_D + 2 * r, load_u16(block + 208))
    for j in range(8):
        low = block + 64 * (j // 4) + 32 * (j % 2)
        nibbles_q6_k(low, 4 * (j % 4 // 2), chunk + Q6_K_Q + Q6_K_R * j + 4 * r)
        for half in range(2):
            scale = load_i8(block + 192 + 2 * j + half)
            store_i8(chunk + Q6_K_S + Q6_K_R * j + 16 * half + r, scale)
            bits = 0
            for k in range(4):
                word = load_u32(block + 128 + 32 * (j // 4) + 16 * half + 4 * k)
                bits |= ((word >> (2 * (j % 4))) & 0x03030303) << (2 * k)
            store_i32(chunk + Q6_K_H + Q6_K_R * j + 64 * half + 4 * r, bits)


@packs(TensorType.F16, panels.F16)
def pack_2_bytes(block, chunk, r):
    """A column of one row; also for BF16."""
    copy_bytes(chunk + 2 * r, block, 2)


@packs(TensorType.F32, panels.F32)
def pack_4_bytes(block, chunk, r):
    copy_bytes(chunk + 4 * r, block, 4)
