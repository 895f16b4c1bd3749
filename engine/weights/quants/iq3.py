"""IQ3 types: four values at a time are a point of a grid, with signs and a four-bit scale."""

import numpy as np

from engine.weights.quants.block import Bytes, Floats, f32, records
from engine.weights.quants.iq_encode import codec_of_grid
from engine.weights.quants.iq_grids import grid, signs_of_bytes, signs_of_seven
from engine.weights.quants.iq_layout import IQ3_S, IQ3_XXS
from engine.weights.types import TensorType

SEVENS = np.array([0, 7, 14, 21], np.uint32)


def _scaled(scale: Floats, points: Floats, signs: Floats) -> Floats:
    """scale [n, 8]; points [n, 64, 4]; signs [n, 32, 8]."""
    values: Floats = scale[:, :, None] * points.reshape(-1, 8, 32) * signs.reshape(-1, 8, 32)
    return values.reshape(-1, 256)


def decode_iq3_xxs(blocks: Bytes) -> Floats:
    """A byte of grid index per four values; per 32 values four sign codes and the scale."""
    b = records(blocks, IQ3_XXS)
    tails = b["signs"]
    scales = (tails >> np.uint32(28)).astype(np.float32)
    signs = signs_of_seven(((tails[:, :, None] >> SEVENS) & 127).reshape(-1, 32))
    scale = f32(b["d"]) * (np.float32(0.5) + scales) * np.float32(0.5)
    return _scaled(scale, grid("IQ3_XXS")[b["qs"]], signs)


def decode_iq3_s(blocks: Bytes) -> Floats:
    """Nine bits of grid index (the top one in qh) per four values, free signs."""
    b = records(blocks, IQ3_S)
    high = np.unpackbits(b["qh"], axis=1, bitorder="little").astype(np.uint16)
    scales = np.stack([b["scales"] & 15, b["scales"] >> 4], axis=2).reshape(-1, 8)
    scale = f32(b["d"]) * (1 + 2 * scales.astype(np.float32))
    points = grid("IQ3_S")[b["qs"].astype(np.uint16) | (high << 8)]
    return _scaled(scale, points, signs_of_bytes(b["signs"]))


CODECS = {
    TensorType.IQ3_XXS: codec_of_grid(TensorType.IQ3_XXS, decode_iq3_xxs),
    TensorType.IQ3_S: codec_of_grid(TensorType.IQ3_S, decode_iq3_s),
}
