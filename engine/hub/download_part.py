"""NAME.part: a file on its way, and NAME.part.journal, by which a later run goes on.

The part is the file's beginning, byte for byte. The journal's first line says which file that is;
a line for each piece of 8 MiB has the checksum of what came over the network, so that damage on the
disk is found and only that piece fetched again. Bytes without such a line (the last moments before
a kill) count as there, and are the first to be doubted where the whole has another checksum.

Invariant: what is read here is untrusted; a line that is not as expected counts as not written.
"""

import hashlib
import itertools
import json
import os
import zlib
from collections.abc import Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path
from typing import IO, Any

from engine.base import sizes
from engine.base.errors import ChaskiError, UsageError
from engine.base.events import Progress, Stage
from engine.base.locks import lock
from engine.base.places import check_replaceable, give_name, opened_own
from engine.base.reading import reason
from engine.hub.records import HubFile

PIECE = 8 << 20
STEP = 4 << 20  # bytes that are read and hashed at a time
FORM = 1  # of the journal
MOST_JOURNAL = 64 << 20
Span = tuple[int, int]


class BusyError(UsageError):
    """Another program, or another order of this one, is fetching the same file."""


@dataclass(frozen=True)
class Identity:
    """Which file a part is of."""

    key: str
    size: int


def digest_for(file: HubFile) -> "tuple[Any, str]":
    """A fresh checksum of the hub's kind, and what it must come to ("" where the hub tells none).

    git's own has the file's length before its bytes.
    """
    if not file.sha256 and file.blob:
        return hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False), file.blob
    return hashlib.sha256(), file.sha256


class Part:
    """One file on its way. Locked while it is open. `length`: bytes that are there, from the
    beginning; `damaged`: spans among them that are not what came."""

    def __init__(self, out: Path, file: HubFile, identity: Identity) -> None:
        self.path = out.with_name(f"{out.name}.part")
        self.journal_path = out.with_name(f"{out.name}.part.journal")
        self.notice = ""  # what a person should know of what was found
        self.length = 0
        self.damaged: list[Span] = []
        self._out, self._file, self._identity = out, file, identity
        self._sums: dict[int, tuple[int, bool]] = {}  # of whole pieces: checksum, was it doubted
        self._crc, self._doubted = 0, False  # of the piece that is being written
        self._digest, self._wanted = digest_for(file)
        self._journal = _locked(self.journal_path, out)
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        check_replaceable(self.path)
        known = self._read_journal()
        if not known and self.path.exists():
            self._put_away()
        self._data = _opened(self.path)
        if not known:
            self._data.truncate(0)
            self._write_head()
        size = self._data.seek(0, os.SEEK_END)
        if size > self._identity.size:
            self._data.truncate(self._identity.size)
        self.length = min(size, self._identity.size)

    # What is there

    def look(self) -> Generator[Progress, None, None]:
        """Reads what is there: finds damaged pieces, and takes the checksum of all."""
        self._digest, _ = digest_for(self._file)
        self.damaged, self._crc, self._doubted = [], 0, False
        self._data.seek(0)
        at = 0
        while at < self.length:
            data = self._data.read(min(STEP, self.length - at, PIECE - at % PIECE))
            if not data:
                self.length = at  # somebody made it shorter
                break
            self._digest.update(data)
            self._crc = zlib.crc32(data, self._crc)
            at += len(data)
            if at % PIECE == 0 or at == self._identity.size:
                self._compare((at - 1) // PIECE)
            yield Progress(Stage.CHECKING_PART, at, self.length)
        self._doubted = at % PIECE != 0

    def _compare(self, piece: int) -> None:
        """A whole piece was read: is it what came?"""
        known = self._sums.get(piece)
        if known is None:
            self._note(piece, self._crc, doubted=True)
        elif known[0] != self._crc:
            self.damaged.append(self.span(piece))
        self._crc = 0

    def span(self, piece: int) -> Span:
        return piece * PIECE, min((piece + 1) * PIECE, self._identity.size)

    def span_end(self, at: int) -> int:
        """Where the piece with this byte ends."""
        return self.span(at // PIECE)[1]

    def doubted(self) -> list[Span]:
        """Whole pieces whose bytes have no checksum from the network, or another one now."""
        odd = [self.span(piece) for piece, (_, doubted) in sorted(self._sums.items()) if doubted]
        return joined(sorted({*odd, *self.damaged}))

    @property
    def is_right(self) -> bool:
        """All is there, and its checksum is the hub's."""
        there = self.length == self._identity.size and not self.damaged
        return there and (not self._wanted or self._digest.hexdigest() == self._wanted)

    # What comes

    def append(self, data: bytes) -> None:
        """The next bytes. Raises ChaskiError where the disk is full or the hub sends too much."""
        if self.length + len(data) > self._identity.size:
            raise ChaskiError(f"the hub sends more of {self._out.name} than it said there is")
        self._write(self.length, data)
        self._digest.update(data)
        for piece in _cut(data, self.length):
            self._crc = zlib.crc32(piece, self._crc)
            self.length += len(piece)
            if self.length % PIECE == 0 or self.length == self._identity.size:
                self._note((self.length - 1) // PIECE, self._crc, doubted=self._doubted)
                self._crc, self._doubted = 0, False

    def rewrite(self, span: Span, data: Iterable[bytes]) -> None:
        """Whole pieces anew. `look` must follow."""
        at, crc = span[0], 0
        for each in data:
            self._write(at, each)
            for piece in _cut(each, at):
                crc, at = zlib.crc32(piece, crc), at + len(piece)
                if at % PIECE == 0 or at == self._identity.size:
                    self._note((at - 1) // PIECE, crc, doubted=False)
                    crc = 0

    def begin_anew(self) -> None:
        """Nothing of what is there can be used."""
        self._sums, self.damaged, self.length = {}, [], 0
        self._crc, self._doubted = 0, False
        self._digest, _ = digest_for(self._file)
        self._data.truncate(0)
        self._write_head()

    def settle(self) -> None:
        """What came is on the disk, also if the power fails now."""
        os.fsync(self._data.fileno())
        os.fsync(self._journal.fileno())

    # The end

    def finish(self) -> None:
        """The file gets its name. Raises UsageError where something else has it by now."""
        self.settle()
        self._data.close()
        give_name(self.path, self._out, is_new=True)
        self.close()
        with suppress(OSError):
            self.journal_path.unlink()

    def discard(self) -> None:
        """Nothing stays."""
        self.close()
        for path in (self.path, self.journal_path):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        for file in (getattr(self, "_data", None), self._journal):
            if file is not None:
                with suppress(OSError):
                    file.close()

    # The journal

    def _read_journal(self) -> bool:
        """Whether it is this file's; else nothing of it counts, and a word says why."""
        lines = self._journal.read(MOST_JOURNAL).split(b"\n")
        if lines == [b""]:
            return False
        head = _read_line(lines[0])
        if not isinstance(head, dict) or head.get("form") != FORM:
            self.notice = f"what is known of {self.path.name} is damaged; it begins anew"
            return False
        if (head.get("key"), head.get("size")) != (self._identity.key, self._identity.size):
            self.notice = f"{self._out.name} has changed on the hub; its download begins anew"
            return False
        for line in lines[1:]:
            told = _read_line(line)
            right = isinstance(told, list) and [type(x) for x in told] == [int, int, bool]
            if right and 0 <= told[0] * PIECE < self._identity.size:
                self._sums[told[0]] = (told[1], told[2])
        self._journal.seek(0, os.SEEK_END)
        if lines[-1]:
            self._journal.write(b"\n")  # behind a line that was cut
        return True

    def _write_head(self) -> None:
        self._journal.seek(0)
        self._journal.truncate(0)
        key, size = self._identity.key, self._identity.size
        self._journal.write(_line({"form": FORM, "key": key, "size": size}))
        os.fsync(self._journal.fileno())
        _settle_folder(self.path.parent)

    def _note(self, piece: int, crc: int, *, doubted: bool) -> None:
        if self._sums.get(piece) != (crc, doubted):
            self._sums[piece] = (crc, doubted)
            self._journal.write(_line([piece, crc, doubted]))

    def _put_away(self) -> None:
        """A part without a journal is not ours; it is kept under another name."""
        if self.notice or not self.path.stat().st_size:
            return
        for number in itertools.count(1):
            kept = self.path.with_name(f"{self.path.name}.{number}.kept")
            if not os.path.lexists(kept):
                give_name(self.path, kept, is_new=True)
                self.notice = f"{self.path.name} was not ours; it is called {kept.name} now"
                return

    def _write(self, at: int, data: bytes) -> None:
        self._data.seek(at)
        view = memoryview(data)
        try:
            while view:
                view = view[self._data.write(view) :]
        except OSError as error:
            self._data.truncate(max(at, self.length))  # half a piece is no news
            if error.errno != ENOSPC:
                raise ChaskiError(f"{self.path} cannot be written: {reason(error)}") from None
            raise full(self.path.parent, self._identity.size - self.length) from None


def full(folder: Path, missing: int) -> ChaskiError:
    return ChaskiError(
        f"the disk is full: {sizes.file(missing)} more are needed in {folder}; make room and ask "
        "again, what is there is kept"
    )


def joined(spans: list[Span]) -> list[Span]:
    """Neighbours as one."""
    found = list[Span]()
    for start, stop in spans:
        if found and found[-1][1] >= start:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


def _cut(data: bytes, at: int) -> Generator[bytes, None, None]:
    """Bytes that stand at this place, cut where pieces end."""
    done = 0
    while done < len(data):
        most = PIECE - (at + done) % PIECE
        yield data[done : done + most]
        done += most


def _line(told: object) -> bytes:
    words = json.dumps(told, separators=(",", ":")).encode()
    return b"%s %08x\n" % (words, zlib.crc32(words))


def _read_line(line: bytes) -> Any:
    words, _, check = line.rpartition(b" ")
    try:
        return json.loads(words) if int(check, 16) == zlib.crc32(words) else None
    except ValueError:
        return None


def _opened(path: Path) -> IO[bytes]:
    """For reading and writing, without a buffer: what is written survives a kill."""
    opened_own(path).close()
    return path.open("r+b", buffering=0)


def _locked(path: Path, out: Path) -> IO[bytes]:
    """The journal, for this download alone."""
    for _ in range(100):
        opened_own(path).close()
        file = path.open("r+b", buffering=0)
        try:
            lock(file)
        except (BlockingIOError, PermissionError):
            file.close()
            raise BusyError(
                f"{out.name} is being downloaded already, here or by another program; wait for its "
                "end"
            ) from None
        except OSError:
            pass  # a disk that knows no locks
        if _is_still(path, file):
            return file
        file.close()  # who had it came to the end and removed it
    raise ChaskiError(f"{path} cannot be kept; is another program removing it?")


def _is_still(path: Path, file: IO[bytes]) -> bool:
    try:
        now, found = path.stat(), os.fstat(file.fileno())
    except OSError:
        return False
    return (now.st_dev, now.st_ino) == (found.st_dev, found.st_ino)


def _settle_folder(folder: Path) -> None:
    """Names survive a loss of power only when their folder is written; Windows does that itself."""
    if os.name == "nt":
        return
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
