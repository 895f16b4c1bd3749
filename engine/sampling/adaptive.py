"""Adaptive P: draw tokens near a target probability, and keep their mean there over time.

It replaces the plain draw at the end of the chain. Constants and formulas are those of llama.cpp's
pull request 17927 (src/llama-sampler.cpp); the method is by MrJackSpade (adaptive-p-docs).
"""

import numpy as np

from engine.sampling.candidates import Candidates, Floats
from engine.sampling.draw import Drawer, draw_place
from engine.sampling.state import State

WIDTH = 0.3  # how far from the target a probability counts as far
PEAK, SHARPNESS = 5.0, 10.0  # the new logit on the target, and how fast it falls from there


def make_adaptive(target: float, decay: float) -> Drawer:
    """`target` from 0 to 1; `decay` below 1 is what each token leaves of the memory of those
    before it: about 1 / (1 - decay) of them count."""

    def adaptive(candidates: Candidates, state: State) -> int:
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
