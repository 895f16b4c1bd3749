"""Rows that both llama.cpp and we quantize, with an importance for their columns."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.weights.formats.gguf import GGUFFile

Rows = NDArray[np.float32]


def random_rows() -> tuple[Rows, Rows]:
    """Normal numbers of different loudness per row; importance spread over three orders."""
    random = np.random.default_rng(7)
    x = random.standard_normal((32, 512)) * random.lognormal(0, 1, (32, 1))
    return x.astype(np.float32), importance(512)


def heavy_rows() -> tuple[Rows, Rows]:
    """Rows with few large values, as trained weights have them."""
    x = np.random.default_rng(11).standard_t(4, (32, 512)) * 0.02
    return x.astype(np.float32), importance(512, seed=12)


def importance(n_cols: int, seed: int | None = None) -> Rows:
    random = np.random.default_rng(n_cols if seed is None else seed)
    return random.lognormal(0, 1.5, n_cols).astype(np.float32)


# Figures of our encoders were chosen by the first of each; the others came later, to judge them.
RANDOM = {"random": random_rows, "heavy": heavy_rows}
TENSORS: dict[str, int | None] = {
    "blk.2.attn_q.weight": None,
    "blk.1.ffn_down.weight": None,
    "blk.3.attn_k.weight": 13,
    "output.weight": 14,
}  # with the seed of their importance


def rows_of(where: str, open_model: Callable[[], GGUFFile]) -> tuple[Rows, Rows]:
    """The rows of one of the sets above and the importance of their columns."""
    if where in RANDOM:
        return RANDOM[where]()
    x, seed = open_model().raw(where).view("<f4"), TENSORS[where]
    # Rows of tokens that are never used are all alike, and stand side by side.
    some = x[:64] if seed is None else x[:: len(x) // 128]
    return some.copy(), importance(x.shape[1], seed)


def rms(a: Rows, b: Rows, weights: Rows | float = 1.0) -> float:
    """Root of the (weighted) mean squared difference."""
    return float(np.sqrt(np.mean(weights * np.square(a - b, dtype=np.float64))))
