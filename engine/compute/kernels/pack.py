"""Packs blocks of floats, Q4 to Q8 and the larger K types (see packing.py).

Field order of each block: ggml-common.h; the same layouts are spelled out in engine/weights/quants.
"""

from engine.compute.kernels.jit import inline
from engine.compute.kernels.packing import packs
from engine.compute.kernels.panels import BLOCK, HIGH1, NIBBLES, D, FloatLayout, Layout, M
from engine.compute.simd.memory import (
    copy_bytes,
    load_u16,
    load_u32,
    store_i16,
    store_i32,
)
from engine.weights.types import TensorType

LOW, HIGH = 0x0F0F0F0F, 0xF0F0F0F0

F32 = FloatLayout(TensorType.F32, 4)
F16 = FloatLayout(TensorType.F16, 2)
BF16 = FloatLayout(TensorType.BF16, 2)
BF16_PAIRS = FloatLayout(TensorType.BF16, 2, unit=2, activations="bf16")
Q4_0 = Layout(TensorType.Q4_0, (NIBBLES, D), BLOCK, most=15, lifted=8)
Q4_1 = Layout(TensorType.Q4_1, (NIBBLES, D, M), BLOCK, most=15)
Q5_0 = Layout(TensorType.Q5_0, (NIBBLES, HIGH1, D), BLOCK, most=31, lifted=16)
Q5_1 = Layout(TensorType.Q5_1, (NIBBLES, HIGH1, D, M), BLOCK, most=31)
Q8_0 = Layout(TensorType.Q8_0, (("qs", 512), D), BLOCK, most=255, lifted=128)
Q8_0_PAIRS = Layout(TensorType.Q8_0, (("qs", 512), D), BLOCK, activations="q16")
# Where in a chunk its parts begin.
Q4_0_D, Q8_0_D = Q4_0.start("d"), Q8_0.start("d")
Q4_1_D, Q4_1_M = Q4_1.start("d"), Q4_1.start("m")
Q5_0_H, Q5_0_D = Q5_0.start("qh"), Q5_0.start("d")
Q5_1_H, Q5_1_D, Q5_1_M = (Q5_1.start(n) for n in ("qh", "d", "m"))


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


@packs(TensorType.Q4_0, Q4_0)
def pack_q4_0(block, chunk, r):
    store_i16(chunk + Q4_0_D + 2 * r, load_u16(block))
    copy_words(block + 2, chunk + 4 * r, 4)


@packs(TensorType.Q4_1, Q4_1)
def pack_q4_1(block, chunk, r):
    store_i16(chunk + Q4_1_D + 2 * r, load_u16(block))
    store_i16(chunk + Q4_1_M + 2 * r, load_u16(block + 2))
    copy_words(block + 4, chunk + 4 * r, 4)


@packs(TensorType.Q5_0, Q5_0)
def pack_q5_0(block, chunk, r):
    store_i16(chunk + Q5_0_D + 2 * r, load_u16(block))
    bits = spread_bits(load_u32(block + 2))
    store_i32(chunk + Q5_0_H + 4 * r, bits)
    copy_words(block + 6, chunk + 4 * r, 4)


@packs(TensorType.Q5_1, Q5_1)
def pack_q5_1(block, chunk, r):
    store_i16(chunk + Q5_1_D + 2 * r, load_u16(block))
    store_i16(chunk + Q5_1_M + 2 * r, load_u16(block + 2))
    bits = spread_bits(load_u32(block + 4))
    store_i32(chunk + Q5_1_H + 4 * r, bits)
    copy_words(block + 8, chunk + 4 * r, 4)


@packs(TensorType.Q8_0, Q8_0)
def pack_q8_0(block, chunk, r):
    """Quads of unsigned bytes: flipping the sign bit adds 128."""
    store_i16(chunk + Q8_0_D + 2 * r, load_u16(block))
    for j in range(8):
        word = load_u32(block + 2 + 4 * j) ^ 0x80808080
        store_i32(chunk + 64 * j + 4 * r, word)


@packs(TensorType.Q8_0, Q8_0_PAIRS)
def pack_q8_0_pairs(block, chunk, r):
    store_i16(chunk + Q8_0_D + 2 * r, load_u16(block))
    for p in range(16):
        store_i16(chunk + 32 * p + 2 * r, load_u16(block + 2 + 2 * p))


@packs(TensorType.F16, F16)
def pack_2_bytes(block, chunk, r):
    """A column of one row; also for BF16."""
    copy_bytes(chunk + 2 * r, block, 2)


@packs(TensorType.F32, F32)
def pack_4_bytes(block, chunk, r):
    copy_bytes(chunk + 4 * r, block, 4)
