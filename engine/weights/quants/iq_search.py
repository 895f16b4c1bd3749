"""Finds points of a codebook and scales for groups of values: for every scale tried the best of
the points near by, then least squares for the scale.

Invariant: of all that is tried for a sub-block the pair with the least weighted error is kept.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.weights.quants.block import Floats, inverse

Index = NDArray[np.int64]


class Book:
    """The points of a codebook, float32 [points, width], whose elements are `levels`, ascending.

    Comparing with all points would take hours: every value goes to its nearest level, and of the
    combination that this makes the `near` points closest to it are compared.
    """

    def __init__(self, levels: Floats, points: Floats, near: int) -> None:
        self.levels = levels
        self.points = np.ascontiguousarray(points, np.float32)
        self.width = self.points.shape[1]
        self._near = near
        self._middles = (self.levels[1:] + self.levels[:-1]) / 2
        self._powers = len(levels) ** np.arange(self.width)

    @cached_property
    def neighbours(self) -> NDArray[np.int16]:
        """Per combination of levels the points closest to it, int16 [combinations, near]."""
        count = len(self.levels)
        digits = np.arange(count**self.width)[:, None] // self._powers % count
        # The squared distance less its constant part.
        far = (self.points**2).sum(1) - 2 * self.levels[digits] @ self.points.T
        closest = np.argpartition(far, self._near, axis=1)[:, : self._near]
        return closest.astype(np.int16)

    def nearest(self, x: Floats, w: Floats, scale: Floats) -> tuple[Index, Floats]:
        """Best point for each group of x [n, width], and its error but for w·x·x; scale is [n]."""
        s = scale[:, None]
        digits = np.searchsorted(self._middles, x * inverse(s))
        near = self.neighbours[digits @ self._powers]
        points = self.points[near]
        # |x - s·p|² less its constant part.
        linear, square = -2 * s * w * x, s * s * w
        errors = np.einsum("nki,nki->nk", points, points * square[:, None] + linear[:, None])
        best = errors.argmin(1)[:, None]
        index, error = (np.take_along_axis(part, best, 1)[:, 0] for part in (near, errors))
        return index.astype(np.int64), error


class Fit(NamedTuple):
    """Points (numbers in the book, [n, groups]) of n sub-blocks, their scales and errors [n]."""

    points: Index
    scale: Floats
    error: Floats


def at_scale(book: Book, x: Floats, w: Floats, scale: Floats) -> Fit:
    """The best points of x [n, groups, width] with the scale of each sub-block given."""
    n, groups, width = x.shape
    each = np.repeat(scale, groups)
    index, error = book.nearest(x.reshape(-1, width), w.reshape(-1, width), each)
    return Fit(index.reshape(n, groups), scale, error.reshape(n, groups).sum(1))


def refit(book: Book, x: Floats, w: Floats, fit: Fit) -> Fit:
    """The same points with the best scale for them."""
    values = book.points[fit.points]
    wv = w * values
    xv, vv = np.einsum("ngi,ngi->n", wv, x), np.einsum("ngi,ngi->n", wv, values)
    scale = np.maximum(xv * inverse(vv), np.float32(0))
    return Fit(fit.points, scale, scale * (scale * vv - 2 * xv))


def better(new: Fit, old: Fit) -> Fit:
    won = new.error < old.error
    index = np.where(won[:, None], new.points, old.points)
    return Fit(index, np.where(won, new.scale, old.scale), np.minimum(new.error, old.error))


def search(book: Book, x: Floats, w: Floats, base: Floats, factors: Iterable[float]) -> Fit:
    """The best points and scale for each sub-block; tried are base [n] times each factor."""
    best = Fit(
        np.zeros(x.shape[:2], np.int64), np.zeros_like(base), np.full_like(base, np.float32(np.inf))
    )
    for factor in factors:
        tried = at_scale(book, x, w, base * np.float32(factor))
        best = better(refit(book, x, w, tried), best)
    # Once more from where the best one stands.
    again = refit(book, x, w, at_scale(book, x, w, best.scale))
    return better(again, best)
