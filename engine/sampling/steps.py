"""Steps that see one distribution: temperature, and what drops unlikely (XTC: likely) candidates.

None of them sorts the whole vocabulary, and none ever drops the last candidate.
"""

import math

import numpy as np

from engine.sampling.candidates import (
    Candidates,
    Floats,
    Indices,
    entropy_of,
    head_indices,
    top_indices,
)
from engine.sampling.state import SamplerState, Step

SMALLEST = 1e-6  # dividing by less gives no numbers, and would leave one token all the same


def make_temperature(temperature: float) -> Step:
    """Divide all logits; zero or less leaves the likeliest token alone."""

    def fixed_temperature(candidates: Candidates, state: SamplerState) -> None:
        _apply(candidates, temperature)

    return fixed_temperature


def make_dynamic_temperature(temperature: float, spread: float, exponent: float) -> Step:
    """Between temperature - spread (sure of itself) and temperature + spread (undecided)."""
    low, high = max(0.0, temperature - spread), temperature + spread

    def dynamic_temperature(candidates: Candidates, state: SamplerState) -> None:
        if len(candidates) <= 1:
            return
        share = entropy_of(candidates.probabilities()) / math.log(len(candidates))
        # Rounding may leave a hair below zero, whose power would be complex.
        _apply(candidates, low + (high - low) * math.pow(max(share, 0.0), exponent))

    return dynamic_temperature


def _apply(candidates: Candidates, temperature: float) -> None:
    if temperature < SMALLEST:
        candidates.keep(np.array([candidates.logits.argmax()]))
        candidates.sorted = True
    else:
        candidates.scale(temperature)


_FIRST_LOOK = 256  # top-p of a real model nearly always ends within this many


def make_top_k(k: int) -> Step:
    """The k likeliest."""

    def top_k(candidates: Candidates, state: SamplerState) -> None:
        candidates.keep_top(k)

    return top_k


def make_top_p(p: float, min_keep: int) -> Step:
    """The likeliest that together reach probability p."""

    def top_p(candidates: Candidates, state: SamplerState) -> None:
        probabilities = candidates.probabilities()
        if candidates.sorted:
            n = _reached(np.cumsum(probabilities), p, min_keep)
            candidates.keep_first(len(candidates) if n is None else n)
            return
        head = top_indices(candidates.logits, _FIRST_LOOK)
        n = _reached(np.cumsum(probabilities[head]), p, min_keep)
        if n is None:
            candidates.keep(_nucleus(probabilities, p, min_keep))
        else:
            candidates.keep(head[:n])
            candidates.sorted = True

    return top_p


def _nucleus(probabilities: Floats, p: float, min_keep: int) -> Indices:
    """The same for a flat distribution: sorting bare values is far cheaper than sorting places."""
    falling = np.sort(probabilities)[::-1]
    n = _reached(np.cumsum(falling), p, min_keep) or len(falling)
    kept = np.flatnonzero(probabilities > falling[n - 1])
    ties = np.flatnonzero(probabilities == falling[n - 1])
    return np.sort(np.concatenate((kept, ties[: n - len(kept)])))


def _reached(sums: Floats, p: float, min_keep: int) -> int | None:
    """How many of the running sums it takes to reach p (and at least min_keep)."""
    n = max(int(np.searchsorted(sums, np.float32(p), side="left")) + 1, min_keep)
    return n if n <= len(sums) else None


def make_min_p(p: float, min_keep: int) -> Step:
    """Those at least p times as likely as the likeliest."""
    log_p = np.float32(math.log(p))

    def min_p(candidates: Candidates, state: SamplerState) -> None:
        logits = candidates.logits
        peak = logits[0] if candidates.sorted else logits.max()
        kept = np.flatnonzero(logits >= peak + log_p)
        if len(kept) < max(min_keep, 1):
            candidates.keep_top(max(min_keep, 1))
        elif len(kept) < len(logits):
            candidates.keep(kept)

    return min_p


def make_typical(p: float, min_keep: int) -> Step:
    """Those whose surprise is nearest to the expected one, until they exceed probability p."""

    def typical(candidates: Candidates, state: SamplerState) -> None:
        probabilities = candidates.probabilities()
        with np.errstate(divide="ignore"):  # probability zero: infinitely surprising
            surprise = -np.log(probabilities)
        nearness: Floats = -np.abs(surprise - np.float32(entropy_of(probabilities)))

        def enough(head: Indices) -> int | None:
            sums = np.cumsum(probabilities[head])
            n = max(int(np.searchsorted(sums, np.float32(p), side="right")) + 1, min_keep)
            return n if n <= len(sums) else None

        candidates.keep(np.sort(head_indices(nearness, enough)))

    return typical


def make_top_n_sigma(n: float) -> Step:
    """Those within n standard deviations of the largest logit; the others become impossible.

    They stay in the list, because the dynamic temperature counts them.
    """

    def top_n_sigma(candidates: Candidates, state: SamplerState) -> None:
        if len(candidates) <= 1:
            return
        logits = candidates.writable()
        possible = logits if logits.min() > -np.inf else logits[logits > -np.inf]
        if len(possible):
            limit = possible.max() - np.float32(n) * np.std(possible)
            np.putmask(logits, logits < limit, -np.inf)

    return top_n_sigma


def make_xtc(probability: float, threshold: float, min_keep: int) -> Step:
    """With the given probability, remove the tokens above the threshold save the last of them."""

    def xtc(candidates: Candidates, state: SamplerState) -> None:
        if len(candidates) < 2 or (state.xtc.random() > probability and not state.xtc_acts):
            return
        likely = np.flatnonzero(candidates.probabilities() >= np.float32(threshold))
        n_dropped = len(likely) - 1
        if n_dropped < 1 or len(candidates) - n_dropped < min_keep:
            return
        # Least likely of them; the later one on a tie, as in a sorted list.
        last = likely[::-1][np.argmin(candidates.logits[likely][::-1])]
        kept = np.ones(len(candidates), dtype=np.bool_)
        kept[likely] = False
        kept[last] = True
        candidates.keep(np.flatnonzero(kept))

    return xtc
