"""Encodes rows with compiled kernels and all threads, where there is a kernel for the types.

The slow twin of each kernel is its encoder in engine/weights/blocks. Belongs to one thread.
"""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.base.events import Event
from engine.base.turns import Portion, aside
from engine.weights.formats.imatrix import Figures
from engine.weights.quants import usable
from engine.weights.types import TensorType
from engine.workshop.quantize_grid import GridJob, has_grid

Bytes = NDArray[np.uint8]
FIRST = 1 << 15  # weights of the first step of a type
LEAST = 32  # values
SOURCES = (TensorType.F32, TensorType.F16, TensorType.BF16)  # numbered as the kernels do


class FastEncoder:
    """A team of threads, taken when they are first needed, and its scratch memory; close() ends
    the threads. With 0 threads it can encode nothing."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._team: Any = None
        self._scratch: Bytes = np.zeros(0, np.uint8)
        # Two, in turn: one is filled while what is in the other goes to the disk.
        self._outs: list[Bytes] = [np.zeros(0, np.uint8), np.zeros(0, np.uint8)]
        self._task: Callable[[], None] | None = None
        self._portions: dict[tuple[TensorType, bool], Portion] = {}

    def can(self, source: TensorType, kind: TensorType, n_cols: int) -> bool:
        fits = source in SOURCES and n_cols % _values(kind) == 0
        return self._threads > 0 and fits and _kernel(kind, weighted=False) is not None

    def portion(self, kind: TensorType, is_copy: bool) -> Portion:
        """How many weights make a step: types differ a hundredfold."""
        return self._portions.setdefault((kind, is_copy), Portion(FIRST))

    def prepare(self, kind: TensorType, weighted: bool) -> Generator[Event | None, None, None]:
        """Compiles the kernel now, if it never ran on this machine: seconds, once."""
        yield from aside(_kernel(kind, weighted).compile)

    def encode(
        self, source: TensorType, kind: TensorType, raw: Bytes, n_cols: int, weights: Figures | None
    ) -> tuple[Bytes, float]:
        """The new rows and the largest magnitude read (infinite if a value was no number).

        The rows are valid until the call after the next.
        """
        block = _values(kind)
        raw = np.ascontiguousarray(raw)
        n_blocks = raw.size // source.block_bytes // block
        out = self._room(len(raw), kind.row_bytes(n_cols))
        grid = GridJob(kind, n_blocks) if has_grid(kind) else None
        importance = None if weights is None else np.ascontiguousarray(usable(weights))
        operands = {
            "source": raw.ctypes.data,
            "format": SOURCES.index(source),
            "target": out.ctypes.data if grid is None else grid.made.d.ctypes.data,
            "n_blocks": n_blocks,
            "importance": 0 if importance is None else importance.ctypes.data,
            "row_blocks": n_cols // block,
        }
        kernel = _kernel(kind, weights is not None)
        most = self._run(kernel, operands if grid is None else operands | grid.operands())
        return (out if grid is None else grid.rows(len(raw))), most

    def meanwhile(self, task: Callable[[], None]) -> None:
        """Does this at the next encode(), while the other threads are at work; see settle()."""
        self.settle()
        self._task = task

    def settle(self) -> None:
        """Does now what is still to be done."""
        task, self._task = self._task, None
        if task is not None:
            task()

    def close(self) -> None:
        if self._team is not None:
            self._team.close()
            self._team = None

    def _run(self, kernel: Any, operands: dict[str, int]) -> float:
        """Calls the kernel with these operands and the scratch memory."""
        from engine.compute.kernels import calls, encode_grid, team
        from engine.compute.kernels import encode_rows as rows

        if self._team is None:
            self._team = team.Team(self._threads)
            self._scratch = np.zeros(rows.SCRATCH_BYTES * self._threads + 64, np.uint8)
        scratch = self._scratch[-self._scratch.ctypes.data % 64 :]
        scratch[:] = 0
        declared = encode_grid.SearchOperands if "table" in operands else rows.EncodeOperands
        words = declared(**operands, scratch=scratch.ctypes.data)
        calls.Call(kernel, words).run(self._team, self.settle)
        most: float = rows.largest(scratch, self._threads)
        return most

    def _room(self, rows: int, row_bytes: int) -> Bytes:
        """The same memory again and again: fresh memory would cost a page fault per 4 KB."""
        self._outs.reverse()
        if self._outs[0].size < rows * row_bytes:
            self._outs[0] = np.empty(rows * row_bytes, np.uint8)
        return self._outs[0][: rows * row_bytes].reshape(rows, row_bytes)


def _kernel(kind: TensorType, weighted: bool) -> Any:
    """The one that makes a type's blocks, or None; they are heavy to import."""
    from engine.compute.kernels.encoders import ENCODERS

    row = ENCODERS.get(kind)
    return row and (weighted and row.weighted or row.encode)


def _values(kind: TensorType) -> int:
    """Of what a kernel makes at once: a block, and two vectors at least."""
    return max(kind.block, LEAST)
