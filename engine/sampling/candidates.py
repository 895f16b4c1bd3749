"""The tokens still in the running, with their logits; each step narrows or bends them.

The caller's logits are never written to: the first step that changes a value makes the copy.
The k largest are found without sorting; order is descending, equal values stand in ascending place,
so results never depend on the method.
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


class Candidates:
    """Parallel arrays of token ids and logits; `ids` None means token i stands at place i.

    `sorted` promises descending logits. There is always at least one candidate.
    """

    __slots__ = ("_owned", "ids", "logits", "sorted")

    def __init__(self, logits: Floats) -> None:
        self.ids: Indices | None = None
        self.logits = logits
        self.sorted = False
        self._owned = False

    def __len__(self) -> int:
        return len(self.logits)

    def token(self, place: int) -> int:
        return int(place if self.ids is None else self.ids[place])

    def writable(self) -> Floats:
        """The logits, safe to change in place; whoever changes them answers for `sorted`."""
        if not self._owned:
            self.logits = self.logits.copy()
            self._owned = True
        return self.logits

    def scale(self, temperature: float) -> None:
        """Divide by a positive number, which keeps the order."""
        np.divide(self.writable(), np.float32(temperature), out=self.logits)

    def keep(self, places: Indices) -> None:
        """Keep these places, in this order; an ascending choice of a sorted list stays sorted."""
        self.ids = places if self.ids is None else self.ids[places]
        self.logits = self.logits[places]
        self._owned = True

    def keep_first(self, n: int) -> None:
        """Keep the head of a sorted list."""
        assert self.sorted
        assert self.ids is not None
        self.ids = self.ids[:n]
        self.logits = self.logits[:n]

    def keep_top(self, k: int) -> None:
        """Keep the k largest, in descending order."""
        if self.sorted:
            self.keep_first(max(1, min(k, len(self))))
            return
        self.keep(top_indices(self.logits, k))
        self.sorted = True

    def places_of(self, tokens: Indices) -> tuple[Indices, NDArray[np.bool_]]:
        """Where these tokens stand, and which of them are still there at all."""
        if self.ids is None:
            return tokens, np.ones(len(tokens), dtype=np.bool_)
        order = np.argsort(self.ids)
        found = np.searchsorted(self.ids, tokens, sorter=order)
        places = order[np.minimum(found, len(order) - 1)]
        here = self.ids[places] == tokens
        return places[here], here

    def probabilities(self) -> Floats:
        """Softmax over the candidates, in float32 as llama.cpp does."""
        peak = self.logits[0] if self.sorted else self.logits.max()
        if peak == -np.inf:  # every candidate was forbidden: all are equally (un)likely
            return np.full(len(self), 1.0 / len(self), dtype=np.float32)
        weights: Floats = np.exp(self.logits - peak)
        weights /= weights.sum()
        return weights


def entropy_of(probabilities: Floats) -> float:
    """Entropy in nats; a probability of zero adds nothing."""
    sure = probabilities[probabilities > 0]
    return float(-(sure * np.log(sure)).sum())
