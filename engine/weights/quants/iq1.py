"""IQ1 types: eight values at a time are a point of a grid of -1, 0, 1, shifted by an eighth."""

import numpy as np
from numpy.typing import NDArray

from engine.weights.quants.block import Bytes, Floats, f32, records
from engine.weights.quants.iq_encode import codec_of_grid
from engine.weights.quants.iq_grids import grid
from engine.weights.quants.iq_layout import IQ1_M, IQ1_S
from engine.weights.types import TensorType

SHIFT = np.float32(0.125)
THREES = np.array([0, 3, 6, 9], np.uint16)


def _shifted(scale: Floats, index: NDArray[np.uint16], minus: NDArray[np.bool_]) -> Floats:
    """index [n, 32]; scale and minus (shift down, not up) have one entry per equal share of it."""
    each = np.repeat(scale, 32 // scale.shape[1], axis=1)[:, :, None]
    shift = np.where(minus, -SHIFT, SHIFT)
    shifts = np.repeat(shift, 32 // shift.shape[1], axis=1)[:, :, None]
    values: Floats = each * (grid("IQ1_S")[index] + shifts)
    return values.reshape(-1, 256)


def decode_iq1_s(blocks: Bytes) -> Floats:
    """qh, per 32 values: four times three upper index bits, the scale, the shift's sign."""
    b = records(blocks, IQ1_S)
    qh = b["qh"]
    scale = f32(b["d"]) * (2 * ((qh >> 12) & 7) + 1).astype(np.float32)
    high = ((qh[:, :, None] >> THREES) & 7).reshape(-1, 32)
    return _shifted(scale, b["qs"] | (high << 8), (qh & 0x8000) != 0)


def decode_iq1_m(blocks: Bytes) -> Floats:
    """No field for d: its four quarters are the top bits of the four scale words."""
    b = records(blocks, IQ1_M)
    words = b["scales"]
    quarters = (words & 0xF000) >> np.array([12, 8, 4, 0], np.uint16)
    d = np.bitwise_or.reduce(quarters, axis=1).astype("<u2").view("<f2")
    small = ((words[:, :, None] >> THREES) & 7).reshape(-1, 16)
    high = np.stack([b["qh"] & 15, b["qh"] >> 4], axis=2).reshape(-1, 32)
    index = b["qs"] | ((high & 7).astype(np.uint16) << 8)
    return _shifted(f32(d) * (2 * small + 1).astype(np.float32), index, (high & 8) != 0)


CODECS = {
    TensorType.IQ1_S: codec_of_grid(TensorType.IQ1_S, decode_iq1_s),
    TensorType.IQ1_M: codec_of_grid(TensorType.IQ1_M, decode_iq1_m),
}
