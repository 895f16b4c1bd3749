"""The end of a chain: one token by chance from what is left; or by mirostat, or by adaptive P.

Mirostat 1 and 2 replace the rest of the chain: they cut the list so that the mean surprise stays
near tau, and learn from each draw. Adaptive P draws tokens near a target probability and keeps
their mean there over time; constants and formulas are those of llama.cpp's pull request 17927
(src/llama-sampler.cpp), the method is by MrJackSpade (adaptive-p-docs).
"""

import math
from collections.abc import Callable

import numpy as np

from engine.sampling.candidates import Candidates, Floats, top_indices
from engine.sampling.state import SamplerState

Drawer = Callable[[Candidates, SamplerState], int]

_BLOCK = 512


def draw_token(candidates: Candidates, state: SamplerState) -> int:
    """A token, each with its softmax probability."""
    if len(candidates) == 1:
        return candidates.token(0)
    return candidates.token(draw_place(candidates.probabilities(), state))


def draw_place(probabilities: Floats, state: SamplerState) -> int:
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


_N_ESTIMATE = 100  # tokens from which version 1 estimates the exponent of Zipf's law


def make_mirostat(version: int, tau: float, eta: float, n_vocab: int) -> Drawer:
    """Version 1 cuts to a computed k, version 2 at a surprise of mu."""

    def mirostat(candidates: Candidates, state: SamplerState) -> int:
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


WIDTH = 0.3  # how far from the target a probability counts as far
PEAK, SHARPNESS = 5.0, 10.0  # the new logit on the target, and how fast it falls from there


def make_adaptive(target: float, decay: float) -> Drawer:
    """`target` from 0 to 1; `decay` below 1 is what each token leaves of the memory of those
    before it: about 1 / (1 - decay) of them count."""

    def adaptive(candidates: Candidates, state: SamplerState) -> int:
        if not state.weight:  # as if all before had met the target
            state.weight = 1 / (1 - decay)
            state.chosen = target * state.weight
        aim = min(max(2 * target - state.chosen / state.weight, 0.0), 1.0)
        before = candidates.probabilities()
        bend(candidates, before, aim)
        place = draw_place(candidates.probabilities(), state)
        state.chosen = float(before[place]) + decay * state.chosen
        state.weight = 1 + decay * state.weight
        return candidates.token(place)

    return adaptive


def bend(candidates: Candidates, probabilities: Floats, aim: float) -> None:
    """Logits by the distance of a probability from the aim: a parabola near it, a line far off."""
    allowed = candidates.logits > -np.inf  # what a step has forbidden stays so
    distance = np.abs(probabilities - np.float32(aim)) / np.float32(WIDTH)
    bent = PEAK - SHARPNESS * distance * distance / (1 + distance)
    np.copyto(candidates.writable(), bent, where=allowed)
    candidates.sorted = False
