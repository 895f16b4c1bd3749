"""Four-bit floats (E2M1) with a shared scale: MXFP4 (a power of two), NVFP4 (an 8-bit float).

Levels are kept doubled, so that they are whole numbers; scales are therefore halved.
"""

from math import inf

import numpy as np

from engine.weights.blocks.block import (
    Blocks,
    Bytes,
    Floats,
    Records,
    bits,
    inverse,
    nibbles,
    record,
)

DOUBLED = np.array([0, 1, 2, 3, 4, 6, 8, 12], np.float32)
LEVELS = np.concatenate([DOUBLED, 0 - DOUBLED])  # both zeros are +0
NAN_E4M3 = 0x7F


def half_power(e: Bytes) -> Floats:
    """2 ** (e - 128); the two smallest are subnormal float32."""
    big = (np.maximum(e, 1).astype(np.uint32) - 1) << np.uint32(23)
    small = np.uint32(0x0020_0000) << e.astype(np.uint32).clip(0, 1)
    return np.where(e < 2, small, big).astype(np.uint32).view(np.float32)


def half_e4m3(x: Bytes) -> Floats:
    """Half of an unsigned 8-bit float: four bits of exponent, three of mantissa."""
    exponent = ((x >> 3) & 15).astype(np.int32)
    mantissa = (x & 7).astype(np.float32)
    normal = np.ldexp(1 + mantissa / 8, exponent - 7)
    value = np.where(exponent == 0, np.ldexp(mantissa, -9), normal) * np.float32(0.5)
    return np.where(x == NAN_E4M3, np.float32(0), value).astype(np.float32)


def decode_mxfp4(b: Records) -> Floats:
    codes = bits(b["qs"][:, None], 0, 4, mask=15).reshape(-1, 32)
    values: Floats = half_power(b["e"])[:, None] * LEVELS[codes]
    return values


def decode_nvfp4(b: Records) -> Floats:
    """Four groups of 16 values: eight bytes and a scale each."""
    codes = bits(b["qs"].reshape(-1, 4, 8), 0, 4, mask=15).reshape(-1, 4, 16)
    values: Floats = half_e4m3(b["d"])[:, :, None] * LEVELS[codes]
    return values.reshape(-1, 64)


def encode_mxfp4(x: Floats) -> Records:
    """The power of two below the largest magnitude; each value goes to the nearest level."""
    most = np.abs(x).max(axis=1)
    with np.errstate(divide="ignore"):
        exponent = np.where(most > 0, np.floor(np.log2(most)) + 125, 0)
    b = np.zeros(len(x), MXFP4.record)
    b["e"] = exponent.clip(0, 254)
    scale = half_power(b["e"])[:, None]
    best = np.zeros(x.shape, np.uint8)
    least = np.abs(x)
    for code in range(1, 16):
        off = np.abs(scale * LEVELS[code] - x)
        best[off < least] = code
        least = np.minimum(least, off)
    b["qs"] = nibbles(best.reshape(-1, 2, 16))
    return b


E4M3 = half_e4m3(np.arange(NAN_E4M3, dtype=np.uint8))  # ascending, so a code is a place in it
AROUND = (-3, -2, -1, 0, 1, 2, 3, 4, 5, 6)  # scales tried about the one that fits the largest value
MIDDLES = (DOUBLED[1:] + DOUBLED[:-1]) / 2


def _e2m1(x: Floats, scale: Floats) -> tuple[Bytes, Floats]:
    """The code of the nearest level for each value, and that level times scale."""
    code = np.searchsorted(MIDDLES, np.abs(x) * inverse(scale)).astype(np.uint8)
    code |= np.where(x < 0, np.uint8(8), np.uint8(0))
    return code, scale * LEVELS[code]


def encode_nvfp4(x: Floats, w: Floats | None = None) -> Records:
    """Of the scales about the one that fits the largest of 16 values, that of least error."""
    x = x.reshape(-1, 16)
    w = np.ones_like(x) if w is None else w.reshape(-1, 16)
    fitting = np.searchsorted(E4M3, np.abs(x).max(1) / DOUBLED[-1])
    codes, scales = np.zeros(x.shape, np.uint8), np.zeros(len(x), np.uint8)
    least = np.full(len(x), np.inf, np.float32)
    for step in AROUND:
        tried = (fitting + step).clip(0, NAN_E4M3 - 1)
        code, value = _e2m1(x, E4M3[tried][:, None])
        error = np.einsum("ij,ij,ij->i", w, value - x, value - x)
        won = error < least
        codes[won], scales[won], least[won] = code[won], tried[won], error[won]
    b = np.zeros(len(x) // 4, NVFP4.record)
    b["d"] = scales.reshape(-1, 4)
    b["qs"] = nibbles(codes.reshape(-1, 2, 8)).reshape(-1, 32)
    return b


MXFP4 = Blocks(32, record(("e", "u1"), ("qs", "u1", 16)), decode_mxfp4, encode_mxfp4, holds=inf)
# Scales are 8-bit floats, and larger ones are cut without a trace.
NVFP4_MOST = 448.0 * 6.0
# Weights are damped: a few loud columns would cost all others too much. No target, as none of
# llama-quantize: only who made a model so has its scales.
NVFP4 = Blocks(
    64,
    record(("d", "u1", 4), ("qs", "u1", 32)),
    decode_nvfp4,
    encode_nvfp4,
    lambda x, w: encode_nvfp4(x, np.sqrt(w)),
    is_target=False,
    holds=NVFP4_MOST,
    reaches=NVFP4_MOST,
)
