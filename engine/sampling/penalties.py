"""Bends logits of single tokens: the caller's bias, and penalties for what was said lately."""

from collections.abc import Sequence

import numpy as np

from engine.base.errors import UsageError
from engine.sampling.candidates import Candidates
from engine.sampling.state import State
from engine.sampling.step import Step


def make_logit_bias(pairs: Sequence[tuple[int, float]]) -> Step:
    """Add to the logits of given tokens; minus infinity forbids one."""
    tokens = np.array([token for token, _ in pairs], dtype=np.intp)
    amounts = np.array([amount for _, amount in pairs], dtype=np.float32)
    forbids = bool(np.isneginf(amounts).any())

    def logit_bias(candidates: Candidates, state: State) -> None:
        places, here = candidates.places_of(tokens)
        np.add.at(candidates.writable(), places, amounts[here])  # a token may be named twice
        candidates.sorted = False
        if forbids and np.isneginf(candidates.logits).all():
            raise UsageError("logit_bias forbids every token, so none can be written; allow some.")

    return logit_bias


def make_penalties(repeat: float, presence: float, frequency: float) -> Step:
    """Make tokens of the recent past less likely, once each and once per occurrence."""
    repeat32 = np.float32(repeat)

    def penalties(candidates: Candidates, state: State) -> None:
        if not state.counts:
            return
        tokens = np.fromiter(state.counts.keys(), dtype=np.intp, count=len(state.counts))
        counts = np.fromiter(state.counts.values(), dtype=np.float32, count=len(state.counts))
        places, here = candidates.places_of(tokens)
        logits = candidates.writable()
        old = logits[places]
        # Dividing a negative logit would make the token likelier, so those are multiplied.
        bent = np.where(old <= 0, old * repeat32, old / repeat32)
        bent -= counts[here] * np.float32(frequency) + np.float32(presence)
        logits[places] = bent
        candidates.sorted = False

    return penalties
