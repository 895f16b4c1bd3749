"""Whether SQLite's log has lost something: it reads the log only up to the first damaged frame, and
says nothing about what was committed behind it.

A frame at the log's end that is not whole is usual (a program was killed): nobody was told that it
was kept.
"""

import struct
from pathlib import Path

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
