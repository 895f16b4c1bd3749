"""Encoding of the IQ1 types: points of a grid of -1, 0, 1, shifted up or down by an eighth.

Invariant: scales are `unit * (1 + 2 * step)` with steps 0..7; both shifts are tried everywhere.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.weights.quants.block import Bytes, Floats, as_bytes, f16, inverse
from engine.weights.quants.iq_grids import LEVELS_1, grid
from engine.weights.quants.iq_layout import IQ1_M, IQ1_S
from engine.weights.quants.iq_search import Book

TOP_STEP = 7
SHIFT = np.float32(0.125)
FACTORS = (0.75, 1.0, 1.25, 1.5)  # of the mean magnitude: a first guess of the scale
REFITS = 2
NEAR = 8  # neighbours compared
THREES = np.array([0, 3, 6, 9], np.uint16)


class Shifted:
    """Both shifts of the grid; `shared` groups of eight values must take the same one."""

    def __init__(self, shared: int) -> None:
        points, levels = grid("IQ1_S"), np.array(LEVELS_1, np.float32)
        self.shared = shared
        self.books = [Book(levels + by, points + by, NEAR) for by in (SHIFT, -SHIFT)]
        self.points = np.stack([book.points for book in self.books])

    def at_scale(self, x: Floats, w: Floats, scale: Floats) -> tuple[NDArray[np.int64], Floats]:
        """For x [n, groups, 8] and scale [n]: shift * 2048 + point, and the error of each row."""
        n, groups, _ = x.shape
        flat = (x.reshape(-1, 8), w.reshape(-1, 8), np.repeat(scale, groups))
        found = [book.nearest(*flat) for book in self.books]
        index, error = (
            np.stack(part).reshape(2, -1, self.shared) for part in zip(*found, strict=True)
        )
        total = error.sum(2)
        minus = total[1] < total[0]
        chosen = np.where(minus[:, None], index[1] + (1 << 11), index[0]).reshape(n, groups)
        return chosen, np.where(minus, total[1], total[0]).reshape(n, -1).sum(1)

    def values(self, code: NDArray[np.int64]) -> Floats:
        found: Floats = self.points[code >> 11, code & 2047]
        return found


@cache
def _shifted(shared: int) -> Shifted:
    return Shifted(shared)


def _solve(
    book: Shifted, x: Floats, w: Floats, code: NDArray[np.int64], times: Floats | None = None
) -> tuple[Floats, Floats]:
    """The best positive scale for each row's points (times a factor each), and its error."""
    points = book.values(code)
    if times is not None:
        points = points * times[:, :, None]
    wp = w * points
    xp, pp = np.einsum("ngi,ngi->n", wp, x), np.einsum("ngi,ngi->n", wp, points)
    scale = np.maximum(xp * inverse(pp), np.float32(0))
    return scale, scale * (scale * pp - 2 * xp)


def _search(book: Shifted, x: Floats, w: Floats) -> Floats:
    """The best scale for each row of x [n, groups, 8]."""
    base: Floats = np.einsum("ngi,ngi->n", w, np.abs(x)) * inverse(w.sum((1, 2)))
    best, least = base.copy(), np.full_like(base, np.float32(np.inf))
    for factor in FACTORS:
        scale = base * np.float32(factor)
        for _ in range(2):
            scale, error = _solve(book, x, w, book.at_scale(x, w, scale)[0])
            won = error < least
            best, least = np.where(won, scale, best), np.where(won, error, least)
    return best


def _encoded(
    x: Floats, w: Floats, sub: int, shared: int
) -> tuple[NDArray[np.float16], NDArray[np.uint16], NDArray[np.int64]]:
    """d [n], steps [n, sub] and codes [n, 32] of blocks x [n, 256]."""
    n, book = len(x), _shifted(shared)
    y, v = (part.reshape(n * sub, -1, 8) for part in (x, w))
    scale = _search(book, y, v).reshape(n, sub)
    d = _half(scale.max(1) / np.float32(2 * TOP_STEP + 1))
    steps = np.rint((scale * inverse(d)[:, None] - 1) / 2).clip(0, TOP_STEP).astype(np.float32)
    times = 1 + 2 * steps
    each = np.repeat(times, 32 // sub, axis=1)
    best, code, least = d, np.zeros((n, 32), np.int64), np.full_like(d, np.float32(np.inf))
    for _ in range(1 + REFITS):
        new, error = book.at_scale(y, v, (d[:, None] * times).reshape(-1))
        new, total = new.reshape(n, 32), error.reshape(n, sub).sum(1)
        won = total < least
        code = np.where(won[:, None], new, code)
        best, least = np.where(won, d, best), np.where(won, total, least)
        d = _half(_solve(book, x.reshape(n, 32, 8), w.reshape(n, 32, 8), code, each)[0])
    return f16(best), steps.astype(np.uint16), code


def _half(x: Floats) -> Floats:
    return f16(x).astype(np.float32)


def encode_iq1_s(x: Floats, w: Floats) -> Bytes:
    d, steps, code = _encoded(x, w, sub=8, shared=4)
    b = np.zeros(len(x), IQ1_S)
    high = ((code >> 8) & 7).astype(np.uint16).reshape(-1, 8, 4) << THREES
    minus = (code[:, ::4] >> 11).astype(np.uint16) << np.uint16(15)
    b["d"], b["qs"] = d, code & 255
    b["qh"] = np.bitwise_or.reduce(high, axis=2) | (steps << np.uint16(12)) | minus
    return as_bytes(b)


def encode_iq1_m(x: Floats, w: Floats) -> Bytes:
    """d has no field: its four quarters are the top bits of the scale words."""
    d, steps, code = _encoded(x, w, sub=16, shared=1)
    b = np.zeros(len(x), IQ1_M)
    words = np.bitwise_or.reduce(steps.reshape(-1, 4, 4) << THREES, axis=2)
    quarters = (d.view(np.uint16)[:, None] >> np.array([0, 4, 8, 12], np.uint16)) & np.uint16(15)
    b["scales"] = words | (quarters << np.uint16(12))
    high = (code >> 8).astype(np.uint8)  # the shift's sign lies above three bits of the point
    b["qs"], b["qh"] = code & 255, high[:, ::2] | (high[:, 1::2] << np.uint8(4))
    return as_bytes(b)
