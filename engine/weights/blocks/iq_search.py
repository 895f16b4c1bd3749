"""Encoding of the IQ1, IQ2 and IQ3 types: signs taken off, then points of a grid and scales in two
levels, `unit * (1 + 2 * step)` with one unit for 256 values.

Every value goes to its nearest level, and of the combination that this makes the points closest to
it are compared: comparing all would take hours; the sixteen compared almost always hold the best.
Invariant: of all scales and units tried the one with the least weighted error is kept.
"""

from enum import IntEnum
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.weights.blocks.block import Bytes, Floats, f16, inverse
from engine.weights.blocks.iq_grids import GRIDS, grid

Points = NDArray[np.uint16]
NEAR = 16
SHIFT = np.float32(0.125)
MINUS = 1 << 11  # of an IQ1 point: shifted down
REFITS = 2
FACTORS_1 = (0.75, 1.0, 1.25, 1.5)  # of the mean magnitude
FACTORS_2 = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1)  # of the scale that makes the largest value fit
FACTORS_3 = (0.7, 0.78, 0.86, 0.94, 1.02, 1.1)


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


class Signs(IntEnum):
    """How signs are kept: with the points, one bit each, or an even number of minus signs."""

    NONE = 0
    FREE = 1
    EVEN = 2


class GridSpec(NamedTuple):
    """What tells the types apart. `unit`: how many times d one unit is."""

    grid: str
    sub: int  # sub-blocks, each with a step
    signs: Signs
    unit: float
    top_step: int
    factors: tuple[float, ...]
    shared: int = 0  # groups that share a shift


class Made(NamedTuple):
    """Blocks before packing: float16 d [n], uint8 steps [n, sub], points [n, groups] as numbers
    in the grid, and a byte of signs per eight values, [n, 32]."""

    d: NDArray[np.float16]
    steps: Bytes
    points: NDArray[np.uint16]
    signs: Bytes


def encode_grid(spec: GridSpec, x: Floats, w: Floats) -> Made:
    """Blocks x [n, 256] with a weight for each value."""
    y, signs = x, np.zeros((len(x), 32), np.uint8)
    if spec.signs is not Signs.NONE:
        y, signs = split_signs(x, w, spec.signs is Signs.EVEN)
    return two_levels(spec, y, w, best_scales(spec, y, w), signs)


def split_signs(x: Floats, w: Floats, even: bool) -> tuple[Floats, Bytes]:
    """Magnitudes and, per eight values, a byte with a bit for each minus sign.

    `even`: only an even number of minus signs can be stored; where it is odd, the value that
    matters least gets the wrong sign and so a negative "magnitude".
    """
    eights = x.reshape(-1, 8)
    minus = eights < 0
    if even:
        odd = minus.sum(1) % 2 == 1
        least = (w.reshape(-1, 8) * eights * eights).argmin(1)
        rows = np.flatnonzero(odd)
        minus[rows, least[rows]] ^= True
    y = np.where(minus, -eights, eights)
    signs = np.packbits(minus, axis=1, bitorder="little")
    return y.reshape(x.shape), signs.reshape(len(x), -1)


def best_scales(spec: GridSpec, x: Floats, w: Floats) -> Floats:
    """The best scale of each sub-block of x [n, 256], as [n, sub]."""
    book = book_of(spec.grid)
    y, v = (part.reshape(len(x) * spec.sub, -1, book.width) for part in (x, w))
    if spec.shared:
        base = (v * np.abs(y)).sum((1, 2)) * inverse(v.sum((1, 2)))
    else:
        base = np.abs(y).max((1, 2)) / book.levels[-1]
    best = Fit(np.zeros(y.shape[:2], np.uint16), base, np.full_like(base, np.float32(np.inf)))
    rounds = 2 if spec.shared else 1
    for factor in (*spec.factors, None):
        # At last once more from where the best one stands.
        scale = best.scale if factor is None else base * np.float32(factor)
        for _ in range(rounds):
            fit = refit(book, y, v, at_scale(book, y, v, scale, spec.shared), spec.shared)
            scale, best = fit.scale, better(fit, best)
    return best.scale.reshape(len(x), spec.sub)


def two_levels(spec: GridSpec, x: Floats, w: Floats, scale: Floats, signs: Bytes) -> Made:
    """Stores the wanted scales [n, sub] as steps of one unit per block, then fits the unit."""
    book = book_of(spec.grid)
    unit = _storable(scale.max(1) / np.float32(2 * spec.top_step + 1), spec)
    steps = np.rint((scale * inverse(unit)[:, None] - 1) / 2).clip(0, spec.top_step)
    steps = steps.astype(np.float32)
    times = np.repeat(1 + 2 * steps, x.shape[1] // spec.sub // book.width, axis=1)
    best = _stepped(book, x, w, unit, steps, spec)
    fit = best
    for _ in range(REFITS):
        fitted = _refit_unit(book, x, w, fit, times, spec)
        fit = _stepped(book, x, w, _storable(fitted, spec), steps, spec)
        best = better(fit, best)
    d = f16(best.scale / np.float32(spec.unit))
    return Made(d, steps.astype(np.uint8), best.points, signs)


def _stepped(book: Book, x: Floats, w: Floats, unit: Floats, steps: Floats, spec: GridSpec) -> Fit:
    """Points for scales unit [n] times 1 + 2·steps [n, sub]; one Fit row per block."""
    n, sub = steps.shape
    scale = (unit[:, None] * (1 + 2 * steps)).reshape(-1)
    y, v = (part.reshape(n * sub, -1, book.width) for part in (x, w))
    fit = at_scale(book, y, v, scale, spec.shared)
    return Fit(fit.points.reshape(n, -1), unit, fit.error.reshape(n, sub).sum(1))


def _refit_unit(
    book: Book, x: Floats, w: Floats, fit: Fit, times: Floats, spec: GridSpec
) -> Floats:
    """The best unit with points and steps held: least squares over the block."""
    values = book.values(fit.points, spec.shared > 0) * times[:, :, None]
    wv = w.reshape(values.shape) * values
    over = inverse(np.einsum("ngi,ngi->n", wv, values))
    unit = np.einsum("ngi,ngi->n", wv, x.reshape(values.shape)) * over
    return np.where(unit > 0, unit, fit.scale)


def _storable(unit: Floats, spec: GridSpec) -> Floats:
    """As the file keeps it: d is a float16."""
    return f16(unit / np.float32(spec.unit)).astype(np.float32) * np.float32(spec.unit)
