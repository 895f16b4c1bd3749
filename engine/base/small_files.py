"""Small files of the program's own: written whole or not at all, changed by one program at a time.

For what may be lost without harm, measurements above all: where the disk refuses, nothing is kept.
"""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from engine.base.errors import ChaskiError
from engine.base.locks import lock
from engine.base.paths import made
from engine.base.places import opened_own

PATIENCE, LOOK_EVERY = 2.0, 0.01  # seconds that another program is waited for, and between looks


def replaced(file: Path, text: str) -> bool:
    """The file holds this text from now on; False where the disk refuses, and what was there before
    then stays."""
    part = file.with_name(f"{file.name}.{os.urandom(4).hex()}.part")
    try:
        made(file.parent)
        with open(part, "x", encoding="utf-8", opener=_own) as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except (OSError, ValueError):  # also half a letter in a name
        with suppress(OSError):
            part.unlink(missing_ok=True)
        return False
    return True


def _own(path: str, flags: int) -> int:
    """Nobody else reads it, whatever folder it lies in."""
    return os.open(path, flags, 0o600)


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Nobody else who asks for it changes this file meanwhile: what is read of it may be changed
    and written. Goes on alike where the disk knows no locks, or another program does not come to an
    end. The lock is a file beside it, which stays."""
    with ExitStack() as stack:
        until = time.monotonic() + PATIENCE
        with suppress(OSError, ChaskiError):
            made(file.parent)
            held = stack.enter_context(opened_own(file.with_name(f"{file.name}.lock")))
            while not _is_locked(held) and time.monotonic() < until:
                time.sleep(LOOK_EVERY)
        yield


def _is_locked(file: IO[bytes]) -> bool:
    """Raises OSError on a disk that knows no locks."""
    try:
        lock(file)
    except (BlockingIOError, PermissionError):
        return False
    return True
