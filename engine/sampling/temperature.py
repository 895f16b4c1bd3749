"""Temperature: fixed, or moving with how undecided the model is; at zero one token stays."""

import math

import numpy as np

from engine.sampling.candidates import Candidates, entropy_of
from engine.sampling.state import State
from engine.sampling.step import Step

SMALLEST = 1e-6  # dividing by less gives no numbers, and would leave one token all the same


def make_temperature(temperature: float) -> Step:
    """Divide all logits; zero or less leaves the likeliest token alone."""

    def fixed_temperature(candidates: Candidates, state: State) -> None:
        _apply(candidates, temperature)

    return fixed_temperature


def make_dynamic_temperature(temperature: float, spread: float, exponent: float) -> Step:
    """Between temperature - spread (sure of itself) and temperature + spread (undecided)."""
    low, high = max(0.0, temperature - spread), temperature + spread

    def dynamic_temperature(candidates: Candidates, state: State) -> None:
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
