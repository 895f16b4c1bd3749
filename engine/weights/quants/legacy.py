"""The first ggml types: 32 values with one scale (_0) or a scale and a minimum (_1).

Value i of the first 16 sits in the low half of byte i, value i + 16 in the high half; a fifth bit
of all 32 values sits in qh.
"""

import numpy as np

from engine.weights.quants.block import (
    Bytes,
    Codec,
    Floats,
    as_bytes,
    bits,
    f16,
    f32,
    inverse,
    layout,
    nibbles,
    records,
    round_half_away,
)
from engine.weights.types import TensorType

Q4_0 = layout(TensorType.Q4_0, ("d", "<f2"), ("qs", "u1", 16))
Q4_1 = layout(TensorType.Q4_1, ("d", "<f2"), ("m", "<f2"), ("qs", "u1", 16))
Q5_0 = layout(TensorType.Q5_0, ("d", "<f2"), ("qh", "u1", 4), ("qs", "u1", 16))
Q5_1 = layout(TensorType.Q5_1, ("d", "<f2"), ("m", "<f2"), ("qh", "u1", 4), ("qs", "u1", 16))
Q8_0 = layout(TensorType.Q8_0, ("d", "<f2"), ("qs", "i1", 32))
Q8_1 = layout(TensorType.Q8_1, ("d", "<f2"), ("s", "<f2"), ("qs", "i1", 32))


def _low(qs: Bytes) -> Bytes:
    """The 32 four-bit numbers of [n, 16] bytes."""
    return bits(qs[:, None], 0, 4, mask=15).reshape(len(qs), 32)


def _high(qh: Bytes) -> Bytes:
    """The fifth bits of [n, 4] bytes, each 0 or 16."""
    return np.unpackbits(qh, axis=1, bitorder="little") << np.uint8(4)


def decode_q4_0(blocks: Bytes) -> Floats:
    b = records(blocks, Q4_0)
    return f32(b["d"]) * (_low(b["qs"]).astype(np.float32) - 8)


def decode_q4_1(blocks: Bytes) -> Floats:
    b = records(blocks, Q4_1)
    return f32(b["d"]) * _low(b["qs"]).astype(np.float32) + f32(b["m"])


def decode_q5_0(blocks: Bytes) -> Floats:
    b = records(blocks, Q5_0)
    return f32(b["d"]) * ((_low(b["qs"]) | _high(b["qh"])).astype(np.float32) - 16)


def decode_q5_1(blocks: Bytes) -> Floats:
    b = records(blocks, Q5_1)
    return f32(b["d"]) * (_low(b["qs"]) | _high(b["qh"])).astype(np.float32) + f32(b["m"])


def decode_q8_0(blocks: Bytes) -> Floats:
    b = records(blocks, Q8_0)
    return f32(b["d"]) * b["qs"].astype(np.float32)


def decode_q8_1(blocks: Bytes) -> Floats:
    b = records(blocks, Q8_1)
    return f32(b["d"]) * b["qs"].astype(np.float32)


def _symmetric(x: Floats, half: int) -> tuple[Floats, Bytes]:
    """Scale and numbers 0..2*half-1: the value of largest magnitude becomes exactly -half."""
    extreme = np.take_along_axis(x, np.abs(x).argmax(axis=1, keepdims=True), axis=1)
    d = extreme / np.float32(-half)
    q = np.trunc(x * inverse(d) + np.float32(half + 0.5))
    return d, q.clip(0, 2 * half - 1).astype(np.uint8)


def _affine(x: Floats, top: int) -> tuple[Floats, Floats, Bytes]:
    """Scale, minimum and numbers 0..top."""
    low = x.min(axis=1, keepdims=True)
    d = (x.max(axis=1, keepdims=True) - low) / np.float32(top)
    q = np.trunc((x - low) * inverse(d) + np.float32(0.5))
    return d, low, q.clip(0, top).astype(np.uint8)


def _fifth(q: Bytes) -> Bytes:
    return np.packbits(q >> np.uint8(4), axis=1, bitorder="little")


def _four(q: Bytes) -> Bytes:
    return nibbles((q & np.uint8(15)).reshape(-1, 2, 16))


def encode_q4_0(x: Floats) -> Bytes:
    b = np.zeros(len(x), Q4_0)
    d, q = _symmetric(x, 8)
    b["d"], b["qs"] = f16(d[:, 0]), _four(q)
    return as_bytes(b)


def encode_q4_1(x: Floats) -> Bytes:
    b = np.zeros(len(x), Q4_1)
    d, low, q = _affine(x, 15)
    b["d"], b["m"], b["qs"] = f16(d[:, 0]), f16(low[:, 0]), _four(q)
    return as_bytes(b)


def encode_q5_0(x: Floats) -> Bytes:
    b = np.zeros(len(x), Q5_0)
    d, q = _symmetric(x, 16)
    b["d"], b["qh"], b["qs"] = f16(d[:, 0]), _fifth(q), _four(q)
    return as_bytes(b)


def encode_q5_1(x: Floats) -> Bytes:
    b = np.zeros(len(x), Q5_1)
    d, low, q = _affine(x, 31)
    b["d"], b["m"], b["qh"], b["qs"] = f16(d[:, 0]), f16(low[:, 0]), _fifth(q), _four(q)
    return as_bytes(b)


def encode_q8_0(x: Floats) -> Bytes:
    b = np.zeros(len(x), Q8_0)
    d = np.abs(x).max(axis=1, keepdims=True) / 127
    b["d"], b["qs"] = f16(d[:, 0]), round_half_away(x * inverse(d)).clip(-127, 127)
    return as_bytes(b)


CODECS = {
    TensorType.Q4_0: Codec(decode_q4_0, encode_q4_0),
    TensorType.Q4_1: Codec(decode_q4_1, encode_q4_1),
    TensorType.Q5_0: Codec(decode_q5_0, encode_q5_0),
    TensorType.Q5_1: Codec(decode_q5_1, encode_q5_1),
    TensorType.Q8_0: Codec(decode_q8_0, encode_q8_0),
    TensorType.Q8_1: Codec(decode_q8_1),
}
