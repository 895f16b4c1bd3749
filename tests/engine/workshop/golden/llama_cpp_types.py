"""Writes llama_cpp_types.json: the type that llama.cpp's dry run gives every tensor of the models
of tests/helpers/mix_models.py, for each target, with an imatrix and without.

Run with a Python that has llama-cpp-python (0.3.36 made the file): python llama_cpp_types.py
"""

import ctypes
import json
import re
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[4]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import llama_cpp  # noqa: E402
from helpers.mix_models import VARIANTS, by_role, metadata_of, shapes_of  # noqa: E402

from engine.weights.formats.gguf_write import GGUFWriter  # noqa: E402
from engine.weights.types import FILE_TYPES  # noqa: E402

LINE = re.compile(r"\] +(\S+) +- \[.*?\], type = +\w+, size = .*?(?:\((\w+)\))?$")
TARGETS = {name: number for number, name in FILE_TYPES.items() if name != "NVFP4"}
SEVENTY = ("Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L", "Q4_K_S", "Q4_K_M", "Q5_K_M", "IQ3_XXS", "Q4_0")
lines: list[str] = []


@llama_cpp.llama_log_callback
def keep(level, text, data):
    lines.append(text.decode())


def write(path: Path, variant: str) -> None:
    shapes = shapes_of(variant)
    with GGUFWriter(path) as writer:
        writer.set_all(metadata_of(variant))
        for name, shape in shapes.items():
            writer.declare(name, shape)
        for name, shape in shapes.items():
            writer.write(name, np.zeros(shape, np.float32))


def types(path: Path, number: int, has_imatrix: bool) -> dict[str, str]:
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype, params.nthread, params.dry_run = number, 1, True
    one = (ctypes.c_float * 1)(1.0)
    data = (llama_cpp.llama_model_imatrix_data * 2)()
    data[0] = llama_cpp.llama_model_imatrix_data(b"nothing", one, 1)
    if has_imatrix:
        params.imatrix = data
    lines.clear()
    if llama_cpp.llama_model_quantize(str(path).encode(), b"unused", params) != 0:
        assert "no tensor type fallback" in lines[-1], lines[-3:]
        return {}
    found = [LINE.search(line) for line in "".join(lines).splitlines()]
    return {m[1]: (m[2] or "").upper() for m in found if m}


def main() -> None:
    llama_cpp.llama_log_set(keep, None)
    figures = {}
    for variant in VARIANTS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "m.gguf"
            write(path, variant)
            for target, number in TARGETS.items():
                if variant == "seventy" and target not in SEVENTY:
                    continue
                for has_imatrix in (False, True):
                    found = types(path, number, has_imatrix)
                    if not found:
                        continue
                    assert found.keys() == shapes_of(variant).keys()
                    key = f"{variant} {target}{' imatrix' if has_imatrix else ''}"
                    figures[key] = packed([found[name] for name in by_role(variant)])
    Path(__file__).with_suffix(".json").write_text(json.dumps(figures, indent=0) + "\n")


def packed(names: list[str]) -> str:
    """Types in order, neighbours counted: "F32 2xQ4_K"."""
    out: list[list] = []
    for name in names:
        if out and out[-1][1] == name:
            out[-1][0] += 1
        else:
            out.append([1, name])
    return " ".join(f"{n}x{name or 'same'}" if n > 1 else name or "same" for n, name in out)


if __name__ == "__main__":
    main()
