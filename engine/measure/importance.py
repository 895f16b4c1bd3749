"""An importance matrix of a model over a text: how strongly each column of each matrix is excited.

Invariant: the file has its name only when it is complete.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.base.errors import ChaskiError
from engine.base.events import Event, Progress, Stage
from engine.base.places import check_output
from engine.base.settings import LoadOptions
from engine.compute.backends import Squares
from engine.measure.documents import ScoredRow, rows_of
from engine.model import Model, open_model
from engine.tape import Tape, check_room, reading_in_turns
from engine.weights.formats.imatrix import Entry, ImportanceMatrix, write_imatrix

USUAL_WINDOW = 512  # tokens
# Products of one matrix in one pass: a fifth of a second or so on two cores, after which others may
# have their turn. The model alone decides, as sums of another length may differ in their last bit.
MOST_PRODUCTS = 1 << 33
LEAST_PASS = 32  # tokens


@dataclass(frozen=True)
class Calibration:
    """What to read, and where the figures go."""

    text: Path
    out: Path
    window: int = 0  # tokens read together; 0: as many as is usual
    output: bool = False  # also output.weight: takes the logits of every token
    overwrite: bool = False


@dataclass(frozen=True)
class Calibrated:
    """What was written: figures for so many matrices, from so many windows and tokens."""

    path: Path
    matrices: int
    windows: int
    tokens: int


def make_importance(
    source: Path, wanted: Calibration, options: LoadOptions
) -> Generator[Event | None, None, Calibrated]:
    """A job: opens the model, reads the text, writes the file. Closing it cancels."""
    _check_places(source, wanted)
    squares = Squares()
    model = yield from open_model(source, options, source.stem, squares=squares)
    try:
        window = wanted.window or min(USUAL_WINDOW, model.info.n_ctx)
        rows = rows_of(wanted.text, model.tokenizer, window)
        yield from _read(model, rows, wanted.output)
    finally:
        model.close()
    matrix = _matrix(squares, wanted.text.name, len(rows), window)
    try:
        write_imatrix(wanted.out, matrix)
    except OSError as error:
        raise ChaskiError(
            "{file} cannot be written: {reason}; choose another place",
            file=wanted.out,
            reason=error.strerror or error,
        ) from None
    return Calibrated(wanted.out, len(matrix.entries), len(rows), sum(len(r.tokens) for r in rows))


def _check_places(source: Path, wanted: Calibration) -> None:
    """Before an hour of reading, not after it."""
    check_output(wanted.out, (source, wanted.text), overwrite=wanted.overwrite)


def _read(model: Model, rows: list[ScoredRow], output: bool) -> Iterator[Progress | None]:
    total, done = sum(len(row.tokens) for row in rows), 0
    most = _tokens_at_once(model)
    with closing(Tape(model.backend)) as tape:
        for row in rows:
            tape.back_to(0)
            for n in _passes(tape, row.tokens, output, most):
                yield None if n is None else Progress(Stage.TEXT, done + n, total)
            done += len(row.tokens)


def _passes(tape: Tape, tokens: list[int], output: bool, most: int) -> Iterator[int | None]:
    """Read a row in passes; yields how many tokens of it are read, and None within a pass."""
    if output:
        yield from (found and found[0] for found in reading_in_turns(tape, tokens))
        return
    check_room(tape, len(tokens))
    batch = min(most, tape.backend.max_batch)
    for start in range(0, len(tokens), batch):
        chunk = tokens[start : start + batch]
        yield from tape.run_in_turns(chunk, "none")
        yield start + len(chunk)


def _tokens_at_once(model: Model) -> int:
    """By the largest matrix of a layer."""
    layers = (t.shape for t in model.file.tensors.values() if t.name.startswith("blk."))
    largest = max((shape[-1] * shape[-2] for shape in layers if len(shape) > 1), default=1)
    return max(LEAST_PASS, MOST_PRODUCTS // largest // LEAST_PASS * LEAST_PASS)


def _matrix(squares: Squares, dataset: str, windows: int, window: int) -> ImportanceMatrix:
    entries = {
        name: Entry(sums.astype(np.float32), rows.astype(np.float32))
        for name, sums, rows in squares
    }
    return ImportanceMatrix(entries, (dataset,), windows, window)
