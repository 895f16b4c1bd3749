"""NAME.part.journal: by which a later run goes on with NAME.part, and the lock on both.

A line of JSON with its own checksum says which file that is; one for each piece that is whole has
the checksum of what came over the network, and whether some of it was only found on the disk.

Invariant: what is read here is untrusted; a line that is not as expected counts as not written.
"""

import json
import os
import zlib
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError, UsageError
from engine.base.locks import lock
from engine.base.places import opened_own

FORM = 1
MOST = 64 << 20  # bytes that are read
Sum = tuple[int, bool]  # CRC-32 of a piece; is it doubted?


class BusyError(UsageError):
    """Another program, or another order of this one, is fetching the same file."""


class Journal:
    """Open and locked. `key` and `size` say which file it must be of; `is_known`: it is, and `sums`
    holds what it tells of whole pieces; else `notice` says why not, where there was one."""

    def __init__(self, out: Path, key: str, size: int, piece: int) -> None:
        self.path = out.with_name(f"{out.name}.part.journal")
        self.sums: dict[int, Sum] = {}
        self.notice = ""
        self._out, self._key, self._size, self._piece = out, key, size, piece
        self._file = _locked(self.path, out)
        try:
            self.is_known = self._read()
        except BaseException:
            self.close()
            raise

    def begin(self) -> None:
        """Of a file of which nothing is there; on the disk also if the power fails now."""
        self.sums = {}
        self._file.seek(0)
        self._file.truncate(0)
        self._file.write(_line({"form": FORM, "key": self._key, "size": self._size}))
        self.sync()
        _sync_folder(self.path.parent)

    def note(self, piece: int, crc: int, *, doubted: bool) -> None:
        """A piece is whole."""
        if self.sums.get(piece) != (crc, doubted):
            self.sums[piece] = (crc, doubted)
            self._file.write(_line([piece, crc, doubted]))

    def sync(self) -> None:
        os.fsync(self._file.fileno())

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()

    def remove(self) -> None:
        self.close()
        self.path.unlink(missing_ok=True)

    def _read(self) -> bool:
        lines = self._file.read(MOST).split(b"\n")
        if lines == [b""]:
            return False
        head = _read_line(lines[0])
        if not isinstance(head, dict) or head.get("form") != FORM:
            self.notice = Words(
                "what is known of {file}.part is damaged; it begins anew", file=self._out.name
            )
            return False
        if (head.get("key"), head.get("size")) != (self._key, self._size):
            self.notice = Words(
                "{file} has changed on the hub; its download begins anew", file=self._out.name
            )
            return False
        for line in lines[1:]:
            self._take(_read_line(line))
        self._file.seek(0, os.SEEK_END)
        if lines[-1]:
            self._file.write(b"\n")  # behind a line that was cut
        return True

    def _take(self, told: Any) -> None:
        right = isinstance(told, list) and [type(x) for x in told] == [int, int, bool]
        if right and 0 <= told[0] * self._piece < self._size:
            self.sums[told[0]] = (told[1], told[2])


def unbuffered(path: Path) -> IO[bytes]:
    """A file of ours for reading and writing; what is written survives a kill."""
    raw: IO[bytes] = opened_own(path).detach()  # type: ignore[attr-defined]
    return raw


def _line(told: object) -> bytes:
    words = json.dumps(told, separators=(",", ":")).encode()
    return b"%s %08x\n" % (words, zlib.crc32(words))


def _read_line(line: bytes) -> Any:
    words, _, check = line.rpartition(b" ")
    try:
        return json.loads(words) if int(check, 16) == zlib.crc32(words) else None
    except (ValueError, RecursionError):
        return None


def _locked(path: Path, out: Path) -> IO[bytes]:
    """For this download alone."""
    for _ in range(100):
        file = unbuffered(path)
        try:
            lock(file)
        except (BlockingIOError, PermissionError):
            file.close()
            raise BusyError(
                "{file} is being downloaded already, here or by another program; wait for its end",
                file=out.name,
            ) from None
        except OSError:
            pass  # a disk that knows no locks
        if _is_still(path, file):
            return file
        file.close()  # who had it came to the end and removed it
    raise ChaskiError("{file} cannot be kept; is another program removing it?", file=path)


def _is_still(path: Path, file: IO[bytes]) -> bool:
    try:
        now, found = path.stat(), os.fstat(file.fileno())
    except OSError:
        return False
    return (now.st_dev, now.st_ino) == (found.st_dev, found.st_ino)


def _sync_folder(folder: Path) -> None:
    """Names survive a loss of power only when their folder is written; Windows does that itself."""
    if os.name == "nt":
        return
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
