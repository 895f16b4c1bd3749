"""Packing kernels of Q2_K and Q3_K against taking the same blocks apart in NumPy."""

import numpy as np
import pytest
from helpers.block_levels import split

from engine.compute.kernels.packed import PACKED
from engine.compute.kernels.packing import PackOperands
from engine.compute.kernels.team import Call
from engine.weights.types import TensorType

NAMES = ("Q2_K", "Q3_K")
ROWS, COLUMNS = 20, 512  # the second panel has four rows only


def packed(kernel, layout, raw, n_cols):
    """The panels as chunks of bytes [panels, chunks, chunk_bytes]."""
    out = np.zeros(layout.tensor_bytes(len(raw), n_cols) + 64, np.uint8)
    start = -out.ctypes.data % 64
    operands = PackOperands(
        source=raw.ctypes.data,
        row_bytes=raw.shape[1],
        n_rows=len(raw),
        n_blocks=n_cols // 32,
        target=out.ctypes.data + start,
        panel_bytes=layout.panel_bytes(n_cols),
    )
    Call(kernel, operands).run_here()
    whole = out[start : start + layout.tensor_bytes(len(raw), n_cols)]
    by_panel = whole.reshape(-1, layout.panel_bytes(n_cols))
    n_chunks = n_cols // layout.unit
    return by_panel[:, : n_chunks * layout.chunk_bytes].reshape(len(by_panel), n_chunks, -1)


def part(chunks, layout, name):
    """One part of all chunks, block after block."""
    first, size = layout.start(name), dict(layout.parts)[name]
    starts = [first + b * layout.record_bytes for b in range(layout.chunk_blocks)]
    return np.concatenate([chunks[:, :, at : at + size] for at in starts], axis=2)


def by_rows(quads):
    """[panels, blocks, 8, 16, 4] -> [rows, columns] without the rows of padding."""
    n_panels, n_blocks = quads.shape[:2]
    return quads.transpose(0, 3, 1, 2, 4).reshape(16 * n_panels, 32 * n_blocks)[:ROWS]


def blocks_of(kind):
    random = np.random.default_rng(int(kind))
    return random.integers(0, 256, (ROWS, kind.row_bytes(COLUMNS)), np.uint8)


@pytest.mark.parametrize("name", NAMES)
def test_types_with_small_scales(name):
    kind, layout = TensorType[name], PACKED[TensorType[name]].layout
    raw = blocks_of(kind)
    chunks = packed(PACKED[kind].pack, layout, raw, COLUMNS)
    vectors = part(chunks, layout, "qs").reshape(len(chunks), COLUMNS // 32, -1, 16, 4)
    found = by_rows(np.concatenate([vectors & 15, vectors >> 4], axis=2))
    lifted = {"Q2_K": 0, "Q3_K": 4}[name]
    scales = part(chunks, layout, "sc").reshape(len(chunks), -1, 16).transpose(0, 2, 1)
    scales = np.ascontiguousarray(scales).reshape(16 * len(chunks), -1)[:ROWS]
    scales = np.repeat(scales, COLUMNS // 16 // scales.shape[1], axis=1)
    scales = scales if name == "Q2_K" else scales.view(np.int8)
    truth = split(kind, raw, COLUMNS)
    d = raw.reshape(-1, kind.block_bytes).view(kind.blocks.record)["d"].reshape(ROWS, -1)
    with np.errstate(invalid="ignore"):
        factors = np.repeat(d.astype(np.float32), 16, axis=1) * scales
    assert np.array_equal(factors, truth.factor, equal_nan=True)
    seen = np.repeat(np.isfinite(truth.factor) & (truth.factor != 0), 16, axis=1)
    assert np.array_equal(found[seen].astype(int) - lifted, truth.q[seen])
