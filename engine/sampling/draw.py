"""The end of the chain: one token by chance from what is left."""

from collections.abc import Callable

import numpy as np

from engine.sampling.candidates import Candidates, Floats
from engine.sampling.state import State

Drawer = Callable[[Candidates, State], int]

_BLOCK = 512


def draw_token(candidates: Candidates, state: State) -> int:
    """A token, each with its softmax probability."""
    if len(candidates) == 1:
        return candidates.token(0)
    return candidates.token(draw_place(candidates.probabilities(), state))


def draw_place(probabilities: Floats, state: State) -> int:
    """A place of the list; one whose probability is zero is never drawn."""
    chance = state.draw.random()
    if len(probabilities) <= _BLOCK:
        return _place(probabilities, chance)
    # Two steps, a block and a place in it: a running sum over a vocabulary is slow.
    starts = np.arange(0, len(probabilities), _BLOCK)
    sums = np.cumsum(np.add.reduceat(probabilities, starts), dtype=np.float64)
    block = int(np.searchsorted(sums, chance * sums[-1], side="right"))
    if block == len(sums):
        return int(probabilities.argmax())
    before, until = (float(sums[block - 1]) if block else 0.0), float(sums[block])
    start = block * _BLOCK
    inner = (chance * sums[-1] - before) / (until - before)
    return start + _place(probabilities[start : start + _BLOCK], inner)


def _place(weights: Floats, chance: float) -> int:
    sums = np.cumsum(weights, dtype=np.float64)
    place = int(np.searchsorted(sums, chance * sums[-1], side="right"))
    if place < len(sums):
        return place
    return int(weights.argmax())  # the product was rounded up to the very end
