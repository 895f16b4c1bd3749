"""The one door to all tensor types: raw rows to float32 and back, as their blocks say (blocks/).

Invariant: rows are worked on in groups, so that memory stays small however large a tensor is.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UnsupportedError, UsageError
from engine.weights.blocks.block import Blocks, Bytes, Floats, as_bytes, records
from engine.weights.types import TensorType

GROUP = 1 << 19  # values worked on at a time
LEAST_IMPORTANCE = np.float32(1e-6)


def can_quantize(kind: TensorType) -> bool:
    return kind.blocks.encode is not None


def dequantize(kind: TensorType, raw: Bytes, n_cols: int) -> Floats:
    """uint8 [rows, row_bytes] -> float32 [rows, n_cols], exactly what the blocks say."""
    if raw.ndim != 2 or raw.shape[1] != kind.row_bytes(n_cols):
        raise UsageError(
            "{n_cols} columns of {kind} are not bytes of shape {shape}",
            n_cols=n_cols,
            kind=kind.name,
            shape=raw.shape,
        )
    out = np.empty((len(raw), n_cols), np.float32)
    if not out.size:
        return out
    for rows in _groups(len(raw), n_cols):
        blocks = records(raw[rows].reshape(-1, kind.block_bytes), kind.blocks.record)
        # A broken file may hold infinite scales; the numbers are then not finite, no warning.
        with np.errstate(invalid="ignore", over="ignore"):
            out[rows] = kind.blocks.decode(blocks).reshape(-1, n_cols)
    return out


def quantize(kind: TensorType, x: NDArray[Any], importance: Floats | None = None) -> Bytes:
    """float32 [rows, cols] -> uint8 [rows, row_bytes].

    `importance` [cols] says how much an error in each column matters; types that have no choice to
    make leave it aside.
    """
    if kind.blocks.encode is None:
        raise UnsupportedError(
            "tensors of type {kind} cannot be made by this version", kind=kind.name
        )
    if x.ndim != 2:
        raise UsageError(
            "values to quantize must be rows and columns, not {ndim} dimensions", ndim=x.ndim
        )
    n_cols = x.shape[1]
    if importance is not None and importance.shape != (n_cols,):
        raise UsageError(
            "importance for {shape} columns does not fit {n_cols} columns",
            shape=importance.shape,
            n_cols=n_cols,
        )
    out = np.empty((len(x), kind.row_bytes(n_cols)), np.uint8)
    if not out.size:
        return out
    for rows in _groups(len(x), n_cols):
        part = np.ascontiguousarray(x[rows], np.float32)
        # What is too large becomes infinite, without a warning; whoever asked looks for it.
        with np.errstate(invalid="ignore", over="ignore"):
            out[rows] = _encoded(kind.blocks, part, importance).reshape(-1, out.shape[1])
    return out


def _encoded(of: Blocks, x: Floats, importance: Floats | None) -> Bytes:
    assert of.encode is not None
    blocks = x.reshape(-1, of.values)
    if importance is None or of.encode_weighted is None:
        return as_bytes(of.encode(blocks))
    weights = np.broadcast_to(usable(importance), x.shape).reshape(-1, of.values)
    return as_bytes(of.encode_weighted(blocks, weights * _loudness(blocks)))


def _loudness(blocks: Floats) -> Floats:
    """Louder values count more as well: measured, lower perplexity at three bits and fewer."""
    squares = blocks * blocks
    loud: Floats = np.sqrt(squares + squares.mean(axis=1, keepdims=True))
    return loud


def usable(importance: Floats) -> Floats:
    """Near one on average, and never zero: a column that calibration never saw still counts a bit.

    Where nothing was seen at all, or the file holds nonsense, all columns count alike.
    """
    mean = float(np.mean(importance, dtype=np.float64))
    if not np.isfinite(importance).all() or mean <= 0:
        return np.ones_like(importance, dtype=np.float32)
    scaled: Floats = (importance / mean).astype(np.float32)
    kept: Floats = np.maximum(scaled, LEAST_IMPORTANCE)
    return kept


def _groups(n_rows: int, n_cols: int) -> list[slice]:
    step = max(1, GROUP // max(1, n_cols))
    return [slice(i, i + step) for i in range(0, n_rows, step)]
