"""The tokens still in the running, with their logits; each step narrows or bends them.

The caller's logits are never written to: the first step that changes a value makes the copy.
"""

import numpy as np
from numpy.typing import NDArray

from engine.sampling.select import top_indices

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]


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
