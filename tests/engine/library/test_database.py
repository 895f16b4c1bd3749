"""The file below chats and models: migrations, damage moved aside, transactions, newer versions."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Barrier, Thread

import pytest
from helpers.chats import add

from engine.base.errors import ChaskiError
from engine.base.paths import Paths
from engine.library import ChatStore
from engine.library.chats_tables import MIGRATIONS
from engine.library.database import Database


def one(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE words (word TEXT)")


def two(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE words ADD COLUMN times INTEGER NOT NULL DEFAULT 1")


def opened(path: Path, *migrations: object) -> Database:
    return Database(path, "your words", migrations)  # type: ignore[arg-type]


def put(database: Database, word: str) -> None:
    with database.write() as db:
        db.execute("INSERT INTO words (word) VALUES (?)", (word,))


def test_migrations_run_once_and_keep_the_data(tmp_path: Path) -> None:
    path = tmp_path / "new" / "words.sqlite3"
    old = opened(path, one)
    put(old, "kept")
    old.close()
    new = opened(path, one, two)
    with new.read() as db:
        assert [tuple(row) for row in db.execute("SELECT word, times FROM words")] == [("kept", 1)]
    new.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "words.sqlite3"
    old = opened(path, one)
    put(old, "kept")
    old.close()

    def half(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM words")
        connection.execute("nonsense")

    with pytest.raises(ChaskiError, match="your words"):
        put(opened(path, one, half), "x")
    again = opened(path, one)
    with again.read() as db:
        assert len(db.execute("SELECT * FROM words").fetchall()) == 1
    again.close()


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "words.sqlite3"
    newer = opened(path, one, two)
    put(newer, "future")
    newer.close()
    with pytest.raises(ChaskiError, match="newer Chaski"):
        put(opened(path, one), "x")
    assert sorted(p.name for p in tmp_path.glob("*damaged*")) == []


def test_an_error_inside_undoes_the_whole_transaction(tmp_path: Path) -> None:
    database = opened(tmp_path / "words.sqlite3", one)

    def half() -> None:
        with database.write() as db:
            db.execute("INSERT INTO words VALUES ('half')")
            raise KeyError

    with pytest.raises(KeyError):
        half()
    with database.read() as db:
        assert db.execute("SELECT count(*) FROM words").fetchone()[0] == 0
    database.close()


@pytest.mark.parametrize("damage", ["no database", "torn page"])
def test_damage_is_moved_aside_and_told(tmp_path: Path, damage: str) -> None:
    paths = Paths.under(tmp_path)
    store = ChatStore(paths)
    chat = store.create("precious").id
    for i in range(200):
        add(store, chat, "user", f"message {i} " + "x" * 200)
    store.close()
    data = bytearray(paths.chats_file.read_bytes())
    if damage == "no database":
        data[:100] = b"this is no database" * 5 + b"12345"
    else:
        data[8192:20480] = b"\xa5" * 12288
    paths.chats_file.write_bytes(data)

    again = ChatStore(paths)
    (found,) = again.list()
    kept = [turn.text[:12] for turn in again.turns(found.id)]
    assert len(kept) == 200, "the torn pages were those of indexes"
    assert kept[0].startswith("message 0")
    assert "was damaged" in again.notice
    (aside,) = paths.data.glob("chats.damaged-*.sqlite3")
    assert aside.read_bytes() == data
    assert aside.name in again.notice
    assert again.create("new").title == "new"
    again.close()


def test_damage_met_later_is_one_sentence(tmp_path: Path) -> None:
    database = opened(tmp_path / "words.sqlite3", one)
    with pytest.raises(ChaskiError, match="damaged; close Chaski"), database.read():
        raise sqlite3.DatabaseError("database disk image is malformed")


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ChaskiError, match="your words"):
        put(opened(tmp_path / "file" / "words.sqlite3", one), "x")


def test_a_file_exchanged_under_an_open_program_is_opened_anew(tmp_path: Path) -> None:
    """Another window moved the damaged file aside: what is said here must not go along with it."""
    path = tmp_path / "words.sqlite3"
    database = opened(path, one)
    put(database, "before")
    path.rename(tmp_path / "aside.sqlite3")
    put(database, "after")
    with database.read() as db:
        assert [row[0] for row in db.execute("SELECT word FROM words")] == ["after"]
    database.close()


@pytest.mark.parametrize("version", [0, 1, 3, 1 << 30])
def test_a_damaged_number_of_the_version(tmp_path: Path, version: int) -> None:
    path = tmp_path / "words.sqlite3"
    old = opened(path, one, two)
    put(old, "kept")
    old.close()
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA user_version = {version}")
    raw.close()
    again = opened(path, one, two)
    put(again, "more")
    again.close()
    assert sorted(p.name for p in tmp_path.glob("*damaged*")) == []


@pytest.mark.skipif(os.name == "nt", reason="folders there are the user's own")
def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    folder.chmod(0o755)
    path = folder / "words.sqlite3"
    path.write_bytes(b"")
    path.chmod(0o644)
    database = opened(path, one)
    put(database, "private")
    parts = sorted(folder.iterdir())
    assert len(parts) == 3, "the file, its log and the index of that"
    assert [part.stat().st_mode & 0o777 for part in parts] == [0o600] * 3
    assert folder.stat().st_mode & 0o777 == 0o700
    database.close()


def test_no_sentence_has_words_of_a_row(tmp_path: Path) -> None:
    database = opened(tmp_path / "words.sqlite3", one)
    with pytest.raises(ChaskiError) as told, database.write() as db:
        db.execute("SELECT secret")
    assert "secret" not in str(told.value)
    database.close()


def test_killed_while_it_takes_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next start finds the damaged file, and what is sound in it."""
    paths = Paths.under(tmp_path)
    store = ChatStore(paths)
    add(store, store.create("precious").id, "user", "kept")
    store.close()
    paths.chats_file.write_bytes(b"x" * 100 + paths.chats_file.read_bytes()[100:])

    def killed(*args: object) -> str:
        raise KeyboardInterrupt

    broken = ChatStore(paths)
    monkeypatch.setattr(broken._database, "_take_over", killed)
    with pytest.raises(KeyboardInterrupt):
        broken.list()
    broken.close()
    again = ChatStore(paths)
    assert [chat.title for chat in again.list()] == ["precious"]
    assert "1 message of 1 chat" in again.notice
    again.close()
    (aside,) = paths.data.glob("chats.damaged-*")
    assert aside.suffix == ".sqlite3"
    third = ChatStore(paths)
    assert len(third.list()) == 1
    assert third.notice == ""
    third.close()


def test_one_who_comes_while_the_file_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite gives a file a log only while nobody else writes it, and does not wait for that."""
    path, usual = tmp_path / "words.sqlite3", Database._opened
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    tried = 0

    def once_more(self: Database) -> sqlite3.Connection:
        nonlocal tried
        tried += 1
        if tried == 3:
            other.execute("COMMIT")
        return usual(self)

    monkeypatch.setattr(Database, "_opened", once_more)
    database = opened(path, one)
    put(database, "kept")
    assert tried == 3
    other.close()
    database.close()


@pytest.mark.parametrize("shared", [False, True])
def test_threads_that_make_a_file_at_once(tmp_path: Path, shared: bool) -> None:
    path, n = tmp_path / "words.sqlite3", 8
    first = opened(path, one)
    databases = [first] * n if shared else [first, *(opened(path, one) for _ in range(n - 1))]
    together, told = Barrier(n), list[str]()

    def work(database: Database) -> None:
        together.wait()
        try:
            put(database, "kept")
        except ChaskiError as error:
            told.append(str(error))

    _at_once(databases, work)
    with first.read() as db:
        assert db.execute("SELECT count(*) FROM words").fetchone()[0] == n
    assert (told, first.ready()) == ([], 1)
    for database in databases:
        database.close()


def _at_once(databases: Sequence[Database], work: Callable[[Database], None]) -> None:
    threads = [Thread(target=work, args=(each,)) for each in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


KILLED = """
import os, sys
from pathlib import Path
from engine.base.paths import Paths
from engine.library import ChatStore, chats_tables
chats_tables.note_lengths = lambda connection: os._exit(9)
ChatStore(Paths.under(Path(sys.argv[1]))).list()
"""


def test_a_program_that_is_killed_while_it_migrates(tmp_path: Path) -> None:
    """A file of the version before, and one that has lost its program half-way to the next."""
    paths = Paths.under(tmp_path)
    old = Database(paths.chats_file, "your chats", MIGRATIONS[:2])
    with old.write() as db:
        db.execute("INSERT INTO chats (id, title, leaf, created, changed) VALUES (1, 'a', 2, 5, 5)")
        for row in (1, 2):
            db.execute(
                "INSERT INTO messages (id, chat, parent, role, content, extra, created) "
                "VALUES (?, 1, ?, 'user', 'words', '{\"path\": \"/m.gguf\"}', 5)",
                (row, row - 1 or None),
            )
    old.close()
    for _ in range(2):
        killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
        assert killed.returncode == 9
    store = ChatStore(paths)
    (chat,) = store.list()
    assert (chat.n_messages, chat.model_path, store.notice) == (2, "/m.gguf", "")
    assert [turn.text for turn in store.read(1).tree.path()] == ["words", "words"]
    store.close()
