"""Encoding of the first ggml types: without weights exactly as ggml does it, with weights the
scale (and minimum) of least weighted error is searched.
"""

import numpy as np

from engine.weights.quants.block import (
    Bytes,
    Floats,
    as_bytes,
    f16,
    inverse,
    nibbles,
    round_half_away,
)
from engine.weights.quants.k_search import (
    better,
    search_affine,
    search_signed,
    solve_affine,
    steps,
)
from engine.weights.quants.legacy_layout import Q4_0, Q4_1, Q5_0, Q5_1, Q8_0

TRIES = steps(-1.0, 1.0)
REFITS = 2  # with what the file holds: rounded scales, and minima of either sign


def _symmetric(x: Floats, half: int) -> tuple[Floats, Bytes]:
    """Scale and numbers 0..2*half-1: the value of largest magnitude becomes exactly -half."""
    extreme = np.take_along_axis(x, np.abs(x).argmax(axis=1, keepdims=True), axis=1)
    d = extreme / np.float32(-half)
    q = np.trunc(x * inverse(d) + np.float32(half + 0.5))
    return d, q.clip(0, 2 * half - 1).astype(np.uint8)


def _symmetric_weighted(x: Floats, w: Floats, half: int) -> tuple[Floats, Bytes]:
    d = _half(search_signed(x, w, half, TRIES))
    return d, (np.rint(x * inverse(d)) + half).clip(0, 2 * half - 1).astype(np.uint8)


def _affine(x: Floats, top: int) -> tuple[Floats, Floats, Bytes]:
    """Scale, minimum and numbers 0..top."""
    low = x.min(axis=1, keepdims=True)
    d = (x.max(axis=1, keepdims=True) - low) / np.float32(top)
    q = np.trunc((x - low) * inverse(d) + np.float32(0.5))
    return d, low, q.clip(0, top).astype(np.uint8)


def _affine_weighted(x: Floats, w: Floats, top: int) -> tuple[Floats, Floats, Bytes]:
    d, minus_low = search_affine(x, w, top, [0.0, *TRIES])
    d, low = _half(d), _half(-minus_low)
    q = _numbers(x, d, low, top)
    best = _error(x, w, d, low, q)
    for _ in range(REFITS):
        new_d, new_low = map(_half, solve_affine(x, w, w * x, q, above=True))
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


def _half(x: Floats) -> Floats:
    """Rounded to what the file can hold."""
    return f16(x).astype(np.float32)


def _fifth(q: Bytes) -> Bytes:
    return np.packbits(q >> np.uint8(4), axis=1, bitorder="little")


def _four(q: Bytes) -> Bytes:
    return nibbles((q & np.uint8(15)).reshape(-1, 2, 16))


def encode_q4_0(x: Floats, w: Floats | None = None) -> Bytes:
    b = np.zeros(len(x), Q4_0)
    d, q = _symmetric(x, 8) if w is None else _symmetric_weighted(x, w, 8)
    b["d"], b["qs"] = f16(d[:, 0]), _four(q)
    return as_bytes(b)


def encode_q4_1(x: Floats, w: Floats | None = None) -> Bytes:
    b = np.zeros(len(x), Q4_1)
    d, low, q = _affine(x, 15) if w is None else _affine_weighted(x, w, 15)
    b["d"], b["m"], b["qs"] = f16(d[:, 0]), f16(low[:, 0]), _four(q)
    return as_bytes(b)


def encode_q5_0(x: Floats, w: Floats | None = None) -> Bytes:
    b = np.zeros(len(x), Q5_0)
    d, q = _symmetric(x, 16) if w is None else _symmetric_weighted(x, w, 16)
    b["d"], b["qh"], b["qs"] = f16(d[:, 0]), _fifth(q), _four(q)
    return as_bytes(b)


def encode_q5_1(x: Floats, w: Floats | None = None) -> Bytes:
    b = np.zeros(len(x), Q5_1)
    d, low, q = _affine(x, 31) if w is None else _affine_weighted(x, w, 31)
    b["d"], b["m"], b["qh"], b["qs"] = f16(d[:, 0]), f16(low[:, 0]), _fifth(q), _four(q)
    return as_bytes(b)


def encode_q8_0(x: Floats) -> Bytes:
    b = np.zeros(len(x), Q8_0)
    d = np.abs(x).max(axis=1, keepdims=True) / 127
    b["d"], b["qs"] = f16(d[:, 0]), round_half_away(x * inverse(d)).clip(-127, 127)
    return as_bytes(b)
