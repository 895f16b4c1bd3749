"""Finds good scales for sub-blocks: tries several, solves least squares for each, keeps the best;
then small scales and numbers of whole blocks, and the block's scale that fits them.

The searches work on x [n, width], one sub-block per row, the fits on x [n, sub, width], a block
per row; every value has a weight for its error. Invariant: of several encodings of a block the one
with the least weighted squared error is kept.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.weights.blocks.block import Floats, f16, inverse

REFITS = 2
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


def stored(x: Floats) -> Floats:
    """Rounded to what the file can hold."""
    return f16(x).astype(np.float32)


def steps(first: float, last: float) -> list[float]:
    """Tenths from first to last."""
    return [i / 10 for i in range(round(first * 10), round(last * 10) + 1)]


class Affine(NamedTuple):
    """Blocks as d*scales*q - dmin*mins: d [n, 1], scales [n, sub], q [n, sub, width]."""

    d: Floats
    dmin: Floats
    scales: Floats
    mins: Floats
    q: Floats


class Signed(NamedTuple):
    """Blocks as d*scales*q: d [n, 1]; scales [n, sub]; q [n, sub, width]."""

    d: Floats
    scales: Floats
    q: Floats


def _weighted(w: Floats, off: Floats) -> Floats:
    error: Floats = np.einsum("nsi,nsi->n", w * off, off)
    return error


def _affine_numbers(x: Floats, made: Affine, top: int) -> Affine:
    """The best numbers for the scales as stored."""
    scale = (made.d * made.scales)[:, :, None]
    least = (made.dmin * made.mins)[:, :, None]
    return made._replace(q=np.rint((x + least) * inverse(scale)).clip(0, top))


def _affine_error(x: Floats, w: Floats, made: Affine) -> Floats:
    scale = (made.d * made.scales)[:, :, None]
    return _weighted(w, scale * made.q - (made.dmin * made.mins)[:, :, None] - x)


def _affine_refit(x: Floats, w: Floats, made: Affine) -> Affine:
    """d and dmin by least squares over the whole block, numbers and small scales held."""
    a = made.scales[:, :, None] * made.q
    b = np.broadcast_to(made.mins[:, :, None], a.shape)
    s_aa, s_ab, s_bb, s_xa, s_xb = (
        np.einsum("nsi,nsi,nsi->n", w, p, r)[:, None]
        for p, r in ((a, a), (a, b), (b, b), (x, a), (x, b))
    )
    over = inverse(s_aa * s_bb - s_ab * s_ab)
    d = (s_xa * s_bb - s_xb * s_ab) * over
    dmin = (s_xa * s_ab - s_xb * s_aa) * over
    good = (d > 0) & (dmin >= 0) & (over != 0)
    return made._replace(
        d=stored(np.where(good, d, made.d)), dmin=stored(np.where(good, dmin, made.dmin))
    )


def _sub_error(x: Floats, w: Floats, made: Affine) -> Floats:
    """The weighted error of each sub-block, [n, sub]."""
    off = (made.d * made.scales)[:, :, None] * made.q - (made.dmin * made.mins)[:, :, None] - x
    error: Floats = np.einsum("nsi,nsi,nsi->ns", w, off, off)
    return error


def _affine_polish(x: Floats, w: Floats, made: Affine, top: int, scale_top: int) -> Affine:
    """Each small scale and its neighbours, each with the minimum that then fits best."""
    best, error = made, _sub_error(x, w, made)
    share = inverse(w.sum(2) * made.dmin)
    for step in (0, -1, 1):
        scales = (made.scales + np.float32(step)).clip(0, scale_top)
        new = _affine_numbers(x, made._replace(scales=scales), top)
        above = (made.d * scales)[:, :, None] * new.q - x
        mins = np.rint(np.einsum("nsi,nsi->ns", w, above) * share).clip(0, scale_top)
        new = _affine_numbers(x, new._replace(mins=mins), top)
        new_error = _sub_error(x, w, new)
        won = new_error < error
        error = np.where(won, new_error, error)
        best = best._replace(
            scales=np.where(won, scales, best.scales),
            mins=np.where(won, mins, best.mins),
            q=np.where(won[:, :, None], new.q, best.q),
        )
    return best


def _choose(
    won: NDArray[np.bool_], new: tuple[Floats, ...], old: tuple[Floats, ...]
) -> list[Floats]:
    pairs = zip(new, old, strict=True)
    return [np.where(won.reshape(-1, *[1] * (n.ndim - 1)), n, o) for n, o in pairs]


def fit_affine(x: Floats, w: Floats, top: int, scale_top: int, tries: list[float]) -> Affine:
    """Encodes x [n, sub, width] with numbers 0..top and small scales 0..scale_top."""
    n, sub, width = x.shape
    found = search_affine(x.reshape(-1, width), w.reshape(-1, width), top, tries)
    scale, least = (part.reshape(n, sub) for part in found)
    d = scale.max(1, keepdims=True) / np.float32(scale_top)
    dmin = least.max(1, keepdims=True) / np.float32(scale_top)
    small = (np.rint(part * inverse(by)) for part, by in ((scale, d), (least, dmin)))
    scales, mins = (part.clip(0, scale_top) for part in small)
    best = _affine_numbers(x, Affine(stored(d), stored(dmin), scales, mins, x), top)
    error = _affine_error(x, w, best)
    for _ in range(REFITS):
        polished = _affine_polish(x, w, best, top, scale_top)
        new = _affine_numbers(x, _affine_refit(x, w, polished), top)
        new_error = _affine_error(x, w, new)
        won = new_error < error
        best = Affine(*_choose(won, new, best))
        error = np.where(won, new_error, error)
    return best


def _signed_numbers(x: Floats, made: Signed, half: int) -> Signed:
    scale = (made.d * made.scales)[:, :, None]
    return made._replace(q=np.rint(x * inverse(scale)).clip(-half, half - 1))


def _signed_error(x: Floats, w: Floats, made: Signed) -> Floats:
    return _weighted(w, (made.d * made.scales)[:, :, None] * made.q - x)


def _signed_refit(x: Floats, w: Floats, made: Signed) -> Signed:
    a = made.scales[:, :, None] * made.q
    s_aa, s_xa = (np.einsum("nsi,nsi,nsi->n", w, p, a)[:, None] for p in (a, x))
    d = s_xa * inverse(s_aa)
    return made._replace(d=stored(np.where(d == 0, made.d, d)))


def _signed_polish(x: Floats, w: Floats, made: Signed, half: int, scale_half: int) -> Signed:
    """Each small scale or one of its neighbours, whichever leaves the least error."""
    best, error = made, np.full_like(made.scales, np.inf)
    for step in (0, -1, 1):
        scales = (made.scales + np.float32(step)).clip(-scale_half, scale_half - 1)
        new = _signed_numbers(x, made._replace(scales=scales), half)
        off = (new.d * scales)[:, :, None] * new.q - x
        new_error = np.einsum("nsi,nsi,nsi->ns", w, off, off)
        won = new_error < error
        error = np.where(won, new_error, error)
        best = best._replace(
            scales=np.where(won, scales, best.scales), q=np.where(won[:, :, None], new.q, best.q)
        )
    return best


def fit_signed(x: Floats, w: Floats, half: int, scale_half: int, tries: list[float]) -> Signed:
    """Encodes x with numbers -half..half-1 and small scales -scale_half..scale_half-1."""
    n, sub, width = x.shape
    scale = search_signed(x.reshape(-1, width), w.reshape(-1, width), half, tries).reshape(n, sub)
    extreme = np.take_along_axis(scale, np.abs(scale).argmax(1, keepdims=True), 1)
    d = extreme / np.float32(-scale_half)
    scales = np.rint(scale * inverse(d)).clip(-scale_half, scale_half - 1)
    best = _signed_numbers(x, Signed(stored(d), scales, x), half)
    error = _signed_error(x, w, best)
    for _ in range(REFITS):
        polished = _signed_polish(x, w, best, half, scale_half)
        new = _signed_numbers(x, _signed_refit(x, w, polished), half)
        new_error = _signed_error(x, w, new)
        won = new_error < error
        best = Signed(*_choose(won, new, best))
        error = np.where(won, new_error, error)
    return best
