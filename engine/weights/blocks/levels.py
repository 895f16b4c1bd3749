"""Types whose four-bit codes stand for sixteen unevenly spaced levels, with a scale for a block:
they differ in their table and in how many values share the scale. IQ4_XS keeps its scales in two
steps and has functions of its own.

    d   qs qs qs …    16 bytes for each 32 values: i in the low, i + 16 in the high half of byte i

Encoding sends every value to the nearest level. Invariant: of the scales tried for a block the one
with the least weighted error is kept.
"""

from dataclasses import dataclass

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
    loudness,
    nibbles,
    record,
)
from engine.weights.blocks.k_search import steps

TRIES = (*steps(-1.4, 1.4)[::2],)
REACH = 7 / 127  # of the largest level: how far a try moves the ends
FOUR = (-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)


class Table:
    """Ascending whole numbers on both sides of zero, and the search for the scale that fits."""

    def __init__(self, levels: tuple[int, ...]) -> None:
        self.values = np.array(levels, np.float32)
        self.ends = (levels[0], levels[-1])
        self._reach = REACH * max(-levels[0], levels[-1])
        middles = (self.values[1:] + self.values[:-1]) / 2
        # A code for every small step between the outermost levels: rounding, then one look-up.
        self._fine = max(2, round(254 / max(-levels[0], levels[-1])))
        places = np.arange(self._fine * levels[0], self._fine * levels[-1] + 1) / self._fine
        self._codes = np.searchsorted(middles, places).astype(np.uint8)

    def codes(self, x: Floats, over: Floats) -> Bytes:
        """The nearest level of x * over."""
        low, high = (self._fine * end for end in self.ends)
        place = np.rint(x * (self._fine * over)).clip(low, high).astype(np.int16)
        codes: Bytes = self._codes[place - low]
        return codes

    def search(self, x: Floats, w: Floats) -> Floats:
        """The best scale (of either sign) for each row of x [n, width]."""
        extreme = np.take_along_axis(x, np.abs(x).argmax(1, keepdims=True), axis=1)
        over, wx = inverse(extreme), w * x
        best = extreme / np.float32(self.ends[0])
        least = np.full_like(best, np.inf)
        for side in self.ends:
            for extra in TRIES:
                codes = self.codes(x, over * np.float32(side + self._reach * extra))
                scale, error = self._solve(w, wx, codes)
                won = error < least
                np.copyto(best, scale, where=won)
                np.copyto(least, error, where=won)
        return best

    def _solve(self, w: Floats, wx: Floats, codes: Bytes) -> tuple[Floats, Floats]:
        """Best scale [n, 1] for the codes, and its error but for w·x·x."""
        q = self.values[codes]
        s_xq = np.einsum("ij,ij->i", wx, q)[:, None]
        scale = s_xq * inverse(np.einsum("ij,ij,ij->i", w, q, q)[:, None])
        return scale, -s_xq * scale


@dataclass(frozen=True, eq=False, kw_only=True)
class LevelBlocks(Blocks):
    """A type that is data alone: everybody makes what it needs from `levels` and `values`."""

    levels: tuple[int, ...]


def level_blocks(levels: tuple[int, ...], values: int = 32) -> LevelBlocks:
    """Sixteen whole numbers of -127 to 127, ascending, on both sides of zero; `values` that share a
    scale, a multiple of 32. Raises ValueError where they are not so: encoders and panels count on
    it."""
    if len(levels) != 16 or list(levels) != sorted({int(level) for level in levels}):
        raise ValueError(f"{levels} are not sixteen ascending whole numbers")
    if not -127 <= levels[0] < 0 < levels[-1] <= 127:
        raise ValueError(f"{levels} do not lie on both sides of 0, within -127 and 127")
    if values <= 0 or values % 32:
        raise ValueError(f"{values} values of a block are no multiple of 32")
    table = Table(levels)

    def decode(b: Records) -> Floats:
        return f32(b["d"]) * table.values[_codes_of(b["qs"]).reshape(-1, values)]

    def encode(x: Floats, w: Floats) -> Records:
        d = f16(table.search(x, w))
        b = np.zeros(len(x), of.record)
        codes = table.codes(x, inverse(d.astype(np.float32)))
        b["d"], b["qs"] = d[:, 0], nibbles(codes.reshape(-1, 2, 16)).reshape(len(x), -1)
        return b

    layout = record(("d", "<f2"), ("qs", "u1", values // 2))
    of = LevelBlocks(
        values, layout, decode, lambda x: encode(x, loudness(x)), encode, levels=levels
    )
    return of


def _codes_of(qs: Bytes) -> Bytes:
    """[n, 16 · k] bytes -> [n, k, 32] codes."""
    return bits(qs.reshape(len(qs), -1, 16), 0, 4, mask=15).reshape(len(qs), -1, 32)


IQ4_NL = level_blocks(FOUR)
_FOUR = Table(FOUR)


def decode_iq4_xs(b: Records) -> Floats:
    """Eight six-bit scales less 32: the low four bits in scales_l, the top two in scales_h."""
    low = np.stack([b["scales_l"] & 15, b["scales_l"] >> 4], axis=2).reshape(-1, 8)
    high = (b["scales_h"][:, None] >> np.arange(0, 16, 2, dtype=np.uint16)) & 3
    scale: Floats = f32(b["d"]) * ((low | (high << 4)).astype(np.float32) - 32)
    values: Floats = scale[:, :, None] * _FOUR.values[_codes_of(b["qs"])]
    return values.reshape(-1, 256)


def encode_iq4_xs(x: Floats, w: Floats) -> Records:
    """The scales are d times six-bit numbers less 32; d is the mean fit of several tries."""
    y, v = x.reshape(-1, 8, 32), w.reshape(-1, 8, 32)
    wanted = _FOUR.search(y.reshape(-1, 32), v.reshape(-1, 32)).reshape(-1, 8)
    extreme = np.take_along_axis(wanted, np.abs(wanted).argmax(1, keepdims=True), axis=1)
    d = f16(extreme / np.float32(-32)).astype(np.float32)
    small = np.rint(wanted * inverse(d)).clip(-32, 31)
    codes = _FOUR.codes(y, inverse(d * small)[:, :, None])
    for _ in range(2):
        # The best d for these numbers, then the best numbers for that d.
        q = small[:, :, None] * _FOUR.values[codes]
        fitted = np.einsum("nsi,nsi,nsi->n", v, y, q) * inverse(
            np.einsum("nsi,nsi,nsi->n", v, q, q)
        )
        d = f16(np.where(fitted == 0, d[:, 0], fitted)).astype(np.float32)[:, None]
        codes = _FOUR.codes(y, inverse(d * small)[:, :, None])
    b = np.zeros(len(x), IQ4_XS.record)
    lifted = (small + 32).astype(np.uint8)
    low, high = lifted & np.uint8(15), (lifted >> np.uint8(4)).astype(np.uint16)
    b["d"], b["scales_l"] = d[:, 0], low[:, ::2] | (low[:, 1::2] << np.uint8(4))
    b["scales_h"] = np.bitwise_or.reduce(high << np.arange(0, 16, 2, dtype=np.uint16), axis=1)
    b["qs"] = nibbles(codes.reshape(-1, 2, 16)).reshape(-1, 128)
    return b


IQ4_XS = Blocks(
    256,
    record(("d", "<f2"), ("scales_h", "<u2"), ("scales_l", "u1", 4), ("qs", "u1", 128)),
    decode_iq4_xs,
    lambda x: encode_iq4_xs(x, loudness(x)),
    encode_iq4_xs,
)
