"""Turns rows of one type into rows of another, a few megabytes at a time: with compiled kernels and
all threads where there is one for the types, else in NumPy.

Invariant: memory stays small whatever the tensor; nothing that cannot be stored passes silently.
The slow twin of each kernel is its encoder in engine/weights/blocks: the bytes are the same.
"""

from collections.abc import Callable, Generator, Iterator
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.base.events import Event
from engine.base.turns import Portion, aside
from engine.weights.formats.gguf import GGUFFile
from engine.weights.formats.imatrix import Figures
from engine.weights.quants import dequantize, quantize, usable
from engine.weights.types import TensorType
from engine.workshop.quantize_grid import GridJob, has_grid
from engine.workshop.quantize_plan import PlannedTensor

CHUNK = 1 << 22  # weights at a time, at most
COPY_BYTES = 1 << 25
FIRST = 1 << 15  # weights of the first step of a type
LEAST = 32  # values
SOURCES = (TensorType.F32, TensorType.F16, TensorType.BF16)  # numbered as the kernels do
Bytes = NDArray[np.uint8]


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
        from engine.compute.kernels import encode_grid, team
        from engine.compute.kernels import encode_rows as rows

        if self._team is None:
            self._team = team.Team(self._threads)
            self._scratch = np.zeros(rows.SCRATCH_BYTES * self._threads + 64, np.uint8)
        scratch = self._scratch[-self._scratch.ctypes.data % 64 :]
        scratch[:] = 0
        declared = encode_grid.SearchOperands if "table" in operands else rows.EncodeOperands
        words = declared(**operands, scratch=scratch.ctypes.data)
        team.Call(kernel, words).run(self._team, self.settle)
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


class ErrorSum:
    """Sums up how far a tensor's new values are from its old ones."""

    def __init__(self) -> None:
        self._off = self._all = self.largest = 0.0

    def add(self, x: NDArray[np.float32], made: NDArray[np.float32]) -> None:
        off = made - x
        self._off += float(np.square(off, dtype=np.float64).sum())
        self._all += float(np.square(x, dtype=np.float64).sum())
        self.largest = max(self.largest, float(np.abs(off).max(initial=0)))

    @property
    def relative(self) -> float:
        """Root of the mean squared error, as a part of the root mean square of the values."""
        return float(np.sqrt(self._off / self._all)) if self._all > 0 else 0.0


def encoded_rows(
    file: GGUFFile,
    tensor: PlannedTensor,
    importance: Figures | None,
    fast: FastEncoder,
    error: ErrorSum | None = None,
) -> Iterator[Bytes]:
    """The new rows in pieces, in order; each is valid until the one after the next is asked for.

    What comes next is asked for in advance.
    """
    info, kind = tensor.source, tensor.type
    source, portion = file.rows(info.name), fast.portion(kind, tensor.is_copy)
    for rows, matrix in chunks(info.shape, info.type if tensor.is_copy else None, portion):
        begun, n_rows = perf_counter(), rows.stop - rows.start
        part = source[rows]
        source.read_ahead(rows.stop, min(rows.stop + n_rows, len(source)))
        if tensor.is_copy:
            made = part
        else:
            weights = None if importance is None else importance[matrix]
            made, most = encoded(info.type, kind, part, info.n_cols, weights, fast)
            wishes = Words(
                "keep this tensor as BF16 (--tensor-type '{tensor}=BF16')", tensor=tensor.name
            )
            check_held(f"{file.name}: {info.name}", kind, most, made, info.n_cols, wishes)
            if error is not None:
                x = dequantize(info.type, part, info.n_cols)
                error.add(x, dequantize(kind, made, info.n_cols))
        portion.took(n_rows * info.n_cols, perf_counter() - begun)
        yield made


def encoded(
    source: TensorType,
    kind: TensorType,
    raw: Bytes,
    n_cols: int,
    weights: Figures | None,
    fast: FastEncoder,
) -> tuple[Bytes, float]:
    """Rows of one type as rows of another, and the largest magnitude (not finite if a value is no
    number: then there are rows of F16 alone). With a kernel or without, the bytes are the same; of
    what F16 does not hold NumPy says what becomes of it."""
    if fast.can(source, kind, n_cols):
        made, most = fast.encode(source, kind, raw, n_cols, weights)
        if np.isfinite(most) and (kind is not TensorType.F16 or most <= kind.blocks.holds):
            return made, most
    x = dequantize(source, raw, n_cols)
    most = max(float(x.max(initial=0)), -float(x.min(initial=0)))
    if not np.isfinite(most) and kind is not TensorType.F16:
        return np.zeros(0, np.uint8), most
    return quantize(kind, x, weights), most


def chunks(
    shape: tuple[int, ...], copied: TensorType | None, portion: Portion
) -> Iterator[tuple[slice, int]]:
    """Runs of rows that lie in one matrix, with the number of that matrix; about as many weights as
    `portion` says when a run begins."""
    if 0 in shape:
        return
    n_cols = shape[-1]
    n_rows = shape[-2] if len(shape) > 1 else 1
    n_matrices = int(np.prod(shape[:-2], dtype=np.int64))
    most = CHUNK // n_cols
    if copied is not None:
        most = COPY_BYTES // copied.row_bytes(n_cols)
    for matrix in range(n_matrices):
        start = 0
        while start < n_rows:
            end = min(start + max(1, min(most, portion.size // n_cols)), n_rows)
            yield slice(matrix * n_rows + start, matrix * n_rows + end), matrix
            start = end


def check_held(
    what: str, kind: TensorType, most: float, made: Bytes, n_cols: int, advice: str
) -> None:
    """An error if the values, up to `most`, are no numbers or the type cannot hold them.

    Whether it can is seen in what was made of them: `made`, uint8 [rows, row_bytes].
    """
    if not np.isfinite(most):
        raise FormatError(
            "{what} holds values that are no numbers (NaN or infinite); the file is damaged or "
            "was made badly, get it again",
            what=what,
        )
    of = kind.blocks
    if most <= of.holds:
        return
    back = np.abs(dequantize(kind, made, n_cols)).max()
    near = not of.shows_most or back >= most / 8
    if most > of.reaches or not (np.isfinite(back) and near):
        raise FormatError(
            "{what} holds values up to {most:g}, too large for {kind}; {advice}",
            what=what,
            most=most,
            kind=kind.name,
            advice=advice,
        )
