"""Finds points of a grid for groups of values: every value goes to its nearest level, and of the
combination that this makes the points closest to it are compared.

Invariant: comparing all points would take hours; the sixteen compared almost always hold the best.
"""

from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.weights.quants.block import Floats, inverse
from engine.weights.quants.iq_grids import GRIDS, grid
from engine.weights.quants.iq_pack import MINUS

Points = NDArray[np.uint16]
NEAR = 16
SHIFT = np.float32(0.125)


class Book:
    """The points of a grid, float32 [points, width], and which of them are near what."""

    def __init__(self, name: str) -> None:
        self.levels = np.array(GRIDS[name][0], np.float32)
        self.points = grid(name)
        self.width = self.points.shape[1]
        self.powers = len(self.levels) ** np.arange(self.width)
        # Levels are evenly spaced or nearly so.
        self.first, self.step = self.levels[0], self.levels[1] - self.levels[0]

    @cached_property
    def neighbours(self) -> NDArray[np.uint16]:
        """Per combination of levels the points closest to it, [combinations, NEAR]."""
        count = len(self.levels)
        digits = np.arange(count**self.width)[:, None] // self.powers % count
        # The squared distance less its constant part.
        far = (self.points**2).sum(1) - 2 * self.levels[digits] @ self.points.T
        closest = np.argpartition(far, NEAR, axis=1)[:, :NEAR]
        return closest.astype(np.uint16)

    def nearest(
        self, x: Floats, w: Floats, scale: Floats, shift: np.float32
    ) -> tuple[Points, Floats]:
        """Best shifted point for each group of x [n, width], its error but for w·x·x."""
        s = scale[:, None]
        rounded = np.rint((x * inverse(s) - shift - self.first) / self.step)
        digits = rounded.clip(0, len(self.levels) - 1).astype(np.int64)
        near = self.neighbours[digits @ self.powers]
        points = self.points[near] + shift
        # |x - s·p|² less its constant part.
        linear, square = -2 * s * w * x, s * s * w
        errors = np.einsum("nki,nki->nk", points, points * square[:, None] + linear[:, None])
        best = errors.argmin(1)[:, None]
        index, error = (np.take_along_axis(part, best, 1)[:, 0] for part in (near, errors))
        return index, error

    def values(self, points: Points, shifted: bool) -> Floats:
        """The values of points; of IQ1 points shifted as they say."""
        if not shifted:
            found: Floats = self.points[points]
            return found
        shift = np.where(points & MINUS, -SHIFT, SHIFT)[..., None]
        moved: Floats = self.points[points & (MINUS - 1)] + shift
        return moved


@cache
def book_of(name: str) -> Book:
    return Book(name)


class Fit(NamedTuple):
    """Points [n, groups] of n sub-blocks, and the scale and error [n] that go with them."""

    points: Points
    scale: Floats
    error: Floats


def at_scale(book: Book, x: Floats, w: Floats, scale: Floats, shared: int) -> Fit:
    """The best points of x [n, groups, width] with the scale of each sub-block given.

    `shared` groups at a time take the better one of two shifts; 0: nothing is shifted.
    """
    n, groups, width = x.shape
    flat = (x.reshape(-1, width), w.reshape(-1, width), np.repeat(scale, groups))
    if shared == 0:
        points, error = book.nearest(*flat, np.float32(0))
    else:
        points, error = _either_shift(book, flat, shared)
    return Fit(points.reshape(n, groups), scale, error.reshape(n, groups).sum(1))


def _either_shift(
    book: Book, flat: tuple[Floats, Floats, Floats], shared: int
) -> tuple[Points, Floats]:
    up, error_up = book.nearest(*flat, SHIFT)
    down, error_down = book.nearest(*flat, -SHIFT)
    totals = [error.reshape(-1, shared).sum(1) for error in (error_up, error_down)]
    minus = np.repeat(totals[1] < totals[0], shared)
    return np.where(minus, down | np.uint16(MINUS), up), np.where(minus, error_down, error_up)


def refit(book: Book, x: Floats, w: Floats, fit: Fit, shared: int) -> Fit:
    """The same points with the best scale for them."""
    values = book.values(fit.points, shared > 0)
    wv = w * values
    xv, vv = np.einsum("ngi,ngi->n", wv, x), np.einsum("ngi,ngi->n", wv, values)
    scale = np.maximum(xv * inverse(vv), np.float32(0))
    return Fit(fit.points, scale, scale * (scale * vv - 2 * xv))


def better(new: Fit, old: Fit) -> Fit:
    won = new.error < old.error
    points = np.where(won[:, None], new.points, old.points)
    return Fit(points, np.where(won, new.scale, old.scale), np.minimum(new.error, old.error))
