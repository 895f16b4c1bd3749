"""One SQLite file: opened safely by several processes, migrated step by step, never thrown away.

Each use opens its own connection, so any thread may call. A damaged file is moved aside and kept;
what can be read of it is taken over. No sentence ever holds what is written in the file.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError
from engine.base.paths import private
from engine.library.database_files import (
    has_lost,
    has_odd_head,
    is_damage,
    make_private,
    mark_of,
    reason_of,
    rename_all,
)
from engine.library.database_log import LogFolder

_BUSY_SECONDS = 10.0
_CHECKED_BYTES = 64 << 20  # a larger file is not read through at every start

Migration = Callable[[sqlite3.Connection], None]
TakeOver = Callable[[Path, sqlite3.Connection], str]  # damaged file, new one → what was saved


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
        self._preparing = Lock()  # threads that come at once wait for the first
        self._file = (0, 0)  # device and number of the file that was opened
        self._openings = 0
        self._suspect = False  # damage was met: everything is checked at the next opening
        self._log = LogFolder(path, self._connect)

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
        self._log.written()

    def ready(self) -> int:
        """Open it if it is not; answers how often it was opened, since it may have become another
        file."""
        with self._told():
            self._prepare()
        return self._openings

    def version(self) -> tuple[int, int]:
        """Another value whenever anybody, this program too, has written; costs next to nothing."""
        openings = self.ready()
        with self._told():
            assert self._anchor is not None
            return openings, int(self._anchor.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        self._log.wait()
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
        where = Words("The file of {what} ({file})", what=self._what, file=self.path)
        reason, unwritable = reason_of(error)
        if is_damage(error) or (unwritable and has_odd_head(self.path)):
            self.close()  # the next use checks it and moves it aside
            self._suspect = True
            return ChaskiError(
                "{where} is damaged; close Chaski and start it again: the file will be kept, and "
                "what can be read of it is taken over into a new one.",
                where=where,
            )
        sentence = Words("{where} cannot be used now: {reason}.", where=where, reason=reason)
        return UnwritableError(sentence) if unwritable else ChaskiError(sentence)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        connection.text_factory = _readable
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: safe, fewer waits
            connection.execute("PRAGMA wal_autocheckpoint = 0").fetchall()  # see database_log.py
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
        if not self._is_prepared():
            with self._preparing:
                if not self._is_prepared():
                    self._prepare_anew()

    def _is_prepared(self) -> bool:
        return self._anchor is not None and mark_of(self.path) == self._file

    def _prepare_anew(self) -> None:
        self.close()
        try:
            private(self.path.parent)
            make_private(self.path)
        except OSError as error:
            raise UnwritableError(
                "The folder of {what} ({parent}) cannot be used: {reason}.",
                what=self._what,
                parent=self.path.parent,
                reason=error.strerror or error,
            ) from error
        mark = mark_of(self.path)
        try:
            if has_lost(self.path) or (self._suspect and has_odd_head(self.path)):
                raise sqlite3.DatabaseError("malformed")
            self._anchor = self._opened_in_turn()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if not (is_damage(error) or has_odd_head(self.path)):
                raise
            self._begin_anew(mark)
        self._take_over_asides()
        self._file = mark_of(self.path)
        self._suspect = False
        self._openings += 1

    def _opened_in_turn(self) -> sqlite3.Connection:
        """Another program may be making the file just now. SQLite gives a file a log only while
        nobody else writes it, and does not wait for that, whatever its time to wait is."""
        end = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                return self._opened()
            except sqlite3.OperationalError as error:
                name = getattr(error, "sqlite_errorname", "")
                if not name.startswith("SQLITE_BUSY") or time.monotonic() > end:
                    raise
                time.sleep(0.02)

    def _begin_anew(self, damaged: tuple[int, int]) -> None:
        """Move the damaged file aside, unless another process has done so, and open a new one."""
        if mark_of(self.path) == damaged:
            self._move_aside()
            make_private(self.path)
        self._anchor = self._opened()

    def _take_over_asides(self) -> None:
        """Fill the file with what is sound in damaged ones. They are called `.part` until that is
        done, so that it is done at the next start where this one is killed."""
        for aside in sorted(
            self.path.parent.glob(f"{self.path.stem}.damaged-*{self.path.suffix}.part")
        ):
            saved = self._taken_over(aside)
            kept = aside.with_suffix("")
            with suppress(OSError):  # another process was faster
                rename_all(aside, kept)
            self.notice = Words(
                "The file of {what} was damaged. {saved} The damaged file was kept as {kept} "
                "in {parent}.",
                what=self._what,
                saved=saved,
                kept=kept.name,
                parent=kept.parent,
            )

    def _taken_over(self, aside: Path) -> str:
        if self._take_over is None or self._anchor is None:
            return Words("A new one was begun.")
        try:
            with self._whole(self._anchor) as connection:
                return self._take_over(aside, connection)
        except (sqlite3.Error, ArithmeticError, LookupError, TypeError, ValueError, MemoryError):
            return Words("What it held could not be taken over; a new one was begun.")

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
            "The file of {what} ({file}) was made by a newer Chaski; update this one to open it.",
            what=self._what,
            file=self.path,
        )

    def _shape_of(self, version: int) -> set[str]:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
            for migration in self._migrations[:version]:
                migration(fresh)
            return _shape(fresh)

    def _move_aside(self) -> None:
        stem, ending = self.path.stem, self.path.suffix
        name = f"{stem}.damaged-{time.strftime('%Y%m%d-%H%M%S')}"
        number = 1
        while any(self.path.parent.glob(f"{name}{ending}*")):
            number += 1
            name = f"{name.partition('+')[0]}+{number}"
        try:
            # The log goes along under the new name: repair tools need both.
            rename_all(self.path, self.path.with_name(f"{name}{ending}.part"))
        except OSError as error:
            raise ChaskiError(
                "The file of {what} ({file}) is damaged and cannot be moved aside: {reason}. "
                "Close other windows of Chaski and try again.",
                what=self._what,
                file=self.path,
                reason=error.strerror,
            ) from error


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
