"""The catalogue's tables, and what a row of a model says: header's words and the user's own.

A version of the tables that was released never changes. Rows may be damaged: a value that is none
of its kind counts as not known, and the file's header is read again.
"""

import json
import os
import sqlite3
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from engine.base.catalogue import Words
from engine.library.chats_tables import run_script
from engine.library.defaults import sound_defaults
from engine.library.files import MOST_COUNTED
from engine.library.records import LibraryModel
from engine.library.salvage import Row, salvage

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
# `source`: the program that keeps the file, '' for the user's own. `own`: what the user said of a
# model and what was measured; no look at a file changes it. `looked`: folders, as they were at the
# last look. `watched`: folders that the user wants looked into. `trash.files`: JSON of where each
# file lay and how to know it again. `moves.stage`: 'copying' or 'switched'.
_VERSION_2 = """
ALTER TABLE models ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE models ADD COLUMN own TEXT NOT NULL DEFAULT '{}';
CREATE TABLE looked (path BLOB PRIMARY KEY, stamp TEXT NOT NULL);
CREATE TABLE watched (path BLOB PRIMARY KEY);
CREATE TABLE trash (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    at REAL NOT NULL,
    files TEXT NOT NULL,
    row TEXT NOT NULL
);
CREATE TABLE moves (
    path BLOB PRIMARY KEY,
    target BLOB NOT NULL,
    at REAL NOT NULL,
    stage TEXT NOT NULL,
    words TEXT NOT NULL DEFAULT '{}'
);
"""
LATEST = 1e11  # seconds since 1970, and the most of any other measure
LONG_AGO = 1.0  # when a model was added, where that is not known any more
OWN = ("tags", "notes", "defaults", "last_used", "tokens_per_second")
_COLUMNS = ("name", "path", "source")
_USUAL = LibraryModel("", Path())
_WORDS = {
    f.name: type(getattr(_USUAL, f.name))
    for f in fields(LibraryModel)
    if f.name not in (*OWN, *_COLUMNS)
}
_ADDED_LATER = {"pictures"}  # a row of an earlier version lacks them, and is whole


def version_1(connection: sqlite3.Connection) -> None:
    run_script(connection, _VERSION_1)


def version_2(connection: sqlite3.Connection) -> None:
    run_script(connection, _VERSION_2)


MIGRATIONS = (version_1, version_2)


def model_of(row: sqlite3.Row) -> tuple[LibraryModel, str]:
    """The model and the stamp of its file; of a damaged row there is no stamp."""
    known = _object(row["words"])
    sound = {k: v for k, v in known.items() if k in _WORDS and _is_sound(v, _WORDS[k])}
    sound.setdefault("added", LONG_AGO)
    whole = len(sound) + len(_ADDED_LATER - sound.keys()) == len(_WORDS)
    model = LibraryModel(
        name=str(row["name"]),
        path=Path(os.fsdecode(row["path"])),
        source=str(row["source"] or ""),
        **sound,
        **own_of(row["own"]),
    )
    return model, str(row["stamp"]) if whole else ""


def words_of(model: LibraryModel) -> str:
    """JSON of what a file says."""
    return json.dumps({name: getattr(model, name) for name in _WORDS})


def own_of(text: object) -> dict[str, Any]:
    """What the user said, of JSON that may be damaged; fields of a LibraryModel."""
    if text == "{}":
        return {}
    known, found = _object(text), dict[str, Any]()
    tags = known.get("tags")
    if isinstance(tags, list):
        found["tags"] = tuple(tag for tag in tags if isinstance(tag, str))
    if isinstance(known.get("notes"), str):
        found["notes"] = known["notes"]
    for name in ("last_used", "tokens_per_second"):
        value: Any = known.get(name)
        if _is_sound(value, float) or (_is_sound(value, int) and value <= LATEST):
            found[name] = float(value)
    if isinstance(known.get("defaults"), dict):
        found["defaults"] = sound_defaults(known["defaults"])
    return found


def own_words(model: LibraryModel) -> str:
    """JSON of what the user said and what was measured; "{}" where that is nothing."""
    if all(getattr(model, name) == getattr(_USUAL, name) for name in OWN):
        return "{}"
    said = {name: getattr(model, name) for name in OWN}
    return json.dumps({**said, "defaults": asdict(model.defaults)})


def _is_sound(value: Any, kind: type) -> bool:
    """Of its kind, and a number that can be one of ours."""
    if type(value) is not kind:
        return False
    if not isinstance(value, int | float):
        return True
    return 0 <= value <= (MOST_COUNTED if kind is int else LATEST)


def _object(text: object) -> dict[str, Any]:
    try:
        found = json.loads(text)  # type: ignore[arg-type]
    except (TypeError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def has_path(row: sqlite3.Row) -> bool:
    path = row["path"]
    return isinstance(path, bytes) and bool(path) and b"\0" not in path


# What is left of a damaged file


def take_over(damaged: Path, db: sqlite3.Connection) -> str:
    """Fill a new file from a damaged one; the answer says what was saved."""
    copy_rows(damaged, db)
    (n,) = db.execute("SELECT count(*) FROM models").fetchone()
    return Words("{n} of your models {n:was|were} taken over into a new one.", n=n)


def copy_rows(path: Path, db: sqlite3.Connection) -> None:
    """Rows as they lie in the pages: neither rights to write nor a sound file are needed.

    Tables are told apart by their rows' shapes. Folders that were looked through are left out, so
    that all is looked through again.
    """
    for row in salvage(path).rows:
        values = row.values
        if 6 <= len(values) <= 8 and isinstance(values[2], bytes) and values[2]:
            _copy_model(row, db)
        elif len(values) == 5 and isinstance(values[0], bytes) and isinstance(values[1], bytes):
            db.execute("INSERT OR IGNORE INTO moves VALUES (?, ?, ?, ?, ?)", values)
        elif len(values) == 5 and values[0] is None and isinstance(values[1], str):
            db.execute("INSERT OR IGNORE INTO trash VALUES (?, ?, ?, ?, ?)", (None, *values[1:]))
        elif len(values) == 1 and isinstance(values[0], bytes) and values[0]:
            db.execute("INSERT OR IGNORE INTO watched VALUES (?)", values)


def _copy_model(row: Row, db: sqlite3.Connection) -> None:
    """A row of version 1 has two values fewer."""
    name, _, path, hidden, stamp, words, source, own = (*row.values, "", "{}")[:8]
    texts = (str(stamp or ""), str(words or "{}"), str(source or ""), str(own or "{}"))
    db.execute(
        "INSERT OR IGNORE INTO models (name, folded, path, hidden, stamp, words, source, own) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (str(name), str(name).casefold(), path, int(hidden == 1), *texts),
    )
