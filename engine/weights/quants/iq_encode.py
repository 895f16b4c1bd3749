"""Encoding of the IQ2 and IQ3 types: signs taken off, then points of a grid and scales in two
levels, `unit * (1 + 2 * step)` with one unit for 256 values.

Invariant: of several units the one with the least weighted error is kept.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.weights.quants.block import (
    Bytes,
    Codec,
    Decoder,
    Floats,
    Weighted,
    as_bytes,
    f16,
    inverse,
)
from engine.weights.quants.iq_grids import GRIDS, grid
from engine.weights.quants.iq_layout import IQ2_S, IQ2_XS, IQ2_XXS, IQ3_S, IQ3_XXS
from engine.weights.quants.iq_search import Book, Fit, Index, at_scale, better, search

TOP_STEP = 15
REFITS = 2
DAMPING = np.float32(0.65)  # measured: weighted and plain error both below llama.cpp's
FACTORS_2 = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1)  # of the scale that makes the largest value fit
FACTORS_3 = (0.7, 0.78, 0.86, 0.94, 1.02, 1.1)
NEAR = {"IQ2_XXS": 24, "IQ2_XS": 20, "IQ2_S": 16, "IQ3_XXS": 12, "IQ3_S": 12}  # points compared
BITS = np.arange(8, dtype=np.uint8)


class Made(NamedTuple):
    """Encoded blocks: the float16 d [n], steps [n, sub], points [n, sub, groups]."""

    d: NDArray[np.float16]
    steps: Bytes
    points: Index


def loudness(x: Floats) -> Floats:
    """Weights without calibration: large values matter more, small ones are not forgotten."""
    weights: Floats = np.sqrt(np.mean(x * x, axis=1, keepdims=True)) + np.abs(x)
    return weights


def codec(decode: Decoder, encode: Weighted) -> Codec:
    """The entry of a type whose encoder always wants weights."""
    return Codec(decode, lambda x: encode(x, loudness(x)), encode)


def codec_of_grid(decode: Decoder, encode: Weighted) -> Codec:
    """The same for grids, which would pay for loud columns with all others: weights are damped."""
    return Codec(decode, lambda x: encode(x, loudness(x)), lambda x, w: encode(x, w**DAMPING))


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


def _stepped(book: Book, x: Floats, w: Floats, unit: Floats, steps: Floats) -> Fit:
    """Points for scales unit [n] times 1 + 2·steps [n, sub]; one Fit row per block."""
    n, sub = steps.shape
    scale = (unit[:, None] * (1 + 2 * steps)).reshape(-1)
    y, v = (part.reshape(n * sub, -1, book.width) for part in (x, w))
    fit = at_scale(book, y, v, scale)
    return Fit(fit.points.reshape(n, -1), unit, fit.error.reshape(n, sub).sum(1))


def two_levels(
    book: Book, x: Floats, w: Floats, scale: Floats, per_unit: float, top: int = TOP_STEP
) -> Made:
    """Stores the wanted scales [n, sub] of x [n, 256]; the unit is d times `per_unit`."""
    n, sub = scale.shape
    unit = _storable(scale.max(1) / np.float32(2 * top + 1), per_unit)
    steps = np.rint((scale * inverse(unit)[:, None] - 1) / 2).clip(0, top).astype(np.float32)
    best = _stepped(book, x, w, unit, steps)
    for _ in range(REFITS):
        times = np.repeat(1 + 2 * steps, x.shape[1] // sub // book.width, axis=1)
        fitted = _refit_unit(book, x, w, best, times)
        new = _stepped(book, x, w, _storable(fitted, per_unit), steps)
        best = better(new, best)
    d = f16(best.scale / np.float32(per_unit))
    return Made(d, steps.astype(np.uint8), best.points.reshape(n, sub, -1))


def _refit_unit(book: Book, x: Floats, w: Floats, fit: Fit, times: Floats) -> Floats:
    """The best unit with points and steps held: least squares over the block."""
    points = book.points[fit.points] * times[:, :, None]
    wp = w.reshape(points.shape) * points
    over = inverse(np.einsum("ngi,ngi->n", wp, points))
    unit = np.einsum("ngi,ngi->n", wp, x.reshape(points.shape)) * over
    return np.where(unit > 0, unit, fit.scale)


def _storable(unit: Floats, per_unit: float) -> Floats:
    d = f16(unit / np.float32(per_unit)).astype(np.float32)
    return d * np.float32(per_unit)


def _made(
    x: Floats, w: Floats, name: str, sub: int, per_unit: float, factors: tuple[float, ...]
) -> Made:
    """x: magnitudes [n, 256]."""
    book = _book(name)
    y, v = (part.reshape(len(x) * sub, -1, book.width) for part in (x, w))
    base = np.abs(y).max((1, 2)) / book.points.max()
    found = search(book, y, v, base, factors)
    return two_levels(book, x, w, found.scale.reshape(-1, sub), per_unit)


@cache
def _book(name: str) -> Book:
    return Book(np.array(GRIDS[name][0], np.float32), grid(name), NEAR[name])


def _pairs(steps: Bytes) -> Bytes:
    """Four-bit numbers, two to a byte, the first in the low half."""
    return steps[:, 0::2] | (steps[:, 1::2] << np.uint8(4))


def _tails(signs: Bytes, steps: Bytes) -> NDArray[np.uint32]:
    """Per 32 values: four sign codes of seven bits and the step on top."""
    seven = (signs & np.uint8(127)).astype(np.uint32).reshape(len(signs), -1, 4)
    codes = seven << np.array([0, 7, 14, 21], np.uint32)
    tails: NDArray[np.uint32] = np.bitwise_or.reduce(codes, axis=2)
    return tails | (steps.astype(np.uint32) << np.uint32(28))


def encode_iq2_xxs(x: Floats, w: Floats) -> Bytes:
    y, signs = split_signs(x, w, even=True)
    made = _made(y, w, "IQ2_XXS", 8, 1 / 8, FACTORS_2)
    b = np.zeros(len(x), IQ2_XXS)
    index = made.points.astype(np.uint8).view("<u4")
    b["d"] = made.d
    b["qs"] = np.stack([index[:, :, 0], _tails(signs, made.steps)], axis=2).reshape(-1, 16)
    return as_bytes(b)


def encode_iq2_xs(x: Floats, w: Floats) -> Bytes:
    y, signs = split_signs(x, w, even=True)
    made = _made(y, w, "IQ2_XS", 16, 1 / 8, FACTORS_2)
    b = np.zeros(len(x), IQ2_XS)
    seven = (signs & np.uint8(127)).astype(np.uint16)
    b["d"], b["scales"] = made.d, _pairs(made.steps)
    b["qs"] = made.points.reshape(-1, 32).astype(np.uint16) | (seven << np.uint16(9))
    return as_bytes(b)


def encode_iq2_s(x: Floats, w: Floats) -> Bytes:
    y, signs = split_signs(x, w, even=False)
    made = _made(y, w, "IQ2_S", 16, 1 / 8, FACTORS_2)
    b = np.zeros(len(x), IQ2_S)
    index = made.points.reshape(-1, 32)
    high = (index >> 8).astype(np.uint8).reshape(-1, 8, 4) << BITS[0:8:2]
    b["d"], b["scales"], b["signs"] = made.d, _pairs(made.steps), signs
    b["qs"], b["qh"] = index & 255, np.bitwise_or.reduce(high, axis=2)
    return as_bytes(b)


def encode_iq3_xxs(x: Floats, w: Floats) -> Bytes:
    y, signs = split_signs(x, w, even=True)
    made = _made(y, w, "IQ3_XXS", 8, 1 / 4, FACTORS_3)
    b = np.zeros(len(x), IQ3_XXS)
    b["d"], b["qs"] = made.d, made.points.reshape(-1, 64)
    b["signs"] = _tails(signs, made.steps)
    return as_bytes(b)


def encode_iq3_s(x: Floats, w: Floats) -> Bytes:
    y, signs = split_signs(x, w, even=False)
    made = _made(y, w, "IQ3_S", 8, 1.0, FACTORS_3)
    b = np.zeros(len(x), IQ3_S)
    index = made.points.reshape(-1, 64)
    b["d"], b["scales"], b["signs"] = made.d, _pairs(made.steps), signs
    b["qs"] = index & 255
    b["qh"] = np.packbits((index >> 8).astype(np.uint8), axis=1, bitorder="little")
    return as_bytes(b)
