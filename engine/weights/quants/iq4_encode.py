"""Encoding of the IQ4 types: every value goes to the nearest of sixteen uneven levels.

Invariant: of the scales tried for 32 values the one with the least weighted error is kept.
"""

import numpy as np

from engine.weights.quants.block import Bytes, Floats, as_bytes, f16, inverse, nibbles
from engine.weights.quants.iq4_layout import IQ4_NL, IQ4_XS, LEVELS
from engine.weights.quants.k_search import steps

_LEVELS = np.array(LEVELS, np.float32)
_MIDDLES = (_LEVELS[1:] + _LEVELS[:-1]) / 2
# A code for every half step between the outermost levels: rounding, then one look-up.
_CODES = np.searchsorted(_MIDDLES, np.arange(-254, 227) / 2).astype(np.uint8)
TRIES = (*steps(-1.4, 1.4)[::2],)
TOP = 113.0


def _codes(x: Floats, over: Floats) -> Bytes:
    """The nearest level of x * over."""
    doubled = np.rint(x * (2 * over)).clip(-254, 226).astype(np.int16)
    codes: Bytes = _CODES[doubled + 254]
    return codes


def _solve(x: Floats, w: Floats, wx: Floats, codes: Bytes) -> tuple[Floats, Floats]:
    """Best scale [n, 1] for the codes, and its error but for w·x·x."""
    q = _LEVELS[codes]
    s_xq = np.einsum("ij,ij->i", wx, q)[:, None]
    scale = s_xq * inverse(np.einsum("ij,ij,ij->i", w, q, q)[:, None])
    return scale, -s_xq * scale


def search_levels(x: Floats, w: Floats) -> Floats:
    """The best scale (of either sign) for each row of x [n, 32]."""
    extreme = np.take_along_axis(x, np.abs(x).argmax(1, keepdims=True), axis=1)
    over, wx = inverse(extreme), w * x
    best = extreme / np.float32(LEVELS[0])
    least = np.full_like(best, np.inf)
    for side in (LEVELS[0], TOP):
        for extra in TRIES:
            codes = _codes(x, over * np.float32(side + 7 * extra))
            scale, error = _solve(x, w, wx, codes)
            won = error < least
            np.copyto(best, scale, where=won)
            np.copyto(least, error, where=won)
    return best


def encode_iq4_nl(x: Floats, w: Floats) -> Bytes:
    d = f16(search_levels(x, w))
    b = np.zeros(len(x), IQ4_NL)
    b["d"] = d[:, 0]
    b["qs"] = nibbles(_codes(x, inverse(d.astype(np.float32))).reshape(-1, 2, 16))
    return as_bytes(b)


def encode_iq4_xs(x: Floats, w: Floats) -> Bytes:
    """The scales are d times six-bit numbers less 32; d is the mean fit of several tries."""
    y, v = x.reshape(-1, 8, 32), w.reshape(-1, 8, 32)
    wanted = search_levels(y.reshape(-1, 32), v.reshape(-1, 32)).reshape(-1, 8)
    extreme = np.take_along_axis(wanted, np.abs(wanted).argmax(1, keepdims=True), axis=1)
    d = f16(extreme / np.float32(-32)).astype(np.float32)
    small = np.rint(wanted * inverse(d)).clip(-32, 31)
    codes = _codes(y, inverse(d * small)[:, :, None])
    for _ in range(2):
        # The best d for these numbers, then the best numbers for that d.
        q = small[:, :, None] * _LEVELS[codes]
        fitted = np.einsum("nsi,nsi,nsi->n", v, y, q) * inverse(
            np.einsum("nsi,nsi,nsi->n", v, q, q)
        )
        d = f16(np.where(fitted == 0, d[:, 0], fitted)).astype(np.float32)[:, None]
        codes = _codes(y, inverse(d * small)[:, :, None])
    b = np.zeros(len(x), IQ4_XS)
    lifted = (small + 32).astype(np.uint8)
    low, high = lifted & np.uint8(15), (lifted >> np.uint8(4)).astype(np.uint16)
    b["d"], b["scales_l"] = d[:, 0], low[:, ::2] | (low[:, 1::2] << np.uint8(4))
    b["scales_h"] = np.bitwise_or.reduce(high << np.arange(0, 16, 2, dtype=np.uint16), axis=1)
    pairs = codes.reshape(-1, 2, 16)
    b["qs"] = nibbles(pairs).reshape(-1, 128)
    return as_bytes(b)
