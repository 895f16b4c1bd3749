"""The log of a file is folded into it aside: whoever writes never waits for the disk."""

import sqlite3
import threading
from pathlib import Path
from threading import Event

import pytest

from engine.library.database import Database
from engine.library.database_log import FOLDED_BYTES, FOLDED_WRITES

PAGE = "x" * 20_000


def opened(path: Path) -> Database:
    return Database(path, "your words", [lambda db: db.execute("CREATE TABLE words (word TEXT)")])


def put(database: Database, word: str) -> None:
    with database.write() as db:
        db.execute("INSERT INTO words (word) VALUES (?)", (word,))


def log_of(database: Database) -> Path:
    return database.path.with_name(f"{database.path.name}-wal")


def test_the_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    database = opened(tmp_path / "words.sqlite3")
    for i in range(3 * FOLDED_BYTES // len(PAGE)):
        put(database, f"{i} {PAGE}")
        database._log.wait()  # a disk that keeps up
    assert database.path.stat().st_size > 2 * FOLDED_BYTES
    assert log_of(database).stat().st_size < 1.5 * FOLDED_BYTES
    database.close()


def test_small_writes_are_folded_too(tmp_path: Path) -> None:
    database = opened(tmp_path / "words.sqlite3")
    put(database, PAGE)
    before = database.path.stat().st_size
    for i in range(FOLDED_WRITES):
        put(database, str(i))
    database._log.wait()
    assert database.path.stat().st_size > before
    database.close()


def test_who_writes_does_not_wait_for_a_slow_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a fold is stuck, a hundred and more transactions are kept and seen by others."""
    database = opened(tmp_path / "words.sqlite3")
    go, writer, usual = Event(), threading.current_thread(), sqlite3.connect

    class Slow(sqlite3.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:  # type: ignore[override]
            if "wal_checkpoint" in sql:
                assert threading.current_thread() is not writer
                assert go.wait(60)
            return super().execute(sql, *values)  # type: ignore[arg-type]

    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: usual(*a, factory=Slow, **k))
    for i in range(2 * FOLDED_WRITES):
        put(database, str(i))
    other = usual(database.path)
    assert other.execute("SELECT count(*) FROM words").fetchone() == (2 * FOLDED_WRITES,)
    other.close()
    go.set()
    database.close()


def test_where_the_system_has_no_thread_left_writes_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = opened(tmp_path / "words.sqlite3")

    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        for i in range(FOLDED_WRITES + 5):
            put(database, str(i))
    before = database.path.stat().st_size
    put(database, PAGE)
    database._log.wait()
    assert database.path.stat().st_size > before
    database.close()


def test_a_fold_is_no_change(tmp_path: Path) -> None:
    """Nobody reads chats anew for it."""
    database = opened(tmp_path / "words.sqlite3")
    for i in range(FOLDED_WRITES - 1):
        put(database, str(i))
    before = database.version()
    database._log._fold()
    assert database.version() == before
    put(database, "news")
    assert database.version() != before
    database.close()


def test_what_was_not_folded_is_there_after_a_kill(tmp_path: Path) -> None:
    database = opened(tmp_path / "words.sqlite3")
    put(database, PAGE)
    left = tmp_path / "left"
    left.mkdir()
    for file in (database.path, log_of(database)):  # as a kill would leave them
        (left / file.name).write_bytes(file.read_bytes())
    again = opened(left / database.path.name)
    with again.read() as db:
        assert db.execute("SELECT word FROM words").fetchone()["word"] == PAGE
    again.close()
    database.close()
