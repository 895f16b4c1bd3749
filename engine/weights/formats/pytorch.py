"""Reads PyTorch checkpoints (.bin, .pth, .pt): zip archives since 2020, a plain stream before.

No code of the file is run, ever (pickle_machine). Weights are read when they are asked for.
"""

import struct
import zipfile
import zlib
from io import FileIO
from pathlib import Path

from engine.base.catalogue import Phrase, Words
from engine.base.errors import FormatError, UnsupportedError
from engine.base.words import quoted, shown
from engine.weights.formats.checkpoint import Checkpoint
from engine.weights.formats.open_file import OpenFile, Span, Window
from engine.weights.formats.pickle_machine import MAX_BYTES, PickleBudget, PickleSource, load
from engine.weights.formats.pytorch_objects import MEANINGS, Storage, storage_of, tensors_of

MAX_DIRECTORY = 8 << 20  # bytes of the archive's list of entries: room for 100,000
LOCAL_HEADER = 30  # bytes before the name of a zip entry
# What zipfile raises for files that somebody damaged, by accident or with care.
BROKEN_ZIP = (
    zipfile.BadZipFile,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
    struct.error,
    zlib.error,
)
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_PROTOCOL = 1001


def open_pytorch(path: str | Path) -> Checkpoint:
    """The tensors of one checkpoint file."""
    file = OpenFile(path)
    try:
        if file.bytes(0, min(4, file.size), Words("its first bytes")) == b"PK\x03\x04":
            return _open_zip(file)
        return _open_stream(file)
    except BaseException:
        file.close()
        raise


def _open_zip(file: OpenFile) -> Checkpoint:
    entries = _entries(file)
    table = next((name for name in entries if name.endswith("data.pkl")), None)
    if table is None:
        raise FormatError("{file} is a zip archive but no PyTorch checkpoint", file=file.name)
    folder = table.removesuffix("data.pkl")
    pickle = _stored(file, entries[table])
    if pickle.size > MAX_BYTES:
        raise FormatError("{file}: its table of tensors is absurdly large", file=file.name)
    words = pickle.tobytes()
    if zlib.crc32(words) != entries[table].CRC:
        raise FormatError(
            "{file} is damaged: its table of tensors has another checksum", file=file.name
        )
    order = entries.get(folder + "byteorder")
    if order is not None and _stored(file, order)[:16].tobytes() != b"little":
        raise UnsupportedError("{file} was written on a big-endian machine", file=file.name)

    def raw(storage: Storage) -> Span:
        info = entries.get(f"{folder}data/{storage.key}")
        if info is None:
            raise FormatError(
                "{file} is incomplete: it has no entry data/{key}",
                file=file.name,
                key=shown(storage.key),
            )
        data = _stored(file, info)
        return _long_enough(file.name, storage, data)

    budget = PickleBudget(Words("{file}: its table of tensors", file=file.name))
    found = load(PickleSource(words, budget), budget, MEANINGS, storage_of)
    return Checkpoint(tensors_of(found, file.name, raw), [file])


def _entries(file: OpenFile) -> dict[str, zipfile.ZipInfo]:
    """What is in the archive, by name."""
    try:
        with _Bounded(file.path) as stream, zipfile.ZipFile(stream) as archive:
            return {info.filename: info for info in archive.infolist()}
    except BROKEN_ZIP as error:
        raise FormatError(
            "{file} is a broken zip archive: {error}", file=file.name, error=error
        ) from None


class _Bounded(FileIO):
    """A file for zipfile, which would read a directory of any size before anybody can look."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_DIRECTORY:
            raise zipfile.BadZipFile(
                Words(
                    "its directory is larger than {max_directory:,} bytes",
                    max_directory=MAX_DIRECTORY,
                )
            )
        return super().read(MAX_DIRECTORY if size is None or size < 0 else size) or b""


def _stored(file: OpenFile, info: zipfile.ZipInfo) -> Span:
    """The bytes of an entry that is stored as it is, in the file itself."""
    what = Phrase("entry {name}", name=quoted(info.filename))
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
        raise UnsupportedError(
            "{file}: {what} is compressed or encrypted, which PyTorch never does",
            file=file.name,
            what=what,
        )
    head = file.bytes(info.header_offset, LOCAL_HEADER, what)
    extra = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    return file.view(info.header_offset + LOCAL_HEADER + extra, info.file_size, what)


def _open_stream(file: OpenFile) -> Checkpoint:
    """The older layout: five pickles, then each storage as a count and its numbers."""
    budget = PickleBudget(Words("{file}: its table of tensors", file=file.name))
    source = PickleSource(Window(file), budget)

    def next_pickle() -> object:
        return load(source, budget, MEANINGS, storage_of)

    try:
        known = next_pickle() == LEGACY_MAGIC and next_pickle() == LEGACY_PROTOCOL
    except FormatError:
        known = False
    if not known:
        raise FormatError("{file} is no PyTorch checkpoint that can be read", file=file.name)
    system = next_pickle()
    if not isinstance(system, dict) or system.get("little_endian") is not True:
        raise UnsupportedError("{file} was written on a big-endian machine", file=file.name)
    spans: dict[str, Span] = {}
    seen: dict[str, Storage] = {}

    def noted(reference: object) -> Storage:
        storage = storage_of(reference)
        seen[storage.key] = storage
        return storage

    found = load(source, budget, MEANINGS, noted)
    keys = next_pickle()
    if not isinstance(keys, list):
        raise FormatError("{file} is broken: it has no list of storages", file=file.name)
    at = source.at
    for key in keys:
        storage = seen.get(key) if isinstance(key, str) else None
        if storage is None:
            raise FormatError(
                "{file} is broken: storage {key} belongs to no tensor",
                file=file.name,
                key=quoted(key),
            )
        what = f"storage {quoted(key)}"
        count = int.from_bytes(file.bytes(at, 8, what), "little")
        nbytes = count * storage.kind.block_bytes
        spans[storage.key] = file.view(at + 8, nbytes, what)
        at += 8 + nbytes

    def raw(storage: Storage) -> Span:
        if storage.key not in spans:
            raise FormatError(
                "{file} is incomplete: storage {key} is missing",
                file=file.name,
                key=quoted(storage.key),
            )
        return _long_enough(file.name, storage, spans[storage.key])

    return Checkpoint(tensors_of(found, file.name, raw), [file])


def _long_enough(name: str, storage: Storage, data: Span) -> Span:
    if len(data) < storage.count * storage.kind.block_bytes:
        raise FormatError(
            "{name} is cut short: storage {key} has {n_data} bytes for {count} numbers; get the "
            "file again",
            name=name,
            key=quoted(storage.key),
            n_data=len(data),
            count=storage.count,
        )
    return data
