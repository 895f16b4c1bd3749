"""Attention with linear biases: each head takes the distance times a slope of its own from its
scores (Press et al. 2022, arXiv:2108.12409)."""

import numpy as np
from numpy.typing import NDArray


def alibi_slopes(n_head: int, most: float) -> NDArray[np.float32]:
    """Slopes float32 [n_head]: 2^-e, with exponents e in even steps up to `most` (8, mostly).

    Heads that a power of two leaves over stand half way between its first ones, so that a model of
    more heads has those of a smaller one among its own.
    """
    whole = 1 << (n_head.bit_length() - 1)
    step = most / whole
    even = step * np.arange(1, whole + 1)
    between = step * (np.arange(n_head - whole) + 0.5)
    slopes: NDArray[np.float32] = np.exp2(-np.concatenate([even, between])).astype(np.float32)
    return slopes
