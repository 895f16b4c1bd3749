"""K types: 256 values in sub-blocks, whose scales are small numbers times one float16 (decoding).

Invariant: the same float32 operations in the same order as gguf.quants, so results agree bit for
bit. Encoding is in k_encode.py and k_search.py.
"""

import numpy as np
from numpy.typing import NDArray

from engine.weights.quants import k_encode
from engine.weights.quants.block import Bytes, Codec, Floats, bits, f32, records
from engine.weights.quants.k_layout import Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, Q8_K, unpack_scales_3
from engine.weights.quants.k_layout import unpack_scales_6 as scales_6
from engine.weights.types import TensorType


def _affine(d: Floats, dmin: Floats, scales: Bytes, mins: Bytes, q: NDArray[np.uint8]) -> Floats:
    """d*scale*q - dmin*min for q [n, sub-blocks, width]."""
    scale = (d * scales.astype(np.float32))[:, :, None]
    least = (dmin * mins.astype(np.float32))[:, :, None]
    return (scale * q.astype(np.float32) - least).reshape(len(q), 256)


def decode_q2_k(blocks: Bytes) -> Floats:
    b = records(blocks, Q2_K)
    q = bits(b["qs"].reshape(-1, 2, 32), 0, 2, 4, 6, mask=3).reshape(-1, 16, 16)
    low, high = b["scales"] & np.uint8(15), b["scales"] >> np.uint8(4)
    return _affine(f32(b["d"]), f32(b["dmin"]), low, high, q)


def decode_q3_k(blocks: Bytes) -> Floats:
    b = records(blocks, Q3_K)
    low = bits(b["qs"].reshape(-1, 2, 32), 0, 2, 4, 6, mask=3).reshape(-1, 16, 16)
    # A set bit of hmask means "no 4 taken off".
    high = bits(b["hmask"][:, None], *range(8), mask=1).reshape(-1, 16, 16)
    q = low.astype(np.float32) - 4 * (1 - high.astype(np.float32))
    scale = f32(b["d"]) * unpack_scales_3(b["scales"]).astype(np.float32)
    return (scale[:, :, None] * q).reshape(-1, 256)


def decode_q4_k(blocks: Bytes) -> Floats:
    b = records(blocks, Q4_K)
    q = bits(b["qs"].reshape(-1, 4, 32), 0, 4, mask=15).reshape(-1, 8, 32)
    return _affine(f32(b["d"]), f32(b["dmin"]), *scales_6(b["scales"]), q)


def decode_q5_k(blocks: Bytes) -> Floats:
    b = records(blocks, Q5_K)
    low = bits(b["qs"].reshape(-1, 4, 32), 0, 4, mask=15).reshape(-1, 8, 32)
    high = bits(b["qh"][:, None], *range(8), mask=1).reshape(-1, 8, 32)
    q = low | (high << np.uint8(4))
    return _affine(f32(b["d"]), f32(b["dmin"]), *scales_6(b["scales"]), q)


def decode_q6_k(blocks: Bytes) -> Floats:
    b = records(blocks, Q6_K)
    low = bits(b["ql"].reshape(-1, 2, 64), 0, 4, mask=15).reshape(-1, 256)
    high = bits(b["qh"].reshape(-1, 2, 32), 0, 2, 4, 6, mask=3).reshape(-1, 256)
    q = (low | (high << np.uint8(4))).astype(np.float32) - 32
    scale = f32(b["d"]) * b["scales"].astype(np.float32)
    values: Floats = scale[:, :, None] * q.reshape(-1, 16, 16)
    return values.reshape(-1, 256)


def decode_q8_k(blocks: Bytes) -> Floats:
    b = records(blocks, Q8_K)
    return f32(b["d"]) * b["qs"].astype(np.float32)


CODECS = {
    TensorType.Q2_K: Codec(decode_q2_k, k_encode.encode_q2_k, k_encode.encode_q2_k),
    TensorType.Q3_K: Codec(decode_q3_k, k_encode.encode_q3_k, k_encode.encode_q3_k),
    TensorType.Q4_K: Codec(decode_q4_k, k_encode.encode_q4_k, k_encode.encode_q4_k),
    TensorType.Q5_K: Codec(decode_q5_k, k_encode.encode_q5_k, k_encode.encode_q5_k),
    TensorType.Q6_K: Codec(decode_q6_k, k_encode.encode_q6_k, k_encode.encode_q6_k),
    TensorType.Q8_K: Codec(decode_q8_k),
}
