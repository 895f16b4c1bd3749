"""Encoding of the IQ1, IQ2 and IQ3 types: signs taken off, then points of a grid and scales in two
levels, `unit * (1 + 2 * step)` with one unit for 256 values.

Invariant: of all scales and units tried the one with the least weighted error is kept.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from engine.weights.quants.block import Bytes, Codec, Decoder, Floats, f16, inverse
from engine.weights.quants.iq_pack import PACKERS, Made
from engine.weights.quants.iq_search import Book, Fit, at_scale, better, book_of, refit
from engine.weights.types import TensorType

REFITS = 2
DAMPING = np.float32(0.625)  # measured: weighted and plain error both below llama.cpp's
FACTORS_1 = (0.75, 1.0, 1.25, 1.5)  # of the mean magnitude
FACTORS_2 = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1)  # of the scale that makes the largest value fit
FACTORS_3 = (0.7, 0.78, 0.86, 0.94, 1.02, 1.1)


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


SPECS: dict[TensorType, GridSpec] = {
    TensorType.IQ1_S: GridSpec("IQ1_S", 8, Signs.NONE, 1.0, 7, FACTORS_1, 4),
    TensorType.IQ1_M: GridSpec("IQ1_S", 16, Signs.NONE, 1.0, 7, FACTORS_1, 1),
    TensorType.IQ2_XXS: GridSpec("IQ2_XXS", 8, Signs.EVEN, 1 / 8, 15, FACTORS_2),
    TensorType.IQ2_XS: GridSpec("IQ2_XS", 16, Signs.EVEN, 1 / 8, 15, FACTORS_2),
    TensorType.IQ2_S: GridSpec("IQ2_S", 16, Signs.FREE, 1 / 8, 15, FACTORS_2),
    TensorType.IQ3_XXS: GridSpec("IQ3_XXS", 8, Signs.EVEN, 1 / 4, 15, FACTORS_3),
    TensorType.IQ3_S: GridSpec("IQ3_S", 8, Signs.FREE, 1.0, 15, FACTORS_3),
}


def loudness(x: Floats) -> Floats:
    """Weights without calibration: large values matter more, small ones are not forgotten."""
    weights: Floats = np.sqrt(np.mean(x * x, axis=1, keepdims=True)) + np.abs(x)
    return weights


def codec_of_grid(kind: TensorType, decode: Decoder) -> Codec:
    """Weights are damped: a grid would pay for loud columns with all others."""
    return Codec(
        decode,
        lambda x: encode_grid(kind, x, loudness(x)),
        lambda x, w: encode_grid(kind, x, w**DAMPING),
    )


def encode_grid(kind: TensorType, x: Floats, w: Floats) -> Bytes:
    """Blocks x [n, 256] with a weight for each value."""
    spec = SPECS[kind]
    y, signs = x, np.zeros((len(x), 32), np.uint8)
    if spec.signs is not Signs.NONE:
        y, signs = split_signs(x, w, spec.signs is Signs.EVEN)
    return PACKERS[kind](two_levels(spec, y, w, best_scales(spec, y, w), signs))


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
