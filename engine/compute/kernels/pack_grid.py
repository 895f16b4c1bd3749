"""Packs IQ1, IQ2 and IQ3 types (packing.py): points of grids are spelled out as four-bit codes.

A code is the place of a value's magnitude among the levels of its type and, in bit 3, its sign (of
IQ1: which way its point is shifted). The caller gives a table of int64 words, eight codes in
each: first 256 bytes of signs, then the points (backends/cpu_points.py).
"""

from dataclasses import replace

from engine.compute.kernels.jit import inline
from engine.compute.kernels.packing import packs
from engine.compute.kernels.panels import (
    NIBBLES,
    SHARED_D,
    Layout,
    coded,
    sign_above_three_bits,
)
from engine.compute.simd.memory import (
    load_i8,
    load_i64,
    load_u16,
    load_u32,
    store_i8,
    store_i16,
    store_i32,
)
from engine.weights.blocks import iq_grids
from engine.weights.types import TensorType

POINTS = 8 * 256  # where they begin in the table
ALL = 255  # eight signs
_GRID = Layout(TensorType.IQ1_S, (NIBBLES, ("sc", 32), SHARED_D), 256, halves=True)
# Points of -1, 0, 1 in eighths, shifted up by an eighth or, in the upper eight codes, down.
IQ1 = coded(_GRID, (-7, 1, 9, 0, 0, 0, 0, 0, -9, -1, 7, 0, 0, 0, 0, 0), 0.125)
IQ2 = coded(
    replace(_GRID, type=TensorType.IQ2_XXS), sign_above_three_bits(*iq_grids.LEVELS_2), 0.125
)
IQ3_XXS = coded(
    replace(_GRID, type=TensorType.IQ3_XXS), sign_above_three_bits(*iq_grids.LEVELS_3_XXS), 0.25
)
IQ3_S = coded(replace(_GRID, type=TensorType.IQ3_S), sign_above_three_bits(*iq_grids.LEVELS_3_S))
# All these types have the same panels but for the levels; as in pack_k.py.
R = _GRID.record_bytes
Q, S, D = (_GRID.start(name) for name in ("qs", "sc", "d"))


@inline
def byte(address):
    return load_i8(address) & 0xFF


@inline
def eights(table, index, signs):
    """Eight codes: a point of eight numbers with their signs."""
    return load_i64(table + POINTS + 8 * index) | load_i64(table + 8 * signs)


@inline
def fours(table, first, second, signs):
    """The same of two points of four numbers."""
    both = load_i64(table + POINTS + 8 * first) | (load_i64(table + POINTS + 8 * second) << 32)
    return both | load_i64(table + 8 * signs)


@inline
def keep(target, part, first, second):
    """Eight codes of either half of a block: columns 8 · part and 16 + 8 · part."""
    both = first | (second << 4)
    store_i32(target + 128 * part, both)
    store_i32(target + 128 * part + 64, both >> 32)


@inline
def keep_odd(target, first, second):
    """2 s + 1 for the scales of a block's halves."""
    store_i8(target, 2 * first + 1)
    store_i8(target + 16, 2 * second + 1)


@packs(TensorType.IQ2_XXS, IQ2, points=True)
def pack_iq2_xxs(block, chunk, r, table):
    """Each 32 values: four points of a byte, then four sign codes of seven bits and the scale."""
    store_i16(chunk + D + 2 * r, load_u16(block))
    for j in range(8):
        at, to = block + 2 + 8 * j, chunk + R * j
        tail = load_u32(at + 4)
        keep_odd(to + S + r, tail >> 28, tail >> 28)
        for i in range(2):
            first = eights(table, byte(at + i), (tail >> (7 * i)) & 127)
            second = eights(table, byte(at + i + 2), (tail >> (7 * i + 14)) & 127)
            keep(to + Q + 4 * r, i, first, second)


@packs(TensorType.IQ2_XS, IQ2, points=True)
def pack_iq2_xs(block, chunk, r, table):
    """Nine bits of point and seven of signs per eight values; scales of four bits."""
    store_i16(chunk + D + 2 * r, load_u16(block))
    for j in range(8):
        to, scales = chunk + R * j, byte(block + 66 + j)
        keep_odd(to + S + r, scales & 15, scales >> 4)
        for i in range(2):
            a = load_u16(block + 2 + 8 * j + 2 * i)
            b = load_u16(block + 6 + 8 * j + 2 * i)
            first = eights(table, a & 511, a >> 9)
            keep(to + Q + 4 * r, i, first, eights(table, b & 511, b >> 9))


@packs(TensorType.IQ2_S, IQ2, points=True)
def pack_iq2_s(block, chunk, r, table):
    """Ten bits of point, the top two in a byte for four of them; eight signs each."""
    store_i16(chunk + D + 2 * r, load_u16(block))
    for j in range(8):
        to, scales = chunk + R * j, byte(block + 74 + j)
        keep_odd(to + S + r, scales & 15, scales >> 4)
        high = byte(block + 66 + j) << 8
        for i in range(2):
            at = block + 2 + 4 * j + i
            a = byte(at) | ((high >> (2 * i)) & 0x300)
            b = byte(at + 2) | ((high >> (2 * i + 4)) & 0x300)
            first = eights(table, a, byte(at + 32))
            keep(to + Q + 4 * r, i, first, eights(table, b, byte(at + 34)))


@packs(TensorType.IQ3_XXS, IQ3_XXS, points=True)
def pack_iq3_xxs(block, chunk, r, table):
    """A byte of point per four values; per 32 values four sign codes and the scale."""
    store_i16(chunk + D + 2 * r, load_u16(block))
    for j in range(8):
        to, tail = chunk + R * j, load_u32(block + 66 + 4 * j)
        keep_odd(to + S + r, tail >> 28, tail >> 28)
        for i in range(2):
            at = block + 2 + 8 * j + 2 * i
            signs = (tail >> (7 * i)) & 127
            first = fours(table, byte(at), byte(at + 1), signs)
            signs = (tail >> (7 * i + 14)) & 127
            second = fours(table, byte(at + 4), byte(at + 5), signs)
            keep(to + Q + 4 * r, i, first, second)


@packs(TensorType.IQ3_S, IQ3_S, points=True)
def pack_iq3_s(block, chunk, r, table):
    """Nine bits of point, the top one in a byte for eight of them; eight signs per two points."""
    store_i16(chunk + D + 2 * r, load_u16(block))
    for j in range(8):
        to, high = chunk + R * j, byte(block + 66 + j)
        scale = (byte(block + 106 + (j >> 1)) >> (4 * (j & 1))) & 15
        keep_odd(to + S + r, scale, scale)
        for i in range(2):
            at, signs = block + 2 + 8 * j + 2 * i, block + 74 + 4 * j + i
            a = byte(at) | (((high >> (2 * i)) & 1) << 8)
            b = byte(at + 1) | (((high >> (2 * i + 1)) & 1) << 8)
            first = fours(table, a, b, byte(signs))
            a = byte(at + 4) | (((high >> (2 * i + 4)) & 1) << 8)
            b = byte(at + 5) | (((high >> (2 * i + 5)) & 1) << 8)
            second = fours(table, a, b, byte(signs + 2))
            keep(to + Q + 4 * r, i, first, second)


@packs(TensorType.IQ1_S, IQ1, points=True)
def pack_iq1_s(block, chunk, r, table):
    """Per 32 values: four times three upper bits of a point, the scale, the shift's sign."""
    store_i16(chunk + D + 2 * r, load_u16(block))
    for j in range(8):
        to, high = chunk + R * j, load_u16(block + 34 + 2 * j)
        scale, signs = (high >> 12) & 7, ALL * (high >> 15)
        keep_odd(to + S + r, scale, scale)
        for i in range(2):
            at = block + 2 + 4 * j + i
            a = byte(at) | (((high >> (3 * i)) & 7) << 8)
            b = byte(at + 2) | (((high >> (3 * i + 6)) & 7) << 8)
            first = eights(table, a, signs)
            keep(to + Q + 4 * r, i, first, eights(table, b, signs))


@inline
def shifted(table, low, high):
    """A point of IQ1_M: eight bits of its number, then three more and the shift's sign."""
    return eights(table, low | ((high & 7) << 8), ALL * ((high >> 3) & 1))


@packs(TensorType.IQ1_M, IQ1, points=True)
def pack_iq1_m(block, chunk, r, table):
    """Three-bit scales, four to a word; the words' top bits are d."""
    d = 0
    for k in range(4):
        d |= (load_u16(block + 48 + 2 * k) >> 12) << (4 * k)
    store_i16(chunk + D + 2 * r, d)
    for j in range(8):
        to = chunk + R * j
        scales = load_u16(block + 48 + 2 * (j >> 1)) >> (6 * (j & 1))
        keep_odd(to + S + r, scales & 7, (scales >> 3) & 7)
        high = load_u16(block + 32 + 2 * j)
        for i in range(2):
            at = block + 4 * j + i
            first = shifted(table, byte(at), high >> (4 * i))
            second = shifted(table, byte(at + 2), high >> (4 * i + 8))
            keep(to + Q + 4 * r, i, first, second)
