"""What a chain does with one distribution, token by token: which step took a token out, and what
chance is left to it.

Nothing is drawn for good: the sampler that is looked at goes on as if nobody had.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.sampling.candidates import Candidates, Floats, Indices, top_indices
from engine.sampling.state import SamplerState, Step

NEVER = -np.inf


@dataclass(frozen=True)
class Traced:
    """A token: `probability` is the model's own, `chance` that of being drawn once the chain is
    done; `cut_by` names the step that took it out, "" where none did."""

    token: int
    probability: float
    chance: float
    cut_by: str = ""


def traced(
    logits: Floats,
    steps: Iterable[tuple[str, Step]],
    state: SamplerState,
    n: int,
    also: Sequence[int] = (),
) -> list[Traced]:
    """The n likeliest tokens, the n that have most chance in the end, and those asked for; the
    likeliest first. `state` is a copy that may be used up; the last step draws."""
    own, candidates = Candidates(logits).probabilities(), Candidates(logits)
    alive = np.ones(len(logits), dtype=np.bool_)
    cut_by = dict[int, str]()
    for name, step in steps:
        step(candidates, state)
        now = _alive(candidates, len(logits))
        cut_by.update(dict.fromkeys(np.flatnonzero(alive & ~now).tolist(), name))
        alive = now
    chances = np.zeros(len(logits), dtype=np.float32)
    places = _tokens(candidates)
    chances[places] = candidates.probabilities()
    shown = {*top_indices(own, n).tolist(), *top_indices(chances, n).tolist()}
    shown = {token for token in shown if own[token] > 0 or chances[token] > 0} | set(also)
    rows = [
        Traced(token, float(own[token]), float(chances[token]), cut_by.get(token, ""))
        for token in shown
    ]
    return sorted(rows, key=lambda row: (-row.probability, row.token))


def _tokens(candidates: Candidates) -> Indices:
    return np.arange(len(candidates)) if candidates.ids is None else candidates.ids


def _alive(candidates: Candidates, n_vocab: int) -> "np.typing.NDArray[np.bool_]":
    """Which tokens of the vocabulary can still be drawn."""
    alive = np.zeros(n_vocab, dtype=np.bool_)
    alive[_tokens(candidates)[candidates.logits > NEVER]] = True
    return alive
