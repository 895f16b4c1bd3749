"""Turns rows of one type into rows of another, a few megabytes at a time.

Invariant: memory stays small whatever the tensor; nothing that cannot be stored passes silently.
"""

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.base.turns import Portion
from engine.weights.formats.gguf import GGUFFile
from engine.weights.formats.imatrix import Figures
from engine.weights.quants import dequantize, quantize
from engine.weights.types import TensorType
from engine.workshop.quantize_fast import FastEncoder
from engine.workshop.quantize_plan import PlannedTensor

CHUNK = 1 << 22  # weights at a time, at most
COPY_BYTES = 1 << 25
MOST_SURE = 65504.0  # what is larger, or no number, is NumPy's: it says what becomes of it
Bytes = NDArray[np.uint8]


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
    number: then there are rows of F16 alone). With a kernel or without, the bytes are the same."""
    if fast.can(source, kind, n_cols):
        made, most = fast.encode(source, kind, raw, n_cols, weights)
        if most <= MOST_SURE:
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
