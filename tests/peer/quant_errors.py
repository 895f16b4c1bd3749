"""Errors of our encoders and of llama.cpp's, on rows that no figure of ours was chosen by.

    python tests/peer/quant_errors.py PEER_PYTHON MODEL-F32.gguf TEXT > table.md

Prints, for each type, our root mean square error as a part of llama.cpp's: the mean of all sets of
rows, and the largest in brackets. `weighted`: with an importance matrix, errors counted as it says;
`unweighted`: the same result, all errors alike; `without`: made without one. Rows: random numbers
of four kinds, and every matrix of the model but those that figures were chosen by; with
the importance that our engine measures over TEXT, and with a random one. Ours are made as the
quantize job makes them, with compiled kernels.
"""

import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests/engine/weights/golden")]

from helpers.open_tiny import REFERENCE, drive  # noqa: E402
from helpers.quant_rows import TENSORS, rms  # noqa: E402
from llama_cpp_errors import KINDS, NEEDS_IMPORTANCE, library, quantized  # noqa: E402

from engine.compute.kernels.jit import set_cache_folder  # noqa: E402
from engine.measure.importance import Calibration, make_importance  # noqa: E402
from engine.weights.formats.gguf import GGUFFile, open_gguf  # noqa: E402
from engine.weights.formats.imatrix import ImportanceMatrix, open_imatrix  # noqa: E402
from engine.weights.quants import dequantize, quantize  # noqa: E402
from engine.weights.types import TensorType  # noqa: E402
from engine.workshop.quantize_encode import FastEncoder  # noqa: E402

Rows = np.ndarray
MOST_ROWS = 256
CHOSEN_BY = {name for name, seed in TENSORS.items() if seed is None}
COLUMNS = ("weighted", "unweighted", "without")


def random_sets() -> Iterator[tuple[str, Rows, Rows]]:
    """Name, rows and importance: other seeds than the tests', and other distributions."""
    random = np.random.default_rng(20250807)
    shape, loud = (MOST_ROWS, 1024), (MOST_ROWS, 1)
    makers = {
        "normal": lambda: random.standard_normal(shape) * random.lognormal(0, 1, loud),
        "laplace": lambda: random.laplace(0, 0.02, shape),
        "student": lambda: random.standard_t(4, shape) * 0.02,
        "loud columns": lambda: random.standard_normal(shape) * random.lognormal(0, 1, shape[1]),
    }
    for name, make in makers.items():
        spread = 0.5 + random.random() * 2
        weights = random.lognormal(0, spread, shape[1])
        yield name, make().astype(np.float32), weights.astype(np.float32)


def model_sets(file: GGUFFile, matrix: ImportanceMatrix) -> Iterator[tuple[str, Rows, Rows]]:
    random = np.random.default_rng(4)
    for name, info in file.tensors.items():
        if len(info.shape) != 2 or info.n_cols % 256 or name in CHOSEN_BY:
            continue
        some = random.permutation(info.shape[0])[:MOST_ROWS]
        x = file.raw(name).view("<f4")[some].copy()
        measured = matrix.importance(name, 1, info.n_cols)
        if measured is not None:
            yield f"{name} measured", x, np.ascontiguousarray(measured[0], np.float32)
        yield name, x, random.lognormal(0, 1.5, info.n_cols).astype(np.float32)


def ours(fast: FastEncoder, kind: TensorType, x: Rows, weights: Rows | None) -> Rows:
    if fast.can(TensorType.F32, kind, x.shape[1]):
        raw = x.view(np.uint8).reshape(len(x), -1)
        made, _ = fast.encode(TensorType.F32, kind, raw, x.shape[1], weights)
        return dequantize(kind, made, x.shape[1])
    return dequantize(kind, quantize(kind, x, weights), x.shape[1])


def ratios(ggml, fast: FastEncoder, kind: TensorType, x: Rows, weights: Rows) -> dict[str, float]:
    theirs, own = quantized(ggml, kind, x, weights), ours(fast, kind, x, weights)
    found = {
        "weighted": rms(own, x, weights) / rms(theirs, x, weights),
        "unweighted": rms(own, x) / rms(theirs, x),
    }
    if int(kind) not in NEEDS_IMPORTANCE:
        theirs, own = quantized(ggml, kind, x, None), ours(fast, kind, x, None)
        found["without"] = rms(own, x) / rms(theirs, x)
    return found


def folder_of(python: str) -> Path:
    code = "import llama_cpp; print(llama_cpp.__file__)"
    found = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return Path(found.stdout.strip()).parent / "lib"


def main() -> None:
    python, source, text = sys.argv[1:]
    set_cache_folder(ROOT / ".pytest_cache" / "kernels")
    ggml, fast = library(folder_of(python)), FastEncoder(1)
    with tempfile.TemporaryDirectory() as name, open_gguf(source) as file:
        wanted = Calibration(Path(text), Path(name) / "imatrix.gguf", 256, output=True)
        options = replace(REFERENCE, backend="cpu", batch=64)
        drive(make_importance(Path(source), wanted, options, lambda p: None))
        matrix = open_imatrix(wanted.out)
        sets = [*random_sets(), *model_sets(file, matrix)]
    print(f"{len(sets)} sets of rows\n")
    print("| type | " + " | ".join(COLUMNS) + " | worst |")
    print("| --- |" + " --- |" * 4)
    for kind in map(TensorType, KINDS):
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for where, x, weights in sets:
            for column, ratio in ratios(ggml, fast, kind, x, weights).items():
                found[column][where] = ratio
        cells, worst = [], ("", 0.0)
        for column in COLUMNS:
            values = found.get(column)
            if not values:
                cells.append("")
                continue
            where = max(values, key=lambda each: values[each])
            worst = max(worst, (f"{column}, {where}", values[where]), key=lambda each: each[1])
            cells.append(f"{np.mean([*values.values()]):.3f} ({values[where]:.3f})")
        print(f"| {kind.name} | " + " | ".join(cells) + f" | {worst[0]} |", flush=True)


if __name__ == "__main__":
    main()
