"""Packs the types of two to four levels (TQ1_0, TQ2_0, Q1_0, Q2_0) as two-bit numbers, IQ4_NL,
IQ4_XS and the four-bit floats (MXFP4, NVFP4) as their codes; see packing.py.

A vector of two-bit numbers has quads 4v to 4v + 3, the first in the lowest bits.
"""

from dataclasses import replace

from engine.compute.kernels import panels
from engine.compute.kernels.jit import Kernel, inline
from engine.compute.kernels.pack import HIGH, LOW, copy_words, spread_bits
from engine.compute.kernels.pack_k import twos
from engine.compute.kernels.packing import packs
from engine.compute.kernels.panels import (
    BLOCK,
    NIBBLES,
    SHARED_D,
    D,
    Layout,
    coded,
    sign_above_three_bits,
)
from engine.compute.simd.memory import (
    load_i8,
    load_u16,
    load_u32,
    store_i8,
    store_i16,
    store_i32,
)
from engine.weights.blocks.levels import FOUR, LevelBlocks
from engine.weights.types import TensorType


def in_pairs(layout: Layout) -> Layout:
    """The same codes for products with 16-bit activations."""
    return replace(layout, activations="q16")


# Quads of two-bit numbers: 128 bytes. Nothing is rounded.
TQ2_0 = Layout(TensorType.TQ2_0, (("qs", 128), SHARED_D), 256, most=3, lifted=1)
Q2_0 = Layout(TensorType.Q2_0, (("qs", 128), D), BLOCK, most=3, lifted=1)
# Four-bit floats, doubled; their scales, halved, are bfloat16 without rounding.
_FLOAT4 = sign_above_three_bits(0, 1, 2, 3, 4, 6, 8, 12)
MXFP4 = coded(Layout(TensorType.MXFP4, (NIBBLES, ("b", 32)), BLOCK), _FLOAT4)
NVFP4 = coded(Layout(TensorType.NVFP4, (NIBBLES, ("b", 64)), BLOCK, halves=True), _FLOAT4)
IQ4_XS = coded(Layout(TensorType.IQ4_XS, (NIBBLES, ("sc", 16), SHARED_D), 256), FOUR)
IQ4_XS_PAIRS = in_pairs(IQ4_XS)
# As in pack_k.py; N is from one chunk to the next.
TQ2_R, TQ2_Q, TQ2_D = TQ2_0.record_bytes, TQ2_0.start("qs"), TQ2_0.start("d")
Q2_N, Q2_D = Q2_0.chunk_bytes, Q2_0.start("d")
MXFP4_B = MXFP4.start("b")
NVFP4_N, NVFP4_B = NVFP4.chunk_bytes, NVFP4.start("b")
IQ4_XS_R = IQ4_XS.record_bytes
IQ4_XS_Q, IQ4_XS_S, IQ4_XS_D = (IQ4_XS.start(name) for name in ("qs", "sc", "d"))
slot = inline(panels.slot)
EVEN_BYTES = 0x00FF00FF
WHOLES = 0x0003000300030003


@packs(TensorType.TQ2_0, TQ2_0)
def pack_tq2_0(block, chunk, r):
    store_i16(chunk + TQ2_D + 2 * r, load_u16(block + 64))
    for j in range(8):
        for v in range(2):
            word = 0
            for k in range(4):
                word |= twos(block, j, 4 * v + k) << (2 * k)
            store_i32(chunk + TQ2_Q + TQ2_R * j + 64 * v + 4 * r, word)


@inline
def digits(block, word):
    """Numbers 4 · word to 4 · word + 3 of a block of TQ1_0: four bytes hold the same digit of four
    columns, and multiplying by a power of three brings it on top."""
    if word < 40:
        place, power = word & 7, word >> 3
    elif word < 60:
        place, power = 8 + ((word - 40) & 3), (word - 40) >> 2
    else:
        place, power = 12, word - 60
    four = load_u32(block + 4 * place)
    times = 1
    for _ in range(power):
        times *= 3
    # Bytes 0 and 2, then 1 and 3, in 16 bits each.
    even = ((((four & EVEN_BYTES) * times) & EVEN_BYTES) * 3 >> 8) & WHOLES
    odd = (((((four >> 8) & EVEN_BYTES) * times) & EVEN_BYTES) * 3 >> 8) & WHOLES
    return even | (odd << 8)


@packs(TensorType.TQ1_0, TQ2_0)
def pack_tq1_0(block, chunk, r):
    store_i16(chunk + TQ2_D + 2 * r, load_u16(block + 52))
    for j in range(8):
        for v in range(2):
            word = 0
            for k in range(4):
                word |= digits(block, 8 * j + 4 * v + k) << (2 * k)
            store_i32(chunk + TQ2_Q + TQ2_R * j + 64 * v + 4 * r, word)


@inline
def spread_twos(four):
    """Four two-bit numbers of a byte as four bytes."""
    return (four | (four << 6) | (four << 12) | (four << 18)) & 0x03030303


@packs(TensorType.Q2_0, Q2_0)
def pack_q2_0(block, chunk, r):
    """Value i of 64 is in byte i // 4."""
    for b in range(2):
        to = chunk + Q2_N * b
        store_i16(to + Q2_D + 2 * r, load_u16(block))
        for v in range(2):
            packed, word = load_u32(block + 2 + 8 * b + 4 * v), 0
            for k in range(4):
                word |= spread_twos((packed >> (8 * k)) & 0xFF) << (2 * k)
            store_i32(to + 64 * v + 4 * r, word)


@packs(TensorType.Q1_0, Q2_0)
def pack_q1_0(block, chunk, r):
    """A bit for each of 128 values: -1 and 1 are the two-bit numbers 0 and 2."""
    for b in range(4):
        to = chunk + Q2_N * b
        store_i16(to + Q2_D + 2 * r, load_u16(block))
        spread = spread_bits(load_u32(block + 2 + 4 * b))  # bit j: quad j
        for v in range(2):
            word = 0
            for k in range(4):
                word |= ((spread >> (4 * v + k)) & 0x01010101) << (2 * k + 1)
            store_i32(to + 64 * v + 4 * r, word)


@packs(TensorType.MXFP4, MXFP4)
def pack_mxfp4(block, chunk, r):
    """2 ** (e - 128) as bfloat16; the two smallest are subnormal."""
    e = load_i8(block) & 0xFF
    store_i16(chunk + MXFP4_B + 2 * r, (e - 1) << 7 if e > 1 else 0x20 << e)
    copy_words(block + 1, chunk + 4 * r, 4)


@inline
def half_e4m3(x):
    """Half of an unsigned float of four bits of exponent and three of mantissa, as bfloat16."""
    size = x & 0x7F
    if size >= 8:
        return 0 if x == 0x7F else (size << 4) + ((127 - 8) << 7)
    scaled = 0  # the smallest eight: size / 1024
    if size >= 4:
        scaled = ((127 - 8) << 7) | ((size & 3) << 5)
    elif size >= 2:
        scaled = ((127 - 9) << 7) | ((size & 1) << 6)
    elif size == 1:
        scaled = (127 - 10) << 7
    return scaled


@packs(TensorType.NVFP4, NVFP4)
def pack_nvfp4(block, chunk, r):
    """Four groups of 16 values, eight bytes and a scale each: low halves are the first eight."""
    for b in range(2):
        to, codes = chunk + NVFP4_N * b, block + 4 + 16 * b
        for half in range(2):
            scale = load_i8(block + 2 * b + half) & 0xFF
            store_i16(to + NVFP4_B + 32 * half + 2 * r, half_e4m3(scale))
        for g in range(2):
            first, second = load_u32(codes + 4 * g), load_u32(codes + 4 * g + 8)
            low = (first & LOW) | ((second & LOW) << 4)
            high = ((first >> 4) & LOW) | (second & HIGH)
            store_i32(to + 64 * g + 4 * r, low)
            store_i32(to + 64 * (g + 2) + 4 * r, high)


@inline
def copy_pairs(source, target):
    """Sixteen bytes of a row, two to each of eight vectors of pairs."""
    for p in range(8):
        store_i16(target + 32 * p, load_u16(source + 2 * p))


@inline
def keep_scales_iq4_xs(block, chunk, r):
    """d, and six-bit scales in two places, less 32."""
    store_i16(chunk + IQ4_XS_D + 2 * r, load_u16(block))
    low, high = load_u32(block + 4), load_u16(block + 2)
    for b in range(8):
        scale = ((low >> (4 * b)) & 15) | (((high >> (2 * b)) & 3) << 4)
        store_i8(chunk + IQ4_XS_S + IQ4_XS_R * b + r, scale - 32)


@packs(TensorType.IQ4_XS, IQ4_XS)
def pack_iq4_xs(block, chunk, r):
    keep_scales_iq4_xs(block, chunk, r)
    for b in range(8):
        to = chunk + IQ4_XS_Q + IQ4_XS_R * b
        copy_words(block + 8 + 16 * b, to + 4 * r, 4)


@packs(TensorType.IQ4_XS, IQ4_XS_PAIRS)
def pack_iq4_xs_pairs(block, chunk, r):
    keep_scales_iq4_xs(block, chunk, r)
    for b in range(8):
        to = chunk + IQ4_XS_Q + IQ4_XS_R * b
        copy_pairs(block + 8 + 16 * b, to + 2 * slot(r))


# --- types that are data alone (weights/blocks/levels.py) ----------------------------------------
LEVEL_N = Layout(TensorType.IQ4_NL, (NIBBLES, D), BLOCK).chunk_bytes
LEVEL_D = Layout(TensorType.IQ4_NL, (NIBBLES, D), BLOCK).start("d")


def level_layout(kind: TensorType, blocks: LevelBlocks) -> Layout:
    return coded(Layout(kind, (NIBBLES, D), BLOCK), blocks.levels)


def level_packers(kind: TensorType, blocks: LevelBlocks) -> tuple[Kernel, Kernel]:
    """In quads and in pairs: the scale, and 16 bytes for each 32 columns."""
    count = blocks.values // BLOCK

    def quads(block, chunk, r):
        for b in range(count):
            to = chunk + LEVEL_N * b
            store_i16(to + LEVEL_D + 2 * r, load_u16(block))
            copy_words(block + 2 + 16 * b, to + 4 * r, 4)

    def pairs(block, chunk, r):
        for b in range(count):
            to = chunk + LEVEL_N * b
            store_i16(to + LEVEL_D + 2 * r, load_u16(block))
            copy_pairs(block + 2 + 16 * b, to + 2 * slot(r))

    layout, name = level_layout(kind, blocks), kind.name.lower()
    made = []
    for function, ending in ((quads, ""), (pairs, "_pairs")):
        function.__name__ = function.__qualname__ = f"pack_{name}{ending}"
        made.append(packs(kind, layout)(function))
    return made[0], made[1]


LEVEL_PACKERS = {
    kind: level_packers(kind, kind.blocks)
    for kind in TensorType
    if isinstance(kind.blocks, LevelBlocks)
}
