"""Plain numbers: F32, F16, BF16, F64 and whole numbers. A block is one value."""

from collections.abc import Callable

import numpy as np

from engine.weights.quants.block import Bytes, Codec, Decoder, Floats, as_bytes, f16
from engine.weights.types import TensorType

QUIET_NAN = np.uint32(0x0040_0000)


def _plain(dtype: str) -> Decoder:
    def decode(blocks: Bytes) -> Floats:
        values: Floats = np.ascontiguousarray(blocks).view(dtype).astype(np.float32)
        return values

    return decode


def decode_bf16(blocks: Bytes) -> Floats:
    high = np.ascontiguousarray(blocks).view("<u2").astype(np.uint32)
    return (high << np.uint32(16)).view(np.float32)


def encode_f32(x: Floats) -> Bytes:
    return as_bytes(x.astype("<f4"))


def encode_f16(x: Floats) -> Bytes:
    return as_bytes(f16(x))


def encode_bf16(x: Floats) -> Bytes:
    """The upper half of the float32, rounded to nearest, halves to even; a NaN stays a NaN."""
    whole = x.view(np.uint32)
    nan = np.isnan(x)
    rounded = (whole.astype(np.uint64) + 0x7FFF + ((whole >> 16) & 1)) >> np.uint64(16)
    kept = (whole | QUIET_NAN) >> np.uint32(16)
    return as_bytes(np.where(nan, kept, rounded).astype("<u2"))


def _codec(dtype: str, encode: Callable[[Floats], Bytes] | None = None) -> Codec:
    return Codec(_plain(dtype), encode)


CODECS = {
    TensorType.F32: _codec("<f4", encode_f32),
    TensorType.F16: _codec("<f2", encode_f16),
    TensorType.BF16: Codec(decode_bf16, encode_bf16),
    TensorType.F64: _codec("<f8"),
    TensorType.I8: _codec("i1"),
    TensorType.I16: _codec("<i2"),
    TensorType.I32: _codec("<i4"),
    TensorType.I64: _codec("<i8"),
}
