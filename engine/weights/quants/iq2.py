"""IQ2 types: eight values at a time are a point of a grid, with signs and a four-bit scale."""

import numpy as np
from numpy.typing import NDArray

from engine.weights.quants.block import Bytes, Floats, f32, records
from engine.weights.quants.iq_encode import codec_of_grid
from engine.weights.quants.iq_grids import grid, signs_of_bytes, signs_of_seven
from engine.weights.quants.iq_layout import IQ2_S, IQ2_XS, IQ2_XXS
from engine.weights.types import TensorType

SEVENS = np.array([0, 7, 14, 21], np.uint32)


def _scaled(
    d: Floats, scales: NDArray[np.unsignedinteger], points: Floats, signs: Floats
) -> Floats:
    """points and signs are [n, 32, 8]; each scale serves 32 / len(scales) of the points."""
    scale = d * (np.float32(0.5) + scales.astype(np.float32)) * np.float32(0.25)
    each = np.repeat(scale, 32 // scale.shape[1], axis=1)[:, :, None]
    values: Floats = each * points * signs
    return values.reshape(-1, 256)


def _halves(scales: Bytes) -> Bytes:
    """[n, 8] -> [n, 16]: low half first."""
    return np.stack([scales & 15, scales >> 4], axis=2).reshape(len(scales), 16)


def decode_iq2_xxs(blocks: Bytes) -> Floats:
    """Each 32 values: four grid indices of a byte, then four sign codes and the scale."""
    b = records(blocks, IQ2_XXS)
    pairs = b["qs"].reshape(-1, 8, 2)
    index = np.ascontiguousarray(pairs[:, :, 0]).view(np.uint8).reshape(-1, 32)
    signs = ((pairs[:, :, 1, None] >> SEVENS) & 127).reshape(-1, 32)
    scales = pairs[:, :, 1] >> np.uint32(28)
    return _scaled(f32(b["d"]), scales, grid("IQ2_XXS")[index], signs_of_seven(signs))


def decode_iq2_xs(blocks: Bytes) -> Floats:
    """Nine bits of grid index and seven of signs per eight values."""
    b = records(blocks, IQ2_XS)
    points, signs = grid("IQ2_XS")[b["qs"] & 511], signs_of_seven(b["qs"] >> 9)
    return _scaled(f32(b["d"]), _halves(b["scales"]), points, signs)


def decode_iq2_s(blocks: Bytes) -> Floats:
    """Ten bits of grid index (the top two in qh) and eight free signs per eight values."""
    b = records(blocks, IQ2_S)
    high = (b["qh"][:, :, None] >> np.arange(0, 8, 2, dtype=np.uint8)) & np.uint8(3)
    index = b["qs"].astype(np.uint16) | (high.reshape(-1, 32).astype(np.uint16) << 8)
    signs = signs_of_bytes(b["signs"])
    return _scaled(f32(b["d"]), _halves(b["scales"]), grid("IQ2_S")[index], signs)


CODECS = {
    TensorType.IQ2_XXS: codec_of_grid(TensorType.IQ2_XXS, decode_iq2_xxs),
    TensorType.IQ2_XS: codec_of_grid(TensorType.IQ2_XS, decode_iq2_xs),
    TensorType.IQ2_S: codec_of_grid(TensorType.IQ2_S, decode_iq2_s),
}
