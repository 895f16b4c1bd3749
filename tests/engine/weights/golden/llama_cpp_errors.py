"""Writes llama_cpp_errors.json: the errors of llama.cpp's quantization of the rows of
tests/helpers/quant_rows.py, some of them of stories260K-x256.

Run with a Python that has llama-cpp-python (0.3.36 made the file):
python llama_cpp_errors.py stories260K-x256-F32.gguf
"""

import ctypes
import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[4]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from helpers.quant_rows import RANDOM, TENSORS, rms, rows_of  # noqa: E402

from engine.weights.formats.gguf import open_gguf  # noqa: E402
from engine.weights.quants import dequantize  # noqa: E402
from engine.weights.types import TensorType  # noqa: E402

KINDS = (2, 3, 6, 7, 8, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22, 23, 29, 34, 35, 39, 40, 41)
KINDS += (42,)
NEEDS_IMPORTANCE = (16, 17, 19, 29)


def library(folder: Path | None = None) -> ctypes.CDLL:
    """folder: where llama-cpp-python has its libraries, if another Python has it."""
    if folder is None:
        import llama_cpp

        folder = Path(llama_cpp.__file__).parent / "lib"
    found = ctypes.CDLL(str(next(folder.glob("*ggml-base*"))))
    size, pointer = ctypes.c_int64, ctypes.c_void_p
    found.ggml_quantize_chunk.argtypes = [ctypes.c_int, pointer, pointer, size, size, size, pointer]
    return found


def quantized(ggml, kind, x, weights):
    out = np.zeros((len(x), kind.row_bytes(x.shape[1])), np.uint8)
    address = None if weights is None else weights.ctypes.data
    ggml.ggml_quantize_chunk(int(kind), x.ctypes.data, out.ctypes.data, 0, *x.shape, address)
    return dequantize(kind, out, x.shape[1])


def errors(ggml, x, weights):
    figures = {}
    for kind in map(TensorType, KINDS):
        given = quantized(ggml, kind, x, weights)
        figures[kind.name] = {
            "weighted": rms(given, x, weights),
            "plain_of_weighted": rms(given, x),
        }
        if kind not in NEEDS_IMPORTANCE:
            figures[kind.name]["plain"] = rms(quantized(ggml, kind, x, None), x)
    return figures


def rounded(figures):
    if isinstance(figures, float):
        return float(f"{figures:.5g}")
    return {key: rounded(value) for key, value in figures.items()}


def main() -> None:
    ggml = library()
    with open_gguf(sys.argv[1]) as model:
        sets = {name: rows_of(name, lambda: model) for name in (*RANDOM, *TENSORS)}
    figures = {name: errors(ggml, *rows) for name, rows in sets.items()}
    Path(__file__).with_suffix(".json").write_text(json.dumps(rounded(figures), indent=1) + "\n")


if __name__ == "__main__":
    main()
