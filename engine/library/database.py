"""One SQLite file: opened safely by several processes, migrated step by step, never thrown away.

Each use opens its own connection, so any thread may call. A damaged file is moved aside and kept.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from engine.base.errors import ChaskiError
from engine.base.paths import made

_BUSY_SECONDS = 10.0
_CHECKED_BYTES = 64 << 20  # a larger file is not read through at every start

Migration = Callable[[sqlite3.Connection], None]


class Database:
    """A file with a schema; `migrations[i]` leads from version i to i + 1."""

    def __init__(self, path: Path, what: str, migrations: Sequence[Migration]) -> None:
        self.path = path
        self.notice = ""  # set when a damaged file had to be moved aside
        self._what = what  # "your chats", for messages
        self._migrations = migrations
        self._anchor: sqlite3.Connection | None = None

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the file throughout."""
        with self._use("BEGIN") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is kept, or nothing if an error leaves the block."""
        with self._use("BEGIN IMMEDIATE") as connection:
            yield connection

    def close(self) -> None:
        if self._anchor is not None:
            self._anchor.close()
            self._anchor = None

    @contextmanager
    def _use(self, begin: str) -> Iterator[sqlite3.Connection]:
        try:
            self._prepare()
            with closing(self._connect()) as connection:
                connection.execute(begin)
                try:
                    yield connection
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._explained(error) from error

    def _explained(self, error: sqlite3.Error) -> ChaskiError:
        if _is_damage(error):
            self.close()  # the next start checks it and moves it aside
            return ChaskiError(
                f"The file of {self._what} ({self.path}) is damaged; close Chaski and start it "
                "again: the file will be kept beside a new one."
            )
        return ChaskiError(f"The file of {self._what} ({self.path}) cannot be used now: {error}.")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: safe, fewer waits
        except BaseException:  # a damaged file is met here already
            connection.close()
            raise
        return connection

    def _prepare(self) -> None:
        """On first use: check, move a damaged file aside, migrate, and stay connected.

        The connection that stays keeps SQLite from folding the log into the file after each use.
        """
        if self._anchor is not None:
            return
        try:
            made(self.path.parent)
        except OSError as error:
            raise ChaskiError(
                f"The folder of {self._what} ({self.path.parent}) cannot be made: {error.strerror}."
            ) from error
        try:
            self._anchor = self._opened()
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            self._move_aside()
            self._anchor = self._opened()

    def _opened(self) -> sqlite3.Connection:
        connection = self._connect()
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            self._check(connection)
            self._migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check(self, connection: sqlite3.Connection) -> None:
        if self.path.stat().st_size > _CHECKED_BYTES:
            connection.execute("SELECT count(*) FROM sqlite_master")
            return
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"malformed: {verdict}")

    def _migrate(self, connection: sqlite3.Connection) -> None:
        if _version(connection) == len(self._migrations):
            return
        connection.execute("BEGIN IMMEDIATE")  # another process may be at it: look again inside
        try:
            version = _version(connection)
            if version > len(self._migrations):
                raise ChaskiError(
                    f"The file of {self._what} ({self.path}) was made by a newer Chaski; "
                    "update this one to open it."
                )
            for migration in self._migrations[version:]:
                migration(connection)
            connection.execute(f"PRAGMA user_version = {len(self._migrations)}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise

    def _move_aside(self) -> None:
        stamp = time.strftime("%Y%m%d-%H%M%S")
        aside = self.path.with_name(f"{self.path.stem}.damaged-{stamp}{self.path.suffix}")
        try:
            # The log goes along under the new name: repair tools need both.
            for ending in ("", "-wal", "-shm"):
                part = self.path.with_name(self.path.name + ending)
                if part.exists():
                    part.rename(aside.with_name(aside.name + ending))
        except OSError as error:
            raise ChaskiError(
                f"The file of {self._what} ({self.path}) is damaged and cannot be moved aside: "
                f"{error.strerror}. Close other windows of Chaski and try again."
            ) from error
        self.notice = (
            f"The file of {self._what} was damaged. It was kept as {aside.name} in "
            f"{aside.parent}, and a new one was begun."
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _is_damage(error: sqlite3.Error) -> bool:
    text = str(error).lower()
    return "malformed" in text or "not a database" in text
