"""The k largest of a long array without sorting it. Knows nothing of tokens.

Order is descending; equal values stand in ascending place, so results never depend on the method.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]

_GROUP = 64  # values per group maximum; 64 keeps the pool near k and the maxima cheap
_FIRST_LOOK = 256  # typical sampling of a real model mostly ends within this many


def top_indices(values: Floats, k: int) -> Indices:
    """Places of the k largest values, largest first."""
    n = len(values)
    if k >= n:
        return np.argsort(-values, kind="stable")
    bound = _lower_bound(values, k)
    pool = np.flatnonzero(values >= bound)
    if len(pool) > 4 * k + _GROUP:
        pool = _without_ties(values, bound, k)
    if len(pool) > 4 * k + _GROUP:
        pool = pool[values[pool] >= _kth(values[pool], k)]
    order = np.argsort(-values[pool], kind="stable")[:k]
    return pool[order]


def _without_ties(values: Floats, bound: np.float32, k: int) -> Indices:
    """The k largest are here, and of those equal to the bound no more than needed.

    Forbidden tokens are all minus infinity: without this they would all be sorted.
    """
    above = np.flatnonzero(values > bound)
    missing = k - len(above)
    if missing <= 0:
        return above
    return np.sort(np.concatenate((above, np.flatnonzero(values == bound)[:missing])))


def _lower_bound(values: Floats, k: int) -> np.float32:
    """A value that at least k of them reach: the k-th largest of the maxima of disjoint groups."""
    groups = len(values) // _GROUP
    if groups < 2 * k:
        return _kth(values, k)
    # Groups run down the columns, so that the maximum is over whole contiguous rows.
    maxima = values[: groups * _GROUP].reshape(_GROUP, groups).max(axis=0)
    return _kth(maxima, k)


def _kth(values: Floats, k: int) -> np.float32:
    place = len(values) - k
    return np.float32(np.partition(values, place)[place])


def head_indices(values: Floats, enough: Callable[[Indices], int | None]) -> Indices:
    """Places of the largest values, as many as `enough` says when shown a longer and longer head.

    It answers how many to keep, or None for "show me more"; asked with all, None keeps all.
    """
    k = _FIRST_LOOK
    while True:
        head = top_indices(values, k)
        n = enough(head)
        if n is not None:
            return head[:n]
        if k >= len(values):
            return head
        k *= 8
