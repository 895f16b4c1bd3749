"""Packs floats and the types of 32 values with a scale, Q4_0 to Q8_0 (see packing.py).

    block of row r      d | m | qh | qs: 16 bytes, value i low, value i + 16 high
    its words           qs[0:4] qs[4:8] qs[8:12] qs[12:16]: columns 0-3 low and 16-19 high, …
    chunk               vector g: word g of rows 0 to 15 | … | qh of all rows | d | m

So what a row gives goes to 4 · r of each vector, and to 2 · r of the scales.
"""

from engine.compute.kernels.jit import inline
from engine.compute.kernels.packing import packs
from engine.compute.kernels.panels import BLOCK, HIGH1, NIBBLES, D, FloatLayout, Layout, M
from engine.compute.simd.memory import (
    Address,
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
# Where fields of a block of the file lie, and where parts of a chunk begin.
Q4_0_IN, Q4_0_OUT = TensorType.Q4_0.blocks.at, Q4_0.at
Q4_1_IN, Q4_1_OUT = TensorType.Q4_1.blocks.at, Q4_1.at
Q5_0_IN, Q5_0_OUT = TensorType.Q5_0.blocks.at, Q5_0.at
Q5_1_IN, Q5_1_OUT = TensorType.Q5_1.blocks.at, Q5_1.at
Q8_0_IN, Q8_0_OUT = TensorType.Q8_0.blocks.at, Q8_0.at


@inline
def copy_words(source: Address, target: Address, count: int) -> None:
    """`count` words of 4 columns each to the same row of successive vectors."""
    for k in range(count):
        store_i32(target + 64 * k, load_u32(source + 4 * k))


@inline
def spread_bits(bits: int) -> int:
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
def pack_q4_0(block: Address, chunk: Address, r: int) -> None:
    store_i16(chunk + Q4_0_OUT.d + 2 * r, load_u16(block + Q4_0_IN.d))
    copy_words(block + Q4_0_IN.qs, chunk + 4 * r, 4)


@packs(TensorType.Q4_1, Q4_1)
def pack_q4_1(block: Address, chunk: Address, r: int) -> None:
    store_i16(chunk + Q4_1_OUT.d + 2 * r, load_u16(block + Q4_1_IN.d))
    store_i16(chunk + Q4_1_OUT.m + 2 * r, load_u16(block + Q4_1_IN.m))
    copy_words(block + Q4_1_IN.qs, chunk + 4 * r, 4)


@packs(TensorType.Q5_0, Q5_0)
def pack_q5_0(block: Address, chunk: Address, r: int) -> None:
    store_i16(chunk + Q5_0_OUT.d + 2 * r, load_u16(block + Q5_0_IN.d))
    bits = spread_bits(load_u32(block + Q5_0_IN.qh))
    store_i32(chunk + Q5_0_OUT.qh + 4 * r, bits)
    copy_words(block + Q5_0_IN.qs, chunk + 4 * r, 4)


@packs(TensorType.Q5_1, Q5_1)
def pack_q5_1(block: Address, chunk: Address, r: int) -> None:
    store_i16(chunk + Q5_1_OUT.d + 2 * r, load_u16(block + Q5_1_IN.d))
    store_i16(chunk + Q5_1_OUT.m + 2 * r, load_u16(block + Q5_1_IN.m))
    bits = spread_bits(load_u32(block + Q5_1_IN.qh))
    store_i32(chunk + Q5_1_OUT.qh + 4 * r, bits)
    copy_words(block + Q5_1_IN.qs, chunk + 4 * r, 4)


@packs(TensorType.Q8_0, Q8_0)
def pack_q8_0(block: Address, chunk: Address, r: int) -> None:
    """Quads of unsigned bytes: flipping the sign bit adds 128."""
    store_i16(chunk + Q8_0_OUT.d + 2 * r, load_u16(block + Q8_0_IN.d))
    for j in range(8):
        word = load_u32(block + Q8_0_IN.qs + 4 * j) ^ 0x80808080
        store_i32(chunk + 64 * j + 4 * r, word)


@packs(TensorType.Q8_0, Q8_0_PAIRS)
def pack_q8_0_pairs(block: Address, chunk: Address, r: int) -> None:
    store_i16(chunk + Q8_0_OUT.d + 2 * r, load_u16(block + Q8_0_IN.d))
    for p in range(16):
        store_i16(chunk + 32 * p + 2 * r, load_u16(block + Q8_0_IN.qs + 2 * p))


@packs(TensorType.F16, F16)
def pack_2_bytes(block: Address, chunk: Address, r: int) -> None:
    """A column of one row; also for BF16."""
    copy_bytes(chunk + 2 * r, block, 2)


@packs(TensorType.F32, F32)
def pack_4_bytes(block: Address, chunk: Address, r: int) -> None:
    copy_bytes(chunk + 4 * r, block, 4)
