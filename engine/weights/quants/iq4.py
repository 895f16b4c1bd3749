"""IQ4 types: four-bit numbers that stand for sixteen unevenly spaced levels."""

import numpy as np

from engine.weights.quants.block import Bytes, Codec, Floats, bits, f32, layout, records
from engine.weights.types import TensorType

IQ4_NL = layout(TensorType.IQ4_NL, ("d", "<f2"), ("qs", "u1", 16))
IQ4_XS = layout(
    TensorType.IQ4_XS, ("d", "<f2"), ("scales_h", "<u2"), ("scales_l", "u1", 4), ("qs", "u1", 128)
)
LEVELS = (-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)


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


CODECS = {
    TensorType.IQ4_NL: Codec(decode_iq4_nl),
    TensorType.IQ4_XS: Codec(decode_iq4_xs),
}
