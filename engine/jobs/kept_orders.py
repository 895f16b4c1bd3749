"""Downloads that are not over, in SQLite: they survive the end of the program, whatever ended it.

What stands in the file is looked at like any other file's words: a row that makes no sense counts
as none.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import ChaskiError
from engine.hub.download_records import DownloadOrder
from engine.hub.records import HubFile
from engine.jobs.records import JobState
from engine.jobs.wishes import Wish
from engine.library.database import Database

_VERSION_1 = """
CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL,    -- running: goes on when the program starts; paused, failed: when asked
    failure TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL     -- JSON: the wish, and the files once the hub has told them
)
"""
STATES = (JobState.RUNNING, JobState.PAUSED, JobState.FAILED)
MOST = 1000  # orders


@dataclass(frozen=True)
class Kept:
    """A wish, and its files at one commit once the hub has told them; `number` 0: not kept yet."""

    wish: Wish
    order: DownloadOrder | None = None
    state: JobState = JobState.RUNNING
    failure: str = ""
    number: int = 0


def _migrate(connection: sqlite3.Connection) -> None:
    connection.execute(_VERSION_1)


class KeptOrders:
    """Rows of orders; every method is one transaction, from any thread."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, Words("your downloads"), (_migrate,))

    @property
    def notice(self) -> str:
        """A sentence where the file was damaged and set aside; else empty."""
        return self._database.notice

    def all(self) -> list[Kept]:
        with self._database.read() as db:
            rows = db.execute("SELECT * FROM orders ORDER BY id LIMIT ?", (MOST,)).fetchall()
        return [kept for row in rows if (kept := _read(row)) is not None]

    def put(self, kept: Kept) -> Kept:
        """Keeps an order, or what has become of it; the same wish is kept once."""
        words = json.dumps(_words(kept))
        with self._database.write() as db:
            number = kept.number or next(
                (row["id"] for row in db.execute("SELECT * FROM orders") if _same(row, kept)), 0
            )
            db.execute(
                "INSERT INTO orders (id, state, failure, words) VALUES (?, ?, ?, ?) ON CONFLICT "
                "(id) DO UPDATE SET state = excluded.state, failure = excluded.failure, words = "
                "excluded.words",
                (number or None, kept.state, kept.failure, words),
            )
            if not number:
                (number,) = db.execute("SELECT last_insert_rowid()").fetchone()
        return replace(kept, number=number)

    def mark(self, number: int, state: JobState, failure: str = "") -> None:
        with self._database.write() as db:
            db.execute(
                "UPDATE orders SET state = ?, failure = ? WHERE id = ?", (state, failure, number)
            )

    def drop(self, number: int) -> None:
        with self._database.write() as db:
            db.execute("DELETE FROM orders WHERE id = ?", (number,))

    def close(self) -> None:
        self._database.close()


def _same(row: sqlite3.Row, kept: Kept) -> bool:
    other = _read(row)
    return other is not None and other.wish == kept.wish


def _words(kept: Kept) -> dict[str, Any]:
    wish, order = kept.wish, kept.order
    told: dict[str, Any] = {
        "repo": wish.repo,
        "quant": wish.quant,
        "files": wish.files,
        "revision": wish.revision,
        "folder": "" if wish.folder is None else str(wish.folder),
        "make": wish.make,
    }
    if order is not None:
        told["order"] = {
            "repo": order.repo,
            "commit": order.commit,
            "folder": str(order.folder),
            "files": [[f.path, f.size, f.sha256, f.blob] for f in order.files],
        }
    return told


def _read(row: sqlite3.Row) -> Kept | None:
    try:
        told = json.loads(row["words"])
        folder = _text(told, "folder")
        wish = Wish(
            _text(told, "repo"),
            _text(told, "quant"),
            tuple(str(name) for name in told["files"]),
            _text(told, "revision"),
            Path(folder) if folder else None,
            _text(told, "make"),
        )
        order = _order(told["order"]) if "order" in told else None
        state = JobState(row["state"])
        if state not in STATES or not wish.repo:
            return None
        return Kept(wish, order, state, str(row["failure"]), int(row["id"]))
    except (ChaskiError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _order(told: Mapping[str, Any]) -> DownloadOrder:
    files = tuple(
        HubFile(str(path), _size(size), str(sha256), str(blob))
        for path, size, sha256, blob in told["files"]
    )
    if not files:
        raise ValueError("no files")
    return DownloadOrder(
        _text(told, "repo"), _text(told, "commit"), files, Path(_text(told, "folder"))
    )


def _text(told: Mapping[str, Any], name: str) -> str:
    if not isinstance(told[name], str):
        raise TypeError(name)
    return str(told[name])


def _size(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("size")
    return value
