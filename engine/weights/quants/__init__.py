"""Block layouts of the tensor types, with NumPy decoding and encoding: slow, plain and exact."""

from engine.weights.quants.codec import can_decode, can_quantize, dequantize, quantize

__all__ = ["can_decode", "can_quantize", "dequantize", "quantize"]
