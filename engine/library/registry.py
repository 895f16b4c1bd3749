"""The table of known model files in SQLite; knows names and paths, never looks into a file."""

import json
import os
import sqlite3
from dataclasses import asdict, replace
from pathlib import Path

from engine.library.chats_schema import run_script
from engine.library.database import Database
from engine.library.records import LibraryModel

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


def version_1(connection: sqlite3.Connection) -> None:
    run_script(connection, _VERSION_1)


class Registry:
    """Rows of models; every method is one transaction."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path, "your models", (version_1,))

    def rows(self, *, hidden: bool = False) -> list[tuple[LibraryModel, str]]:
        """Models with the stamp of their file, by name."""
        with self.database.read() as db:
            found = db.execute(
                "SELECT * FROM models WHERE hidden = ? ORDER BY folded", (int(hidden),)
            )
            return [(_model(row), row["stamp"]) for row in found]

    def put(self, model: LibraryModel, stamp: str) -> LibraryModel:
        """Write a row; one with the same path is replaced and keeps its name, unless hidden."""
        with self.database.write() as db:
            old = db.execute(
                "SELECT name, hidden FROM models WHERE path = ?", (os.fsencode(model.path),)
            ).fetchone()
            if old is not None:
                db.execute("DELETE FROM models WHERE name = ?", (old["name"],))
            model = replace(model, name=_free_name(db, model.name))
            words = {k: v for k, v in asdict(model).items() if k not in ("name", "path")}
            db.execute(
                "INSERT INTO models (name, folded, path, stamp, words) VALUES (?, ?, ?, ?, ?)",
                (
                    model.name,
                    model.name.casefold(),
                    os.fsencode(model.path),
                    stamp,
                    json.dumps(words),
                ),
            )
        return model

    def hide(self, name: str) -> None:
        with self.database.write() as db:
            db.execute("UPDATE models SET hidden = 1 WHERE name = ?", (name,))

    def drop(self, name: str) -> None:
        with self.database.write() as db:
            db.execute("DELETE FROM models WHERE name = ?", (name,))

    def rename(self, name: str, new: str) -> bool:
        """False where the new name is taken."""
        with self.database.write() as db:
            taken = db.execute(
                "SELECT name FROM models WHERE folded = ? AND name != ?", (new.casefold(), name)
            ).fetchone()
            if taken is None:
                db.execute(
                    "UPDATE models SET name = ?, folded = ? WHERE name = ?",
                    (new, new.casefold(), name),
                )
            return taken is None


def _free_name(db: sqlite3.Connection, name: str) -> str:
    """The name, with a number behind it where another file has it already."""
    number, tried = 1, name
    while db.execute("SELECT 1 FROM models WHERE folded = ?", (tried.casefold(),)).fetchone():
        number += 1
        tried = f"{name} ({number})"
    return tried


def _model(row: sqlite3.Row) -> LibraryModel:
    return LibraryModel(
        name=row["name"], path=Path(os.fsdecode(row["path"])), **json.loads(row["words"])
    )
