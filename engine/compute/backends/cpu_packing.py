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
from engine.compute.kernels.calls import Call
from engine.compute.kernels.pack_grid import points_of
from engine.compute.kernels.packing import PackOperands
from engine.compute.kernels.team import Team
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
        for number, part in enumerate(matrix.parts()):
            first, kind = number * part.rows, file.tensors[name].type
            for _ in _pack(part, file.rows(name), first, kind, team, watch):
                yield from turn.over()
        done += matrix.kind.layout.tensor_bytes(matrix.rows, matrix.columns)
    yield Progress(Stage.LOADING, weights.nbytes, weights.nbytes)


def _pack(
    matrix: Matrix, source: Rows, start: int, kind: TensorType, team: Team, watch: Stopwatch
) -> Generator[None, None, None]:
    """One matrix from row `start` of the source on, piece by piece. The next piece is read by this thread while the helpers have
    begun."""
    points = points_of(kind)
    panel_bytes, row_bytes = matrix.kind.layout.panel_bytes(matrix.columns), source.shape[1]
    step = min(_rows_at_once(row_bytes, team.size), matrix.rows)
    places = [np.empty((step, row_bytes), np.uint8) for _ in range(2)]

    def read(first: int) -> NDArray[np.uint8]:
        place = places[first // step % 2]
        with watch.part("reading"):
            return source.read_into(start + first, place[: min(step, matrix.rows - first)])

    coming = [read(0)]

    def read_on() -> None:
        if first + step < matrix.rows:
            coming.append(read(first + step))

    for first in range(0, matrix.rows, step):
        raw = coming.pop()
        operands = PackOperands(
            source=raw.ctypes.data,
            row_bytes=row_bytes,
            n_rows=len(raw),
            n_blocks=matrix.kind.steps(matrix.columns),
            target=matrix.address + first // panels.ROWS * panel_bytes,
            panel_bytes=panel_bytes,
            table=points.ctypes.data,
        )
        Call(matrix.kind.pack, operands).run(team, read_on)
        yield None


def _rows_at_once(row_bytes: int, threads: int) -> int:
    """Whole panels."""
    wanted = max(LEAST * threads, PIECE // row_bytes // panels.ROWS)
    return panels.ROWS * max(1, min(wanted, MOST // row_bytes // panels.ROWS))
