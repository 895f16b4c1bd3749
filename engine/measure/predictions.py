"""What a model predicts at each position of a text, kept on the disk for those it is compared with.

Compactly for many (`Predictions`): a logarithm of a probability takes 16 bits, steps of less than
0.0004 from the likeliest token down. Invariant: a folder has its name only when it is complete;
only the newest is kept. Or whole, for one comparison whose figures are then exact (`KeptLogits`):
that file has no name that outlives the program, whatever ends it.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError
from engine.base.paths import made
from engine.tape import Logits
from engine.weights.formats.open_file import OpenFile, Rows

SPAN = 24.0  # what is less likely by more than this factor of e counts as just so unlikely
LEVELS = 65535
LEVEL = np.dtype("<u2")
FILES = {"levels.npy", "heads.npy"}
SPARE_BYTES = 64 << 20  # left free on the disk
Floats = NDArray[np.float64]


class Predictions:
    """Predictions that were written: log-probabilities of n positions, and the model's losses."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError or ValueError where the folder is none of ours or incomplete."""
        self._heads = np.load(folder / "heads.npy")
        with (folder / "levels.npy").open("rb") as file:
            if npy.read_magic(file) != (1, 0):
                raise ValueError(f"{folder} holds something else")
            shape, by_columns, kind = npy.read_array_header_1_0(file)
            start, size = file.tell(), file.seek(0, 2)
        n, n_vocab = shape
        self._shape = int(n), int(n_vocab)
        if by_columns or kind != LEVEL or self._heads.shape != (n, 3) or not n * n_vocab:
            raise ValueError(f"{folder} holds something else")
        if size != start + 2 * n * n_vocab:
            raise ValueError(f"{folder} is incomplete")
        # Read as it is needed: a mapped file that becomes shorter would end the program.
        span = OpenFile(folder / "levels.npy").view(start, 2 * n * n_vocab, Words("its levels"))
        self._levels: Rows = span.reshape(n, 2 * n_vocab)

    @property
    def shape(self) -> tuple[int, int]:
        """Positions and tokens of the vocabulary."""
        return self._shape

    @property
    def losses(self) -> Floats:
        """Negative logarithms of the probabilities of the tokens that came [n]."""
        losses: Floats = self._heads[:, 2]
        return losses

    def logs(self, start: int, stop: int) -> Floats:
        """Logarithms of the probabilities [stop - start, n_vocab]; each row sums to 1."""
        top, step = (self._heads[start:stop, i, None] for i in (0, 1))
        logs = np.asarray(top - self._levels[start:stop].view(LEVEL) * step, np.float64)
        logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
        return logs


class Writer:
    """Writes the predictions of one model; `finish` gives them their place, `close` cleans up."""

    def __init__(self, folder: Path, n: int, n_vocab: int) -> None:
        """`folder` appears with `finish`; ChaskiError if the disk has no room."""
        self._folder, self._part = folder, folder.with_name(f"{folder.name}.part")
        made(folder.parent)
        for old in folder.parent.iterdir():
            if _is_own(old):
                shutil.rmtree(old, ignore_errors=True)
        _check_room(folder.parent, 2 * n * n_vocab)
        made(self._part)
        self._levels = (self._part / "levels.npy").open("wb")
        about = {"descr": npy.dtype_to_descr(LEVEL), "fortran_order": False, "shape": (n, n_vocab)}
        npy.write_array_header_1_0(self._levels, about)
        self._heads = np.zeros((n, 3), np.float64)
        self._done = 0

    def add(self, logs: Floats, losses: Floats) -> None:
        """The next positions: float64 [k, n_vocab] and [k]."""
        rows = slice(self._done, self._done + len(logs))
        top = logs.max(axis=1)
        span = np.minimum(top - logs.min(axis=1), SPAN)
        step = np.maximum(span, 1e-6) / LEVELS
        levels = np.rint((top[:, None] - logs) / step[:, None])
        self._levels.write(np.minimum(levels, LEVELS).astype(LEVEL).tobytes())
        self._heads[rows] = np.stack([top, step, losses], axis=1)
        self._done = rows.stop

    def finish(self) -> Predictions:
        assert self._done == len(self._heads)
        np.save(self._part / "heads.npy", self._heads)
        self._levels.close()
        self._part.rename(self._folder)
        return Predictions(self._folder)

    def close(self) -> None:
        """Nothing half-written stays."""
        with suppress(OSError):  # what a full disk did not take
            self._levels.close()
        shutil.rmtree(self._part, ignore_errors=True)


def _is_own(folder: Path) -> bool:
    """Whether these are predictions: whatever else is there was put there by somebody else."""
    try:
        is_folder = folder.is_dir() and not folder.is_symlink()
        return is_folder and {path.name for path in folder.iterdir()} <= FILES
    except OSError:
        return False


def kept(folder: Path, n: int, n_vocab: int) -> Predictions | None:
    """Predictions of an earlier run, if they are whole and of this shape."""
    with suppress(OSError, ValueError, EOFError):
        found = Predictions(folder)
        if found.shape == (n, n_vocab):
            return found
    return None


def parts(n: int, size: int = 32) -> Iterator[slice]:
    """Rows a few at a time: all of a large vocabulary in float64 at once would take much memory."""
    yield from (slice(start, min(start + size, n)) for start in range(0, n, size))


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise ChaskiError(
            "measuring needs {needed:file} for what the source predicts, but only {free:file} are "
            "free in {folder}; free some space or take a shorter text",
            needed=needed,
            free=free,
            folder=folder,
        )


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
