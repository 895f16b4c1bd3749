"""Blocks taken apart into whole numbers and factors, against decoding them."""

import numpy as np
import pytest
from helpers.block_levels import SCALES, split

from engine.weights.blocks.levels import FOUR, LevelBlocks, level_blocks
from engine.weights.quants import dequantize
from engine.weights.types import TensorType

TYPES = [TensorType.Q2_K, *SCALES]
ULPS = 2**-22  # what float32 products and sums may differ by, as a part of the largest term
MOST = {"Q2_K": (0, 3), "Q3_K": (-4, 3), "TQ1_0": (-1, 1), "TQ2_0": (-1, 2), "Q1_0": (-1, 1),
        "Q2_0": (-1, 2), "IQ4_NL": (-127, 113), "IQ4_XS": (-127, 113)}  # fmt: skip
LEVELS = {k.name: k.blocks.levels for k in TensorType if isinstance(k.blocks, LevelBlocks)}
MOST = {name: (min(levels), max(levels)) for name, levels in LEVELS.items()} | MOST


def any_blocks(kind: TensorType, rows: int, n_cols: int) -> np.ndarray:
    """Random bytes: every grid point, sign and scale comes up; not finite scales are left out."""
    random = np.random.default_rng(int(kind))
    raw = random.integers(0, 256, (4 * rows, kind.row_bytes(n_cols)), np.uint8)
    values = dequantize(kind, raw, n_cols)
    return raw[np.isfinite(values).all(axis=1) & (np.abs(values).max(axis=1) < 1e30)][:rows]


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.name)
def test_nothing_is_lost(kind):
    raw = any_blocks(kind, 64, 512)
    assert len(raw) > 8
    truth, made = dequantize(kind, raw, 512), split(kind, raw, 512)
    factor, least = (np.repeat(x, 16, axis=1) for x in (made.factor, made.least))
    terms = made.q * factor
    error = np.abs(terms - least - truth)
    assert (error <= ULPS * np.maximum(np.abs(terms), np.abs(least)) + 1e-37).all()
    low, high = MOST.get(kind.name, (-63, 63))
    assert low <= made.q.min()
    assert made.q.max() <= high


@pytest.mark.parametrize(
    ("levels", "values", "told"),
    [
        (FOUR[1:], 32, "sixteen"),
        ((*FOUR, 127), 32, "sixteen"),
        (FOUR[::-1], 32, "ascending"),
        ((*FOUR[:15], FOUR[14]), 32, "ascending"),  # the same twice
        ((*FOUR[:15], 113.5), 32, "whole"),
        ((-128, *FOUR[1:]), 32, "within"),
        ((*FOUR[:15], 128), 32, "within"),
        (tuple(range(16)), 32, "both sides"),
        (tuple(range(-15, 1)), 32, "both sides"),
        (FOUR, 0, "multiple"),
        (FOUR, 48, "multiple"),
    ],
)
def test_levels_that_nobody_could_make_or_pack_are_refused(levels, values, told):
    with pytest.raises(ValueError, match=told):
        level_blocks(levels, values)


def test_levels_at_the_edge_are_taken():
    levels = (-127, *range(-14, 0), 127)
    assert level_blocks(levels, 64).levels == levels
