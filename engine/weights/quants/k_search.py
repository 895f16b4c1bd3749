"""Finds good scales for sub-blocks: tries several, solves least squares for each, keeps the best.

Works on x [n, width], one sub-block per row, with a weight for the error of every value.
"""

from collections.abc import Iterable

import numpy as np

from engine.weights.quants.block import Floats, inverse

Column = Floats  # [n, 1]


def _dot(a: Floats, b: Floats) -> Column:
    column: Column = np.einsum("ij,ij->i", a, b)[:, None]
    return column


def better(error: Column, best: Column, *pairs: tuple[Floats, Floats]) -> None:
    """Where `error` is lower than `best`, takes over it and the new value of each pair."""
    won = error < best
    np.copyto(best, error, where=won)
    for kept, new in pairs:
        np.copyto(kept, new, where=won)


def solve_affine(
    x: Floats, w: Floats, wx: Floats, q: Floats, *, above: bool = False
) -> tuple[Column, Column]:
    """Scale and minimum of the best weighted fit of scale*q + minimum to x.

    above: the minimum may be above zero.
    """
    wq = w * q
    s_w, s_x, s_q = w.sum(1, keepdims=True), wx.sum(1, keepdims=True), wq.sum(1, keepdims=True)
    s_qq, s_xq = _dot(wq, q), _dot(wx, q)
    over = inverse(s_w * s_qq - s_q * s_q)
    scale = (s_w * s_xq - s_x * s_q) * over
    least = (s_qq * s_x - s_q * s_xq) * over
    if not above:
        # It cannot be stored: fit without one.
        np.copyto(scale, s_xq * inverse(s_qq), where=least > 0)
        np.copyto(least, np.float32(0), where=least > 0)
    return scale, least


def search_affine(x: Floats, w: Floats, top: int, tries: Iterable[float]) -> tuple[Column, Column]:
    """scale and -minimum, both >= 0, for numbers 0..top; `tries` are added to top."""
    low = np.minimum(x.min(1, keepdims=True), np.float32(0))
    span = inverse(x.max(1, keepdims=True) - low)
    scale, least = inverse(span) / np.float32(top), low.copy()
    best = np.full_like(low, np.inf)
    lifted, wx = x - low, w * x
    for extra in tries:
        q = np.rint(lifted * (span * np.float32(top + extra))).clip(0, top)
        new_scale, new_least = solve_affine(x, w, wx, q)
        off = q * new_scale + new_least - x
        error = _dot(w * off, off)
        # A negative scale comes from a degenerate fit and cannot be stored.
        error[new_scale <= 0] = np.inf
        better(error, best, (scale, new_scale), (least, new_least))
    return scale, -least


def search_signed(x: Floats, w: Floats, half: int, tries: Iterable[float]) -> Column:
    """The scale (of either sign) for numbers -half..half-1; `tries` are added to half."""
    extreme = np.take_along_axis(x, np.abs(x).argmax(axis=1, keepdims=True), axis=1)
    over = -inverse(extreme)
    scale = extreme / np.float32(-half)
    best = np.full_like(scale, np.inf)
    wx = w * x
    for extra in tries:
        q = np.rint(x * (over * np.float32(half + extra))).clip(-half, half - 1)
        s_xq, s_qq = _dot(wx, q), _dot(w * q, q)
        new_scale = s_xq * inverse(s_qq)
        # The error but for the constant sum of w*x*x.
        better(-s_xq * new_scale, best, (scale, new_scale))
    return scale


def steps(first: float, last: float) -> list[float]:
    """Tenths from first to last."""
    return [i / 10 for i in range(round(first * 10), round(last * 10) + 1)]
