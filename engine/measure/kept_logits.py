"""The logits of one model, kept on the disk until another has read the same text.

So two models that are compared are never in memory together, and their figures are exactly those
of two that are. Invariant: the file has no name that outlives the program, whatever ends it.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np

from engine.base.errors import ChaskiError
from engine.base.paths import made
from engine.tape import Logits

SPARE_BYTES = 64 << 20  # left free on the disk


class KeptLogits:
    """Rows of float32 [n_vocab] in the order they came; written first, then read."""

    def __init__(self, folder: Path, n_rows: int, n_vocab: int) -> None:
        """Raises ChaskiError where the disk has no room for so many rows."""
        needed, free = 4 * n_rows * n_vocab, shutil.disk_usage(made(folder)).free
        if free < needed + SPARE_BYTES:
            raise ChaskiError(
                "comparing needs {needed:file} for what the model predicts, but only {free:file} "
                "are free in {folder}; free some space or take a shorter text",
                needed=needed,
                free=free,
                folder=folder,
            )
        self._n_vocab = n_vocab
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115

    def add(self, rows: Logits) -> None:
        self._file.write(np.ascontiguousarray(rows, np.float32).data)

    def begin(self) -> None:
        """From now on they are read, from the first on."""
        self._file.seek(0)

    def take(self, n: int) -> Logits:
        """The next n rows, float32 [n, n_vocab]."""
        raw = self._file.read(4 * n * self._n_vocab)
        return np.frombuffer(raw, np.float32).reshape(n, self._n_vocab)

    def close(self) -> None:
        self._file.close()
