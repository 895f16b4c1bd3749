"""K types: 256 values in sub-blocks, whose scales are small numbers times one float16.

Twelve bytes hold eight 6-bit scales with eight 6-bit minima (Q4_K, Q5_K) or sixteen signed 6-bit
scales (Q3_K). Invariant: decoding makes the same float32 operations in the same order as
gguf.quants, so results agree bit for bit. Encoding searches with k_search.py.

Weights, measured against llama.cpp's encoder on random and real weights: |x| for signed numbers
beats its x*x by 2 % (Q3_K) and 1 % (Q6_K) of rms error; Q2_K comes out 4 % better, Q4_K and Q5_K
within 0.5 %.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.weights.blocks.block import Blocks, Bytes, Floats, Records, bits, f32, record
from engine.weights.blocks.k_search import fit_affine, fit_signed, steps


def unpack_scales_6(packed: Bytes) -> tuple[Bytes, Bytes]:
    """[n, 12] -> eight scales and eight minima of six bits each.

    Bytes 0-3: scales 0-3, 4-7: minima 0-3, each with two spare bits on top: the upper bits of
    number 4-7, whose lower four bits share bytes 8-11.
    """
    low, least, mixed = packed[:, 0:4], packed[:, 4:8], packed[:, 8:12]
    scales = (low & 63, (mixed & 15) | ((low >> 2) & 48))
    mins = (least & 63, (mixed >> 4) | ((least >> 2) & 48))
    return np.concatenate(scales, axis=1), np.concatenate(mins, axis=1)


def pack_scales_6(scales: Bytes, mins: Bytes) -> Bytes:
    """The reverse of unpack_scales_6."""
    s0, s1, m0, m1 = scales[:, :4], scales[:, 4:], mins[:, :4], mins[:, 4:]
    parts = (
        s0 | ((s1 & 48) << 2),
        m0 | ((m1 & 48) << 2),
        (s1 & 15) | ((m1 & 15) << 4),
    )
    return np.concatenate(parts, axis=1).astype(np.uint8)


def unpack_scales_3(packed: Bytes) -> NDArray[np.int8]:
    """[n, 12] -> sixteen scales of -32..31: bytes 0-7 the low four bits, 8-11 the high two."""
    low, high = packed[:, :8], packed[:, 8:]
    lows = np.concatenate([low & 15, low >> 4], axis=1)
    highs = np.concatenate([(high >> shift) & 3 for shift in (0, 2, 4, 6)], axis=1)
    scales: NDArray[np.int8] = (lows | (highs << 4)).astype(np.int8) - np.int8(32)
    return scales


def pack_scales_3(scales: NDArray[np.int8]) -> Bytes:
    """The reverse of unpack_scales_3."""
    lifted = (scales.astype(np.int16) + 32).astype(np.uint8)
    low = (lifted[:, :8] & 15) | ((lifted[:, 8:] & 15) << 4)
    high = np.zeros((len(lifted), 4), np.uint8)
    for i, shift in enumerate((0, 2, 4, 6)):
        high |= (lifted[:, 4 * i : 4 * i + 4] >> 4) << shift
    return np.concatenate([low, high], axis=1)


def _affine(d: Floats, dmin: Floats, scales: Bytes, mins: Bytes, q: NDArray[np.uint8]) -> Floats:
    """d*scale*q - dmin*min for q [n, sub-blocks, width]."""
    scale = (d * scales.astype(np.float32))[:, :, None]
    least = (dmin * mins.astype(np.float32))[:, :, None]
    return (scale * q.astype(np.float32) - least).reshape(len(q), 256)


def decode_q2_k(b: Records) -> Floats:
    q = bits(b["qs"].reshape(-1, 2, 32), 0, 2, 4, 6, mask=3).reshape(-1, 16, 16)
    low, high = b["scales"] & np.uint8(15), b["scales"] >> np.uint8(4)
    return _affine(f32(b["d"]), f32(b["dmin"]), low, high, q)


def decode_q3_k(b: Records) -> Floats:
    low = bits(b["qs"].reshape(-1, 2, 32), 0, 2, 4, 6, mask=3).reshape(-1, 16, 16)
    # A set bit of hmask means "no 4 taken off".
    high = bits(b["hmask"][:, None], *range(8), mask=1).reshape(-1, 16, 16)
    q = low.astype(np.float32) - 4 * (1 - high.astype(np.float32))
    scale = f32(b["d"]) * unpack_scales_3(b["scales"]).astype(np.float32)
    return (scale[:, :, None] * q).reshape(-1, 256)


def decode_q4_k(b: Records) -> Floats:
    q = bits(b["qs"].reshape(-1, 4, 32), 0, 4, mask=15).reshape(-1, 8, 32)
    return _affine(f32(b["d"]), f32(b["dmin"]), *unpack_scales_6(b["scales"]), q)


def decode_q5_k(b: Records) -> Floats:
    low = bits(b["qs"].reshape(-1, 4, 32), 0, 4, mask=15).reshape(-1, 8, 32)
    high = bits(b["qh"][:, None], *range(8), mask=1).reshape(-1, 8, 32)
    q = low | (high << np.uint8(4))
    return _affine(f32(b["d"]), f32(b["dmin"]), *unpack_scales_6(b["scales"]), q)


def decode_q6_k(b: Records) -> Floats:
    low = bits(b["ql"].reshape(-1, 2, 64), 0, 4, mask=15).reshape(-1, 256)
    high = bits(b["qh"].reshape(-1, 2, 32), 0, 2, 4, 6, mask=3).reshape(-1, 256)
    q = (low | (high << np.uint8(4))).astype(np.float32) - 32
    scale = f32(b["d"]) * b["scales"].astype(np.float32)
    values: Floats = scale[:, :, None] * q.reshape(-1, 16, 16)
    return values.reshape(-1, 256)


def decode_q8_k(b: Records) -> Floats:
    return f32(b["d"]) * b["qs"].astype(np.float32)


def _loudness(x: Floats) -> Floats:
    """Weights for four and five bits: large values matter more, small ones are not forgotten."""
    weights: Floats = np.sqrt(np.mean(x * x, axis=2, keepdims=True)) + np.abs(x)
    return weights


def _loud_weights(x: Floats, w: Floats | None) -> Floats:
    return _loudness(x) if w is None else w.reshape(x.shape)


def _weights(x: Floats, w: Floats | None) -> Floats:
    return np.abs(x) if w is None else w.reshape(x.shape)


def _pack(q: NDArray[Any], groups: int, *shifts: int) -> Bytes:
    """Numbers [n, 256] in `groups` runs, each of len(shifts) equal parts, packed into bytes."""
    parts = q.astype(np.uint8).reshape(len(q), groups, len(shifts), -1)
    out = np.zeros(parts[:, :, 0].shape, np.uint8)
    for i, shift in enumerate(shifts):
        out |= parts[:, :, i] << np.uint8(shift)
    return out.reshape(len(q), -1)


def encode_q2_k(x: Floats, w: Floats | None = None) -> Records:
    x = x.reshape(-1, 16, 16)
    made = fit_affine(x, _weights(x, w), 3, 15, [0.0, *steps(-0.5, 1.0)])
    b = np.zeros(len(x), Q2_K.record)
    b["d"], b["dmin"] = made.d[:, 0], made.dmin[:, 0]
    b["scales"] = made.scales + 16 * made.mins
    b["qs"] = _pack(made.q, 2, 0, 2, 4, 6)
    return b


def encode_q3_k(x: Floats, w: Floats | None = None) -> Records:
    x = x.reshape(-1, 16, 16)
    made = fit_signed(x, _weights(x, w), 4, 32, steps(-0.9, 0.9))
    b = np.zeros(len(x), Q3_K.record)
    q = (made.q + 4).astype(np.uint8)
    b["d"], b["scales"] = made.d[:, 0], pack_scales_3(made.scales.astype(np.int8))
    b["qs"] = _pack(q & 3, 2, 0, 2, 4, 6)
    b["hmask"] = _pack(q >> 2, 1, *range(8))
    return b


def encode_q4_k(x: Floats, w: Floats | None = None) -> Records:
    x = x.reshape(-1, 8, 32)
    made = fit_affine(x, _loud_weights(x, w), 15, 63, [0.0, *steps(-1.0, 1.0)])
    b = np.zeros(len(x), Q4_K.record)
    b["d"], b["dmin"] = made.d[:, 0], made.dmin[:, 0]
    b["scales"] = pack_scales_6(made.scales.astype(np.uint8), made.mins.astype(np.uint8))
    b["qs"] = _pack(made.q, 4, 0, 4)
    return b


def encode_q5_k(x: Floats, w: Floats | None = None) -> Records:
    x = x.reshape(-1, 8, 32)
    made = fit_affine(x, _loud_weights(x, w), 31, 63, [0.0, *steps(-0.5, 1.0)])
    b = np.zeros(len(x), Q5_K.record)
    q = made.q.astype(np.uint8)
    b["d"], b["dmin"] = made.d[:, 0], made.dmin[:, 0]
    b["scales"] = pack_scales_6(made.scales.astype(np.uint8), made.mins.astype(np.uint8))
    b["qs"] = _pack(q & 15, 4, 0, 4)
    b["qh"] = _pack(q >> 4, 1, *range(8))
    return b


def encode_q6_k(x: Floats, w: Floats | None = None) -> Records:
    x = x.reshape(-1, 16, 16)
    made = fit_signed(x, _weights(x, w), 32, 128, steps(-0.9, 0.9))
    b = np.zeros(len(x), Q6_K.record)
    q = (made.q + 32).astype(np.uint8)
    b["d"], b["scales"] = made.d[:, 0], made.scales
    b["ql"] = _pack(q & 15, 2, 0, 4)
    b["qh"] = _pack(q >> 4, 2, 0, 2, 4, 6)
    return b


_D, _DMIN, _PACKED = ("d", "<f2"), ("dmin", "<f2"), ("scales", "u1", 12)
Q2_K = Blocks(
    256,
    record(("scales", "u1", 16), ("qs", "u1", 64), _D, _DMIN),
    decode_q2_k,
    encode_q2_k,
    encode_q2_k,
)
Q3_K = Blocks(
    256,
    record(("hmask", "u1", 32), ("qs", "u1", 64), _PACKED, _D),
    decode_q3_k,
    encode_q3_k,
    encode_q3_k,
)
Q4_K = Blocks(
    256,
    record(_D, _DMIN, _PACKED, ("qs", "u1", 128)),
    decode_q4_k,
    encode_q4_k,
    encode_q4_k,
)
Q5_K = Blocks(
    256,
    record(_D, _DMIN, _PACKED, ("qh", "u1", 32), ("qs", "u1", 128)),
    decode_q5_k,
    encode_q5_k,
    encode_q5_k,
)
Q6_K = Blocks(
    256,
    record(("ql", "u1", 128), ("qh", "u1", 64), ("scales", "i1", 16), _D),
    decode_q6_k,
    encode_q6_k,
    encode_q6_k,
)
Q8_K = Blocks(256, record(("d", "<f4"), ("qs", "i1", 256), ("bsums", "<i2", 16)), decode_q8_k)
