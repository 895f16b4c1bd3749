"""NAME.part: a file on its way. It is the file's beginning, byte for byte.

The journal has a checksum for each piece of 8 MiB, so that damage on the disk is found and only
that piece fetched again. Bytes without one (the last moments before a kill) count as there, and are
the first to be doubted where the whole has another checksum than the hub's.
"""

import hashlib
import itertools
import os
import zlib
from collections.abc import Generator, Iterable
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path
from typing import IO, Any

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError
from engine.base.events import Progress, Stage
from engine.base.places import check_replaceable, give_name
from engine.base.reading import reason
from engine.hub.download_journal import Journal, unbuffered
from engine.hub.records import HubFile

PIECE = 8 << 20
STEP = 1 << 20  # bytes read and hashed at a time: other connections wait so long
Span = tuple[int, int]


def digest_for(file: HubFile) -> "tuple[Any, str]":
    """A fresh checksum of the hub's kind, and what it must come to ("" where the hub tells none).

    git's own has the file's length before its bytes.
    """
    if not file.sha256 and file.blob:
        return hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False), file.blob
    return hashlib.sha256(), file.sha256


class DownloadPart:
    """One file on its way. Locked while it is open. `length`: bytes that are there, from the
    beginning; `damaged`: spans among them that are not what came."""

    def __init__(self, out: Path, file: HubFile, key: str) -> None:
        """`key` says which bytes these are; a part with another one is of another file."""
        self.path = out.with_name(f"{out.name}.part")
        self.length = 0
        self.damaged: list[Span] = []
        self._out, self._file = out, file
        self._crc, self._doubted = 0, False  # of the piece that is being written
        self._digest, self._wanted = digest_for(file)
        self._journal = Journal(out, key, file.size, PIECE)
        self.notice = self._journal.notice  # what a person should know of what was found
        try:
            self._data = self._taken_up()
        except BaseException:
            self._journal.close()
            raise

    def _taken_up(self) -> IO[bytes]:
        check_replaceable(self.path)
        if not self._journal.is_known and not self.notice:
            self._put_away()
        data = unbuffered(self.path)
        if not self._journal.is_known:
            data.truncate(0)
            self._journal.begin()
        self.length = min(data.seek(0, os.SEEK_END), self._file.size)
        data.truncate(self.length)
        return data

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
            if at % PIECE == 0 or at == self._file.size:
                self._compare((at - 1) // PIECE)
            yield Progress(Stage.CHECKING_PART, at, self.length)
        self._doubted = at % PIECE != 0

    def _compare(self, piece: int) -> None:
        """A whole piece was read: is it what came?"""
        known = self._journal.sums.get(piece)
        if known is None:
            self._journal.note(piece, self._crc, doubted=True)
        elif known[0] != self._crc:
            self.damaged.append(self.span(piece))
        self._crc = 0

    def span(self, piece: int) -> Span:
        return piece * PIECE, min((piece + 1) * PIECE, self._file.size)

    def span_end(self, at: int) -> int:
        """Where the piece with this byte ends."""
        return self.span(at // PIECE)[1]

    def doubted(self) -> list[Span]:
        """Whole pieces whose bytes have no checksum from the network, or another one now."""
        odd = [
            self.span(piece)
            for piece, (_, doubted) in sorted(self._journal.sums.items())
            if doubted
        ]
        return joined(sorted({*odd, *self.damaged}))

    @property
    def is_right(self) -> bool:
        """All is there, and its checksum is the hub's."""
        there = self.length == self._file.size and not self.damaged
        return there and (not self._wanted or self._digest.hexdigest() == self._wanted)

    # What comes

    def append(self, data: bytes) -> None:
        """The next bytes. Raises ChaskiError where the disk is full or the hub sends too much."""
        if self.length + len(data) > self._file.size:
            raise ChaskiError(
                "the hub sends more of {file} than it said there is", file=self._out.name
            )
        self._write(self.length, data)
        self._digest.update(data)
        for piece in _cut(data, self.length):
            self._crc = zlib.crc32(piece, self._crc)
            self.length += len(piece)
            if self.length % PIECE == 0 or self.length == self._file.size:
                self._journal.note((self.length - 1) // PIECE, self._crc, doubted=self._doubted)
                self._crc, self._doubted = 0, False

    def rewrite(self, span: Span, data: Iterable[bytes]) -> None:
        """Whole pieces anew. `look` must follow."""
        at, crc = span[0], 0
        for each in data:
            self._write(at, each)
            for piece in _cut(each, at):
                crc, at = zlib.crc32(piece, crc), at + len(piece)
                if at % PIECE == 0 or at == self._file.size:
                    self._journal.note((at - 1) // PIECE, crc, doubted=False)
                    crc = 0

    def begin_anew(self) -> None:
        """Nothing of what is there can be used."""
        self.damaged, self.length = [], 0
        self._crc, self._doubted = 0, False
        self._digest, _ = digest_for(self._file)
        self._data.truncate(0)
        self._journal.begin()

    def sync(self) -> None:
        """What came is on the disk, also if the power fails now."""
        os.fsync(self._data.fileno())
        self._journal.sync()

    # The end

    def finish(self) -> None:
        """The file gets its name. Raises UsageError where something else has it by now."""
        self.sync()
        self._data.close()
        give_name(self.path, self._out, is_new=True)
        self._journal.remove()

    def discard(self) -> None:
        """Nothing stays."""
        self._data.close()
        self.path.unlink(missing_ok=True)
        self._journal.remove()

    def close(self) -> None:
        with suppress(OSError):
            self._data.close()
        self._journal.close()

    def _put_away(self) -> None:
        """A part without a journal is not ours; it is kept under another name."""
        if not self.path.exists() or not self.path.stat().st_size:
            return
        for number in itertools.count(1):
            kept = self.path.with_name(f"{self.path.name}.{number}.kept")
            if not os.path.lexists(kept):
                give_name(self.path, kept, is_new=True)
                self.notice = Words(
                    "{file} was not ours; it is called {kept} now",
                    file=self.path.name,
                    kept=kept.name,
                )
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
                raise ChaskiError(
                    "{file} cannot be written: {reason}", file=self.path, reason=reason(error)
                ) from None
            raise full(self.path.parent, self._file.size - self.length) from None


def full(folder: Path, missing: int) -> ChaskiError:
    return ChaskiError(
        "the disk is full: {missing:file} more are needed in {folder}; make room and ask again, "
        "what is there is kept",
        missing=missing,
        folder=folder,
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
