"""Reads PyTorch checkpoints (.bin, .pth, .pt): zip archives since 2020, a plain stream before.

No code of the file is run, ever (pickle_machine). Weights are read when they are asked for.
"""

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.checkpoint import Checkpoint
from engine.weights.formats.mapped import MappedFile, Span, Stream
from engine.weights.formats.pickle_machine import load
from engine.weights.formats.pytorch_objects import MEANINGS, Storage, storage_of, tensors_of

MAX_PICKLE = 256 << 20
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
    file = MappedFile(path)
    try:
        if file.bytes(0, min(4, file.size), "its first bytes") == b"PK\x03\x04":
            return _open_zip(file)
        return _open_stream(file)
    except BaseException:
        file.close()
        raise


def _open_zip(file: MappedFile) -> Checkpoint:
    try:
        with zipfile.ZipFile(file.path) as archive:
            entries = {info.filename: info for info in archive.infolist()}
            table = next((name for name in entries if name.endswith("data.pkl")), None)
            if table is None:
                raise FormatError(f"{file.name} is a zip archive but no PyTorch checkpoint")
            folder = table.removesuffix("data.pkl")
            if entries[table].file_size > MAX_PICKLE:
                raise FormatError(f"{file.name}: its table of tensors is absurdly large")
            pickle = archive.read(entries[table])
            order = entries.get(folder + "byteorder")
            if order is not None and order.file_size < 16 and archive.read(order) != b"little":
                raise UnsupportedError(f"{file.name} was written on a big-endian machine")
    except BROKEN_ZIP as error:
        raise FormatError(f"{file.name} is a broken zip archive: {error}") from None

    def raw(storage: Storage) -> Span:
        info = entries.get(f"{folder}data/{storage.key}")
        if info is None:
            raise FormatError(f"{file.name} is incomplete: it has no entry data/{storage.key}")
        data = _stored(file, info)
        return _long_enough(file.name, storage, data)

    where = f"{file.name}: its table of tensors"
    found = load(BytesIO(pickle), where, MEANINGS, storage_of)
    return Checkpoint(tensors_of(found, file.name, raw), [file])


def _stored(file: MappedFile, info: zipfile.ZipInfo) -> Span:
    """The bytes of an entry that is stored as it is, in the file itself."""
    what = f"entry {info.filename}"
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
        raise UnsupportedError(
            f"{file.name}: {what} is compressed or encrypted, which PyTorch never does"
        )
    head = file.bytes(info.header_offset, LOCAL_HEADER, what)
    extra = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    return file.view(info.header_offset + LOCAL_HEADER + extra, info.file_size, what)


def _open_stream(file: MappedFile) -> Checkpoint:
    """The older layout: five pickles, then each storage as a count and its numbers."""
    stream = Stream(file)
    where = f"{file.name}: its table of tensors"

    def next_pickle() -> object:
        return load(stream, where, MEANINGS, storage_of)  # type: ignore[arg-type]

    try:
        known = next_pickle() == LEGACY_MAGIC and next_pickle() == LEGACY_PROTOCOL
    except FormatError:
        known = False
    if not known:
        raise FormatError(f"{file.name} is no PyTorch checkpoint that can be read")
    system = next_pickle()
    if not isinstance(system, dict) or system.get("little_endian") is not True:
        raise UnsupportedError(f"{file.name} was written on a big-endian machine")
    spans: dict[str, Span] = {}
    seen: dict[str, Storage] = {}

    def noted(reference: object) -> Storage:
        storage = storage_of(reference)
        seen[storage.key] = storage
        return storage

    found = load(stream, where, MEANINGS, noted)  # type: ignore[arg-type]
    keys = next_pickle()
    if not isinstance(keys, list):
        raise FormatError(f"{file.name} is broken: it has no list of storages")
    at = stream.tell()
    for key in keys:
        storage = seen.get(str(key))
        if storage is None:
            raise FormatError(
                f"{file.name} is broken: storage {str(key)[:40]} belongs to no tensor"
            )
        count = int.from_bytes(file.bytes(at, 8, f"storage {key}"), "little")
        nbytes = count * storage.kind.block_bytes
        spans[storage.key] = file.view(at + 8, nbytes, f"storage {key}")
        at += 8 + nbytes

    def raw(storage: Storage) -> Span:
        if storage.key not in spans:
            raise FormatError(f"{file.name} is incomplete: storage {storage.key[:40]} is missing")
        return _long_enough(file.name, storage, spans[storage.key])

    return Checkpoint(tensors_of(found, file.name, raw), [file])


def _long_enough(name: str, storage: Storage, data: Span) -> Span:
    if len(data) < storage.count * storage.kind.block_bytes:
        raise FormatError(
            f"{name} is cut short: storage {storage.key[:40]} has {len(data)} bytes for "
            f"{storage.count} numbers; get the file again"
        )
    return data
