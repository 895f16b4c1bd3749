"""IQ4 types: four-bit numbers that stand for sixteen unevenly spaced levels."""

import numpy as np

from engine.weights.quants import iq4_encode
from engine.weights.quants.block import Bytes, Codec, Decoder, Floats, Weighted, bits, f32, records
from engine.weights.quants.iq4_layout import IQ4_NL, IQ4_XS, LEVELS
from engine.weights.quants.iq_encode import loudness
from engine.weights.types import TensorType


def _levels(codes: Bytes) -> Floats:
    levels: Floats = np.array(LEVELS, np.float32)[codes]
    return levels


def decode_iq4_nl(blocks: Bytes) -> Floats:
    b = records(blocks, IQ4_NL)
    return f32(b["d"]) * _levels(bits(b["qs"][:, None], 0, 4, mask=15).reshape(-1, 32))


def decode_iq4_xs(blocks: Bytes) -> Floats:
    """Eight six-bit scales less 32: the low four bits in scales_l, the top two in scales_h."""
    b = records(blocks, IQ4_XS)
    low = np.stack([b["scales_l"] & 15, b["scales_l"] >> 4], axis=2).reshape(-1, 8)
    high = (b["scales_h"][:, None] >> np.arange(0, 16, 2, dtype=np.uint16)) & 3
    scale: Floats = f32(b["d"]) * ((low | (high << 4)).astype(np.float32) - 32)
    codes = bits(b["qs"].reshape(-1, 8, 16), 0, 4, mask=15).reshape(-1, 8, 32)
    values: Floats = scale[:, :, None] * _levels(codes)
    return values.reshape(-1, 256)


def _codec(decode: Decoder, encode: Weighted) -> Codec:
    """The encoders always want weights."""
    return Codec(decode, lambda x: encode(x, loudness(x)), encode)


CODECS = {
    TensorType.IQ4_NL: _codec(decode_iq4_nl, iq4_encode.encode_iq4_nl),
    TensorType.IQ4_XS: _codec(decode_iq4_xs, iq4_encode.encode_iq4_xs),
}
