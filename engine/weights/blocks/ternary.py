"""Types with two or three levels: TQ1_0 and TQ2_0 (-1, 0, 1), Q1_0 (two) and Q2_0 (-1 to 2).

TQ1_0 packs five values into a byte as a base-3 fraction of 256: multiplying by 3 brings the next
value out on top.
"""

import numpy as np
from numpy.typing import NDArray

from engine.weights.blocks.block import (
    Blocks,
    Floats,
    Records,
    bits,
    f16,
    f32,
    inverse,
    record,
    round_half_away,
)

PARTS = ((0, 32, 5), (32, 48, 5), (48, 52, 4))  # first byte, end, values per byte
POWERS = np.array([1, 3, 9, 27, 81], np.uint8).reshape(5, 1)


def decode_tq1_0(b: Records) -> Floats:
    packed = np.concatenate([b["qs"], b["qh"]], axis=1)
    parts = [
        (packed[:, None, start:end] * POWERS[:count]).reshape(len(b), -1)
        for start, end, count in PARTS
    ]
    digits = (np.concatenate(parts, axis=1).astype(np.uint16) * 3) >> 8
    return f32(b["d"]) * (digits.astype(np.float32) - 1)


def decode_tq2_0(b: Records) -> Floats:
    q = bits(b["qs"].reshape(-1, 2, 32), 0, 2, 4, 6, mask=3).reshape(-1, 256)
    return f32(b["d"]) * (q.astype(np.float32) - 1)


def decode_q1_0(b: Records) -> Floats:
    bit = np.unpackbits(b["qs"], axis=1, bitorder="little")
    return f32(b["d"]) * (2 * bit.astype(np.float32) - 1)


def decode_q2_0(b: Records) -> Floats:
    """Value i is in byte i // 4, bits 2 * (i % 4)."""
    q = (b["qs"][:, :, None] >> np.arange(0, 8, 2, dtype=np.uint8)) & np.uint8(3)
    return f32(b["d"]) * (q.reshape(-1, 64).astype(np.float32) - 1)


def _ternary(x: Floats) -> tuple[Floats, NDArray[np.uint8]]:
    """The largest magnitude as scale, and 0, 1, 2 for -1, 0, 1."""
    d = np.abs(x).max(axis=1, keepdims=True)
    q = round_half_away(x * inverse(d)).clip(-1, 1)
    return d, (q + 1).astype(np.uint8)


def encode_tq1_0(x: Floats) -> Records:
    d, q = _ternary(x)
    packed, at = [], 0
    for start, end, count in PARTS:
        part = q[:, at : at + (end - start) * count].reshape(len(x), count, -1)
        packed.append((part * POWERS[4::-1][:count]).sum(axis=1, dtype=np.uint16))
        at += (end - start) * count
    # Rounded up, so that the digits come out of the fraction again.
    bytes_ = ((np.concatenate(packed, axis=1) * 256 + 242) // 243).astype(np.uint8)
    b = np.zeros(len(x), TQ1_0.record)
    b["qs"], b["qh"], b["d"] = bytes_[:, :48], bytes_[:, 48:], f16(d[:, 0])
    return b


def encode_tq2_0(x: Floats) -> Records:
    d, q = _ternary(x)
    shifted = q.reshape(-1, 2, 4, 32) << np.arange(0, 8, 2, dtype=np.uint8).reshape(4, 1)
    b = np.zeros(len(x), TQ2_0.record)
    b["qs"] = np.bitwise_or.reduce(shifted, axis=2).reshape(len(x), 64)
    b["d"] = f16(d[:, 0])
    return b


def encode_q1_0(x: Floats) -> Records:
    """Signs, and the mean magnitude: nothing is nearer."""
    b = np.zeros(len(x), Q1_0.record)
    b["d"] = f16(np.abs(x).mean(1))
    b["qs"] = np.packbits(x >= 0, axis=1, bitorder="little")
    return b


def encode_q2_0(x: Floats, w: Floats | None = None) -> Records:
    """Levels -d, 0, d, 2d: the scale of either sign with the least error."""
    d = f16(_search_q2_0(x, np.ones_like(x) if w is None else w))
    q = np.rint(x * inverse(d.astype(np.float32))).clip(-1, 2) + 1
    b = np.zeros(len(x), Q2_0.record)
    b["d"] = d[:, 0]
    shifts = np.arange(0, 8, 2, dtype=np.uint8)
    b["qs"] = np.bitwise_or.reduce(q.astype(np.uint8).reshape(-1, 16, 4) << shifts, axis=2)
    return b


def _search_q2_0(x: Floats, w: Floats) -> Floats:
    most = np.abs(x).max(1, keepdims=True)
    best: Floats = most
    least, wx = np.full_like(most, np.inf), w * x
    for part in (0.3, 0.36, 0.42, 0.48, 0.54, 0.6, 0.7, 0.8, 0.9, 1.0):
        for side in (part, -part):
            q = np.rint(x * inverse(most * np.float32(side))).clip(-1, 2)
            s_xq = np.einsum("ij,ij->i", wx, q)[:, None]
            d = s_xq * inverse(np.einsum("ij,ij,ij->i", w, q, q)[:, None])
            won = -s_xq * d < least
            best, least = np.where(won, d, best), np.where(won, -s_xq * d, least)
    return best


_D = ("d", "<f2")
TQ1_0 = Blocks(256, record(("qs", "u1", 48), ("qh", "u1", 4), _D), decode_tq1_0, encode_tq1_0)
TQ2_0 = Blocks(256, record(("qs", "u1", 64), _D), decode_tq2_0, encode_tq2_0)
# Two levels about the mean.
Q1_0 = Blocks(128, record(_D, ("qs", "u1", 16)), decode_q1_0, encode_q1_0, shows_most=False)
Q2_0 = Blocks(64, record(_D, ("qs", "u1", 16)), decode_q2_0, encode_q2_0, encode_q2_0)
