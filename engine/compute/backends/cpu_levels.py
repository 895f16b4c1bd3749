"""Packs types that have no packing kernel: taken apart by NumPy, a few megabytes at a time.

Slower than a kernel (once, when a model is opened) and one thread; memory stays small beside the
panels themselves.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compute.kernels.panels import BLOCK, LIFTED, ROWS, Layout
from engine.weights.quants.levels import Levels, split
from engine.weights.types import TensorType

Bytes = NDArray[np.uint8]
AT_ONCE = 1 << 21  # weights
QUADS = BLOCK // 4


def pack_levels(
    layout: Layout, kind: TensorType, raw: Bytes, n_cols: int, panels: Bytes
) -> Iterator[int]:
    """Fills `panels` (bytes of the whole tensor, zeros); yields how many rows are done."""
    panel = layout.panel_bytes(n_cols)
    step = max(1, AT_ONCE // (ROWS * n_cols)) * ROWS
    for start in range(0, len(raw), step):
        part = raw[start : start + step]
        n_panels = (len(part) + ROWS - 1) // ROWS
        first = start // ROWS * panel
        chunks = panels[first : first + n_panels * panel].view(_record(layout))
        _fill(chunks.reshape(n_panels, -1), split(kind, part, n_cols), layout)
        yield start + len(part)


def _record(layout: Layout) -> np.dtype[Any]:
    """One chunk: a block of 32 columns of 16 rows."""
    fields: list[Any] = []
    for name, size in layout.parts:
        fields.append(
            (name, "u1", (size // 64, ROWS, 4)) if name == "qs" else (name, "f4", (2, ROWS))
        )
    return np.dtype(fields)


def _fill(chunks: NDArray[Any], levels: Levels, layout: Layout) -> None:
    """chunks [panels, blocks]; rows past the last one have factor 0, so they count as nothing."""
    n_panels, n_blocks = chunks.shape
    lifted = LIFTED[layout.type]
    q = _whole_panels((levels.q + np.int16(lifted)).astype(np.uint8), n_panels)
    quads = q.reshape(n_panels, ROWS, n_blocks, QUADS, 4).transpose(0, 2, 3, 1, 4)
    if layout.most < 16:
        quads = quads[:, :, :4] | (quads[:, :, 4:] << np.uint8(4))
    chunks["qs"] = quads
    chunks["sw"] = _scales(levels.factor, n_panels)
    if "mw" in dict(layout.parts):
        with np.errstate(invalid="ignore", over="ignore"):
            addend = -levels.least - np.float32(lifted) * levels.factor
        chunks["mw"] = _scales(addend, n_panels)


def _scales(values: NDArray[np.float32], n_panels: int) -> NDArray[Any]:
    """[rows, 2 blocks] -> [panels, blocks, 2, 16]."""
    whole = _whole_panels(values, n_panels)
    return whole.reshape(n_panels, ROWS, -1, 2).transpose(0, 2, 3, 1)


def _whole_panels(rows: NDArray[Any], n_panels: int) -> NDArray[Any]:
    """Rows of zeros after the last, up to a multiple of 16."""
    missing = n_panels * ROWS - len(rows)
    return np.pad(rows, ((0, missing), (0, 0))) if missing else rows
