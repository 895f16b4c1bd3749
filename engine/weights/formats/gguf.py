"""Opens GGUF files: memory-mapped, all files of a split model as one.

Invariant: after open_gguf every tensor's bytes are known to be inside its file; raw() cannot fail.
"""

import mmap
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import FormatError
from engine.weights.formats.gguf_endian import swap_blocks
from engine.weights.formats.gguf_header import (
    MAX_TENSORS,
    ByteOrder,
    Header,
    TensorInfo,
    read_header,
)
from engine.weights.formats.gguf_metadata import TypedMetadata
from engine.weights.formats.gguf_split import check_shard, check_total, split_count, split_paths
from engine.weights.formats.gguf_values import Budget, MetaValue, ValueType, quoted
from engine.weights.formats.magic import not_gguf

__all__ = ["GGUFFile", "MetaValue", "TensorInfo", "ValueType", "open_gguf"]


class GGUFFile(TypedMetadata):
    """An open model file (or several, if split). Views from raw() stay valid after close()."""

    def __init__(self, paths: Sequence[Path], maps: list[mmap.mmap], headers: list[Header]) -> None:
        first = headers[0]
        self.path = paths[0]
        self.paths = tuple(paths)
        self.name = self.path.name
        self.version = first.version
        self.byte_order: ByteOrder = first.byte_order
        self.metadata: dict[str, MetaValue] = first.metadata
        self.value_types = first.value_types
        self.tensors = _joined(self.paths, headers)
        self.file_bytes = sum(len(m) for m in maps)
        self._maps = maps

    @property
    def n_parameters(self) -> int:
        return sum(info.n_elements for info in self.tensors.values())

    @property
    def architecture(self) -> str:
        return self.need_str("general.architecture")

    def need_tensor(self, name: str) -> TensorInfo:
        if name not in self.tensors:
            raise FormatError(f"{self.name} has no tensor '{name}', which this model needs")
        return self.tensors[name]

    def raw(self, name: str) -> NDArray[np.uint8]:
        """The tensor's bytes as uint8 [rows, row_bytes]: a view of the mapped file, read-only.

        Of a big-endian file it is a copy, with the blocks in little-endian order.
        """
        info = self.need_tensor(name)
        if not info.nbytes:
            return np.zeros((0, info.type.row_bytes(info.n_cols)), np.uint8)
        data = np.frombuffer(self._maps[info.shard], np.uint8, info.nbytes, info.offset)
        rows = data.reshape(-1, info.type.row_bytes(info.n_cols))
        return rows if self.byte_order == "little" else swap_blocks(info.type, rows)

    def adopt(self, other: "GGUFFile", prefix: str) -> None:
        """Take over the tensors of another open file, under names with a prefix.

        The other may then be closed; metadata stay this file's own.
        """
        first = len(self._maps)
        for name, info in other.tensors.items():
            own = replace(info, name=prefix + name, shard=first + info.shard)
            self.tensors[own.name] = own
        self._maps += other._maps
        other._maps = []

    def read_ahead(self, name: str, rows: slice) -> None:
        """Asks the system to read these rows of the tensor soon, without waiting for them."""
        info = self.need_tensor(name)
        if hasattr(mmap, "MADV_WILLNEED"):
            row_bytes = info.type.row_bytes(info.n_cols)
            begin = info.offset + rows.start * row_bytes
            start = begin // mmap.PAGESIZE * mmap.PAGESIZE
            length = begin + (rows.stop - rows.start) * row_bytes - start
            self._maps[info.shard].madvise(mmap.MADV_WILLNEED, start, length)

    def drop_pages(self, name: str) -> None:
        """Gives the tensor's mapped pages back to the system; reading again brings them back."""
        info = self.need_tensor(name)
        if hasattr(mmap, "MADV_DONTNEED"):
            start = info.offset // mmap.PAGESIZE * mmap.PAGESIZE
            length = info.offset + info.nbytes - start
            self._maps[info.shard].madvise(mmap.MADV_DONTNEED, start, length)

    def close(self) -> None:
        """Unmaps the files; where views are still in use, the system does so after the last."""
        for mapped in self._maps:
            try:
                mapped.close()
            except BufferError:
                continue
        self._maps = []

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
    maps: list[mmap.mmap] = []
    try:
        maps.append(_map(path))
        budget = Budget()
        headers = [read_header(maps[0], path.name, budget)]
        paths = [path]
        count = split_count(headers[0])
        if count > 1:
            _close(maps)
            paths = split_paths(path, count)
            headers, budget = [], Budget()
            for no, shard in enumerate(paths):
                maps.append(_map(shard))
                headers.append(read_header(maps[-1], shard.name, budget))
                check_shard(shard.name, headers[-1], headers[0], no)
        return GGUFFile(paths, maps, headers)
    except BaseException:
        _close(maps)
        raise


def _close(maps: list[mmap.mmap]) -> None:
    while maps:
        maps.pop().close()


def _map(path: Path) -> mmap.mmap:
    if path.is_dir():
        raise FormatError(f"{path} is a folder; choose a .gguf file in it")
    if path.exists() and not path.is_file():
        # Opening a pipe would wait for somebody to write into it.
        raise FormatError(f"{path} is no ordinary file; choose a .gguf file")
    try:
        with path.open("rb") as file:
            if file.seek(0, 2) == 0:
                raise FormatError(not_gguf(path.name, b"", 0))
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FormatError(f"{path} cannot be opened: {reason}") from None


def _joined(paths: Sequence[Path], headers: list[Header]) -> dict[str, TensorInfo]:
    """The tensors of all files, each knowing its file."""
    if len(headers) == 1:
        return headers[0].tensors
    tensors: dict[str, TensorInfo] = {}
    for shard, (path, header) in enumerate(zip(paths, headers, strict=True)):
        for name, info in header.tensors.items():
            if len(tensors) >= MAX_TENSORS:
                raise FormatError(f"{path.name}: the model has more than {MAX_TENSORS:,} tensors")
            if name in tensors:
                other = paths[tensors[name].shard].name
                raise FormatError(f"tensor {quoted(name)} is both in {other} and in {path.name}")
            tensors[name] = TensorInfo(name, info.shape, info.type, info.offset, info.nbytes, shard)
    check_total(paths[0].name, headers[0], len(tensors))
    return tensors
