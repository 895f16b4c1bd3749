"""The table of known model files in SQLite; knows names and paths, never looks into a file.

Where the file cannot be made or written, the table is in memory alone: what is there is read, and
models can be used, but nothing that the user changes would be kept, so that is refused.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, TypeVar

from engine.base.catalogue import Words
from engine.library.database import Database, UnwritableError
from engine.library.records import LibraryModel
from engine.library.registry_rows import (
    MIGRATIONS,
    copy_rows,
    has_path,
    model_of,
    own_of,
    own_words,
    take_over,
    words_of,
)
from engine.library.walk import Sight

T = TypeVar("T")
_PATHS_AT_ONCE = 400  # SQLite bounds the number of values in a statement


class Whose(StrEnum):
    """Which models: a condition on their rows."""

    ALL = ""
    OWN = "AND source = ''"
    OTHERS = "AND source != ''"


class OthersRow(NamedTuple):
    """What a look needs to know of another program's file; has_words: the user has said something
    of it."""

    number: int
    name: str
    path: bytes
    source: str
    has_words: bool


class Registry:
    """Rows of models; every method is one transaction."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path, Words("your models"), MIGRATIONS, take_over)
        self._spare: sqlite3.Connection | None = None
        self._refusal = ""

    @property
    def notice(self) -> str:
        if self._refusal:
            return Words("{refusal} The list of models is not kept.", refusal=self._refusal)
        return self.database.notice

    def close(self) -> None:
        self.database.close()
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    def need_disk(self) -> None:
        """Raises a sentence where what the user changes now could not be kept."""
        if self._refusal:
            raise UnwritableError(self._refusal)

    # Reading

    def rows(self, which: Whose = Whose.ALL) -> list[tuple[LibraryModel, str]]:
        """Models with the stamp of their file, the user's own first, by name; not those that were
        removed."""
        return self.read(lambda db: _rows(db, which))

    def names_of(self, paths: Iterable[Path]) -> dict[Path, str]:
        """Those paths that have a row, hidden or not, with its name."""
        return self.read(
            lambda db: {Path(os.fsdecode(k)): str(r["name"]) for k, r in _known(db, paths).items()}
        )

    def at(self, path: Path) -> LibraryModel | None:
        """The model whose file this is, hidden or not."""
        row = self.row_at(path)
        return row[0] if row is not None else None

    def row_at(self, path: Path) -> tuple[LibraryModel, str] | None:
        """The same with the stamp of its file."""
        return self.read(lambda db: _at(db, path))

    def others(self, after: int, most: int) -> list["OthersRow"]:
        """Rows of other programs' files, hidden or not, a few at a time by their numbers; cheaper
        than the models themselves."""
        return self.read(
            lambda db: [
                OthersRow(number, str(name), bytes(path), str(source), own != "{}")
                for number, name, path, source, own in db.execute(
                    "SELECT rowid, name, path, source, own FROM models "
                    "WHERE rowid > ? AND source != '' ORDER BY rowid LIMIT ?",
                    (after, most),
                )
                if isinstance(path, bytes)
            ]
        )

    def own_paths(self) -> list[Path]:
        """Of the user's own, hidden or not."""
        found = self.read(
            lambda db: db.execute("SELECT path FROM models WHERE source = ''").fetchall()
        )
        return [Path(os.fsdecode(row["path"])) for row in found if has_path(row)]

    def looked(self) -> dict[Path, str]:
        """Folders with their stamps at the last look."""
        return self.read(
            lambda db: {
                Path(os.fsdecode(row["path"])): str(row["stamp"])
                for row in db.execute("SELECT * FROM looked")
                if has_path(row)
            }
        )

    def watched(self) -> list[Path]:
        """Folders that the user wants looked into, beside the models folder."""
        found = self.read(lambda db: db.execute("SELECT path FROM watched").fetchall())
        return sorted(Path(os.fsdecode(row["path"])) for row in found if has_path(row))

    # Writing

    def put(self, model: LibraryModel, stamp: str) -> LibraryModel:
        """Write a row; one with the same path is replaced. It is shown again if it was hidden, and
        keeps what the user said of it."""
        return self.keep(lambda db: _put(db, model, stamp))

    def describe(self, models: Sequence[tuple[LibraryModel, str]]) -> None:
        """What headers say now, with the stamps of their files; rows that went away stay away."""
        self.keep(lambda db: _describe(db, models))

    def take_in(
        self, sights: Sequence[tuple[Sight, str]], now: float, numbers: dict[str, int]
    ) -> int:
        """Files that were met, each with the program that keeps it; answers how many are new.

        numbers: for names that are taken, carried from call to call.
        """
        return self.keep(lambda db: _take_in(db, sights, now, numbers))

    def forget(self, names: Sequence[str]) -> None:
        """Rows of files that are gone."""
        self.keep(lambda db: db.executemany("DELETE FROM models WHERE name = ?", _each(names)))

    def note_looked(self, folders: Mapping[Path, str]) -> None:
        rows = [(os.fsencode(path), stamp) for path, stamp in folders.items()]

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM looked")
            db.executemany("INSERT OR REPLACE INTO looked VALUES (?, ?)", rows)

        self.keep(work)

    def note(self, model: LibraryModel) -> None:
        """Keep what was measured, beside tags, notes and defaults."""
        self.keep(lambda db: _say(db, model))

    # What the user changes: kept, or refused

    def hide(self, name: str) -> None:
        self.change(lambda db: db.execute("UPDATE models SET hidden = 1 WHERE name = ?", (name,)))

    def show(self, path: Path) -> bool:
        """False where there is no such row."""
        key = (os.fsencode(path),)
        return self.change(
            lambda db: db.execute("UPDATE models SET hidden = 0 WHERE path = ?", key).rowcount > 0
        )

    def drop(self, name: str) -> None:
        self.change(lambda db: db.execute("DELETE FROM models WHERE name = ?", (name,)))

    def rename(self, name: str, new: str) -> bool:
        """False where the new name is taken."""
        return self.change(lambda db: _rename(db, name, new))

    def say(self, model: LibraryModel) -> None:
        """Keep tags, notes, defaults and what was measured."""
        self.change(lambda db: _say(db, model))

    def watch(self, folder: Path) -> None:
        key = (os.fsencode(folder),)
        self.change(lambda db: db.execute("INSERT OR IGNORE INTO watched VALUES (?)", key))

    def unwatch(self, folder: Path) -> bool:
        """False where it was not watched."""
        key = (os.fsencode(folder),)
        return self.change(
            lambda db: db.execute("DELETE FROM watched WHERE path = ?", key).rowcount > 0
        )

    def change(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """A transaction that the user waits for: raises where it cannot be kept."""
        self.need_disk()
        done = self._run(work, write=True)
        self.need_disk()
        return done

    def keep(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """A transaction that may be lost with the program, where the disk cannot be written."""
        return self._run(work, write=True)

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return self._run(work, write=False)

    def _run(self, work: Callable[[sqlite3.Connection], T], *, write: bool) -> T:
        if self._spare is None:
            try:
                with self.database.write() if write else self.database.read() as db:
                    return work(db)
            except UnwritableError as error:
                self._refusal = str(error)
                self._spare = _in_memory(self.database.path)
        return work(self._spare)


def _in_memory(path: Path) -> sqlite3.Connection:
    """A table with what can be read of the file."""
    spare = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    spare.row_factory = sqlite3.Row
    for migration in MIGRATIONS:
        migration(spare)
    if path.is_file():
        copy_rows(path, spare)
    return spare


def _rows(db: sqlite3.Connection, which: Whose) -> list[tuple[LibraryModel, str]]:
    found = db.execute(
        "SELECT name, path, stamp, words, source, own FROM models "
        f"WHERE hidden = 0 {which} ORDER BY source, folded"
    )
    return [model_of(row) for row in found if has_path(row)]


def _at(db: sqlite3.Connection, path: Path) -> tuple[LibraryModel, str] | None:
    row = _known(db, [path]).get(os.fsencode(path))
    return None if row is None else model_of(row)


def _known(db: sqlite3.Connection, paths: Iterable[Path]) -> dict[bytes, sqlite3.Row]:
    keys = [os.fsencode(path) for path in paths]
    found: dict[bytes, sqlite3.Row] = {}
    for i in range(0, len(keys), _PATHS_AT_ONCE):
        some = keys[i : i + _PATHS_AT_ONCE]
        marks = ",".join("?" * len(some))
        for row in db.execute(f"SELECT * FROM models WHERE path IN ({marks})", some):
            found[row["path"]] = row
    return found


def _put(db: sqlite3.Connection, model: LibraryModel, stamp: str) -> LibraryModel:
    old = _known(db, [model.path]).get(os.fsencode(model.path))
    if old is not None:
        db.execute("DELETE FROM models WHERE path = ?", (os.fsencode(model.path),))
        model = replace(model, **own_of(old["own"]))
    return _insert(db, model, stamp, {})


def _insert(
    db: sqlite3.Connection, model: LibraryModel, stamp: str, numbers: dict[str, int]
) -> LibraryModel:
    model = replace(model, name=_free_name(db, model.name, numbers))
    db.execute(
        "INSERT INTO models (name, folded, path, stamp, words, source, own) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            model.name,
            model.name.casefold(),
            os.fsencode(model.path),
            stamp,
            words_of(model),
            model.source,
            own_words(model),
        ),
    )
    return model


def _take_in(
    db: sqlite3.Connection,
    sights: Sequence[tuple[Sight, str]],
    now: float,
    numbers: dict[str, int],
) -> int:
    known = _known(db, [sight.path for sight, _ in sights])
    new = 0
    for sight, source in sights:
        row = known.get(os.fsencode(sight.path))
        if row is None:
            new += 1
            model = LibraryModel(sight.name, sight.path, sight.file_bytes, source=source, added=now)
            _insert(db, replace(model, pictures=sight.pictures), "", numbers)
            continue
        _see_again(db, row, sight, source)
    return new


def _see_again(db: sqlite3.Connection, row: sqlite3.Row, sight: Sight, source: str) -> None:
    """A file that is known: its header is read again where it has changed, and what was known of
    the contents is void then. One that the user has added stays the user's."""
    model, stamp = model_of(row)
    changed = bool(stamp) and stamp != sight.stamp
    source = source if model.source else ""
    same = model.file_bytes == sight.file_bytes and model.pictures == sight.pictures
    if not changed and same and source == model.source:
        return
    sha256 = "" if changed else model.sha256
    model = replace(
        model,
        file_bytes=sight.file_bytes,
        pictures=sight.pictures,
        source=source,
        sha256=sha256,
    )
    db.execute(
        "UPDATE models SET stamp = ?, words = ?, source = ? WHERE path = ?",
        ("" if changed else stamp, words_of(model), source, row["path"]),
    )


def _describe(db: sqlite3.Connection, models: Sequence[tuple[LibraryModel, str]]) -> None:
    db.executemany(
        "UPDATE models SET stamp = ?, words = ? WHERE path = ?",
        [(stamp, words_of(model), os.fsencode(model.path)) for model, stamp in models],
    )


def _say(db: sqlite3.Connection, model: LibraryModel) -> None:
    db.execute("UPDATE models SET own = ? WHERE name = ?", (own_words(model), model.name))


def _rename(db: sqlite3.Connection, name: str, new: str) -> bool:
    taken = db.execute(
        "SELECT name FROM models WHERE folded = ? AND name != ?", (new.casefold(), name)
    ).fetchone()
    if taken is None:
        db.execute(
            "UPDATE models SET name = ?, folded = ? WHERE name = ?", (new, new.casefold(), name)
        )
    return taken is None


def _free_name(db: sqlite3.Connection, name: str, numbers: dict[str, int]) -> str:
    """The name, with a number behind it where another file has it already."""
    number, tried = numbers.get(name.casefold(), 1), name
    if number > 1:
        tried = f"{name} ({number})"
    while db.execute("SELECT 1 FROM models WHERE folded = ?", (tried.casefold(),)).fetchone():
        number += 1
        tried = f"{name} ({number})"
    numbers[name.casefold()] = number
    return tried


def _each(names: Sequence[str]) -> list[tuple[str]]:
    return [(name,) for name in names]
