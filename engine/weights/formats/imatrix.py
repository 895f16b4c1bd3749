"""Importance matrices: how strongly each input column of each tensor is excited by a text.

Reads llama.cpp's GGUF form and its older .dat, writes the GGUF form. Invariant: figures are finite
and not negative; `importance` is the mean of the squared input per column.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import FormatError, UsageError
from engine.base.reading import read_file, reason
from engine.base.words import quoted, shown
from engine.weights.formats.gguf import GGUFFile, open_gguf
from engine.weights.formats.gguf_strings import StringArray
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType

Figures = NDArray[np.float32]
SUMS, COUNTS = ".in_sum2", ".counts"
TYPE_KEY, TYPE = "general.type", "imatrix"
DATASETS_KEY, CHUNKS_KEY = "imatrix.datasets", "imatrix.chunk_count"
CHUNK_SIZE_KEY = "imatrix.chunk_size"
MAX_NAME = 65_535  # bytes
MAX_ENTRIES = 100_000
MAX_DAT_BYTES = 2 << 30  # of the largest mixtures of experts, 1 GB


@dataclass(frozen=True)
class Entry:
    """One tensor: sums of squared inputs [matrices, cols] and how many went in [matrices].

    A tensor of experts has one matrix for each.
    """

    sums: Figures
    counts: Figures

    def importance(self) -> Figures:
        """Mean squares; of a matrix that no token reached all ones."""
        seen = self.counts[:, None] > 0
        means = self.sums / np.where(seen, self.counts[:, None], 1)
        return np.where(seen, means, 1).astype(np.float32)


@dataclass(frozen=True)
class ImportanceMatrix:
    """Entries by the name of their tensor, and where they come from."""

    entries: Mapping[str, Entry]
    datasets: tuple[str, ...] = ()
    chunks: int = 0
    chunk_size: int = 0
    path: Path = field(default_factory=Path)

    def importance(self, name: str, n_matrices: int, n_cols: int) -> Figures | None:
        """float32 [n_matrices, n_cols] for a tensor, or None where it has no entry."""
        if name not in self.entries:
            return None
        found = self.entries[name].importance()
        if found.size != n_matrices * n_cols:
            raise FormatError(
                "{file} holds {size} figures for {name}, but that tensor needs {n_matrices}; it "
                "was made for another model",
                file=self.path.name,
                size=found.size,
                name=quoted(name),
                n_matrices=n_matrices * n_cols,
            )
        return found.reshape(n_matrices, n_cols)


def open_imatrix(path: str | Path) -> ImportanceMatrix:
    """Reads either form, told apart by the first bytes."""
    path = Path(path)
    if path.exists() and not path.is_file():
        raise FormatError("{file} is no ordinary file; choose an importance matrix", file=path)
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except (OSError, ValueError) as error:
        raise FormatError(
            "{file} cannot be opened: {reason}", file=path, reason=reason(error)
        ) from None
    if head == b"GGUF":
        with open_gguf(path) as model:
            return _from_gguf(model)
    return _from_dat(path)


def write_imatrix(path: str | Path, matrix: ImportanceMatrix) -> None:
    """Writes llama.cpp's GGUF form."""
    with GGUFWriter(path) as writer:
        writer.set(TYPE_KEY, TYPE)
        writer.set(DATASETS_KEY, list(matrix.datasets) or [""])
        writer.set(CHUNKS_KEY, matrix.chunks)
        writer.set(CHUNK_SIZE_KEY, matrix.chunk_size)
        for name, entry in sorted(matrix.entries.items()):
            writer.declare(name + SUMS, entry.sums.shape, TensorType.F32)
            writer.declare(name + COUNTS, (len(entry.counts), 1), TensorType.F32)
        for name, entry in sorted(matrix.entries.items()):
            writer.write(name + SUMS, entry.sums)
            writer.write(name + COUNTS, entry.counts[:, None])


def merged(parts: Iterable[ImportanceMatrix]) -> ImportanceMatrix:
    """Several calibrations as one: sums and counts added."""
    entries: dict[str, Entry] = {}
    datasets: dict[str, None] = {}
    chunks = chunk_size = 0
    for part in parts:
        for name, entry in part.entries.items():
            entries[name] = _added(name, entries[name], entry) if name in entries else entry
        datasets |= dict.fromkeys(part.datasets)
        chunks, chunk_size = chunks + part.chunks, chunk_size or part.chunk_size
    return ImportanceMatrix(entries, tuple(datasets), chunks, chunk_size)


def _added(name: str, a: Entry, b: Entry) -> Entry:
    if a.sums.shape != b.sums.shape:
        raise UsageError(
            "the importance matrices disagree about the shape of {name}", name=quoted(name)
        )
    return Entry(a.sums + b.sums, a.counts + b.counts)


def _from_gguf(file: GGUFFile) -> ImportanceMatrix:
    if file.get_str(TYPE_KEY, None) != TYPE:
        raise FormatError(
            "{file} is a model, no importance matrix ({type_key} is not {type})",
            file=file.name,
            type_key=TYPE_KEY,
            type=TYPE,
        )
    entries = {}
    for name in file.tensors:
        if name.endswith(SUMS):
            tensor = name.removesuffix(SUMS)
            sums, counts = _floats(file, name), _floats(file, tensor + COUNTS).reshape(-1)
            sums = sums.reshape(len(counts), -1) if sums.size % max(1, len(counts)) == 0 else sums
            if len(sums) != len(counts):
                raise FormatError(
                    "{file}: {tensor} has {n_counts} counts for {n_sums} matrices",
                    file=file.name,
                    tensor=quoted(tensor),
                    n_counts=len(counts),
                    n_sums=len(sums),
                )
            entries[tensor] = _checked(file.name, tensor, sums, counts)
    datasets = file.metadata.get(DATASETS_KEY)
    return ImportanceMatrix(
        entries,
        tuple(shown(each) for each in datasets[:100]) if isinstance(datasets, StringArray) else (),
        file.told_int(CHUNKS_KEY, 0),
        file.told_int(CHUNK_SIZE_KEY, 0),
        file.path,
    )


def _floats(file: GGUFFile, name: str) -> Figures:
    info = file.need_tensor(name)
    if info.type is not TensorType.F32:
        raise FormatError(
            "{file}: {name} is {type}, it must be F32",
            file=file.name,
            name=quoted(name),
            type=info.type.name,
        )
    return file.raw(name).view("<f4").astype(np.float32).reshape(-1, info.n_cols)


def _checked(file: str, name: str, sums: Figures, counts: Figures) -> Entry:
    if not (np.isfinite(sums).all() and np.isfinite(counts).all()) or sums.min(initial=0) < 0:
        raise FormatError(
            "{file}: the figures for {name} are not finite and positive",
            file=file,
            name=quoted(name),
        )
    return Entry(sums, counts)


def _from_dat(path: Path) -> ImportanceMatrix:
    """The form until mid-2025: a count, then name, calls and figures of each entry.

    Its figures are means times the number of calls.
    """
    reader = _Reader(read_file(path, MAX_DAT_BYTES), path.name)
    entries = {}
    for _ in range(reader.number(MAX_ENTRIES, "entries")):
        name = reader.text()
        calls = reader.number(None, "calls")
        figures = reader.floats(reader.number(None, "figures"))
        entry = _checked(path.name, name, figures[None, :], np.array([calls], np.float32))
        entries[name] = entry
    chunks = reader.number(None, "chunks") if reader.left else 0
    datasets = (reader.text(),) if reader.left else ()
    if not entries:
        raise FormatError("{file} holds no importance figures", file=path.name)
    return ImportanceMatrix(entries, datasets, chunks, 0, path)


class _Reader:
    """A place in the bytes of a .dat file; nothing is read past the end."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name, self.at = data, name, 0

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, size: int) -> bytes:
        if size > self.left:
            raise FormatError(
                "{file} is no importance matrix, or cut short at byte {at}",
                file=self.name,
                at=self.at,
            )
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, most: int | None, what: str) -> int:
        value = int.from_bytes(self.take(4), "little", signed=True)
        if value < 0 or (most is not None and value > most):
            raise FormatError(
                "{file} is no importance matrix: it claims {value} {what}",
                file=self.name,
                value=value,
                what=what,
            )
        return value

    def text(self) -> str:
        return self.take(self.number(MAX_NAME, "letters")).decode(errors="replace")

    def floats(self, count: int) -> Figures:
        return np.frombuffer(self.take(4 * count), "<f4").astype(np.float32)
