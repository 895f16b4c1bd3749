"""Model files into the system's trash, and back.

Where each file lay and how to know it again (device and number) is kept before it is moved, so a
program that is killed in between can still bring it back. On Linux it is found in the trash and
moved back. Other systems do not tell where their trash has it: there it waits in a folder of ours
on the same disk for some days, and goes to the trash after them. Nothing is ever deleted.
"""

import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError, UsageError
from engine.base.paths import folder_of, home_folder, openable
from engine.base.reading import reason
from engine.library.files import parts_of, readable
from engine.library.records import LibraryModel, TrashedModel
from engine.library.registry import Registry

WAITS_S = 7 * 86400.0  # in our folder, where the trash cannot be asked
WAITING = ".chaski-trash"


@dataclass(frozen=True)
class Lost:
    """A file that was moved away: where it lay, and how to know it again."""

    path: Path
    device: int
    number: int
    file_bytes: int


class Trash:
    """What was moved to the trash by this program, of one catalogue."""

    def __init__(self, registry: Registry, *, ask_system: bool = sys.platform == "linux") -> None:
        self._registry = registry
        self._ask_system = ask_system  # whether its trash says where it has a file

    def throw(self, model: LibraryModel) -> TrashedModel:
        """Move all files of a model to the trash; all of them, or none. Raises ChaskiError."""
        files = [_known(path) for path in parts_of(model.path) if os.path.lexists(openable(path))]
        if not files:
            raise UsageError(
                "the file of {model} is gone; remove it from the list", model=model.name
            )
        when = time.time()
        number = self._registry.change(lambda db: _note(db, model, files, when))
        gone: list[Lost] = []
        try:
            for file in files:
                self._away(file.path, number)
                gone.append(file)
        except (OSError, ImportError) as error:
            for file in gone:
                self._back(file, number)
            self._forget(number)
            raise ChaskiError(_refused(files[len(gone)].path, error)) from None
        self._registry.change(lambda db: _drop(db, model.path))
        size = sum(file.file_bytes for file in files)
        return TrashedModel(number, model.name, model.path, when, size)

    def list(self) -> Sequence[TrashedModel]:
        """What may be brought back, the latest first."""
        found = [_trashed(row) for row in self._registry.read(_notes)]
        return [item for item in found if item is not None]

    def restore(self, wanted: TrashedModel) -> Path:
        """Put the files where they lay, and the model back on the list. Raises ChaskiError."""
        row = self._registry.read(lambda db: _note_at(db, wanted.number))
        files = _files(row)
        if row is None or not files:
            raise UsageError("{wanted} is not in the trash any more", wanted=wanted.name)
        for file in files:
            if os.path.lexists(openable(file.path)) and not _is(file, file.path):
                raise UsageError(
                    "{file} is in the way; move it away first", file=readable(file.path)
                )
        for file in files:
            if not os.path.lexists(openable(file.path)):
                self._back(file, wanted.number)
        self._registry.change(lambda db: _put_back(db, row))
        return files[0].path

    def empty_old(self, now: float | None = None) -> None:
        """Give the system's trash what has waited long enough in folders of ours, and forget what
        nobody can bring back any more."""
        now = time.time() if now is None else now
        for row in self._registry.read(_notes):
            if isinstance(row["at"], float) and now - row["at"] < WAITS_S:
                continue
            there = [self._may_come_back(file, row["id"]) for file in _files(row)]
            if not any(there):
                self._forget(row["id"])

    def _may_come_back(self, file: Lost, number: int) -> bool:
        """Whether the file may still be brought back."""
        waiting = _waiting(file.path, number)
        if _is(file, waiting):
            with suppress(OSError, ImportError):
                _send(waiting)
            _remove_empty(waiting.parent)
            return _is(file, waiting)
        return self._ask_system and bool(find_in_trash(file.path, file.device, file.number))

    def _forget(self, number: int) -> None:
        self._registry.keep(lambda db: _unnote(db, number))

    def _away(self, path: Path, number: int) -> None:
        if self._ask_system:
            _send(path)
            return
        waiting = _waiting(path, number)
        os.makedirs(openable(waiting.parent), exist_ok=True)
        os.rename(openable(path), openable(waiting))

    def _back(self, file: Lost, number: int) -> None:
        """One file back to its place. Raises ChaskiError."""
        waiting = _waiting(file.path, number)
        place = waiting if _is(file, waiting) else None
        if place is None and self._ask_system:
            place = find_in_trash(file.path, file.device, file.number)
        if place is None or not _is(file, place):
            raise ChaskiError(
                "{file} is not in the trash any more; get the model again",
                file=readable(file.path.name),
            )
        try:
            os.makedirs(openable(file.path.parent), exist_ok=True)
            if os.path.lexists(openable(file.path)):  # came meanwhile
                raise UsageError(
                    "{file} is in the way; move it away first", file=readable(file.path)
                )
            os.rename(openable(place), openable(file.path))
        except OSError as error:
            raise ChaskiError(
                "{file} could not be brought back: {reason}; it lies in {place}",
                file=readable(file.path),
                reason=reason(error),
                place=readable(place),
            ) from None
        if place == waiting:
            _remove_empty(waiting.parent)
        else:
            forget_info(place)


def _send(path: Path) -> None:
    from send2trash import send2trash

    send2trash(os.fspath(path))


def _waiting(path: Path, number: int) -> Path:
    """Beside the file, so that it is the same disk; nothing looks into folders with a dot."""
    return path.parent / WAITING / str(number) / path.name


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):
        os.rmdir(openable(folder))
        os.rmdir(openable(folder.parent))


def _known(path: Path) -> Lost:
    try:
        found = os.lstat(openable(path))
    except OSError as error:
        raise ChaskiError(_refused(path, error)) from None
    return Lost(path, found.st_dev, found.st_ino, found.st_size)


def _is(file: Lost, path: Path) -> bool:
    try:
        found = os.lstat(openable(path))
    except (OSError, ValueError):
        return False
    return found.st_ino == file.number and found.st_size == file.file_bytes


def _refused(path: Path, error: Exception) -> str:
    why = reason(error) if isinstance(error, OSError) else Words("Send2Trash is not installed")
    if isinstance(error, PermissionError):
        why = Words("{why}; another program may be using it, or it is not yours", why=why)
    return Words(
        "{file} was not moved to the trash: {why}. It stays where it is.",
        file=readable(path),
        why=why,
    )


# Rows


def _note(db: sqlite3.Connection, model: LibraryModel, files: Sequence[Lost], when: float) -> int:
    row = db.execute("SELECT * FROM models WHERE path = ?", (os.fsencode(model.path),)).fetchone()
    kept = {} if row is None else {key: row[key] for key in row.keys() if key != "path"}  # noqa: SIM118
    told = [[str(f.path), f.device, f.number, f.file_bytes] for f in files]
    done = db.execute(
        "INSERT INTO trash (name, at, files, row) VALUES (?, ?, ?, ?)",
        (model.name, when, json.dumps(told), json.dumps({**kept, "path": str(model.path)})),
    )
    return int(done.lastrowid or 0)


def _unnote(db: sqlite3.Connection, number: int) -> None:
    db.execute("DELETE FROM trash WHERE id = ?", (number,))


def _drop(db: sqlite3.Connection, path: Path) -> None:
    db.execute("DELETE FROM models WHERE path = ?", (os.fsencode(path),))


def _notes(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM trash ORDER BY at DESC, id DESC").fetchall()


def _note_at(db: sqlite3.Connection, number: int) -> sqlite3.Row | None:
    found: sqlite3.Row | None = db.execute("SELECT * FROM trash WHERE id = ?", (number,)).fetchone()
    return found


def _put_back(db: sqlite3.Connection, note: sqlite3.Row) -> None:
    """The model's row as it was; where its name or place is taken by now, a look finds the file."""
    kept = _json(note["row"])
    if isinstance(kept, dict) and isinstance(kept.get("path"), str):
        columns = ("name", "folded", "hidden", "stamp", "words", "source", "own")
        values = [kept.get(column, "") for column in columns]
        if all(isinstance(value, str | int) for value in values):
            db.execute(
                f"INSERT OR IGNORE INTO models (path, {', '.join(columns)}) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (os.fsencode(kept["path"]), *values),
            )
    _unnote(db, note["id"])


def _trashed(row: sqlite3.Row) -> TrashedModel | None:
    files = _files(row)
    if not files or not isinstance(row["at"], float):
        return None
    size = sum(file.file_bytes for file in files)
    return TrashedModel(row["id"], str(row["name"]), files[0].path, row["at"], size)


def _files(row: sqlite3.Row | None) -> list[Lost]:
    """A row may be damaged: what is none of ours is passed over."""
    found = _json(row["files"]) if row is not None else None
    if not isinstance(found, list):
        return []
    kinds = (str, int, int, int)
    return [
        Lost(Path(item[0]), *item[1:])
        for item in found
        if isinstance(item, list) and tuple(map(type, item)) == kinds and "\0" not in item[0]
    ]


def _json(text: object) -> Any:
    try:
        return json.loads(text)  # type: ignore[arg-type]
    except (TypeError, ValueError, RecursionError):
        return None


_MOST = 20_000  # entries of one trash


def find_in_trash(path: Path, device: int, number: int) -> Path | None:
    """The file with this number on its device, which lay at `path`: it keeps its number when it is
    moved on its disk, and its name may be another now."""
    for trash in trashes(path):
        for item in _entries(trash / "files"):
            with suppress(OSError):
                found = item.lstat()
                if (found.st_dev, found.st_ino) == (device, number):
                    return item
    return None


def trashes(path: Path) -> Iterator[Path]:
    """The trash of the user's home, and those at the top of the file's disk."""
    home = home_folder()
    data = folder_of("XDG_DATA_HOME") or (home / ".local/share" if home else None)
    if data is not None:
        yield data / "Trash"
    top = _top_of(path.parent)
    user = os.getuid() if hasattr(os, "getuid") else 0
    yield top / ".Trash" / str(user)
    yield top / f".Trash-{user}"


def forget_info(item: Path) -> None:
    """Remove the trash's note of a file that is there no more."""
    with suppress(OSError):
        (item.parent.parent / "info" / f"{item.name}.trashinfo").unlink()


def _top_of(folder: Path) -> Path:
    """Where the disk is mounted that a folder lies on."""
    with suppress(OSError, RuntimeError):
        folder = folder.resolve()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    while not os.path.ismount(folder) and folder != folder.parent:
        folder = folder.parent
    return folder


def _entries(folder: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as found:
            for n, entry in enumerate(found):
                if n >= _MOST:
                    return
                yield Path(entry.path)
    except OSError:
        return
