"""What goes into each matrix product: sums of squared inputs per column, over all passes.

The one thing that calibration wants of a backend. Invariant: sums are float64, so that millions of
tokens may be added.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Sums = NDArray[np.float64]


class Squares:
    """Filled by a backend that was made with it."""

    def __init__(self) -> None:
        self._sums: dict[str, Sums] = {}
        self._tokens: dict[str, int] = {}

    def add(self, weight: str, sums: NDArray[np.floating], n_tokens: int) -> None:
        """A pass of `n_tokens` went into the product with `weight`."""
        if n_tokens:
            self._sums[weight] = self._sums.get(weight, 0.0) + sums.astype(np.float64)
            self._tokens[weight] = self._tokens.get(weight, 0) + n_tokens

    def __iter__(self) -> Iterator[tuple[str, Sums, int]]:
        """Weight, sums [n_cols], tokens that were added."""
        for name, sums in self._sums.items():
            yield name, sums, self._tokens[name]
