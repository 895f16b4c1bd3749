"""Opens GGUF files: read piece by piece, all files of a split model as one.

Invariant: after open_gguf every tensor's bytes are known to be inside its file; reading them fails
only where somebody has shortened the file since.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from engine.base.catalogue import Phrase
from engine.base.errors import FormatError
from engine.weights.formats.gguf_header import (
    MAX_TENSORS,
    ByteOrder,
    GgufHeader,
    TensorInfo,
    read_header,
)
from engine.weights.formats.gguf_metadata import TypedMetadata
from engine.weights.formats.gguf_split import check_shard, check_total, split_count, split_paths
from engine.weights.formats.gguf_values import MetaValue, ReadBudget, ValueType, quoted
from engine.weights.formats.open_file import ByteSource, OpenFile, Rows, Window

__all__ = ["GGUFFile", "MetaValue", "TensorInfo", "ValueType", "open_gguf", "read_gguf"]


class GGUFFile(TypedMetadata):
    """An open model file (or several, if split). What was read stays valid after close()."""

    def __init__(
        self, paths: Sequence[Path], files: list[ByteSource], headers: list[GgufHeader]
    ) -> None:
        first = headers[0]
        self.path = paths[0]
        self.paths = tuple(paths)
        self.name = self.path.name
        self.version = first.version
        self.byte_order: ByteOrder = first.byte_order
        self.metadata: dict[str, MetaValue] = first.metadata
        self.value_types = first.value_types
        self.tensors = _joined(self.paths, headers)
        self.file_bytes = sum(file.size for file in files)
        self._files = files

    @property
    def n_parameters(self) -> int:
        return sum(info.n_elements for info in self.tensors.values())

    @property
    def architecture(self) -> str:
        return self.need_str("general.architecture")

    def need_tensor(self, name: str) -> TensorInfo:
        if name not in self.tensors:
            raise FormatError(
                "{file} has no tensor '{name}', which this model needs", file=self.name, name=name
            )
        return self.tensors[name]

    def rows(self, name: str) -> Rows:
        """The tensor's rows in the file: what is indexed is read, in little-endian order."""
        info = self.need_tensor(name)
        span = self._files[info.shard].view(
            info.offset, info.nbytes, Phrase("tensor {name}", name=quoted(name))
        )
        row_bytes = info.type.row_bytes(info.n_cols)
        swapped = None if self.byte_order == "little" else info.type.blocks.swapped
        n_rows = info.nbytes // row_bytes if row_bytes else 0
        return Rows(span, n_rows, row_bytes, swapped)

    def raw(self, name: str) -> NDArray[np.uint8]:
        """A copy of all the tensor's bytes, uint8 [rows, row_bytes], read-only."""
        found = self.rows(name)[:]
        found.flags.writeable = False
        return found

    def adopt(self, other: "GGUFFile", prefix: str) -> None:
        """Take over the tensors of another open file, under names with a prefix.

        The other may then be closed; metadata stay this file's own.
        """
        first = len(self._files)
        for name, info in other.tensors.items():
            own = replace(info, name=prefix + name, shard=first + info.shard)
            self.tensors[own.name] = own
        self._files += other._files
        other._files = []

    def close(self) -> None:
        for file in self._files:
            file.close()
        self._files = []

    def __enter__(self) -> "GGUFFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_gguf(path: str | Path) -> GGUFFile:
    """Opens a GGUF file; of a split model any one file will do, the others must lie beside it."""
    path = Path(path)
    files: list[ByteSource] = []
    try:
        files.append(_opened(path))
        header = read_header(Window(files[0]), path.name, ReadBudget())
        count = split_count(header)
        if count == 1:
            return GGUFFile([path], files, [header])
        _close(files)
        paths = split_paths(path, count)
        files += (_opened(shard) for shard in paths)
        return _of_shards(paths, files)
    except BaseException:
        _close(files)
        raise


def read_gguf(paths: Sequence[Path], files: list[ByteSource]) -> GGUFFile:
    """A model of files that are open already, all of a split one in order; it closes them."""
    try:
        if len(files) > 1:
            return _of_shards(paths, files)
        header = read_header(Window(files[0]), paths[0].name, ReadBudget())
        count = split_count(header)
        if count > 1:
            raise FormatError(
                "{file} is one of the {count} files of a split model, the others are missing; get "
                "them all",
                file=paths[0].name,
                count=count,
            )
        return GGUFFile(paths, files, [header])
    except BaseException:
        _close(files)
        raise


def _of_shards(paths: Sequence[Path], files: list[ByteSource]) -> GGUFFile:
    headers, budget = list[GgufHeader](), ReadBudget()
    for no, (shard, file) in enumerate(zip(paths, files, strict=True)):
        headers.append(read_header(Window(file), shard.name, budget))
        check_shard(shard.name, headers[-1], headers[0], no)
    if split_count(headers[0]) != len(files):
        raise FormatError(
            "{file} is one of {split_count} files of a split model, but there are {n_files}; get "
            "them all",
            file=paths[0].name,
            split_count=split_count(headers[0]),
            n_files=len(files),
        )
    return GGUFFile(paths, files, headers)


def _close(files: list[ByteSource]) -> None:
    while files:
        files.pop().close()


def _opened(path: Path) -> OpenFile:
    if path.is_dir():
        raise FormatError("{file} is a folder; choose a .gguf file in it", file=path)
    if path.exists() and not path.is_file():
        raise FormatError("{file} is no ordinary file; choose a .gguf file", file=path)
    return OpenFile(path)


def _joined(paths: Sequence[Path], headers: list[GgufHeader]) -> dict[str, TensorInfo]:
    """The tensors of all files, each knowing its file."""
    if len(headers) == 1:
        return headers[0].tensors
    tensors: dict[str, TensorInfo] = {}
    for shard, (path, header) in enumerate(zip(paths, headers, strict=True)):
        for name, info in header.tensors.items():
            if len(tensors) >= MAX_TENSORS:
                raise FormatError(
                    "{file}: the model has more than {max_tensors:,} tensors",
                    file=path.name,
                    max_tensors=MAX_TENSORS,
                )
            if name in tensors:
                other = paths[tensors[name].shard].name
                raise FormatError(
                    "tensor {name} is both in {other} and in {file}",
                    name=quoted(name),
                    other=other,
                    file=path.name,
                )
            tensors[name] = TensorInfo(name, info.shape, info.type, info.offset, info.nbytes, shard)
    check_total(paths[0].name, headers[0], len(tensors))
    return tensors
