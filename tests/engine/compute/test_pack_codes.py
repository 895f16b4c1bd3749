"""Packing kernels of the coded types against taking the same blocks apart in NumPy."""

import numpy as np
import pytest
from helpers import native
from helpers.block_levels import split

from engine.compute.backends.cpu_weights import kinds
from engine.compute.kernels import panels
from engine.compute.kernels.pack_grid import points_of
from engine.compute.kernels.packing import PackOperands
from engine.weights.quants import dequantize
from engine.weights.types import TensorType

ROWS, COLUMNS = 20, 512  # the second panel has four rows only
# Types of codes: two bits, or four that stand for levels.
KINDS = {
    f"{kind.name}{ending}": found
    for ending, in_pairs in (("", False), (" in pairs", True))
    for kind, found in kinds(pairs=in_pairs).items()
    if not found.is_float
    and (found.layout.levels or found.layout.bits == 2)
    and (found.layout.activations == "q16") == in_pairs
}


def case(name):
    """(tensor type, how it is packed) of a name in KINDS."""
    return TensorType[name.split()[0]], KINDS[name]


def packed(kind, found, raw, n_cols):
    """The panels as chunks of bytes [panels, chunks, chunk_bytes]."""
    layout, points = found.layout, points_of(kind)
    out, panel = native.aligned(layout.tensor_bytes(len(raw), n_cols)), layout.panel_bytes(n_cols)
    operands = PackOperands(
        source=raw.ctypes.data,
        row_bytes=raw.shape[1],
        n_rows=len(raw),
        n_blocks=n_cols // 32,
        target=out.ctypes.data,
        panel_bytes=panel,
        table=points.ctypes.data,
    )
    native.call(found.pack, operands)
    used = out.reshape(-1, panel)[:, : n_cols // layout.unit * layout.chunk_bytes]
    return np.ascontiguousarray(used).reshape(len(used), -1, layout.chunk_bytes)


def part(chunks, layout, name):
    """One part of all blocks [panels, blocks, bytes]; what a superblock shares for each of them."""
    first, size = layout.start(name), dict(layout.parts)[name]
    each = 0 if size == panels.SHARED else layout.record_bytes
    size = 2 * panels.ROWS if size == panels.SHARED else size
    starts = [first + b * each for b in range(layout.chunk_blocks)]
    found = np.stack([chunks[:, :, at : at + size] for at in starts], axis=2)
    return np.ascontiguousarray(found).reshape(len(chunks), -1, size)


def rows_of(values):
    """[panels, blocks, groups, 16 rows] -> [rows, blocks · groups], without rows of padding."""
    return values.transpose(0, 3, 1, 2).reshape(16 * len(values), -1)[:ROWS]


def numbers(chunks, layout):
    """What the quants stand for [rows, columns]."""
    qs = part(chunks, layout, "qs")
    if layout.activations == "q16":
        vectors = qs.reshape(*qs.shape[:2], 1, -1, 16, 2)
        pairs = np.concatenate([vectors & 15, vectors >> 4], axis=2)
        pairs = pairs[..., [panels.slot(row) for row in range(16)], :]
        codes = pairs.transpose(0, 4, 1, 2, 3, 5).reshape(16 * len(chunks), -1)[:ROWS]
        return np.array(layout.levels)[codes]
    vectors = qs.reshape(*qs.shape[:2], -1, 1, 16, 4)
    shifts = np.arange(0, 8, layout.bits, dtype=np.uint8).reshape(-1, 1, 1)
    quads = (vectors >> shifts) & np.uint8((1 << layout.bits) - 1)
    if layout.bits == 4:  # quads 0 to 3 are the low halves of the four vectors
        quads = quads.swapaxes(2, 3)
    quads = quads.reshape(*qs.shape[:2], 8, 16, 4).transpose(0, 3, 1, 2, 4)
    codes = quads.reshape(16 * len(chunks), -1)[:ROWS].astype(int)
    return np.array(layout.levels)[codes] if layout.levels else codes - 1


def factors(chunks, layout):
    """Of each 16 columns [rows, columns / 16]."""
    if "b" in dict(layout.parts):
        upper = part(chunks, layout, "b").view("<u2").astype("<u4") << np.uint32(16)
        found = upper.view("<f4").reshape(*upper.shape[:2], -1, 16)
    else:
        d = part(chunks, layout, "d").view("<f2").astype(np.float32)
        found = (d * np.float32(layout.step))[:, :, None]
        if "sc" in dict(layout.parts):
            found = found * part(chunks, layout, "sc").view(np.int8).reshape(*d.shape[:2], -1, 16)
    return rows_of(np.repeat(found, 2 // found.shape[2], axis=2))


def blocks_of(kind):
    """Any bytes, for any bytes are blocks: with infinite scales, too."""
    random = np.random.default_rng(int(kind))
    return random.integers(0, 256, (ROWS, kind.row_bytes(COLUMNS)), np.uint8)


@pytest.mark.parametrize("name", KINDS)
def test_panels_hold_the_very_numbers_and_factors(name):
    kind, found = case(name)
    layout, raw = found.layout, blocks_of(kind)
    chunks, truth = packed(kind, found, raw, COLUMNS), split(kind, raw, COLUMNS)
    with np.errstate(invalid="ignore"):
        assert np.array_equal(factors(chunks, layout), truth.factor, equal_nan=True)
    # Where NumPy's way, dividing values by the factor, neither drowns nor overflows.
    size = np.abs(truth.factor)
    seen = (size > 1e-38) & (size < 1e36)
    assert seen.mean() > 0.8
    seen = np.repeat(seen, 16, axis=1)
    assert np.array_equal(numbers(chunks, layout)[seen], truth.q[seen])


@pytest.mark.parametrize("name", KINDS)
def test_rows_of_padding_count_as_nothing(name):
    kind, found = case(name)
    chunks = packed(kind, found, blocks_of(kind), COLUMNS)
    scales = "b" if "b" in dict(found.layout.parts) else "d"
    by_row = part(chunks, found.layout, scales).view("<u2").reshape(2, -1, 16)
    assert by_row[0].any()
    assert not by_row[1, :, 4:].any()


@pytest.mark.parametrize("name", ["MXFP4", "NVFP4"])
def test_every_scale_of_a_four_bit_float(name):
    """All 256 of them, the subnormal ones and what stands for no number included."""
    kind, found = case(name)
    per_block = 1 if name == "MXFP4" else 4
    raw = np.zeros((1, 256 // per_block, kind.block_bytes), np.uint8)
    raw[0, :, :per_block] = np.arange(256, dtype=np.uint8).reshape(-1, per_block)
    raw[0, :, per_block:] = 0x22  # all values are the level 2
    raw, n_cols = raw.reshape(1, -1), 256 // per_block * kind.block
    factor = factors(packed(kind, found, raw, n_cols), found.layout)[0]
    with np.errstate(over="ignore"):
        assert np.array_equal(np.repeat(2 * factor, 16), dequantize(kind, raw, n_cols)[0])


@pytest.mark.parametrize("name", KINDS)
def test_panels_are_small(name):
    """Two-bit types a third of a byte at most, the others what four bits and scales take."""
    _, found = case(name)
    taken = found.layout.tensor_bytes(256, 2048) / (256 * 2048)
    assert taken <= (0.32 if found.layout.bits == 2 else 0.63)
