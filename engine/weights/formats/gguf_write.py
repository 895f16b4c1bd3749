"""Writes GGUF files tensor by tensor: metadata and tensor table first, then the data as it comes.

Invariant: the file has its final name only when it is complete; until then it is NAME.part.
"""

import hashlib
import math
import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UsageError
from engine.base.words import quoted, shown
from engine.weights.formats.gguf_header import (
    ALIGNMENT_KEY,
    DEFAULT_ALIGNMENT,
    MAGIC,
    ByteOrder,
    TensorInfo,
)
from engine.weights.formats.gguf_part import PartFile, PartLayout, PartProgress, progress_of
from engine.weights.formats.gguf_strings import StringArray
from engine.weights.formats.gguf_values import (
    SCALARS,
    MetaValue,
    NestedArray,
    OddText,
    ValueType,
)
from engine.weights.quants import quantize
from engine.weights.types import TensorType

ARRAY_TYPES = {
    np.dtype(dtype): kind for kind, (_, dtype) in SCALARS.items() if kind is not ValueType.BOOL
} | {np.dtype(np.bool_): ValueType.BOOL}


def guess_type(key: str, value: object) -> ValueType:
    """The value type for a plain Python value: whole numbers become 32 bits wide if they fit."""
    if isinstance(value, (bool, np.bool_)):
        return ValueType.BOOL
    if isinstance(value, (str, bytes)):
        return ValueType.STRING
    if isinstance(value, float):
        return ValueType.FLOAT32
    if isinstance(value, int):
        return _int_type(value, value)
    if isinstance(value, (np.ndarray, StringArray, list, tuple)):
        return ValueType.ARRAY
    raise UsageError("metadata key '{key}' cannot be a {kind}", key=key, kind=type(value).__name__)


def _int_type(low: int, high: int) -> ValueType:
    if low >= 0:
        return ValueType.UINT32 if high < 1 << 32 else ValueType.UINT64
    return ValueType.INT32 if low >= -(1 << 31) and high < 1 << 31 else ValueType.INT64


class GGUFWriter:
    """One file in the making: set() and declare() first, then write() each tensor in that order.

    As a context manager it finishes at the end, and removes the unfinished file on an error. A long
    job calls resume() before the first write() and keep_part() when it is stopped, so that its next
    run goes on from there.
    """

    def __init__(
        self, path: str | Path, *, byte_order: ByteOrder = "little", version: int = 3
    ) -> None:
        self.path = Path(path)
        self.part = self.path.with_name(self.path.name + ".part")
        self._is_new = not os.path.lexists(self.path)
        self.taken: tuple[str, ...] = ()  # tensors that an earlier run wrote
        self._order = "<" if byte_order == "little" else ">"
        self._version = version
        self._values: dict[str, tuple[ValueType, MetaValue | bytes]] = {}
        self._infos: dict[str, TensorInfo] = {}
        self._waiting: list[str] = []
        self._offset = 0
        self._written = 0  # bytes of the tensor that is being written
        self._job_key = b""
        self._made: tuple[bytes, PartLayout] | None = None  # of an identity, until something is set
        self._file: PartFile | None = None

    def set(
        self, key: str, value: MetaValue | bytes | Sequence[Any], kind: ValueType | None = None
    ) -> None:
        """Sets a metadata key; `kind` where the guessed type is not wanted."""
        if key == ALIGNMENT_KEY and self._infos:
            raise UsageError(
                "{alignment_key} must be set before tensors are declared",
                alignment_key=ALIGNMENT_KEY,
            )
        self._made = None
        self._values[key] = (guess_type(key, value) if kind is None else kind, value)  # type: ignore[assignment]

    def set_all(
        self,
        metadata: Mapping[str, MetaValue],
        kinds: Mapping[str, ValueType] | None = None,
    ) -> None:
        """Copies metadata, such as an open file's with its value types."""
        for key, value in metadata.items():
            self.set(key, value, (kinds or {}).get(key))

    @property
    def alignment(self) -> int:
        return int(self._values.get(ALIGNMENT_KEY, (None, DEFAULT_ALIGNMENT))[1])  # type: ignore[arg-type]

    def declare(self, name: str, shape: Sequence[int], kind: TensorType = TensorType.F32) -> None:
        """Announces a tensor; `shape` in NumPy order."""
        if name in self._infos:
            raise UsageError("the tensor '{name}' is declared twice", name=name)
        if self._file:
            raise UsageError(
                "the tensor '{name}' is declared after the first was written", name=name
            )
        self._made = None
        shape = tuple(shape) or (1,)
        nbytes = kind.row_bytes(shape[-1]) * math.prod(shape[:-1])
        self._infos[name] = TensorInfo(name, shape, kind, self._offset, nbytes)
        self._offset += _padded(nbytes, self.alignment)
        self._waiting.append(name)

    def write(self, name: str, data: NDArray[Any]) -> None:
        """Writes a tensor: raw little-endian blocks (uint8), or numbers to be encoded."""
        info = self._due(name)
        if not info.nbytes:
            return
        raw = self._encoded(info, data)
        if raw.nbytes != info.nbytes:
            raise UsageError(
                "tensor '{name}' has {nbytes} bytes, declared {tensor_nbytes}",
                name=name,
                nbytes=raw.nbytes,
                tensor_nbytes=info.nbytes,
            )
        self._append(info, raw)

    def write_rows(self, name: str, data: NDArray[Any]) -> None:
        """Writes the next rows of a tensor too large to be held; it is complete with the last."""
        info = self._due(name)
        if not info.nbytes:
            return
        self._append(info, self._encoded(info, data))

    def progress(self, job_key: bytes) -> PartProgress | None:
        """How far an earlier run of the same job came, once all is declared; None if it did not.

        job_key: what decides the tensors' bytes beside all that was set and declared.
        """
        self._job_key = job_key
        return progress_of(self.part, self._layout())

    def resume(self, job_key: bytes) -> Iterator[int]:
        """Goes on where an earlier run of the same job stopped, or begins anew.

        Yields the bytes of each piece that was checked. To be run to its end before the first
        write(); afterwards `taken` are the tensors that need not be written any more.
        """
        found = self.progress(job_key)
        file = self._opened()
        if found is None:
            return
        yield from file.resume(found)
        self.taken = tuple(self._waiting[: file.done])
        self._waiting = self._waiting[file.done :]

    @property
    def kept(self) -> Path | None:
        """Where what had the part's name is now, if somebody else had made it."""
        return self._file.kept if self._file else None

    def complete(self) -> None:
        """Everything is written and on the disk, still under the name NAME.part."""
        self._pass_empty()
        if self._waiting:
            raise UsageError(
                "the tensor '{waiting}' was declared but never written", waiting=self._waiting[0]
            )
        self._opened().complete()

    def publish(self) -> None:
        """Gives the complete file its name."""
        self._opened().publish(self.path, is_new=self._is_new)

    def finish(self) -> None:
        """Completes the file and gives it its name."""
        self.complete()
        self.publish()

    def keep_part(self) -> None:
        """Closes the unfinished file, for a later run; without a whole tensor it goes."""
        if self._file and self._file.done and self._job_key:
            self._file.close()
        else:
            self.abandon()

    def abandon(self) -> None:
        """Removes the unfinished file."""
        if self._file:
            self._file.remove()

    def __enter__(self) -> "GGUFWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.abandon()
            return
        try:
            self.finish()
        except BaseException:
            self.abandon()
            raise

    def _pass_empty(self) -> None:
        """Tensors without elements are written as soon as they are due."""
        while self._waiting and not self._infos[self._waiting[0]].nbytes:
            self._opened().write(b"")
            self._waiting.pop(0)

    def _due(self, name: str) -> TensorInfo:
        if name in self._infos and not self._infos[name].nbytes:
            return self._infos[name]
        self._pass_empty()
        if not self._waiting or self._waiting[0] != name:
            wanted = self._waiting[0] if self._waiting else "none"
            raise UsageError(
                "tensor '{name}' was written out of order; next is '{wanted}'",
                name=name,
                wanted=wanted,
            )
        return self._infos[name]

    def _encoded(self, info: TensorInfo, data: NDArray[Any]) -> NDArray[np.uint8]:
        raw = data
        if data.dtype != np.uint8:
            raw = quantize(info.type, data.reshape(-1, info.n_cols))
        if self._order == ">":
            raw = info.type.blocks.swapped(raw.reshape(-1, info.type.row_bytes(info.n_cols)))
        return raw

    def _append(self, info: TensorInfo, raw: NDArray[np.uint8]) -> None:
        self._written += raw.nbytes
        if self._written > info.nbytes:
            raise UsageError(
                "tensor '{tensor}' gets more than its {nbytes} bytes",
                tensor=info.name,
                nbytes=info.nbytes,
            )
        file = self._opened()
        file.write(np.ascontiguousarray(raw).reshape(-1).data)
        if self._written == info.nbytes:
            if padding := _padded(info.nbytes, self.alignment) - info.nbytes:
                file.write(bytes(padding))
            self._waiting.pop(0)
            self._written = 0

    def _opened(self) -> PartFile:
        if self._file is None:
            self._file = PartFile(self.part, self._layout())
        return self._file

    def _layout(self) -> PartLayout:
        """A large vocabulary takes a quarter of a second."""
        if self._made is None or self._made[0] != self._job_key:
            self._made = self._job_key, self._laid_out()
        return self._made[1]

    def _laid_out(self) -> PartLayout:
        header = self._header()
        digest = hashlib.sha256(header + self._job_key).digest() if self._job_key else b""
        sizes = tuple(_padded(info.nbytes, self.alignment) for info in self._infos.values())
        return PartLayout(header, sizes, _padded(len(header), self.alignment), digest)

    def _header(self) -> bytes:
        out = bytearray(MAGIC)
        out += self._pack("I", self._version)
        out += self._pack("QQ", len(self._infos), len(self._values))
        for key, (kind, value) in self._values.items():
            try:
                out += self._text(key) + self._pack("I", kind) + self._value(kind, value)
            except (struct.error, OverflowError, ValueError, TypeError):
                raise UsageError(
                    "metadata key {key} cannot hold {value} as {kind}",
                    key=quoted(key),
                    value=shown(value),
                    kind=kind.name,
                ) from None
        for info in self._infos.values():
            dims = tuple(reversed(info.shape))
            out += self._text(info.name) + self._pack("I", len(dims))
            out += self._pack(f"{len(dims)}Q", *dims) + self._pack("IQ", info.type, info.offset)
        return bytes(out)

    def _pack(self, letters: str, *values: Any) -> bytes:
        return struct.pack(self._order + letters, *values)

    def _text(self, text: str | bytes) -> bytes:
        if isinstance(text, OddText):
            raw = text.raw
        else:
            # Half a letter has no bytes of its own; it is written as what it is shown as.
            raw = text.encode("utf-8", "replace") if isinstance(text, str) else text
        return self._pack("Q", len(raw)) + raw

    def _value(self, kind: ValueType, value: Any) -> bytes:
        if kind is ValueType.STRING:
            return self._text(value)
        if kind is ValueType.ARRAY:
            return self._array(value)
        return self._pack(SCALARS[kind][0], value)

    def _array(self, value: Any) -> bytes:
        if isinstance(value, StringArray):
            texts = [value.raw(i) for i in range(len(value))]
            return self._strings(texts)
        if isinstance(value, np.ndarray):
            numbers = value.astype(value.dtype.newbyteorder(self._order))
            return self._pack("IQ", ARRAY_TYPES[value.dtype], len(value)) + numbers.tobytes()
        if isinstance(value, NestedArray):
            return self._arrays(value)
        if not value:
            # Nobody said of what. Lists of numbers that may be empty come as arrays of NumPy.
            return self._pack("IQ", ValueType.STRING, 0)
        if isinstance(value[0], (str, bytes)):
            return self._strings(value)
        if isinstance(value[0], (list, tuple, np.ndarray, StringArray)):
            return self._arrays(value)
        return self._numbers(value)

    def _arrays(self, values: Sequence[Any]) -> bytes:
        inner = [self._array(item) for item in values]
        return self._pack("IQ", ValueType.ARRAY, len(inner)) + b"".join(inner)

    def _strings(self, texts: Sequence[str | bytes]) -> bytes:
        parts = [self._text(text) for text in texts]
        return self._pack("IQ", ValueType.STRING, len(parts)) + b"".join(parts)

    def _numbers(self, values: Sequence[Any]) -> bytes:
        """A plain list: true and false, numbers with a fraction (32 bits), or whole numbers."""
        if isinstance(values[0], bool):
            return self._array(np.array(values, np.bool_))
        if any(isinstance(value, float) for value in values):
            return self._array(np.array(values, np.float32))
        kind = _int_type(min(values), max(values))
        if kind is ValueType.UINT32 and max(values) < 1 << 31:
            kind = ValueType.INT32  # what other writers use for lists
        return self._array(np.array(values, SCALARS[kind][1]))


def _padded(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment
