"""Packs IQ1, IQ2 and IQ3 types (packing.py): points of grids are spelled out as four-bit codes.

    table of 8-byte words    256 of signs: 8 codes, 8 where the bit is set | points: 8 (or 4) codes

A code is the place of a value's magnitude among the levels of its type and, in bit 3, its sign (of
IQ1: which way its point is shifted). The caller gives a table of int64 words, eight codes in
each: first 256 bytes of signs, then the points (points_of).
"""

from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

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
    Address,
    load_i8,
    load_i64,
    load_u16,
    load_u32,
    store_i8,
    store_i16,
    store_i32,
)
from engine.weights.blocks import iq_grids
from engine.weights.blocks.iq import GridBlocks
from engine.weights.blocks.iq_search import Signs
from engine.weights.types import TensorType

POINTS = 8 * 256  # where they begin in the table
ALL = 255  # eight signs
MINUS = np.uint8(8)
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
# As in pack_k.py; all these types have the same panels but for the levels.
OUT, NEXT = _GRID.at, _GRID.record_bytes
IQ1_S_IN, IQ1_M_IN = TensorType.IQ1_S.blocks.at, TensorType.IQ1_M.blocks.at
IQ2_XXS_IN, IQ2_XS_IN = TensorType.IQ2_XXS.blocks.at, TensorType.IQ2_XS.blocks.at
IQ2_S_IN, IQ3_XXS_IN = TensorType.IQ2_S.blocks.at, TensorType.IQ3_XXS.blocks.at
IQ3_S_IN = TensorType.IQ3_S.blocks.at


@cache
def points_of(kind: TensorType) -> NDArray[np.int64]:
    """Codes of 256 bytes of signs, then of the points of the type's grid; empty without a grid."""
    if not isinstance(kind.blocks, GridBlocks):
        return np.zeros(0, np.int64)
    spec, bytes_ = kind.blocks.spec, np.arange(256, dtype=np.uint8)
    # Where their number is even, seven bits are kept and the eighth follows.
    seven = spec.signs is Signs.EVEN
    unpacked = iq_grids.signs_of_seven if seven else iq_grids.signs_of_bytes
    signs = unpacked(bytes_ & np.uint8(127) if seven else bytes_)
    levels, width, n_points, _ = iq_grids.GRIDS[spec.grid]
    found = np.zeros((256 + n_points, 8), np.uint8)
    found[:256] = (signs < 0) * MINUS
    found[256:, :width] = np.searchsorted(levels, iq_grids.grid(spec.grid))
    return found.view(np.int64)[:, 0]


@inline
def byte(address: Address) -> int:
    return load_i8(address) & 0xFF


@inline
def eights(table: Address, index: int, signs: int) -> int:
    """Eight codes: a point of eight numbers with their signs."""
    return load_i64(table + POINTS + 8 * index) | load_i64(table + 8 * signs)


@inline
def fours(table: Address, first: int, second: int, signs: int) -> int:
    """The same of two points of four numbers."""
    both = load_i64(table + POINTS + 8 * first) | (load_i64(table + POINTS + 8 * second) << 32)
    return both | load_i64(table + 8 * signs)


@inline
def keep(target: Address, part: int, first: int, second: int) -> None:
    """Eight codes of either half of a block: columns 8 · part and 16 + 8 · part."""
    both = first | (second << 4)
    store_i32(target + 128 * part, both)
    store_i32(target + 128 * part + 64, both >> 32)


@inline
def keep_odd(target: Address, first: int, second: int) -> None:
    """2 s + 1 for the scales of a block's halves."""
    store_i8(target, 2 * first + 1)
    store_i8(target + 16, 2 * second + 1)


@packs(TensorType.IQ2_XXS, IQ2, points=True)
def pack_iq2_xxs(block: Address, chunk: Address, r: int, table: Address) -> None:
    """Each 32 values: four points of a byte, then four sign codes of seven bits and the scale."""
    store_i16(chunk + OUT.d + 2 * r, load_u16(block + IQ2_XXS_IN.d))
    for j in range(8):
        at, to = block + IQ2_XXS_IN.qs + 8 * j, chunk + NEXT * j
        tail = load_u32(at + 4)
        keep_odd(to + OUT.sc + r, tail >> 28, tail >> 28)
        for i in range(2):
            first = eights(table, byte(at + i), (tail >> (7 * i)) & 127)
            second = eights(table, byte(at + i + 2), (tail >> (7 * i + 14)) & 127)
            keep(to + OUT.qs + 4 * r, i, first, second)


@packs(TensorType.IQ2_XS, IQ2, points=True)
def pack_iq2_xs(block: Address, chunk: Address, r: int, table: Address) -> None:
    """Nine bits of point and seven of signs per eight values; scales of four bits."""
    store_i16(chunk + OUT.d + 2 * r, load_u16(block + IQ2_XS_IN.d))
    for j in range(8):
        to, scales = chunk + NEXT * j, byte(block + IQ2_XS_IN.scales + j)
        keep_odd(to + OUT.sc + r, scales & 15, scales >> 4)
        for i in range(2):
            at = block + IQ2_XS_IN.qs + 8 * j + 2 * i
            a = load_u16(at)
            b = load_u16(at + 4)
            first = eights(table, a & 511, a >> 9)
            keep(to + OUT.qs + 4 * r, i, first, eights(table, b & 511, b >> 9))


@packs(TensorType.IQ2_S, IQ2, points=True)
def pack_iq2_s(block: Address, chunk: Address, r: int, table: Address) -> None:
    """Ten bits of point, the top two in a byte for four of them; eight signs each."""
    store_i16(chunk + OUT.d + 2 * r, load_u16(block + IQ2_S_IN.d))
    for j in range(8):
        to, scales = chunk + NEXT * j, byte(block + IQ2_S_IN.scales + j)
        keep_odd(to + OUT.sc + r, scales & 15, scales >> 4)
        high = byte(block + IQ2_S_IN.qh + j) << 8
        for i in range(2):
            at, signs = block + IQ2_S_IN.qs + 4 * j + i, block + IQ2_S_IN.signs + 4 * j + i
            a = byte(at) | ((high >> (2 * i)) & 0x300)
            b = byte(at + 2) | ((high >> (2 * i + 4)) & 0x300)
            first = eights(table, a, byte(signs))
            keep(to + OUT.qs + 4 * r, i, first, eights(table, b, byte(signs + 2)))


@packs(TensorType.IQ3_XXS, IQ3_XXS, points=True)
def pack_iq3_xxs(block: Address, chunk: Address, r: int, table: Address) -> None:
    """A byte of point per four values; per 32 values four sign codes and the scale."""
    store_i16(chunk + OUT.d + 2 * r, load_u16(block + IQ3_XXS_IN.d))
    for j in range(8):
        to, tail = chunk + NEXT * j, load_u32(block + IQ3_XXS_IN.signs + 4 * j)
        keep_odd(to + OUT.sc + r, tail >> 28, tail >> 28)
        for i in range(2):
            at = block + IQ3_XXS_IN.qs + 8 * j + 2 * i
            signs = (tail >> (7 * i)) & 127
            first = fours(table, byte(at), byte(at + 1), signs)
            signs = (tail >> (7 * i + 14)) & 127
            second = fours(table, byte(at + 4), byte(at + 5), signs)
            keep(to + OUT.qs + 4 * r, i, first, second)


@packs(TensorType.IQ3_S, IQ3_S, points=True)
def pack_iq3_s(block: Address, chunk: Address, r: int, table: Address) -> None:
    """Nine bits of point, the top one in a byte for eight of them; eight signs per two points."""
    store_i16(chunk + OUT.d + 2 * r, load_u16(block + IQ3_S_IN.d))
    for j in range(8):
        to, high = chunk + NEXT * j, byte(block + IQ3_S_IN.qh + j)
        scale = (byte(block + IQ3_S_IN.scales + (j >> 1)) >> (4 * (j & 1))) & 15
        keep_odd(to + OUT.sc + r, scale, scale)
        for i in range(2):
            at, signs = block + IQ3_S_IN.qs + 8 * j + 2 * i, block + IQ3_S_IN.signs + 4 * j + i
            a = byte(at) | (((high >> (2 * i)) & 1) << 8)
            b = byte(at + 1) | (((high >> (2 * i + 1)) & 1) << 8)
            first = fours(table, a, b, byte(signs))
            a = byte(at + 4) | (((high >> (2 * i + 4)) & 1) << 8)
            b = byte(at + 5) | (((high >> (2 * i + 5)) & 1) << 8)
            second = fours(table, a, b, byte(signs + 2))
            keep(to + OUT.qs + 4 * r, i, first, second)


@packs(TensorType.IQ1_S, IQ1, points=True)
def pack_iq1_s(block: Address, chunk: Address, r: int, table: Address) -> None:
    """Per 32 values: four times three upper bits of a point, the scale, the shift's sign."""
    store_i16(chunk + OUT.d + 2 * r, load_u16(block + IQ1_S_IN.d))
    for j in range(8):
        to, high = chunk + NEXT * j, load_u16(block + IQ1_S_IN.qh + 2 * j)
        scale, signs = (high >> 12) & 7, ALL * (high >> 15)
        keep_odd(to + OUT.sc + r, scale, scale)
        for i in range(2):
            at = block + IQ1_S_IN.qs + 4 * j + i
            a = byte(at) | (((high >> (3 * i)) & 7) << 8)
            b = byte(at + 2) | (((high >> (3 * i + 6)) & 7) << 8)
            first = eights(table, a, signs)
            keep(to + OUT.qs + 4 * r, i, first, eights(table, b, signs))


@inline
def shifted(table: Address, low: int, high: int) -> int:
    """A point of IQ1_M: eight bits of its number, then three more and the shift's sign."""
    return eights(table, low | ((high & 7) << 8), ALL * ((high >> 3) & 1))


@packs(TensorType.IQ1_M, IQ1, points=True)
def pack_iq1_m(block: Address, chunk: Address, r: int, table: Address) -> None:
    """Three-bit scales, four to a word; the words' top bits are d."""
    d = 0
    for k in range(4):
        d |= (load_u16(block + IQ1_M_IN.scales + 2 * k) >> 12) << (4 * k)
    store_i16(chunk + OUT.d + 2 * r, d)
    for j in range(8):
        to = chunk + NEXT * j
        scales = load_u16(block + IQ1_M_IN.scales + 2 * (j >> 1)) >> (6 * (j & 1))
        keep_odd(to + OUT.sc + r, scales & 7, (scales >> 3) & 7)
        high = load_u16(block + IQ1_M_IN.qh + 2 * j)
        for i in range(2):
            at = block + IQ1_M_IN.qs + 4 * j + i
            first = shifted(table, byte(at), high >> (4 * i))
            second = shifted(table, byte(at + 2), high >> (4 * i + 8))
            keep(to + OUT.qs + 4 * r, i, first, second)
