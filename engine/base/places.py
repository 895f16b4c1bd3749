"""Where results may be written: never over what is not ours to replace.

Invariant: a file has its name only when it is complete. Devices, pipes, folders and links are
refused, before the work and again when the name is given; what failed leaves nothing behind.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError, UsageError
from engine.base.reading import reason

BINARY = getattr(os, "O_BINARY", 0)
ORDINARY = Words("choose another name for the result")


def check_output(
    out: Path, sources: Iterable[Path] = (), *, overwrite: bool = False, example: str = ""
) -> None:
    """Before an hour of work, not after it: is this a place that may be written to?

    sources: what is read from and must stay. Raises UsageError.
    """
    if out.is_dir() and example:
        raise UsageError(
            "{file} is a folder; give the name of the file to write, such as {example}",
            file=out,
            example=example,
        )
    if out.is_dir():
        raise UsageError("{file} is a folder; give the name of the file to write", file=out)
    check_replaceable(out)
    if not out.absolute().parent.is_dir():
        raise UsageError(
            "the folder {parent} does not exist; make it first", parent=out.absolute().parent
        )
    if not os.path.lexists(out):
        return
    if any(path.exists() and out.samefile(path) for path in sources):
        raise UsageError(
            "{file} is the source itself; choose another name for the result", file=out
        )
    if not overwrite:
        raise UsageError("{file} exists already; choose another name or remove it first", file=out)


def check_replaceable(out: Path) -> None:
    """Nothing but an ordinary file may be replaced; a link is not followed and not replaced."""
    try:
        mode = out.lstat().st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise UsageError(
            "{file} cannot be written: {reason}; {ordinary}",
            file=out,
            reason=reason(error),
            ordinary=ORDINARY,
        ) from None
    if stat.S_ISLNK(mode):
        raise UsageError(
            "{file} is a link, which is not followed; name the file it leads to", file=out
        )
    if not stat.S_ISREG(mode):
        raise UsageError(
            "{file} is no ordinary file (a device or a pipe); {ordinary}",
            file=out,
            ordinary=ORDINARY,
        )


def give_name(part: Path, out: Path, *, is_new: bool) -> None:
    """A complete file gets its name. is_new: nothing had that name when the work began, so that
    nothing is replaced that somebody put there meanwhile."""
    check_replaceable(out)
    if not is_new:
        os.replace(part, out)
        return
    try:
        os.link(part, out)
    except FileExistsError:
        raise _meanwhile(out) from None
    except OSError:  # a disk that knows no second names
        if os.path.lexists(out):
            raise _meanwhile(out) from None
        os.rename(part, out)
    else:
        part.unlink()


@contextmanager
def writing(out: Path, *, overwrite: bool = False) -> Iterator[IO[bytes]]:
    """A small file that is written in one go. Raises UsageError and ChaskiError."""
    check_output(out, overwrite=overwrite)
    is_new = not out.exists()
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        # Nothing is there yet, and if something is after all it is somebody else's.
        with part.open("xb") as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                file.close()
                give_name(part, out, is_new=is_new)
            except BaseException:
                file_closed(file)
                part.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise ChaskiError(
            "{file} cannot be written: {reason}; {ordinary}",
            file=out,
            reason=reason(error),
            ordinary=ORDINARY,
        ) from None


def file_closed(file: IO[bytes]) -> None:
    """Closed, whatever a full disk says to what was not written yet."""
    with suppress(OSError):
        file.close()


def opened_own(path: Path) -> IO[bytes]:
    """A file of ours for reading and writing, made where there is none; never through a link, and
    never one that has a second name. Raises UsageError and OSError."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    check_replaceable(path)
    file = os.fdopen(os.open(path, flags | BINARY, 0o666), "r+b")
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        file.close()
        raise UsageError("{file} is in the way: it has other names, too; move it away", file=path)
    return file


def remove_own(path: Path, opened: os.stat_result) -> None:
    """Removes the file that was opened, not what has its name by now."""
    with suppress(FileNotFoundError):
        now = path.lstat()
        if (now.st_dev, now.st_ino) == (opened.st_dev, opened.st_ino):
            path.unlink()


def _meanwhile(out: Path) -> UsageError:
    return UsageError("{file} was made by somebody else meanwhile; it is not replaced", file=out)
