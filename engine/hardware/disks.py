"""What folders lie on: kind of disk, file system, room; and how fast it is, measured on request.

`measuring` works on a scratch file that has no name, or that the system removes with the process,
so that nothing stays behind even after a kill.
"""

import errno
import mmap
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import IO

from engine.base.catalogue import Words
from engine.base.devices import Disk, DiskKind
from engine.base.reading import reason
from engine.hardware import disks_linux, disks_macos, disks_windows
from engine.hardware.machine import Machine

SCRATCH = 256 << 20  # bytes, or what is written in SECONDS
PIECE = 8 << 20
SECONDS = 2.0  # for writing, and again for reading
SPARE = 1 << 30  # bytes that stay free

_READERS = {
    "Linux": disks_linux.kind_of,
    "Darwin": disks_macos.kind_of,
    "Windows": disks_windows.kind_of,
}


def read_disk(machine: Machine, folder: Path, used_for: str) -> Disk:
    """Where a folder is, or would be; what the system does not tell is unknown or 0."""
    place = existing(folder)
    reader = _READERS.get(machine.system)
    kind, file_system = reader(machine, place) if reader else (DiskKind.UNKNOWN, "")
    total, free = 0, 0
    with suppress(OSError):
        usage = shutil.disk_usage(place)
        total, free = usage.total, usage.free
    return Disk(str(folder), used_for, kind, file_system, total, free)


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    for place in (folder, *folder.parents):
        with suppress(OSError):
            if place.is_dir():
                return place
    return folder


def measuring(disk: Disk, size: int = SCRATCH) -> Generator[float, None, Disk]:
    """The disk with its rates; yields the share that is done, so that others have their turn.

    A folder that takes no files, or a disk without room, is a sentence in `problem`.
    """
    size = min(size, (disk.free - SPARE) // 2 // PIECE * PIECE)
    if size < PIECE:
        return replace(disk, problem=Words("there is too little room on it to measure its speed"))
    try:
        with tempfile.TemporaryFile(dir=existing(Path(disk.folder)), buffering=0) as file:
            written, write_rate = yield from _writing(file.fileno(), size)
            read_rate = yield from _reading(file, written)
    except OSError as error:
        words = Words("it is full") if error.errno == errno.ENOSPC else reason(error)
        return replace(disk, problem=Words("its speed could not be measured: {words}", words=words))
    return replace(disk, read_rate=read_rate, write_rate=write_rate, problem="")


def _writing(file: int, size: int) -> Generator[float, None, tuple[int, float]]:
    """Bytes written, and bytes/s; what the disk has not taken yet at the end counts as time."""
    # Not zeros, which some disks do not write at all. In pages of its own: read past the cache.
    piece = mmap.mmap(-1, PIECE)
    piece.write(os.urandom(1 << 20) * (PIECE >> 20))
    begun, done = perf_counter(), 0
    while done < size and (perf_counter() - begun < SECONDS or not done):
        done += os.write(file, memoryview(piece)[: size - done])
        if done % (2 * PIECE) == 0:
            os.fsync(file)
        yield done / size / 2
    os.fsync(file)
    return done, done / max(perf_counter() - begun, 1e-9)


def _reading(file: IO[bytes], size: int) -> Generator[float, None, float]:
    """Bytes/s past the system's cache; 0 where the system cannot."""
    place = mmap.mmap(-1, PIECE)
    with _reader(file, size) as read:
        begun, done, spent = perf_counter(), 0, 0.0
        while done < size and perf_counter() - begun < SECONDS:
            start = perf_counter()
            n = read(place)
            spent += perf_counter() - start
            if not n:
                break
            done += n
            yield 0.5 + done / size / 2
    return done / max(spent, 1e-9) if done else 0.0


@contextmanager
def _reader(file: IO[bytes], size: int) -> Iterator[Callable[[mmap.mmap], int]]:
    """What fills a place with the next bytes of the file, and answers how many those are."""
    if sys.platform == "win32":
        with disks_windows.past_the_cache(file.name) as read:
            yield read
        return
    number = file.fileno()
    _without_cache(number, size)
    os.lseek(number, 0, os.SEEK_SET)

    def read_into(place: mmap.mmap) -> int:
        return int(os.readv(number, [place]))

    yield read_into


def _without_cache(file: int, size: int) -> None:
    """Forget what the system kept of the file, and keep nothing more, as far as it lets us."""
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):
            os.posix_fadvise(file, 0, size, os.POSIX_FADV_DONTNEED)
        with suppress(OSError):  # a file system without it: memory, some networks
            flags = fcntl.fcntl(file, fcntl.F_GETFL)
            fcntl.fcntl(file, fcntl.F_SETFL, flags | os.O_DIRECT)
    elif sys.platform == "darwin":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(file, fcntl.F_NOCACHE, 1)
