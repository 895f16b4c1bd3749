"""Random weights of a type, encoded once: the same tiny models are made by many tests, as several
processors, and some types are searched for in NumPy for seconds."""

import functools
import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
from helpers.data import ROOT
from numpy.typing import NDArray

from engine.weights.quants import quantize
from engine.weights.types import TensorType

FOLDER = ROOT / ".pytest_cache" / "encoded"
SOURCES = ROOT / "engine" / "weights"


def encoded(kind: TensorType, values: NDArray[np.float32]) -> NDArray[Any]:
    """What `quantize` gives for these rows; from disk where it gave that before."""
    if kind.blocks.values == 1:  # no blocks: quicker than a file
        return values
    digest = hashlib.sha256(f"{_sources()} {kind.name} {values.shape}".encode())
    digest.update(np.ascontiguousarray(values).tobytes())
    file = FOLDER / f"{digest.hexdigest()}.npy"
    if not file.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}.npy")
        np.save(part, quantize(kind, values.reshape(-1, values.shape[-1])))
        part.replace(file)
    found: NDArray[Any] = np.load(file)
    return found


@functools.cache
def _sources() -> str:
    """Changes with whatever decides how weights are encoded."""
    files = sorted([SOURCES / "quants.py", *Path(SOURCES / "blocks").glob("*.py")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
