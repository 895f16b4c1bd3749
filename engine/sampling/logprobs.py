"""Log-probabilities of the model's own distribution, untouched by any step of the chain."""

import math

import numpy as np

from engine.sampling.candidates import Floats
from engine.sampling.select import top_indices

TopLogprobs = tuple[tuple[int, float], ...]


def raw_logprobs(logits: Floats, token: int, n: int) -> tuple[float, TopLogprobs]:
    """Of the chosen token, and of the n likeliest in descending order."""
    norm = _log_sum_exp(logits)
    top = top_indices(logits, n)
    pairs = zip(top.tolist(), logits[top].tolist(), strict=True)
    return float(logits[token]) - norm, tuple((place, value - norm) for place, value in pairs)


def _log_sum_exp(logits: Floats) -> float:
    peak = logits.max()
    return float(peak) + math.log(float(np.exp(logits - peak).sum(dtype=np.float64)))
