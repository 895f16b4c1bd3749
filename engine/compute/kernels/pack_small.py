"""Packs the types of two and three bits, and the IQ4 types as bytes; see pack.py.

Two and three bits become nibbles: what the tiles unpack fastest. IQ4_NL has the scales of Q8_0, so
with its levels spelled out it is Q8_0 to all that comes after.
"""

from engine.compute.kernels import panels
from engine.compute.kernels.jit import inline, kernel
from engine.compute.kernels.pack import N_BLOCKS, Q8_0_D, Q8_0_N, ROW_BYTES, claim, rows_of
from engine.compute.simd.memory import (
    load_i8,
    load_i64,
    load_u16,
    load_u32,
    store_i8,
    store_i16,
    store_i32,
)

Q2_K_N, Q3_K_N = panels.Q2_K.chunk_bytes, panels.Q3_K.chunk_bytes
Q2_K_R, Q3_K_R = panels.Q2_K.record_bytes, panels.Q3_K.record_bytes
Q2_K_Q, Q3_K_Q = panels.Q2_K.start("qs"), panels.Q3_K.start("qs")
Q2_K_S, Q2_K_M, Q2_K_D, Q2_K_L = (panels.Q2_K.start(n) for n in ("sc", "mn", "d", "dmin"))
Q3_K_S, Q3_K_D = panels.Q3_K.start("sc"), panels.Q3_K.start("d")
IQ4_XS_N, IQ4_XS_R = panels.IQ4_XS.chunk_bytes, panels.IQ4_XS.record_bytes
IQ4_XS_Q = panels.IQ4_XS.start("qs")
IQ4_XS_S, IQ4_XS_D = panels.IQ4_XS.start("sc"), panels.IQ4_XS.start("d")
TWOS, ONES = 0x03030303, 0x01010101
# The levels of IQ4_NL, -127 to 113, as bytes, eight of them in a word; the first is the lowest.
LOW_LEVELS, HIGH_LEVELS = 0xF6EADDCFBFAD9881 - (1 << 64), 0x7159453526190D01  # int64


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


@kernel
def pack_q2_k(row, batch, thread):
    n = load_i64(row + N_BLOCKS)
    while True:
        panel, source, target = claim(row)
        if panel < 0:
            return
        for s in range(n // 8):
            chunk = target + Q2_K_N * s
            for r in range(rows_of(row, panel)):
                block = source + r * load_i64(row + ROW_BYTES) + 84 * s
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


@kernel
def pack_q3_k(row, batch, thread):
    n = load_i64(row + N_BLOCKS)
    while True:
        panel, source, target = claim(row)
        if panel < 0:
            return
        for s in range(n // 8):
            chunk = target + Q3_K_N * s
            for r in range(rows_of(row, panel)):
                block = source + r * load_i64(row + ROW_BYTES) + 110 * s
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


@inline
def level(code):
    """The byte that a four-bit code stands for."""
    word = HIGH_LEVELS if code & 8 else LOW_LEVELS
    return (word >> (8 * (code & 7))) & 0xFF


@inline
def levels(codes, shift):
    """Four codes, a byte apart, as the four bytes they stand for."""
    word = 0
    for c in range(4):
        word |= level((codes >> (8 * c + shift)) & 15) << (8 * c)
    return word


@kernel
def pack_iq4_nl(row, batch, thread):
    """Quads of unsigned bytes: flipping the sign bit adds 128."""
    n = load_i64(row + N_BLOCKS)
    while True:
        panel, source, target = claim(row)
        if panel < 0:
            return
        for b in range(n):
            chunk = target + Q8_0_N * b
            for r in range(rows_of(row, panel)):
                block = source + r * load_i64(row + ROW_BYTES) + 18 * b
                store_i16(chunk + Q8_0_D + 2 * r, load_u16(block))
                for j in range(8):
                    codes = load_u32(block + 2 + 4 * (j & 3))
                    word = levels(codes, 4 * (j >> 2)) ^ 0x80808080
                    store_i32(chunk + 64 * j + 4 * r, word)


@kernel
def pack_iq4_xs(row, batch, thread):
    """The same levels; six-bit scales in two places, less 32."""
    n = load_i64(row + N_BLOCKS)
    while True:
        panel, source, target = claim(row)
        if panel < 0:
            return
        for s in range(n // 8):
            chunk = target + IQ4_XS_N * s
            for r in range(rows_of(row, panel)):
                block = source + r * load_i64(row + ROW_BYTES) + 136 * s
                store_i16(chunk + IQ4_XS_D + 2 * r, load_u16(block))
                low, high = load_u32(block + 4), load_u16(block + 2)
                for b in range(8):
                    scale = ((low >> (4 * b)) & 15) | (((high >> (2 * b)) & 3) << 4)
                    store_i8(chunk + IQ4_XS_S + IQ4_XS_R * b + r, scale - 32)
                    for j in range(8):
                        codes = load_u32(block + 8 + 16 * b + 4 * (j & 3))
                        word = levels(codes, 4 * (j >> 2)) ^ 0x80808080
                        store_i32(chunk + IQ4_XS_Q + IQ4_XS_R * b + 64 * j + 4 * r, word)


@kernel
def pack_iq4_nl_pairs(row, batch, thread):
    n = load_i64(row + N_BLOCKS)
    while True:
        panel, source, target = claim(row)
        if panel < 0:
            return
        for b in range(n):
            chunk = target + Q8_0_N * b
            for r in range(rows_of(row, panel)):
                block = source + r * load_i64(row + ROW_BYTES) + 18 * b
                store_i16(chunk + Q8_0_D + 2 * r, load_u16(block))
                for j in range(8):
                    word = levels(load_u32(block + 2 + 4 * (j & 3)), 4 * (j >> 2))
                    store_i16(chunk + 64 * j + 2 * r, word & 0xFFFF)
                    store_i16(chunk + 64 * j + 32 + 2 * r, (word >> 16) & 0xFFFF)
