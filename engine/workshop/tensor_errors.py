"""How far each tensor of one file is from the same tensor of another: the table of losses.

Invariant: reads a few megabytes at a time; tensors that only one file has are an error.
"""

from collections.abc import Generator
from pathlib import Path
from time import perf_counter

from engine.base.errors import UsageError
from engine.base.events import Progress, Stage
from engine.base.models import TensorError
from engine.base.turns import Portion
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.weights.quants import dequantize
from engine.workshop.quantize_encode import ErrorSum, chunks

FIRST = 1 << 17  # weights of the first step


def tensor_errors(
    exact: str | Path, other: str | Path
) -> Generator[Progress, None, list[TensorError]]:
    """A job: the tensors of `other` in order, held against those of `exact`."""
    table, portion = [], Portion(FIRST)
    with open_gguf(exact) as first, open_gguf(other) as second:
        _check(first, second)
        done, total = 0, second.n_parameters
        for name, info in second.tensors.items():
            sums = ErrorSum()
            for rows, _ in chunks(info.shape, None, portion):
                begun, weights = perf_counter(), (rows.stop - rows.start) * info.n_cols
                _add(sums, first, second, name, rows)
                portion.took(weights, perf_counter() - begun)
                done += weights
                yield Progress(Stage.COMPARING, done, total, what=name)
            error = (info.type.name, info.nbytes, sums.relative, sums.largest)
            table.append(TensorError(name, *error))
    return table


def _add(sums: ErrorSum, first: GGUFFile, second: GGUFFile, name: str, rows: slice) -> None:
    values = [
        dequantize(file.tensors[name].type, file.rows(name)[rows], file.tensors[name].n_cols)
        for file in (first, second)
    ]
    sums.add(*values)


def _check(first: GGUFFile, second: GGUFFile) -> None:
    for name, info in second.tensors.items():
        if name not in first.tensors or first.tensors[name].shape != info.shape:
            raise UsageError(
                "{first} and {second} are different models: {name} is not the same in both",
                first=first.name,
                second=second.name,
                name=name,
            )
