"""Packs the types of two to four levels (TQ1_0, TQ2_0, Q1_0, Q2_0) as two-bit numbers, IQ4_NL,
IQ4_XS and the four-bit floats (MXFP4, NVFP4) as their codes; see packing.py.

    TQ1_0, TQ2_0           a chunk for 256 columns   d | qs | qs | … (8 blocks)
    IQ4_XS                 a chunk for 256 columns   d | qs | sc | qs | sc | … (8 blocks)
    Q1_0, Q2_0, IQ4_NL     a chunk for 32 columns    qs | d
    MXFP4                  a chunk for 32 columns    qs | b
    NVFP4                  a chunk for 32 columns    qs | b | b      one for each 16 columns

    qs    two bits: 2 vectors of 64 bytes; codes: 4
    d, b, sc    16 float16, bfloat16, bytes: one for each row

    a byte of vector v of two-bit numbers    bits 7 6     5 4     3 2     1 0
                                        quad   4v + 3  4v + 2  4v + 1    4v
"""

from dataclasses import replace

from engine.compute.kernels import panels
from engine.compute.kernels.jit import Kernel, inline
from engine.compute.kernels.pack import HIGH, LOW, copy_words, spread_bits
from engine.compute.kernels.pack_k import ONES, TWOS, twos
from engine.compute.kernels.packing import packs
from engine.compute.kernels.panels import (
    BLOCK,
    FLOAT16,
    IN_PAIR,
    IN_QUAD,
    NIBBLES,
    PAIR,
    QUAD,
    SHARED_D,
    D,
    Layout,
    coded,
    sign_above_three_bits,
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
# As in pack_k.py; for types of small blocks NEXT is from one chunk to the next.
TQ2_0_OUT, TQ2_0_NEXT = TQ2_0.at, TQ2_0.record_bytes
Q2_0_OUT, Q2_0_NEXT = Q2_0.at, Q2_0.chunk_bytes
MXFP4_OUT = MXFP4.at
NVFP4_OUT, NVFP4_NEXT = NVFP4.at, NVFP4.chunk_bytes
IQ4_XS_OUT, IQ4_XS_NEXT = IQ4_XS.at, IQ4_XS.record_bytes
TQ1_0_IN, TQ2_0_IN, Q1_0_IN, Q2_0_IN = (
    kind.blocks.at
    for kind in (TensorType.TQ1_0, TensorType.TQ2_0, TensorType.Q1_0, TensorType.Q2_0)
)
MXFP4_IN, NVFP4_IN, IQ4_XS_IN = (
    kind.blocks.at for kind in (TensorType.MXFP4, TensorType.NVFP4, TensorType.IQ4_XS)
)
slot = inline(panels.slot)
EVEN_BYTES = 0x00FF00FF
WHOLES = 0x0003000300030003


@packs(TensorType.TQ2_0, TQ2_0)
def pack_tq2_0(block: Address, chunk: Address, r: int) -> None:
    store_i16(chunk + TQ2_0_OUT.d + FLOAT16 * r, load_u16(block + TQ2_0_IN.d))
    for j in range(8):
        for v in range(2):
            word = 0
            for k in range(4):
                word |= twos(block + TQ2_0_IN.qs, j, 4 * v + k) << (2 * k)
            store_i32(chunk + TQ2_0_OUT.qs + TQ2_0_NEXT * j + QUAD * v + IN_QUAD * r, word)


@inline
def digits(block: Address, word: int) -> int:
    """Numbers 4 · word to 4 · word + 3 of a block of TQ1_0: four bytes hold the same digit of four
    columns, and multiplying by a power of three brings it on top. qs and qh are one field here."""
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
def pack_tq1_0(block: Address, chunk: Address, r: int) -> None:
    store_i16(chunk + TQ2_0_OUT.d + FLOAT16 * r, load_u16(block + TQ1_0_IN.d))
    for j in range(8):
        for v in range(2):
            word = 0
            for k in range(4):
                word |= digits(block + TQ1_0_IN.qs, 8 * j + 4 * v + k) << (2 * k)
            store_i32(chunk + TQ2_0_OUT.qs + TQ2_0_NEXT * j + QUAD * v + IN_QUAD * r, word)


@inline
def spread_twos(four: int) -> int:
    """Four two-bit numbers of a byte as four bytes."""
    return (four | (four << 6) | (four << 12) | (four << 18)) & TWOS


@packs(TensorType.Q2_0, Q2_0)
def pack_q2_0(block: Address, chunk: Address, r: int) -> None:
    """Value i of 64 is in byte i // 4."""
    for b in range(2):
        to = chunk + Q2_0_NEXT * b
        store_i16(to + Q2_0_OUT.d + FLOAT16 * r, load_u16(block + Q2_0_IN.d))
        for v in range(2):
            packed, word = load_u32(block + Q2_0_IN.qs + 8 * b + 4 * v), 0
            for k in range(4):
                word |= spread_twos((packed >> (8 * k)) & 0xFF) << (2 * k)
            store_i32(to + QUAD * v + IN_QUAD * r, word)


@packs(TensorType.Q1_0, Q2_0)
def pack_q1_0(block: Address, chunk: Address, r: int) -> None:
    """A bit for each of 128 values: -1 and 1 are the two-bit numbers 0 and 2."""
    for b in range(4):
        to = chunk + Q2_0_NEXT * b
        store_i16(to + Q2_0_OUT.d + FLOAT16 * r, load_u16(block + Q1_0_IN.d))
        spread = spread_bits(load_u32(block + Q1_0_IN.qs + 4 * b))  # bit j: quad j
        for v in range(2):
            word = 0
            for k in range(4):
                word |= ((spread >> (4 * v + k)) & ONES) << (2 * k + 1)
            store_i32(to + QUAD * v + IN_QUAD * r, word)


@packs(TensorType.MXFP4, MXFP4)
def pack_mxfp4(block: Address, chunk: Address, r: int) -> None:
    """2 ** (e - 128) as bfloat16; the two smallest are subnormal."""
    e = load_i8(block + MXFP4_IN.e) & 0xFF
    store_i16(chunk + MXFP4_OUT.b + FLOAT16 * r, (e - 1) << 7 if e > 1 else 0x20 << e)
    copy_words(block + MXFP4_IN.qs, chunk + IN_QUAD * r, 4)


@inline
def half_e4m3(x: int) -> int:
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
def pack_nvfp4(block: Address, chunk: Address, r: int) -> None:
    """Four groups of 16 values, eight bytes and a scale each: low halves are the first eight."""
    for b in range(2):
        to, codes = chunk + NVFP4_NEXT * b, block + NVFP4_IN.qs + 16 * b
        for half in range(2):
            scale = load_i8(block + NVFP4_IN.d + 2 * b + half) & 0xFF
            store_i16(to + NVFP4_OUT.b + 32 * half + FLOAT16 * r, half_e4m3(scale))
        for g in range(2):
            first, second = load_u32(codes + 4 * g), load_u32(codes + 4 * g + 8)
            low = (first & LOW) | ((second & LOW) << 4)
            high = ((first >> 4) & LOW) | (second & HIGH)
            store_i32(to + QUAD * g + IN_QUAD * r, low)
            store_i32(to + QUAD * (g + 2) + IN_QUAD * r, high)


@inline
def copy_pairs(source: Address, target: Address) -> None:
    """Sixteen bytes of a row, two to each of eight vectors of pairs."""
    for p in range(8):
        store_i16(target + PAIR * p, load_u16(source + IN_PAIR * p))


@inline
def keep_scales_iq4_xs(block: Address, chunk: Address, r: int) -> None:
    """d, and six-bit scales in two places, less 32."""
    store_i16(chunk + IQ4_XS_OUT.d + FLOAT16 * r, load_u16(block + IQ4_XS_IN.d))
    low, high = load_u32(block + IQ4_XS_IN.scales_l), load_u16(block + IQ4_XS_IN.scales_h)
    for b in range(8):
        scale = ((low >> (4 * b)) & 15) | (((high >> (2 * b)) & 3) << 4)
        store_i8(chunk + IQ4_XS_OUT.sc + IQ4_XS_NEXT * b + r, scale - 32)


@packs(TensorType.IQ4_XS, IQ4_XS)
def pack_iq4_xs(block: Address, chunk: Address, r: int) -> None:
    keep_scales_iq4_xs(block, chunk, r)
    for b in range(8):
        to = chunk + IQ4_XS_OUT.qs + IQ4_XS_NEXT * b
        copy_words(block + IQ4_XS_IN.qs + 16 * b, to + IN_QUAD * r, 4)


@packs(TensorType.IQ4_XS, IQ4_XS_PAIRS)
def pack_iq4_xs_pairs(block: Address, chunk: Address, r: int) -> None:
    keep_scales_iq4_xs(block, chunk, r)
    for b in range(8):
        to = chunk + IQ4_XS_OUT.qs + IQ4_XS_NEXT * b
        copy_pairs(block + IQ4_XS_IN.qs + 16 * b, to + IN_PAIR * slot(r))


# --- types that are data alone (weights/blocks/levels.py) ----------------------------------------
_LEVELS = Layout(TensorType.IQ4_NL, (NIBBLES, D), BLOCK)
LEVELS_IN, LEVELS_OUT, LEVELS_NEXT = TensorType.IQ4_NL.blocks.at, _LEVELS.at, _LEVELS.chunk_bytes


def level_layout(kind: TensorType, blocks: LevelBlocks) -> Layout:
    return coded(replace(_LEVELS, type=kind), blocks.levels)


def level_packers(kind: TensorType, blocks: LevelBlocks) -> tuple[Kernel, Kernel]:
    """In quads and in pairs: the scale, and 16 bytes for each 32 columns."""
    count = blocks.values // BLOCK

    def quads(block: Address, chunk: Address, r: int) -> None:
        for b in range(count):
            to = chunk + LEVELS_NEXT * b
            store_i16(to + LEVELS_OUT.d + FLOAT16 * r, load_u16(block + LEVELS_IN.d))
            copy_words(block + LEVELS_IN.qs + 16 * b, to + IN_QUAD * r, 4)

    def pairs(block: Address, chunk: Address, r: int) -> None:
        for b in range(count):
            to = chunk + LEVELS_NEXT * b
            store_i16(to + LEVELS_OUT.d + FLOAT16 * r, load_u16(block + LEVELS_IN.d))
            copy_pairs(block + LEVELS_IN.qs + 16 * b, to + IN_PAIR * slot(r))

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
