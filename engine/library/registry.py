"""The table of known model files in SQLite; knows names and paths, never looks into a file.

Where the file cannot be made or written, the table is in memory alone: what is there is read, and
models can be used, but nothing that the user changes would be kept, so that is refused.
"""

import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TypeVar

from engine.library.chats_schema import run_script
from engine.library.database import Database, UnwritableError
from engine.library.records import LibraryModel
from engine.library.salvage import salvage

_VERSION_1 = """
CREATE TABLE models (
    name TEXT PRIMARY KEY,
    folded TEXT NOT NULL UNIQUE,  -- the name without case: two may not differ in case alone
    path BLOB NOT NULL UNIQUE,  -- bytes: a file name of Linux need not be text
    hidden INTEGER NOT NULL DEFAULT 0,  -- removed by the user, though it lies in the models folder
    stamp TEXT NOT NULL DEFAULT '',     -- of the file when its header was read
    words TEXT NOT NULL DEFAULT '{}'    -- JSON of the other fields
);
"""
_INSERT = "INSERT OR IGNORE INTO models (name, folded, path, hidden, stamp, words) VALUES "

_LONG_AGO = 1.0  # when a model was added, where that is not known any more

T = TypeVar("T")


def version_1(connection: sqlite3.Connection) -> None:
    run_script(connection, _VERSION_1)


class Registry:
    """Rows of models; every method is one transaction."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path, "your models", (version_1,), take_over)
        self._spare: sqlite3.Connection | None = None
        self._refusal = ""

    @property
    def notice(self) -> str:
        if self._refusal:
            return f"{self._refusal} The list of models is not kept."
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

    def rows(self, *, hidden: bool = False) -> list[tuple[LibraryModel, str]]:
        """Models with the stamp of their file, by name."""
        return self._run(lambda db: _rows(db, hidden), write=False)

    def put(self, model: LibraryModel, stamp: str) -> LibraryModel:
        """Write a row; one with the same path is replaced and keeps its name, unless hidden."""
        return self._run(lambda db: _put(db, model, stamp), write=True)

    def hide(self, name: str) -> None:
        self._change(lambda db: db.execute("UPDATE models SET hidden = 1 WHERE name = ?", (name,)))

    def drop(self, name: str) -> None:
        self._change(lambda db: db.execute("DELETE FROM models WHERE name = ?", (name,)))

    def rename(self, name: str, new: str) -> bool:
        """False where the new name is taken."""
        return self._change(lambda db: _rename(db, name, new))

    def _change(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the user wants is kept, or refused."""
        self.need_disk()
        done = self._run(work, write=True)
        self.need_disk()
        return done

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
    version_1(spare)
    if path.is_file():
        _copy(path, spare)
    return spare


def take_over(damaged: Path, db: sqlite3.Connection) -> str:
    """Fill a new file from a damaged one; the answer says what was saved."""
    _copy(damaged, db)
    (n,) = db.execute("SELECT count(*) FROM models").fetchone()
    return f"{n} of your models {'was' if n == 1 else 'were'} taken over into a new one."


def _copy(path: Path, db: sqlite3.Connection) -> None:
    """Rows as they lie in the pages: neither rights to write nor a sound file are needed."""
    for row in salvage(path).rows:
        if len(row.values) == 6 and isinstance(row.values[2], bytes) and row.values[2]:
            name = str(row.values[0])
            hidden = int(row.values[3] == 1)
            others = (row.values[2], hidden, str(row.values[4] or ""), str(row.values[5] or "{}"))
            db.execute(_INSERT + "(?, ?, ?, ?, ?, ?)", (name, name.casefold(), *others))


def _rows(db: sqlite3.Connection, hidden: bool) -> list[tuple[LibraryModel, str]]:
    found = db.execute("SELECT * FROM models WHERE hidden = ? ORDER BY folded", (int(hidden),))
    return [_model(row) for row in found if _has_path(row)]


def _put(db: sqlite3.Connection, model: LibraryModel, stamp: str) -> LibraryModel:
    old = db.execute(
        "SELECT name, hidden FROM models WHERE path = ?", (os.fsencode(model.path),)
    ).fetchone()
    if old is not None:
        db.execute("DELETE FROM models WHERE path = ?", (os.fsencode(model.path),))
    model = replace(model, name=_free_name(db, model.name))
    words = {k: v for k, v in asdict(model).items() if k not in ("name", "path")}
    db.execute(
        "INSERT INTO models (name, folded, path, stamp, words) VALUES (?, ?, ?, ?, ?)",
        (model.name, model.name.casefold(), os.fsencode(model.path), stamp, json.dumps(words)),
    )
    return model


def _rename(db: sqlite3.Connection, name: str, new: str) -> bool:
    taken = db.execute(
        "SELECT name FROM models WHERE folded = ? AND name != ?", (new.casefold(), name)
    ).fetchone()
    if taken is None:
        db.execute(
            "UPDATE models SET name = ?, folded = ? WHERE name = ?", (new, new.casefold(), name)
        )
    return taken is None


def _free_name(db: sqlite3.Connection, name: str) -> str:
    """The name, with a number behind it where another file has it already."""
    number, tried = 1, name
    while db.execute("SELECT 1 FROM models WHERE folded = ?", (tried.casefold(),)).fetchone():
        number += 1
        tried = f"{name} ({number})"
    return tried


def _has_path(row: sqlite3.Row) -> bool:
    path = row["path"]
    return isinstance(path, bytes) and bool(path) and b"\0" not in path


def _model(row: sqlite3.Row) -> tuple[LibraryModel, str]:
    """The model and the stamp of its file. A row may be damaged: a value that is none of its kind
    counts as not known, and the file's header is read again, since it has no stamp then."""
    try:
        words = json.loads(row["words"])
    except (TypeError, ValueError, RecursionError):
        words = None
    known = words if isinstance(words, dict) else {}
    usual = LibraryModel(str(row["name"]), Path(os.fsdecode(row["path"])), added=_LONG_AGO)
    kinds = {field.name: type(getattr(usual, field.name)) for field in fields(LibraryModel)}
    sound = {k: v for k, v in known.items() if k in kinds and type(v) is kinds[k]}
    whole = len(sound) == len(kinds) - len(("name", "path"))
    return replace(usual, **sound), str(row["stamp"]) if whole else ""
