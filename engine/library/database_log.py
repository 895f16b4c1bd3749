"""Folds the log of an SQLite file into it, aside from those who write.

SQLite would do it within a commit, in whose thread the next writes wait until the disk has made it
last: tens of milliseconds, a second and more on one that is busy. What is said in a chat meanwhile
would be lost with a kill. (https://www.sqlite.org/wal.html, "Avoiding Excessively Large WAL Files")
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock, Thread

FOLDED_WRITES = 100  # so many at most wait in the log, some megabytes
FOLDED_BYTES = 4 << 20  # by which the log has grown; once folded, it is written from its beginning
WAIT_S = 10.0  # for a fold that is under way, at the end


class LogFolder:
    """Of one file; `connect` opens a connection. Any thread may call."""

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection]) -> None:
        self._log = path.with_name(f"{path.name}-wal")
        self._connect = connect
        self._lock = Lock()
        self._writes = self._size = 0  # since the last fold; of the log at that time
        self._thread: Thread | None = None

    def written(self) -> None:
        """Somebody has committed a transaction."""
        with self._lock:
            self._writes += 1
            if self._thread is not None and self._thread.is_alive():
                return
            size = self._bytes()
            if self._writes < FOLDED_WRITES and size < self._size + FOLDED_BYTES:
                return
            thread = Thread(target=self._fold, name="chaski-fold", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # the system has no more: the next write tries again
                return
            self._thread, self._writes, self._size = thread, 0, size

    def wait(self) -> None:
        """Until a fold that is under way is done."""
        thread = self._thread
        if thread is not None:
            thread.join(WAIT_S)

    def _fold(self) -> None:
        """What cannot be folded now (no room, a slow reader) stays in the log: nothing is lost."""
        with suppress(sqlite3.Error), closing(self._connect()) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _bytes(self) -> int:
        try:
            return self._log.stat().st_size
        except OSError:
            return 0
