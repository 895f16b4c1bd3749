"""Records and levels of the IQ4 types."""

from engine.weights.quants.block import layout
from engine.weights.types import TensorType

IQ4_NL = layout(TensorType.IQ4_NL, ("d", "<f2"), ("qs", "u1", 16))
IQ4_XS = layout(
    TensorType.IQ4_XS, ("d", "<f2"), ("scales_h", "<u2"), ("scales_l", "u1", 4), ("qs", "u1", 128)
)
LEVELS = (-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)
