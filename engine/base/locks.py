"""A lock on an open file: two programs do not write the same one."""

import sys
from typing import IO

FAR = 1 << 62  # behind any file: Windows keeps others from reading what is locked


def lock(file: IO[bytes]) -> None:
    """Until it is closed, or its process is gone. Raises BlockingIOError or PermissionError where
    somebody else has it, another OSError on a disk that knows no locks."""
    if sys.platform == "win32":
        import msvcrt

        at = file.tell()
        file.seek(FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        finally:
            file.seek(at)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
