"""Records of the IQ types (but for IQ4, which has its own file)."""

from engine.weights.quants.block import layout
from engine.weights.types import TensorType

IQ1_S = layout(TensorType.IQ1_S, ("d", "<f2"), ("qs", "u1", 32), ("qh", "<u2", 8))
IQ1_M = layout(TensorType.IQ1_M, ("qs", "u1", 32), ("qh", "u1", 16), ("scales", "<u2", 4))
IQ2_XXS = layout(TensorType.IQ2_XXS, ("d", "<f2"), ("qs", "<u4", 16))
IQ2_XS = layout(TensorType.IQ2_XS, ("d", "<f2"), ("qs", "<u2", 32), ("scales", "u1", 8))
IQ2_S = layout(
    TensorType.IQ2_S,
    ("d", "<f2"),
    ("qs", "u1", 32),
    ("signs", "u1", 32),
    ("qh", "u1", 8),
    ("scales", "u1", 8),
)
IQ3_XXS = layout(TensorType.IQ3_XXS, ("d", "<f2"), ("qs", "u1", 64), ("signs", "<u4", 8))
IQ3_S = layout(
    TensorType.IQ3_S,
    ("d", "<f2"),
    ("qs", "u1", 64),
    ("qh", "u1", 8),
    ("signs", "u1", 32),
    ("scales", "u1", 4),
)
