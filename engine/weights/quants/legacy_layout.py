"""Records of the first ggml types."""

from engine.weights.quants.block import layout
from engine.weights.types import TensorType

Q4_0 = layout(TensorType.Q4_0, ("d", "<f2"), ("qs", "u1", 16))
Q4_1 = layout(TensorType.Q4_1, ("d", "<f2"), ("m", "<f2"), ("qs", "u1", 16))
Q5_0 = layout(TensorType.Q5_0, ("d", "<f2"), ("qh", "u1", 4), ("qs", "u1", 16))
Q5_1 = layout(TensorType.Q5_1, ("d", "<f2"), ("m", "<f2"), ("qh", "u1", 4), ("qs", "u1", 16))
Q8_0 = layout(TensorType.Q8_0, ("d", "<f2"), ("qs", "i1", 32))
Q8_1 = layout(TensorType.Q8_1, ("d", "<f2"), ("s", "<f2"), ("qs", "i1", 32))
