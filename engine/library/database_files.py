"""What a database is as files: rights, names, figures of the head, the log; what errors mean.

SQLite reads a log only up to the first damaged frame, and says nothing about what was committed
behind it. A frame at the end that is not whole is usual (a program was killed): nobody was told
that it was kept.
"""

import os
import struct
from contextlib import suppress
from pathlib import Path

from engine.base.catalogue import Words

PARTS = ("", "-wal", "-shm")

# By the first part of SQLite's own names. Its messages may hold words of a row, so none is shown.
REASONS = {
    "SQLITE_FULL": Words("the disk is full"),
    "SQLITE_READONLY": Words("it cannot be written"),
    "SQLITE_CANTOPEN": Words("it cannot be opened"),
    "SQLITE_PERM": Words("it may not be opened"),
    "SQLITE_IOERR": Words("the disk cannot be read or written"),
    "SQLITE_BUSY": Words("another program is using it"),
    "SQLITE_LOCKED": Words("another program is using it"),
    "SQLITE_NOMEM": Words("there is not enough memory"),
    "SQLITE_TOOBIG": Words("something in it is too large"),
}
UNWRITABLE = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")

# Where the file's head has a small figure, and the largest: versions, format, encoding of text.
HEAD = ((18, 19, 2), (19, 20, 2), (44, 48, 4), (56, 60, 3))
# What SQLite says of damage where it gives no code, or one code for many things.
DAMAGED = ("malformed", "not a database", "no such table")


def is_damage(error: Exception) -> bool:
    """Whether SQLite's error says that the file itself is broken."""
    if isinstance(error, UnicodeDecodeError):  # SQLite's message quoted a piece of it
        return True
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")):
        return True
    text = str(error).lower()
    return any(words in text for words in DAMAGED)


def reason_of(error: Exception) -> tuple[str, bool]:
    """Why a file cannot be used, in words of ours, and whether it cannot be made or written."""
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    kind = "_".join(name.split("_")[:2])
    return REASONS.get(kind, Words("SQLite says {name}", name=name)), kind in UNWRITABLE


def has_odd_head(path: Path) -> bool:
    """Whether figures at the file's beginning are none that SQLite writes: it then only says that
    it cannot write the file, or that something is wrong."""
    with suppress(OSError), path.open("rb") as file:
        head = file.read(100)
        return any(int.from_bytes(head[at:end], "big") > most for at, end, most in HEAD)
    return False


def mark_of(path: Path) -> tuple[int, int]:
    """Which file lies there; (0, 0): none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def make_private(path: Path) -> None:
    """An own file that nobody else may read; SQLite gives its log the same rights.

    An existing file must not be opened for this: closing it would drop the locks that another
    connection of this process holds on it.
    """
    if os.name == "nt":  # the folder is the user's own
        return
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    for ending in PARTS:
        part = path.with_name(path.name + ending)
        with suppress(OSError):  # gone, or another user's
            if part.stat().st_mode & 0o077:
                part.chmod(0o600)


def rename_all(old: Path, new: Path) -> None:
    """A file with its log; the log first, so that none is left beside a new file."""
    for ending in ("-wal", "-shm", ""):
        part = old.with_name(old.name + ending)
        if part.exists():
            part.rename(new.with_name(new.name + ending))


_HEAD, _FRAME = 32, 24
_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}  # the order of bytes in which checksums are taken
_LARGEST = 32 << 20  # of a log that is read through; SQLite folds it in at 4 MB


def has_lost(path: Path) -> bool:
    """Asked twice, since another program may be writing just now: what moves is no damage."""
    log = path.with_name(path.name + "-wal")
    try:
        if not _HEAD < log.stat().st_size <= _LARGEST:
            return False
        first = _broken_at(log.read_bytes())
        return first is not None and _broken_at(log.read_bytes()) == first
    except OSError:
        return False


def _broken_at(log: bytes) -> tuple[bytes, int] | None:
    """The log's head and the place of a damaged frame that others follow; None: there is none."""
    order = _MAGIC.get(int.from_bytes(log[:4], "big"))
    size = int.from_bytes(log[8:12], "big")
    if order is None or not 512 <= size <= 65536 or size & (size - 1):
        return None
    sums = _summed(log[:24], (0, 0), order)
    salts = log[16:24]
    broken = None if _pair(log, 24) == sums else _HEAD
    for at in range(_HEAD, len(log) - _FRAME - size + 1, _FRAME + size):
        ours = log[at + 8 : at + 16] == salts
        if broken is not None:
            if ours and any(log[at + 4 : at + 8]):  # a transaction was complete here
                return log[:_HEAD], broken
            continue
        sums = _summed(log[at : at + 8], sums, order)
        sums = _summed(log[at + _FRAME : at + _FRAME + size], sums, order)
        if not ours or _pair(log, at + 16) != sums:
            broken = at
    return None


def _pair(log: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(">II", log, at)
    return first, second


def _summed(data: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for i in range(0, len(words), 2):
        first = (first + words[i] + second) & 0xFFFFFFFF
        second = (second + words[i + 1] + first) & 0xFFFFFFFF
    return first, second
