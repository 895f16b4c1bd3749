"""One SQLite file: opened safely by several processes, migrated step by step, never thrown away.

Each use opens its own connection, so any thread may call. A damaged file is moved aside and kept;
what can be read of it is taken over. No sentence ever holds what is written in the file.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from engine.base.errors import ChaskiError
from engine.base.paths import private

_BUSY_SECONDS = 10.0
_CHECKED_BYTES = 64 << 20  # a larger file is not read through at every start
_PARTS = ("", "-wal", "-shm")

Migration = Callable[[sqlite3.Connection], None]
TakeOver = Callable[[Path, sqlite3.Connection], str]  # damaged file, new one → what was saved

# By the first part of SQLite's own names. Its messages may hold words of a row, so none is shown.
_REASONS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "it cannot be written",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_PERM": "it may not be opened",
    "SQLITE_IOERR": "the disk cannot be read or written",
    "SQLITE_BUSY": "another program is using it",
    "SQLITE_LOCKED": "another program is using it",
    "SQLITE_NOMEM": "there is not enough memory",
    "SQLITE_TOOBIG": "something in it is too large",
}
_UNWRITABLE = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")

# Where the file's head has a small figure, and the largest: versions, format, encoding of text.
_HEAD = ((18, 19, 2), (19, 20, 2), (44, 48, 4), (56, 60, 3))


class UnwritableError(ChaskiError):
    """The file or its folder cannot be made or written: no permission, no space, a broken disk."""


class Database:
    """A file with a schema; `migrations[i]` leads from version i to i + 1."""

    def __init__(
        self,
        path: Path,
        what: str,
        migrations: Sequence[Migration],
        take_over: TakeOver | None = None,
    ) -> None:
        self.path = path
        self.notice = ""  # set when a damaged file had to be moved aside
        self._what = what  # "your chats", for messages
        self._migrations = migrations
        self._take_over = take_over
        self._anchor: sqlite3.Connection | None = None
        self._file = (0, 0)  # device and number of the file that was opened
        self._openings = 0
        self._suspect = False  # damage was met: everything is checked at the next opening

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

    def ready(self) -> int:
        """Open it if it is not; answers how often it was opened, since it may have become another
        file."""
        with self._told():
            self._prepare()
        return self._openings

    def close(self) -> None:
        if self._anchor is not None:
            self._anchor.close()
            self._anchor = None

    def forget_old_pages(self) -> None:
        """Fold the log into the file and empty it: nothing that was deleted stays in either.

        Another process that is reading keeps it from being emptied now; then a later one does.
        """
        with suppress(sqlite3.Error, ChaskiError):
            self._prepare()
            with closing(self._connect()) as connection:
                connection.execute("PRAGMA busy_timeout = 1000")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextmanager
    def _use(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._told():
            self._prepare()
            with closing(self._connect()) as connection:
                connection.execute(begin)
                try:
                    yield connection
                except BaseException:
                    if connection.in_transaction:  # a full disk may have ended it already
                        connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._explained(error) from None

    def _explained(self, error: Exception) -> ChaskiError:
        where = f"The file of {self._what} ({self.path})"
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        read_only = name == "SQLITE_READONLY"
        if is_damage(error) or (read_only and _has_odd_head(self.path)):
            self.close()  # the next use checks it and moves it aside
            self._suspect = True
            return ChaskiError(
                f"{where} is damaged; close Chaski and start it again: the file will be kept, and "
                "what can be read of it is taken over into a new one."
            )
        kind = "_".join(name.split("_")[:2])
        sentence = f"{where} cannot be used now: {_REASONS.get(kind, f'SQLite says {name}')}."
        return UnwritableError(sentence) if kind in _UNWRITABLE else ChaskiError(sentence)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        connection.text_factory = _readable
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: safe, fewer waits
            connection.execute("PRAGMA secure_delete = ON").fetchall()
        except BaseException:  # a damaged file is met here already
            connection.close()
            raise
        return connection

    def _prepare(self) -> None:
        """On first use: check, move a damaged file aside, migrate, and stay connected.

        The connection that stays keeps SQLite from folding the log into the file after each use.
        Where the file has been exchanged since (another process moved it aside), it is opened anew.
        """
        if self._anchor is not None and _mark_of(self.path) == self._file:
            return
        self.close()
        try:
            private(self.path.parent)
            _make_private(self.path)
        except OSError as error:
            raise UnwritableError(
                f"The folder of {self._what} ({self.path.parent}) cannot be used: "
                f"{error.strerror or error}."
            ) from error
        mark = _mark_of(self.path)
        try:
            if self._suspect and _has_odd_head(self.path):
                raise sqlite3.DatabaseError("malformed")
            self._anchor = self._opened()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if not (is_damage(error) or _has_odd_head(self.path)):
                raise
            self._begin_anew(mark)
        self._file = _mark_of(self.path)
        self._suspect = False
        self._openings += 1

    def _begin_anew(self, damaged: tuple[int, int]) -> None:
        """Move the damaged file aside, unless another process has done so; take over what is
        sound in it."""
        if _mark_of(self.path) != damaged:
            self._anchor = self._opened()
            return
        aside = self._move_aside()
        _make_private(self.path)
        self._anchor = self._opened()
        saved = "A new one was begun."
        if self._take_over is not None:
            with self._whole(self._anchor) as connection:
                saved = self._take_over(aside, connection)
        self.notice = (
            f"The file of {self._what} was damaged. {saved} "
            f"The damaged file was kept as {aside.name} in {aside.parent}."
        )

    @contextmanager
    def _whole(self, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

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
        if self.path.stat().st_size > _CHECKED_BYTES and not self._suspect:
            connection.execute("SELECT count(*) FROM sqlite_master")
            return
        # Indexes are compared with their tables: rows that vanish are found in no other way.
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError("malformed")

    def _migrate(self, connection: sqlite3.Connection) -> None:
        if self._version(connection) == len(self._migrations):
            return
        with self._whole(connection):  # another process may be at it: look again inside
            for migration in self._migrations[self._version(connection) :]:
                migration(connection)
            connection.execute(f"PRAGMA user_version = {len(self._migrations)}")

    def _version(self, connection: sqlite3.Connection) -> int:
        """How many migrations the file has seen. Its tables are asked, too: the number is four
        bytes of the file that may be damaged like any other, and so are the tables' names."""
        (claimed,) = connection.execute("PRAGMA user_version").fetchone()
        shape = _shape(connection)
        known = range(len(self._migrations) + 1)
        if claimed in known and self._shape_of(claimed) == shape:
            return int(claimed)
        for version in known[:0:-1]:
            if self._shape_of(version) == shape:
                return version
        if claimed in known and self._shape_of(claimed) <= shape:
            return int(claimed)
        if claimed in known:
            raise sqlite3.DatabaseError("malformed: a table is missing")
        raise ChaskiError(
            f"The file of {self._what} ({self.path}) was made by a newer Chaski; "
            "update this one to open it."
        )

    def _shape_of(self, version: int) -> set[str]:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
            for migration in self._migrations[:version]:
                migration(fresh)
            return _shape(fresh)

    def _move_aside(self) -> Path:
        stamp = time.strftime("%Y%m%d-%H%M%S")
        aside = self.path.with_name(f"{self.path.stem}.damaged-{stamp}{self.path.suffix}")
        number = 1
        while aside.exists():
            number += 1
            aside = self.path.with_name(
                f"{self.path.stem}.damaged-{stamp}-{number}{self.path.suffix}"
            )
        try:
            # The log goes along under the new name: repair tools need both.
            for ending in _PARTS:
                part = self.path.with_name(self.path.name + ending)
                if part.exists():
                    part.rename(aside.with_name(aside.name + ending))
        except OSError as error:
            raise ChaskiError(
                f"The file of {self._what} ({self.path}) is damaged and cannot be moved aside: "
                f"{error.strerror}. Close other windows of Chaski and try again."
            ) from error
        return aside


def is_damage(error: Exception) -> bool:
    """Whether SQLite's error says that the file itself is broken."""
    if isinstance(error, UnicodeDecodeError):  # SQLite's message quoted a piece of it
        return True
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")):
        return True
    text = str(error).lower()
    return "malformed" in text or "not a database" in text or "no such table" in text


def _has_odd_head(path: Path) -> bool:
    """Whether figures at the file's beginning are none that SQLite writes: it then only says that
    it cannot write the file, or that something is wrong."""
    with suppress(OSError), path.open("rb") as file:
        head = file.read(100)
        return any(int.from_bytes(head[at:end], "big") > most for at, end, most in _HEAD)
    return False


def _readable(data: bytes) -> str:
    """Text of a row; a byte that is no UTF-8 costs one letter, not the row."""
    return data.decode("utf-8", "replace")


def _shape(connection: sqlite3.Connection) -> set[str]:
    """Names of tables and columns, without those of search indexes."""
    rows = connection.execute(
        "SELECT tables.name || '.' || columns.name FROM sqlite_master AS tables, "
        "pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' "
        "AND tables.name NOT LIKE 'found%' AND tables.name NOT LIKE 'sqlite%'"
    )
    return {row[0] for row in rows}


def _mark_of(path: Path) -> tuple[int, int]:
    """Which file lies there; (0, 0): none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def _make_private(path: Path) -> None:
    """An own file that nobody else may read; SQLite gives its log the same rights.

    An existing file must not be opened for this: closing it would drop the locks that another
    connection of this process holds on it.
    """
    if os.name == "nt":  # the folder is the user's own
        return
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    for ending in _PARTS:
        part = path.with_name(path.name + ending)
        with suppress(OSError):  # gone, or another user's
            if part.stat().st_mode & 0o077:
                part.chmod(0o600)
