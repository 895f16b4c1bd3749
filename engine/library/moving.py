"""A model to another folder or disk, as a job: copied in pieces, checked, listed anew, and only
then removed where it was.

Invariant: at every moment one whole copy is listed, or found under its old name. A copy has a name
of ours until its checksum is that of its source. What is to be done is kept in the catalogue, so
that a move goes on where its program was killed.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.base.errors import ChaskiError, UsageError
from engine.base.events import Progress, Stage
from engine.base.paths import openable
from engine.base.places import give_name
from engine.base.reading import reason
from engine.library.files import parts_of, readable, size_of, stamp_of
from engine.library.records import LibraryModel, UnfinishedMove
from engine.library.registry import Registry
from engine.library.registry_rows import has_path

CHUNK = 4 << 20
ENDING = ".moving.part"
COPYING, SWITCHED = "copying", "switched"
Steps = Generator[Progress, None, None]


@dataclass(frozen=True)
class _Order:
    """One file of a move."""

    source: Path
    target: Path

    @property
    def part(self) -> Path:
        return self.target.with_name(self.target.name + ENDING)


class Mover:
    """Moves of one catalogue's models."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def begin(self, model: LibraryModel, folder: Path) -> Generator[Progress, None, Path]:
        """Move a model's files into a folder; answers its new path. Stopped or killed, the copy so
        far stays, and the same call goes on from it. Raises ChaskiError."""
        target = folder / model.path.name
        known = self._row(model.path)
        if known is not None and (_target(known) != target or _stamps(known) != _now(model.path)):
            self.abandon(model.path)
            known = None
        _check(model, folder, begun=known is not None)
        if known is None:
            self._registry.change(lambda db: _note(db, model.path, target))
        yield from self._copying(model, target)
        self._registry.change(lambda db: _switch(db, model.path, target, stamp_of(target)))
        yield Progress(Stage.COPYING, 1, 1, what=model.name)
        self._finish(model.path, target)
        return target

    def list(self) -> Sequence[UnfinishedMove]:
        """Moves that were begun and not ended."""
        return [self._move(row) for row in self._registry.read(_notes) if has_path(row)]

    def recover(self) -> None:
        """Remove the old files of moves that were ended but for that."""
        for row in self._registry.read(_notes):
            if has_path(row) and row["stage"] == SWITCHED:
                self._finish(Path(os.fsdecode(row["path"])), _target(row))

    def abandon(self, path: Path) -> None:
        """Give a move up that has not come to its end: the copy so far goes, the model stays."""
        row = self._row(path)
        if row is None or row["stage"] != COPYING:
            return
        done = _done(row)
        for order in _orders(path, _target(row)):
            if order.source.name in done and _size(order.source) >= 0:
                _remove(order.target)
            _remove(order.part)
        self._registry.change(lambda db: _unnote(db, path))

    def _copying(self, model: LibraryModel, target: Path) -> Steps:
        stamps = _stamps(self._row(model.path))
        total, done = size_of(model.path), 0
        for order in _orders(model.path, target):
            size = _size(order.source)
            if order.source.name not in _done(self._row(model.path)):
                for step in _copied(order, str(stamps.get(order.source.name))):
                    yield Progress(Stage.COPYING, done + step, 2 * total, what=model.name)
                name = order.source.name
                self._registry.change(lambda db, n=name: _note_done(db, model.path, n))  # type: ignore[misc]
            done += 2 * size

    def _finish(self, path: Path, target: Path) -> None:
        """The old files go, but those that have changed since, or have no whole copy."""
        stamps = _stamps(self._row(path))
        for order in _orders(path, target):
            whole = _size(order.target) == _size(order.source) >= 0
            if whole and stamps.get(order.source.name) == stamp_of(order.source):
                _remove(order.source)
        self._registry.keep(lambda db: _unnote(db, path))

    def _row(self, path: Path) -> sqlite3.Row | None:
        return self._registry.read(lambda db: _note_at(db, path))

    def _move(self, row: sqlite3.Row) -> UnfinishedMove:
        path, target = Path(os.fsdecode(row["path"])), _target(row)
        orders = _orders(path, target)
        done = sum(max(0, _size(order.target), _size(order.part)) for order in orders)
        switched = row["stage"] == SWITCHED
        model = self._registry.at(target if switched else path)
        name = model.name if model is not None else readable(path.name)
        size = sum(max(0, _size(order.source)) for order in orders)
        return UnfinishedMove(name, path, target, size, min(size, done), switched)


def _check(model: LibraryModel, folder: Path, *, begun: bool) -> None:
    """What can be refused is refused before anything is written."""
    if not os.path.isdir(openable(folder)):
        raise UsageError("there is no folder {folder}; make it first", folder=readable(folder))
    if model.path.is_symlink():
        raise UsageError(
            "{model} is a link to {place}; move that file",
            model=model.name,
            place=readable(_real(model.path)),
        )
    missing = [part for part in parts_of(model.path) if _size(part) < 0]
    if missing:
        raise UsageError(
            "{missing} is missing; {model} cannot be moved",
            missing=readable(missing[0]),
            model=model.name,
        )
    if os.path.samefile(openable(folder), openable(model.path.parent)):
        raise UsageError(
            "{model} lies in {folder} already", model=model.name, folder=readable(folder)
        )
    for order in _orders(model.path, folder / model.path.name):
        there = os.path.lexists(openable(order.target))
        if there and not (begun and _size(order.target) == _size(order.source)):
            raise UsageError(
                "{target} exists already; choose another folder or move it away",
                target=readable(order.target),
            )
        if os.path.lexists(openable(order.part)) and not begun:
            raise UsageError("{part} is in the way; move it away first", part=readable(order.part))
    if _on_one_disk(model.path, folder):
        return
    free = shutil.disk_usage(openable(folder)).free
    orders = _orders(model.path, folder / model.path.name)
    copied = sum(max(0, _size(order.target), _size(order.part)) for order in orders)
    needed = size_of(model.path) - copied
    if needed > free:
        raise UsageError(
            "{model} needs {needed:file} in {folder}, but {free:file} are free there; make room "
            "or choose another disk",
            model=model.name,
            needed=needed,
            folder=readable(folder),
            free=free,
        )


def _copied(order: _Order, stamp: str) -> Generator[int, None, None]:
    """Bytes read so far: the source's and, for comparing, the copy's. Raises ChaskiError.

    stamp: what the source must still have at the end.
    """
    try:
        if os.path.lexists(openable(order.target)):  # of a program killed just behind its naming
            yield from _compared(order)
        elif not _linked(order):
            yield from _written(order)
            if stamp_of(order.source) != stamp:
                _remove(order.part)
                raise ChaskiError(
                    "{source} has changed while it was copied; move it once it is at rest",
                    source=readable(order.source),
                )
            give_name(Path(openable(order.part)), Path(openable(order.target)), is_new=True)
        _sync_folder(order.target.parent)
    except OSError as error:
        raise ChaskiError(
            "{source} was not moved to {parent}: {reason}. It stays where it was.",
            source=readable(order.source.name),
            parent=readable(order.target.parent),
            reason=reason(error),
        ) from None


def _linked(order: _Order) -> bool:
    """On one disk a second name is enough; the first goes when the catalogue has switched."""
    if not _on_one_disk(order.source, order.target.parent):
        return False
    try:
        os.link(openable(order.source), openable(order.target))
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no second names
        return False
    _remove(order.part)
    return True


def _written(order: _Order) -> Generator[int, None, None]:
    """A part with the checksum of its source; what an earlier try wrote wrongly is written anew."""
    for _ in range(2):
        digest, copied = hashlib.sha256(), hashlib.sha256()
        yield from _writing(order, digest)
        size = _size(order.part)
        for done in _reading(order.part, copied):
            yield size + done
        if copied.digest() == digest.digest():
            return
        os.unlink(openable(order.part))
    raise ChaskiError(
        "what was written to {target} cannot be read back as it was; that disk may be failing. "
        "The model stays where it was.",
        target=readable(order.target),
    )


def _compared(order: _Order) -> Generator[int, None, None]:
    one, other = hashlib.sha256(), hashlib.sha256()
    yield from _reading(order.source, one)
    size = _size(order.source)
    for done in _reading(order.target, other):
        yield size + done
    if one.digest() != other.digest():
        raise UsageError(
            "{target} exists already; choose another folder", target=readable(order.target)
        )


def _writing(order: _Order, digest: "hashlib._Hash") -> Generator[int, None, None]:
    """The source into a part of ours, from where an earlier try ended."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    with (
        open(openable(order.source), "rb") as source,
        os.fdopen(os.open(openable(order.part), flags, 0o644), "r+b") as part,
    ):
        begun = min(os.fstat(part.fileno()).st_size, os.fstat(source.fileno()).st_size)
        begun -= begun % CHUNK  # what was written last may not be whole
        yield from _digested(source, digest, begun)
        part.seek(begun)
        part.truncate()
        while chunk := source.read(CHUNK):
            part.write(chunk)
            digest.update(chunk)
            begun += len(chunk)
            yield begun
        part.flush()
        os.fsync(part.fileno())


def _digested(file: IO[bytes], digest: "hashlib._Hash", length: int) -> Generator[int, None, None]:
    done = 0
    while done < length and (chunk := file.read(min(CHUNK, length - done))):
        digest.update(chunk)
        done += len(chunk)
        yield done


def _reading(path: Path, digest: "hashlib._Hash") -> Generator[int, None, None]:
    with open(openable(path), "rb") as file:
        yield from _digested(file, digest, os.fstat(file.fileno()).st_size)


def _orders(path: Path, target: Path) -> list[_Order]:
    return [_Order(source, target.with_name(source.name)) for source in parts_of(path)]


def _now(path: Path) -> dict[str, object]:
    """The stamps of all files of a model."""
    return {source.name: stamp_of(source) for source in parts_of(path)}


def _size(path: Path) -> int:
    """-1 where there is no file."""
    try:
        return os.stat(openable(path)).st_size
    except (OSError, ValueError):
        return -1


def _on_one_disk(path: Path, folder: Path) -> bool:
    try:
        return os.stat(openable(path)).st_dev == os.stat(openable(folder)).st_dev
    except OSError:
        return False


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path


def _remove(path: Path) -> None:
    with suppress(OSError):
        os.unlink(openable(path))


def _sync_folder(folder: Path) -> None:
    """A new name outlives a power cut; systems that cannot do this do it by themselves."""
    with suppress(OSError):
        number = os.open(openable(folder), os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


# Rows


def _note(db: sqlite3.Connection, path: Path, target: Path) -> None:
    words = json.dumps({"stamps": _now(path), "done": []})
    db.execute(
        "INSERT OR REPLACE INTO moves (path, target, at, stage, words) VALUES (?, ?, ?, ?, ?)",
        (os.fsencode(path), os.fsencode(target), time.time(), COPYING, words),
    )


def _note_done(db: sqlite3.Connection, path: Path, name: str) -> None:
    """A file has its new name: it is ours to remove, should the move be given up."""
    row = _note_at(db, path)
    words = json.dumps({"stamps": _stamps(row), "done": sorted({*_done(row), name})})
    db.execute("UPDATE moves SET words = ? WHERE path = ?", (words, os.fsencode(path)))


def _switch(db: sqlite3.Connection, path: Path, target: Path, stamp: str) -> None:
    """The model lies there now. Its header was read where it lay before."""
    old, new = os.fsencode(path), os.fsencode(target)
    if db.execute("SELECT 1 FROM models WHERE path = ?", (old,)).fetchone():
        db.execute("DELETE FROM models WHERE path = ?", (new,))  # a look has found the copy
    db.execute(
        "UPDATE models SET path = ?, source = '', hidden = 0, "
        "stamp = CASE stamp WHEN '' THEN '' ELSE ? END WHERE path = ?",
        (new, stamp, old),
    )
    db.execute("UPDATE moves SET stage = ? WHERE path = ?", (SWITCHED, old))


def _unnote(db: sqlite3.Connection, path: Path) -> None:
    db.execute("DELETE FROM moves WHERE path = ?", (os.fsencode(path),))


def _notes(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM moves ORDER BY at").fetchall()


def _note_at(db: sqlite3.Connection, path: Path) -> sqlite3.Row | None:
    found: sqlite3.Row | None = db.execute(
        "SELECT * FROM moves WHERE path = ?", (os.fsencode(path),)
    ).fetchone()
    return found


def _target(row: sqlite3.Row) -> Path:
    return Path(os.fsdecode(row["target"]))


def _stamps(row: sqlite3.Row | None) -> dict[str, object]:
    found = _words(row).get("stamps")
    return found if isinstance(found, dict) else {}


def _done(row: sqlite3.Row | None) -> set[str]:
    found = _words(row).get("done")
    return {name for name in found if isinstance(name, str)} if isinstance(found, list) else set()


def _words(row: sqlite3.Row | None) -> dict[str, object]:
    try:
        found = json.loads(row["words"]) if row is not None else {}
    except (TypeError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
