"""Small files and standard input, read whole: with a bound, and only what is an ordinary file.

Invariant: nothing here reads more than it was told to, whatever the system says of the size: a
device says 0 and never ends, a hole in a file takes no room on a disk.
"""

import os
import stat
from codecs import getincrementaldecoder
from pathlib import Path
from typing import IO

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError, FormatError

MOST_TEXT = 64 << 20  # bytes of a text to be tokenized or measured: some ten thousand pages
MOST_LINE = 1 << 20  # letters of one line of a conversation
PIECE = 1 << 20
SPARSE = 16  # a file may say that it is so many times larger than what it takes on the disk
SMALL = 16 << 20  # holes up to this are nobody's business


def read_file(path: Path, most: int, kind: type[ChaskiError] = FormatError) -> bytes:
    """All bytes of an ordinary file of at most `most`. Raises `kind`."""
    try:
        with open(path, "rb", opener=_opened) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise kind(
                    Words(
                        "{file} is no ordinary file; choose a file that can be read whole",
                        file=path,
                    )
                )
            if found.st_size > most:
                raise _too_large(str(path), most, kind, found.st_size)
            check_holes(path.name, found, kind)
            return _all(file, str(path), most, kind)
    except (OSError, ValueError) as error:
        raise kind(
            Words("{file} cannot be read: {reason}", file=path, reason=reason(error))
        ) from None


def read_stream(path: Path, most: int) -> bytes:
    """The same of what a person names: also a pipe may be given, such as <(command)."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
                raise ChaskiError(
                    "{file} is neither a file nor a pipe; choose a text file", file=path
                )
            return _all(file, str(path), most, ChaskiError)
    except (OSError, ValueError) as error:
        raise ChaskiError(
            "{file} cannot be read: {reason}", file=path, reason=reason(error)
        ) from None


def read_input(stream: IO[bytes], most: int = MOST_TEXT) -> bytes:
    """All of standard input, which need not end."""
    return _all(stream, Words("the text on standard input"), most, ChaskiError)


def beginning(path: Path, most: int) -> str:
    """The first `most` bytes of a text of any length, up to a whole letter."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
                raise ChaskiError(
                    "{file} is neither a file nor a pipe; choose a text file", file=path
                )
            raw = file.read(min(most, MOST_TEXT))
            return getincrementaldecoder("utf-8")().decode(raw, final=len(raw) < most)
    except UnicodeDecodeError as error:
        raise ChaskiError(
            "{file} is not UTF-8 text (byte {start})", file=path, start=error.start
        ) from None
    except (OSError, ValueError) as error:
        raise ChaskiError(
            "{file} cannot be read: {reason}", file=path, reason=reason(error)
        ) from None


def decoded(raw: bytes, name: str) -> str:
    """UTF-8 text."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ChaskiError(
            "{name} is not UTF-8 text (byte {start})", name=name, start=error.start
        ) from None


def check_holes(name: str, found: os.stat_result, kind: type[ChaskiError] = FormatError) -> None:
    """A file that is nearly all hole costs nothing to make, and much to read."""
    blocks = getattr(found, "st_blocks", None)  # of 512 bytes; not known on Windows
    if blocks is not None and found.st_size > SMALL + SPARSE * 512 * blocks:
        raise kind(
            Words(
                "{name} says that it has {st_size:file}, but only {blocks:file} of it are there; "
                "get the file again",
                name=name,
                st_size=found.st_size,
                blocks=512 * blocks,
            )
        )


def reason(error: Exception) -> str:
    """Why the system refused, in its words."""
    return getattr(error, "strerror", None) or str(error)


def _all(file: IO[bytes], name: str, most: int, kind: type[ChaskiError]) -> bytes:
    pieces, size = list[bytes](), 0
    while piece := file.read(PIECE):
        size += len(piece)
        if size > most:
            raise _too_large(name, most, kind)
        pieces.append(piece)
    return b"".join(pieces)


def _too_large(name: str, most: int, kind: type[ChaskiError], size: int = 0) -> ChaskiError:
    told = Words("has {size:file}", size=size) if size else Words("does not end")
    return kind(
        Words(
            "{name} {told}: more than the {most:file} that are read; choose another",
            name=name,
            told=told,
            most=most,
        )
    )


def _opened(path: str, flags: int) -> int:
    """Without waiting for somebody to write into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
