"""NAME.part: a GGUF file in the making, which a later run of the same job can take up.

Where the header will stand there is a journal until the end: a magic, the digest of the job, then a
slot for each tensor with the checksum of its bytes. So no part can be mistaken for a model, and
nothing is ever written behind what is there. A complete part has its header, and a seal behind its
end. Invariant: what is read here is untrusted; whatever is not as expected counts as not written.
"""

import itertools
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from engine.base.errors import UsageError
from engine.base.locks import lock
from engine.base.places import give_name, opened_own, remove_own

JOURNAL, SEAL = b"\x93chaskiJ", b"\x93chaskiS"
DIGEST = 32  # bytes
SLOT = struct.Struct("<II")  # checksum of a tensor; checksum of digest, number and the former
PIECE = 8 << 20  # bytes read at a time to be checked


@dataclass(frozen=True)
class PartLayout:
    """Where everything lies in the finished file. `digest` is the job's; without, none resumes."""

    header: bytes
    sizes: tuple[int, ...]  # bytes of each tensor with its padding
    start: int  # of the first tensor
    digest: bytes

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """ends[n]: the bytes of the file once n tensors are written."""
        found = [self.start]
        for size in self.sizes:
            found.append(found[-1] + size)
        return tuple(found)

    @property
    def has_journal(self) -> bool:
        """A table of tensors is longer than their slots, so it always fits where there are any."""
        return bool(self.digest) and self.slot(len(self.sizes)) <= self.start

    @staticmethod
    def slot(index: int) -> int:
        return len(JOURNAL) + DIGEST + index * SLOT.size

    def filled(self, index: int, checksum: int) -> bytes:
        """The slot of a tensor that is written."""
        proof = zlib.crc32(struct.pack("<II", index, checksum), zlib.crc32(self.digest))
        return SLOT.pack(checksum, proof)


@dataclass(frozen=True)
class PartProgress:
    """How far a part has come: `bytes` of `total`. A sealed one only waits for its name."""

    tensors: int
    bytes: int
    total: int
    is_sealed: bool = False

    @property
    def share(self) -> float:
        return self.bytes / max(1, self.total)


def sealed(digest: bytes) -> bytes:
    """What stands behind the end of a file that the job with this digest completed."""
    told = SEAL + digest
    return told + struct.pack("<I", zlib.crc32(told))


def progress_of(path: Path, layout: PartLayout) -> PartProgress | None:
    """How far the part is, as its journal tells; None if it is missing, another job's or broken."""
    try:
        if not layout.has_journal or not path.is_file():
            return None
        with path.open("rb") as file:
            if _is_whole(file, layout):
                return PartProgress(len(layout.sizes), layout.ends[-1], layout.ends[-1], True)
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            journal = file.read(layout.slot(len(layout.sizes)))
    except OSError:
        return None
    if not journal.startswith(JOURNAL + layout.digest):
        return None
    count = len(_checksums(journal, layout, size))
    return PartProgress(count, layout.ends[count], layout.ends[-1])


def seal(path: Path, digest: bytes) -> None:
    """Marks a complete file as what the job with this digest made on its way."""
    with path.open("ab") as file:
        file.write(sealed(digest))


def is_sealed(path: Path, digest: bytes) -> bool:
    """Whether a file is complete and of the job with this digest."""
    try:
        return path.is_file() and _end(path) == sealed(digest)
    except OSError:
        return False


def is_part(path: Path) -> bool:
    """Whether this program wrote it, whatever for: what else has such a name is not ours."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(JOURNAL)) == JOURNAL or _end(path).startswith(SEAL)
    except OSError:
        return False


def put_aside(path: Path) -> Path | None:
    """A file that is not of this program's making gets another name, which is returned; nothing of
    it is lost. None where there is none of that kind; what has other names, too, is refused when it
    is opened."""
    if path.is_symlink() or not path.is_file() or is_part(path):
        return None
    found = path.stat()
    if not found.st_size or found.st_nlink > 1:
        return None
    for number in itertools.count(1):
        kept = path.with_name(f"{path.name}.{number}.kept")
        if not os.path.lexists(kept):
            give_name(path, kept, is_new=True)
            return kept
    return None


class PartFile:
    """The part while it is written: tensors in order, each noted in the journal once it is whole.

    The journal is not forced to the disk: what a power cut leaves is found out by the checksums.
    """

    def __init__(self, path: Path, layout: PartLayout) -> None:
        self.path = path
        self.layout = layout
        self.done = 0  # tensors
        self.is_sealed = False
        self._crc = 0
        self._at = 0  # bytes of the tensor that is being written
        self.kept = put_aside(path)
        self._file: IO[bytes] = _opened(path)
        self._opened = os.fstat(self._file.fileno())

    def begin(self) -> None:
        """Anew; what was there goes."""
        self._file.truncate(0)
        self._file.seek(0)
        # Also one that no later run takes up tells whose it is.
        head = JOURNAL + (self.layout.digest if self.layout.has_journal else b"")
        self._file.write(head.ljust(self.layout.start, b"\0"))

    def resume(self, found: PartProgress) -> Iterator[int]:
        """Checks what was written and goes on behind it; yields the bytes of each piece checked."""
        if found.is_sealed:
            self.done, self.is_sealed = found.tensors, True
            return
        self._file.seek(0)
        journal = self._file.read(self.layout.slot(len(self.layout.sizes)))
        told = _checksums(journal, self.layout, self.layout.ends[found.tensors])
        for index, checksum in enumerate(told):
            crc = 0
            for piece in _pieces(self._file, self.layout.ends[index], self.layout.sizes[index]):
                crc = zlib.crc32(piece, crc)
                yield len(piece)
            if crc != checksum:
                break
            self.done = index + 1
        self._cut()

    def write(self, data: Any) -> None:
        """Bytes of the tensor that is due; its last note it in the journal."""
        if not self.done and not self._at and self._file.tell() < self.layout.start:
            self.begin()
        self._file.write(data)
        self._at += len(data)
        if self.layout.has_journal:
            self._crc = zlib.crc32(data, self._crc)
        if self._at >= self.layout.sizes[self.done]:
            self._note()

    def complete(self) -> None:
        """Everything is on the disk, then the header and the seal."""
        if self.is_sealed:
            self._file.close()
            return
        if self._file.tell() < self.layout.start:
            self.begin()
        self._sync()
        if self.layout.has_journal:
            self._file.seek(self.layout.ends[-1])
            self._file.write(sealed(self.layout.digest))
        self._file.seek(0)
        self._file.write(self.layout.header.ljust(self.layout.start, b"\0"))
        self._sync()
        self._file.close()
        self.is_sealed = True

    def publish(self, path: Path, *, is_new: bool) -> None:
        """The complete part gets its name, without its seal. is_new: see give_name."""
        with self.path.open("r+b") as file:
            file.truncate(self.layout.ends[-1])
            os.fsync(file.fileno())
        give_name(self.path, path, is_new=is_new)

    def close(self) -> None:
        with suppress(OSError):  # a full disk: what is whole is there already
            self._file.close()

    def remove(self) -> None:
        self.close()
        remove_own(self.path, self._opened)

    def _note(self) -> None:
        if self.layout.has_journal:
            self._file.seek(self.layout.slot(self.done))
            self._file.write(self.layout.filled(self.done, self._crc))
            self._file.seek(self.layout.ends[self.done + 1])
        self.done += 1
        self._crc = self._at = 0

    def _cut(self) -> None:
        """What is behind the last sound tensor goes, and so do the slots that told of it."""
        end = self.layout.ends[self.done]
        self._file.truncate(end)
        self._file.seek(self.layout.slot(self.done))
        self._file.write(bytes(self.layout.start - self.layout.slot(self.done)))
        self._file.seek(end)

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())


def _end(path: Path) -> bytes:
    """As many bytes as a seal has."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - len(sealed(bytes(DIGEST)))))
        return file.read()


def _is_whole(file: IO[bytes], layout: PartLayout) -> bool:
    end = sealed(layout.digest)
    if file.seek(0, os.SEEK_END) != layout.ends[-1] + len(end):
        return False
    file.seek(layout.ends[-1])
    if file.read(len(end)) != end:
        return False
    file.seek(0)
    return file.read(len(layout.header)) == layout.header


def _checksums(journal: bytes, layout: PartLayout, size: int) -> list[int]:
    """Of the tensors, from the first on, that are told to be written in a file of this size."""
    found: list[int] = []
    for index in range(len(layout.sizes)):
        slot = journal[layout.slot(index) : layout.slot(index + 1)]
        if len(slot) < SLOT.size or layout.ends[index + 1] > size:
            break
        checksum = SLOT.unpack(slot)[0]
        if slot != layout.filled(index, checksum):
            break
        found.append(checksum)
    return found


def _pieces(file: IO[bytes], start: int, size: int) -> Iterator[bytes]:
    file.seek(start)
    while size > 0:
        piece = file.read(min(size, PIECE))
        if not piece:
            return
        size -= len(piece)
        yield piece


def _opened(path: Path) -> IO[bytes]:
    """For this job alone: a second one would write between the first one's lines."""
    file = opened_own(path)
    try:
        lock(file)
    except OSError as error:
        if isinstance(error, BlockingIOError | PermissionError):
            file.close()
            raise UsageError(
                "{file} is being written by another job; wait for its end or choose another name",
                file=path.name,
            ) from None
    return file  # a disk that knows no locks: as it was before there were any
