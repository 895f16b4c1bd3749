"""Plain numbers: F32, F16, BF16, F64 and whole numbers. A block is one value."""

from math import inf

import numpy as np

from engine.weights.blocks.block import FLOAT16_MOST, Blocks, Encoder, Floats, Records, f16, record

QUIET_NAN = np.uint32(0x0040_0000)


def _decode(b: Records) -> Floats:
    values: Floats = b["x"].astype(np.float32)
    return values.reshape(-1, 1)


def decode_bf16(b: Records) -> Floats:
    high = b["x"].astype(np.uint32) << np.uint32(16)
    return high.view(np.float32).reshape(-1, 1)


def encode_f32(x: Floats) -> Records:
    return x.astype("<f4")


def encode_f16(x: Floats) -> Records:
    return f16(x)


def encode_bf16(x: Floats) -> Records:
    """The upper half of the float32, rounded to nearest, halves to even; a NaN stays a NaN."""
    whole = x.view(np.uint32)
    nan = np.isnan(x)
    rounded = (whole.astype(np.uint64) + 0x7FFF + ((whole >> 16) & 1)) >> np.uint64(16)
    kept = (whole | QUIET_NAN) >> np.uint32(16)
    return np.where(nan, kept, rounded).astype("<u2")


def _numbers(dtype: str, encode: Encoder | None = None, holds: float = FLOAT16_MOST) -> Blocks:
    return Blocks(1, record(("x", dtype)), _decode, encode, holds=holds)


F32 = _numbers("<f4", encode_f32, inf)
F16 = _numbers("<f2", encode_f16)
BF16 = Blocks(1, record(("x", "<u2")), decode_bf16, encode_bf16, holds=inf)
F64, I8, I16, I32, I64 = (_numbers(dtype) for dtype in ("<f8", "i1", "<i2", "<i4", "<i8"))
