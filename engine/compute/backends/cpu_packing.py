"""Fills the panels from the file, tensor by tensor with all threads.

A few megabytes at a time are read into one of two places while the other is packed, so that weights
are never in memory twice and the disk does not wait for the processor. Between two pieces others
may have their turn.
"""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from engine.base.events import Event, Progress, Stage
from engine.base.stopwatch import Stopwatch
from engine.base.turns import Slice
from engine.compute.backends.cpu_weights import Matrix, PackedWeights
from engine.compute.kernels import panels
from engine.compute.kernels.pack_grid import points_of
from engine.compute.kernels.packing import PackOperands
from engine.compute.kernels.team import Call, Team
from engine.weights.formats.gguf import GGUFFile
from engine.weights.formats.open_file import Rows
from engine.weights.types import TensorType

PIECE = 1 << 20  # bytes of a tensor that are read, then packed
LEAST = 4  # panels of a piece for each thread, if that is not
MOST = 32 << 20  # bytes


def pack(
    weights: PackedWeights,
    file: GGUFFile,
    team: Team,
    watch: Stopwatch,
) -> Generator[Event | None, None, None]:
    """All matrices; `watch` tells reading from packing. FormatError where the file has become
    shorter since it was opened."""
    done, turn = 0, Slice()
    for name, matrix in weights.matrices.items():
        yield Progress(Stage.LOADING, done, weights.nbytes)
        for _ in _pack(matrix, file.rows(name), file.tensors[name].type, team, watch):
            yield from turn.over()
        done += matrix.nbytes
    yield Progress(Stage.LOADING, weights.nbytes, weights.nbytes)


def _pack(
    matrix: Matrix, source: Rows, kind: TensorType, team: Team, watch: Stopwatch
) -> Generator[None, None, None]:
    """One matrix, piece by piece. The next piece is read by this thread while the helpers have
    begun."""
    points = points_of(kind)
    panel_bytes, row_bytes = matrix.kind.layout.panel_bytes(matrix.columns), source.shape[1]
    pieces = _pieces(matrix, _rows_at_once(row_bytes, team.size))
    places = [np.empty((max(n for _, n, _ in pieces), row_bytes), np.uint8) for _ in range(2)]

    def read(number: int) -> NDArray[np.uint8]:
        first, n_rows, _ = pieces[number]
        with watch.part("reading"):
            return source.read_into(first, places[number % 2][:n_rows])

    coming = [read(0)]

    def read_on() -> None:
        if number + 1 < len(pieces):
            coming.append(read(number + 1))

    for number in range(len(pieces)):
        raw, (_, n_rows, target) = coming.pop(), pieces[number]
        operands = PackOperands(
            source=raw.ctypes.data,
            row_bytes=row_bytes,
            n_rows=n_rows,
            n_blocks=matrix.kind.steps(matrix.columns),
            target=matrix.address + target,
            panel_bytes=panel_bytes,
            table=points.ctypes.data,
        )
        Call(matrix.kind.pack, operands).run(team, read_on)
        yield None


def _pieces(matrix: Matrix, step: int) -> list[tuple[int, int, int]]:
    """First row, number of rows, and where their panels go; `step`: rows of a piece, whole panels.

    Matrices whose last panel is full are as one.
    """
    full = matrix.rows % panels.ROWS == 0
    count, rows = (1, matrix.count * matrix.rows) if full else (matrix.count, matrix.rows)
    panel_bytes = matrix.kind.layout.panel_bytes(matrix.columns)
    return [
        (i * rows + at, min(step, rows - at), i * matrix.each + at // panels.ROWS * panel_bytes)
        for i in range(count)
        for at in range(0, rows, step)
    ]


def _rows_at_once(row_bytes: int, threads: int) -> int:
    """Whole panels."""
    wanted = max(LEAST * threads, PIECE // row_bytes // panels.ROWS)
    return panels.ROWS * max(1, min(wanted, MOST // row_bytes // panels.ROWS))
