"""A file of any size, read piece by piece as pieces are asked for; never whole, never mapped.

A mapped page whose file has become shorter ends the program (SIGBUS); a read that gets less than
it asked for is a sentence. Invariant: a Span lies inside the file as it was when it was opened.
"""

import os
import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.base.catalogue import Phrase, Words
from engine.base.errors import FormatError
from engine.base.paths import openable

Bytes = NDArray[np.uint8]
WINDOW = 1 << 16  # what a parser of a header has at hand
MOST_AT_ONCE = 1 << 30  # some systems read no more in one call


class ByteSource(ABC):
    """Bytes that can be read from any place on; a file, here or elsewhere."""

    name: str
    size: int

    def view(self, offset: int, nbytes: int, what: str | Phrase) -> "Span":
        """Bytes of the file, read later; `what` they are, for the message if they are not there."""
        if offset < 0 or nbytes < 0 or offset + nbytes > self.size:
            raise FormatError(
                "{file} is cut short or broken: {what} needs {nbytes} bytes at byte {offset}, but "
                "the file has {size}; get the file again",
                file=self.name,
                what=what,
                nbytes=max(0, nbytes),
                offset=offset,
                size=self.size,
            )
        return Span(self, offset, nbytes)

    def bytes(self, offset: int, nbytes: int, what: str | Phrase) -> bytes:
        return self.view(offset, nbytes, what).tobytes()

    @abstractmethod
    def read_into(self, offset: int, target: Bytes) -> None:
        """Fills `target` (contiguous) from byte `offset` on. Raises ChaskiError if bytes miss."""

    @abstractmethod
    def read_ahead(self, offset: int, nbytes: int) -> None:
        """Asks for this to be read soon, without waiting for it."""

    @abstractmethod
    def close(self) -> None:
        """Nothing can be read any more."""


class OpenFile(ByteSource):
    """One open file. It stays open until close() or as long as somebody holds it, whatever becomes
    of its name."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self._number = _opened(self.path)
        self._close = weakref.finalize(self, os.close, self._number)
        self._turn = threading.Lock()  # for systems whose reads share one position
        self.size = os.fstat(self._number).st_size
        if self.size == 0:
            self.close()
            raise FormatError("{file} is empty; get the file again", file=self.name)

    def read_into(self, offset: int, target: Bytes) -> None:
        """Fills `target` (contiguous) from byte `offset` on. Raises FormatError if bytes miss."""
        if not self._close.alive:
            raise FormatError("{file} is closed; open it again", file=self.name)
        try:
            got = _read_at(self._number, offset, target.reshape(-1).data, self._turn)
        except OSError as error:
            reason = error.strerror or str(error)
            raise FormatError(
                "{file} cannot be read any more: {reason}", file=self.name, reason=reason
            ) from None
        if got < target.size:
            raise FormatError(
                "{file} has become shorter while it was open: {size} bytes at byte {offset} are "
                "gone; close it, wait until nothing writes to it or get it again, then open it "
                "anew",
                file=self.name,
                size=target.size - got,
                offset=offset + got,
            )

    def read_ahead(self, offset: int, nbytes: int) -> None:
        """Asks the system to read this soon, without waiting for it."""
        if hasattr(os, "posix_fadvise") and self._close.alive:
            with suppress(OSError):
                os.posix_fadvise(self._number, offset, nbytes, os.POSIX_FADV_WILLNEED)

    def close(self) -> None:
        self._close()


class Span:
    """A run of bytes of an open file. A slice of it is read, and a copy."""

    def __init__(self, file: ByteSource, offset: int, nbytes: int) -> None:
        self.file, self.offset, self.nbytes = file, offset, nbytes

    def __len__(self) -> int:
        return self.nbytes

    def __getitem__(self, part: slice) -> Bytes:
        """uint8 [n]; no steps."""
        start, stop, _ = part.indices(self.nbytes)
        found = np.empty(max(0, stop - start), np.uint8)
        if found.size:
            self.file.read_into(self.offset + start, found)
        return found

    def tobytes(self) -> bytes:
        return self[:].tobytes()

    @property
    def size(self) -> int:
        return self.nbytes

    def reshape(self, n_rows: int, row_bytes: int) -> "Rows":
        """The same bytes as rows; n_rows may be -1."""
        count = self.nbytes // row_bytes if n_rows < 0 else n_rows
        if count * row_bytes != self.nbytes:
            raise ValueError(f"{self.nbytes} bytes are not {n_rows} rows of {row_bytes}")
        return Rows(self, count, row_bytes)


class Rows:
    """A tensor's rows in an open file, as uint8 [rows, row_bytes]; what is indexed is read.

    `change` turns the rows that were read into those that are wanted (another byte order).
    """

    def __init__(
        self,
        span: Span,
        n_rows: int,
        row_bytes: int,
        change: Callable[[Bytes], Bytes] | None = None,
    ) -> None:
        self.span, self.shape, self._change = span, (n_rows, row_bytes), change

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, which: slice | NDArray[np.int64]) -> Bytes:
        """Rows of a slice, or those whose numbers are given."""
        if isinstance(which, slice) and which.step in (None, 1):
            start, stop, _ = which.indices(self.shape[0])
            found = np.empty((max(0, stop - start), self.shape[1]), np.uint8)
            return self.read_into(start, found)
        numbers = np.arange(self.shape[0])[which]
        found = np.empty((len(numbers), self.shape[1]), np.uint8)
        for row, number in zip(found, numbers.tolist(), strict=True):
            self.span.file.read_into(self.span.offset + number * self.shape[1], row)
        return found if self._change is None else self._change(found)

    def read_into(self, start: int, target: Bytes) -> Bytes:
        """len(target) rows from `start` on; where they are now: `target`, or a changed copy."""
        if target.size:
            self.span.file.read_into(self.span.offset + start * self.shape[1], target)
        return target if self._change is None else self._change(target)

    def read_ahead(self, start: int, stop: int) -> None:
        begin = self.span.offset + start * self.shape[1]
        self.span.file.read_ahead(begin, (stop - start) * self.shape[1])


class Window:
    """A file's bytes for a parser that goes from front to back: slices as of `bytes`."""

    def __init__(self, file: ByteSource) -> None:
        self._file = file
        self._start, self._bytes = 0, b""

    def __len__(self) -> int:
        return self._file.size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._file.size)
        if stop - start > WINDOW:
            return self._read(start, stop - start)
        if start < self._start or stop > self._start + len(self._bytes):
            self._start = start
            self._bytes = self._read(start, min(WINDOW, self._file.size - start))
        return self._bytes[start - self._start : max(start, stop) - self._start]

    def find(self, byte: bytes, start: int, end: int) -> int:
        """Where the first such byte stands from `start` on and before `end`; -1 if nowhere."""
        end = min(end, len(self))
        for at in range(start, end, WINDOW):
            found = self[at : min(at + WINDOW, end)].find(byte)
            if found >= 0:
                return at + found
        return -1

    def _read(self, start: int, size: int) -> bytes:
        return self._file.bytes(start, size, Words("its header"))


def _opened(path: Path) -> int:
    path = Path(openable(path))
    if path.exists() and not path.is_file():
        # Opening a pipe would wait for somebody to write into it.
        raise FormatError("{file} is no ordinary file", file=path)
    try:
        return os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FormatError("{file} cannot be opened: {reason}", file=path, reason=reason) from None


def _read_at(number: int, offset: int, target: memoryview, turn: threading.Lock) -> int:
    """Reads until `target` is full or the file ends; returns how many bytes there were."""
    done = 0
    while done < len(target):
        piece = target[done : done + MOST_AT_ONCE]
        if hasattr(os, "preadv"):
            got = os.preadv(number, [piece], offset + done)
        else:  # Windows: to go there and to read are two calls
            with turn:
                os.lseek(number, offset + done, os.SEEK_SET)
                found = os.read(number, len(piece))
            got = len(found)
            piece[:got] = found
        if got == 0:
            break
        done += got
    return done
