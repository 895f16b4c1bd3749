"""Attention temperature by position: what keeps scores sharp far into a text.

Invariant: up to `length` positions the factor is 1, so short texts are computed as ever.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class TemperSpec:
    """1 + scale · ln(1 + floor((position + offset) / length)), Llama 4's form of Nakanishi 2025,
    arXiv:2501.19399."""

    scale: float
    length: int
    offset: float = 0.0


def temper_factors(spec: TemperSpec, positions: NDArray[np.int64]) -> NDArray[np.float32]:
    """A factor for each position."""
    steps = np.floor((positions + spec.offset) / spec.length)
    return (1.0 + spec.scale * np.log1p(steps)).astype(np.float32)
