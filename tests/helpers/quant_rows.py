"""Rows that both llama.cpp and we quantize, with an importance for their columns."""

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]


def random_rows() -> tuple[Rows, Rows]:
    """Normal numbers of different loudness per row; importance spread over three orders."""
    random = np.random.default_rng(7)
    x = random.standard_normal((32, 512)) * random.lognormal(0, 1, (32, 1))
    return x.astype(np.float32), importance(512)


def importance(n_cols: int) -> Rows:
    return np.random.default_rng(n_cols).lognormal(0, 1.5, n_cols).astype(np.float32)


def rms(a: Rows, b: Rows, weights: Rows | float = 1.0) -> float:
    """Root of the (weighted) mean squared difference."""
    return float(np.sqrt(np.mean(weights * np.square(a - b, dtype=np.float64))))
