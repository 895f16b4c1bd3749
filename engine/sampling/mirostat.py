"""Mirostat 1 and 2: cut the list so that the mean surprise stays near tau; learn from each draw.

They replace the rest of the chain and draw the token themselves.
"""

import math

import numpy as np

from engine.sampling.candidates import Candidates
from engine.sampling.draw import Drawer, draw_place
from engine.sampling.select import top_indices
from engine.sampling.state import State

_N_ESTIMATE = 100  # tokens from which version 1 estimates the exponent of Zipf's law


def make_mirostat(version: int, tau: float, eta: float, n_vocab: int) -> Drawer:
    """Version 1 cuts to a computed k, version 2 at a surprise of mu."""

    def mirostat(candidates: Candidates, state: State) -> int:
        if version == 1:
            candidates.keep_top(_k_for(candidates, state.mu, n_vocab))
        else:
            _cut_at_surprise(candidates, state.mu)
        probabilities = candidates.probabilities()
        place = draw_place(probabilities, state)
        surprise = -math.log2(max(float(probabilities[place]), 1e-38))
        state.mu -= eta * (surprise - tau)
        return candidates.token(place)

    return mirostat


def _k_for(candidates: Candidates, mu: float, n_vocab: int) -> int:
    """How many tokens to keep so that the expected surprise is mu, if Zipf's law holds."""
    top = candidates.logits[top_indices(candidates.logits, _N_ESTIMATE)].astype(np.float64)
    top = top[np.isfinite(top)]
    if len(top) < 2:
        return 1
    ranks = np.arange(1, len(top), dtype=np.float64)
    t = np.log((ranks + 1) / ranks)
    exponent = float((t * -np.diff(top)).sum() / (t * t).sum())
    epsilon = exponent - 1
    try:
        k = (epsilon * 2**mu / (1 - n_vocab**-epsilon)) ** (1 / exponent)
    except (ZeroDivisionError, OverflowError):
        return len(candidates)
    return max(int(min(k, len(candidates))), 1)


def _cut_at_surprise(candidates: Candidates, mu: float) -> None:
    """Drop what is more surprising than mu bits; the likeliest always stays."""
    probabilities = candidates.probabilities()
    least = 2.0 ** min(-mu, 100.0)  # a wild eta may drive mu anywhere
    kept = np.flatnonzero(probabilities >= np.float32(least))
    if len(kept):
        candidates.keep(kept)
    else:
        candidates.keep_top(1)
