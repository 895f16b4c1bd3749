"""The first ggml types: 32 values with one scale (_0) or a scale and a minimum (_1).

Value i of the first 16 sits in the low half of byte i, value i + 16 in the high half; a fifth bit
of all 32 values sits in qh. Encoding without weights is exactly what ggml does; with weights the
scale (and minimum) of least weighted error is searched.
"""

import numpy as np

from engine.weights.blocks.block import (
    Blocks,
    Bytes,
    Floats,
    Records,
    bits,
    f16,
    f32,
    inverse,
    nibbles,
    record,
    round_half_away,
)
from engine.weights.blocks.k_search import (
    better,
    search_affine,
    search_signed,
    solve_affine,
    steps,
    stored,
)

TRIES = steps(-1.0, 1.0)
REFITS = 2  # with what the file holds: rounded scales, and minima of either sign


def _low(qs: Bytes) -> Bytes:
    """The 32 four-bit numbers of [n, 16] bytes."""
    return bits(qs[:, None], 0, 4, mask=15).reshape(len(qs), 32)


def _high(qh: Bytes) -> Bytes:
    """The fifth bits of [n, 4] bytes, each 0 or 16."""
    return np.unpackbits(qh, axis=1, bitorder="little") << np.uint8(4)


def decode_q4_0(b: Records) -> Floats:
    return f32(b["d"]) * (_low(b["qs"]).astype(np.float32) - 8)


def decode_q4_1(b: Records) -> Floats:
    return f32(b["d"]) * _low(b["qs"]).astype(np.float32) + f32(b["m"])


def decode_q5_0(b: Records) -> Floats:
    return f32(b["d"]) * ((_low(b["qs"]) | _high(b["qh"])).astype(np.float32) - 16)


def decode_q5_1(b: Records) -> Floats:
    return f32(b["d"]) * (_low(b["qs"]) | _high(b["qh"])).astype(np.float32) + f32(b["m"])


def decode_q8(b: Records) -> Floats:
    return f32(b["d"]) * b["qs"].astype(np.float32)


def _symmetric(x: Floats, half: int) -> tuple[Floats, Bytes]:
    """Scale and numbers 0..2*half-1: the value of largest magnitude becomes exactly -half."""
    extreme = np.take_along_axis(x, np.abs(x).argmax(axis=1, keepdims=True), axis=1)
    d = extreme / np.float32(-half)
    q = np.trunc(x * inverse(d) + np.float32(half + 0.5))
    return d, q.clip(0, 2 * half - 1).astype(np.uint8)


def _symmetric_weighted(x: Floats, w: Floats, half: int) -> tuple[Floats, Bytes]:
    d = stored(search_signed(x, w, half, TRIES))
    return d, (np.rint(x * inverse(d)) + half).clip(0, 2 * half - 1).astype(np.uint8)


def _affine(x: Floats, top: int) -> tuple[Floats, Floats, Bytes]:
    """Scale, minimum and numbers 0..top."""
    low = x.min(axis=1, keepdims=True)
    d = (x.max(axis=1, keepdims=True) - low) / np.float32(top)
    q = np.trunc((x - low) * inverse(d) + np.float32(0.5))
    return d, low, q.clip(0, top).astype(np.uint8)


def _affine_weighted(x: Floats, w: Floats, top: int) -> tuple[Floats, Floats, Bytes]:
    d, minus_low = search_affine(x, w, top, [0.0, *TRIES])
    d, low = stored(d), stored(-minus_low)
    q = _numbers(x, d, low, top)
    best = _error(x, w, d, low, q)
    for _ in range(REFITS):
        new_d, new_low = map(stored, solve_affine(x, w, w * x, q, above=True))
        q = _numbers(x, new_d, new_low, top)
        error = _error(x, w, new_d, new_low, q)
        error[new_d <= 0] = np.inf
        better(error, best, (d, new_d), (low, new_low))
    return d, low, _numbers(x, d, low, top).astype(np.uint8)


def _numbers(x: Floats, d: Floats, low: Floats, top: int) -> Floats:
    found: Floats = np.rint((x - low) * inverse(d)).clip(0, top)
    return found


def _error(x: Floats, w: Floats, d: Floats, low: Floats, q: Floats) -> Floats:
    off = d * q + low - x
    error: Floats = np.einsum("ij,ij,ij->i", w, off, off)[:, None]
    return error


def _fifth(q: Bytes) -> Bytes:
    return np.packbits(q >> np.uint8(4), axis=1, bitorder="little")


def _four(q: Bytes) -> Bytes:
    return nibbles((q & np.uint8(15)).reshape(-1, 2, 16))


def encode_q4_0(x: Floats, w: Floats | None = None) -> Records:
    b = np.zeros(len(x), Q4_0.record)
    d, q = _symmetric(x, 8) if w is None else _symmetric_weighted(x, w, 8)
    b["d"], b["qs"] = f16(d[:, 0]), _four(q)
    return b


def encode_q4_1(x: Floats, w: Floats | None = None) -> Records:
    b = np.zeros(len(x), Q4_1.record)
    d, low, q = _affine(x, 15) if w is None else _affine_weighted(x, w, 15)
    b["d"], b["m"], b["qs"] = f16(d[:, 0]), f16(low[:, 0]), _four(q)
    return b


def encode_q5_0(x: Floats, w: Floats | None = None) -> Records:
    b = np.zeros(len(x), Q5_0.record)
    d, q = _symmetric(x, 16) if w is None else _symmetric_weighted(x, w, 16)
    b["d"], b["qh"], b["qs"] = f16(d[:, 0]), _fifth(q), _four(q)
    return b


def encode_q5_1(x: Floats, w: Floats | None = None) -> Records:
    b = np.zeros(len(x), Q5_1.record)
    d, low, q = _affine(x, 31) if w is None else _affine_weighted(x, w, 31)
    b["d"], b["m"], b["qh"], b["qs"] = f16(d[:, 0]), f16(low[:, 0]), _fifth(q), _four(q)
    return b


def encode_q8_0(x: Floats) -> Records:
    b = np.zeros(len(x), Q8_0.record)
    d = np.abs(x).max(axis=1, keepdims=True) / 127
    b["d"], b["qs"] = f16(d[:, 0]), round_half_away(x * inverse(d)).clip(-127, 127)
    return b


_D, _M, _HIGH, _NIBBLES = ("d", "<f2"), ("m", "<f2"), ("qh", "u1", 4), ("qs", "u1", 16)
Q4_0 = Blocks(32, record(_D, _NIBBLES), decode_q4_0, encode_q4_0, encode_q4_0)
Q4_1 = Blocks(32, record(_D, _M, _NIBBLES), decode_q4_1, encode_q4_1, encode_q4_1)
Q5_0 = Blocks(32, record(_D, _HIGH, _NIBBLES), decode_q5_0, encode_q5_0, encode_q5_0)
Q5_1 = Blocks(32, record(_D, _M, _HIGH, _NIBBLES), decode_q5_1, encode_q5_1, encode_q5_1)
Q8_0 = Blocks(32, record(_D, ("qs", "i1", 32)), decode_q8, encode_q8_0)
Q8_1 = Blocks(32, record(_D, ("s", "<f2"), ("qs", "i1", 32)), decode_q8)
