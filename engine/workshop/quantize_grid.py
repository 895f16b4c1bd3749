"""What the kernel that searches grids is given, and what becomes of its results.

The kernel is compute/kernels/encode_grid.py; figures and tables come from its slow twin.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.weights.blocks.block import as_bytes
from engine.weights.blocks.iq import GridBlocks
from engine.weights.blocks.iq_search import NEAR, Made, book_of
from engine.weights.types import TensorType

LANES = 16


class Tables(NamedTuple):
    """Points near each combination of levels, element by element; their numbers; figures."""

    table: NDArray[np.int8]  # [combinations, width, NEAR]
    near: NDArray[np.uint16]  # [combinations, NEAR]
    params: NDArray[np.float32]  # in the order of encode_grid.py


def has_grid(kind: TensorType) -> bool:
    return isinstance(kind.blocks, GridBlocks)


def _grid(kind: TensorType) -> GridBlocks:
    assert isinstance(kind.blocks, GridBlocks)
    return kind.blocks


@cache
def grid_tables(kind: TensorType) -> Tables:
    assert NEAR == LANES
    spec = _grid(kind).spec
    book = book_of(spec.grid)
    near = book.neighbours
    table = book.points[near].transpose(0, 2, 1).astype(np.int8)
    figures = [
        book.width,
        spec.sub,
        spec.shared,
        spec.signs,
        book.first,
        1 / book.step,
        len(book.levels) - 1,
        0 if spec.shared else book.levels[-1],  # 0: begin from the mean magnitude
        spec.unit,
        spec.top_step,
        2 if spec.shared else 1,  # rounds per factor
        len(spec.factors),
        *np.tile(book.powers, LANES // book.width),
        *spec.factors,
    ]
    return Tables(np.ascontiguousarray(table), near, np.array(figures, np.float32))


class GridJob:
    """Room for the results of one call of the kernel."""

    def __init__(self, kind: TensorType, n_blocks: int) -> None:
        self._kind = kind
        spec = _grid(kind).spec
        groups = 256 // book_of(spec.grid).width
        self.made = Made(
            d=np.zeros(n_blocks, np.float16),
            steps=np.zeros((n_blocks, spec.sub), np.uint8),
            points=np.zeros((n_blocks, groups), np.uint16),
            signs=np.zeros((n_blocks, 32), np.uint8),
        )

    def operands(self) -> dict[str, int]:
        """Addresses by the names of the kernel's own operands."""
        made, tables = self.made, grid_tables(self._kind)._asdict()
        arrays = {"steps": made.steps, "points": made.points, "signs": made.signs, **tables}
        return {name: array.ctypes.data for name, array in arrays.items()}

    def rows(self, n_rows: int) -> NDArray[np.uint8]:
        return as_bytes(_grid(self._kind).put_together(self.made)).reshape(n_rows, -1)
