"""Conversations on disk. Messages form a tree: an edit or a new answer is a branch beside the old.

Nothing is overwritten by answering again, and deleting can be undone until it is purged.
"""

import copy
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from engine.base.catalogue import Words
from engine.base.errors import UsageError
from engine.base.models import Message
from engine.base.paths import Paths
from engine.base.settings import SamplingParams
from engine.library import chats_records, chats_search
from engine.library.chats_records import (
    ChatRecord,
    SearchHit,
    StoredMessage,
    chat_of,
    extra_of,
    message_of,
    sampling_text,
    text_of,
)
from engine.library.chats_salvage import take_over
from engine.library.chats_tables import (
    MIGRATIONS,
    lengths,
    newest_leaf,
    newest_revision,
    path_to,
    siblings,
)
from engine.library.database import Database
from engine.library.database_files import is_damage

KEPT_DAYS = 30.0  # how long a deleted chat can be brought back


class ChatStore:
    """All chats of one user; two windows or processes may hold one each."""

    def __init__(self, paths: Paths) -> None:
        self._database = Database(paths.chats_file, Words("your chats"), MIGRATIONS, take_over)
        self._held: sqlite3.Connection | None = None  # of the transaction that `together` began
        self._indexed = False
        self._opening = 0  # which opening of the file the index was looked at in
        self._version = (0, 0)  # of the file, when `changes` was last asked
        self._seen = 0  # the last revision that `changes` knows of
        self._own: dict[int, int] = {}  # revisions later than that: our own of each chat
        self._others: set[int] = set()  # chats that somebody else changed before we did

    @property
    def notice(self) -> str:
        """What the user should know: a damaged file that was moved aside; else empty."""
        return self._database.notice

    def close(self) -> None:
        self._database.close()

    # Chats

    def create(
        self,
        title: str = "",
        model: str = "",
        system: str = "",
        sampling: SamplingParams | None = None,
    ) -> ChatRecord:
        now = _now()
        with self._write() as db:
            cursor = db.execute(
                "INSERT INTO chats (title, model, system, sampling, created, changed) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (_clean(title), _clean(model), _clean(system), sampling_text(sampling), now, now),
            )
            number = cursor.lastrowid or 0
            self._touch(db, number)
            return _chat(db, number)

    def list(self, limit: int = -1) -> Sequence[ChatRecord]:
        """Chats that are not deleted, the last changed first."""
        with self._read() as db:
            rows = db.execute(
                "SELECT * FROM chats WHERE deleted IS NULL ORDER BY changed DESC, id DESC LIMIT ?",
                (limit,),
            )
            counts = lengths(db)
            return [chat_of(row, counts.get(row["id"], 0)) for row in rows]

    def get(self, chat: int) -> ChatRecord:
        with self._read() as db:
            return _chat(db, chat)

    def update(self, chat: int, **values: Any) -> ChatRecord:
        """Change title, model, system or sampling."""
        unknown = values.keys() - {"title", "model", "system", "sampling"}
        if unknown:
            raise UsageError("a chat has no {unknown} that could be changed", unknown=min(unknown))
        if "sampling" in values:
            values["sampling"] = sampling_text(values["sampling"])
        with self._write() as db:
            _chat_row(db, chat)
            for name, value in values.items():
                value = _clean(value) if isinstance(value, str) else value
                db.execute(f"UPDATE chats SET {name} = ? WHERE id = ?", (value, chat))
            self._touch(db, chat)
            return _chat(db, chat)

    # Deleting, and thinking better of it

    def delete(self, chat: int) -> ChatRecord:
        """Put away; `restore` brings it back until `purge`."""
        with self._write() as db:
            _chat_row(db, chat)
            db.execute("UPDATE chats SET deleted = ? WHERE id = ?", (_now(), chat))
            self._mark(db, chat)
            return _chat(db, chat)

    def restore(self, chat: int | None = None) -> ChatRecord | None:
        """Bring a deleted chat back; without a number the one deleted last, if there is any."""
        with self._write() as db:
            if chat is None:
                row = db.execute(
                    "SELECT id FROM chats WHERE deleted IS NOT NULL ORDER BY deleted DESC LIMIT 1"
                ).fetchone()
                if row is None:
                    return None
                chat = int(row["id"])
            _chat_row(db, chat)
            db.execute("UPDATE chats SET deleted = NULL WHERE id = ?", (chat,))
            self._mark(db, chat)
            return _chat(db, chat)

    def deleted(self) -> Sequence[ChatRecord]:
        """Chats that can be restored, the last deleted first."""
        with self._read() as db:
            rows = db.execute("SELECT * FROM chats WHERE deleted IS NOT NULL ORDER BY deleted DESC")
            return [chat_of(row) for row in rows]

    def purge(self, older_than_days: float = KEPT_DAYS) -> int:
        """Really forget what was deleted that long ago; answers how many chats.

        Nothing of them stays in the file, its index or its log.
        """
        limit = _now() - older_than_days * 86400
        old = "SELECT id FROM chats WHERE deleted <= ?"
        with self._write() as db:
            # The messages first, and unlinked: cascading from parent to child knows a limit.
            db.execute(f"UPDATE messages SET parent = NULL WHERE chat IN ({old})", (limit,))
            db.execute(f"DELETE FROM messages WHERE chat IN ({old})", (limit,))
            purged = db.execute("DELETE FROM chats WHERE deleted <= ?", (limit,)).rowcount
            if purged and self._indexed:
                chats_search.rebuild(db)  # an index drops words of its own accord only much later
        if purged:
            self._database.forget_old_pages()
        return purged

    # Messages

    def add(
        self,
        chat: int,
        message: Message,
        *,
        after: int | None = None,
        first: bool = False,
        extra: dict[str, Any] | None = None,
        complete: bool = True,
    ) -> StoredMessage:
        """Append to the branch that is shown, or after a given message (`first`: at the very
        beginning), which makes a variant of what is there. The new message is shown then, and a
        chat that was deleted comes back: somebody still talks in it."""
        with self._write() as db:
            leaf = _chat_row(db, chat)["leaf"]
            parent = None if first else (after or leaf)
            if parent is not None and _message_row(db, parent)["chat"] != chat:
                raise UsageError(
                    "message {parent} is not part of chat {chat}", parent=parent, chat=chat
                )
            cursor = db.execute(
                "INSERT INTO messages (chat, parent, role, content, thinking, tool_calls, extra, "
                "created, complete) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (chat, parent, message.role, *_columns(message, extra or {}), _now(), complete),
            )
            number = cursor.lastrowid or 0
            if complete:
                self._index(db, number, "", message)
            db.execute("UPDATE chats SET leaf = ?, deleted = NULL WHERE id = ?", (number, chat))
            self._touch(db, chat)
            return _stored(db, number)

    def replace(
        self,
        number: int,
        message: Message,
        extra: dict[str, Any] | None = None,
        complete: bool = True,
        known: Message | None = None,
    ) -> bool:
        """Save a message again, such as an answer that is still growing (not yet `complete`).

        False, and nothing is written, where its text is not what was `known` of it: somebody else
        has gone on with it. One row is written, whatever the length of the chat. The index has
        complete messages only.
        """
        with self._write() as db:
            old = _message_row(db, number)
            if known is not None and not _says(old, known):
                return False
            extra = extra_of(old["extra"]) if extra is None else extra
            before = text_of(old["content"]) if old["complete"] else ""
            if before or complete:
                self._index(db, number, before, message if complete else None)
            db.execute(
                "UPDATE messages SET content = ?, thinking = ?, tool_calls = ?, extra = ?, "
                "complete = ? WHERE id = ?",
                (*_columns(message, extra), complete, number),
            )
            self._touch(db, old["chat"])
            return True

    def thread(self, chat: int) -> Sequence[StoredMessage]:
        """The branch that is shown, first message first."""
        with self._read() as db:
            leaf = _chat(db, chat).leaf
            shown = set(path_to(db, chat, leaf))
            return [stored for stored in _all_stored(db, chat) if stored.id in shown]

    def variants(self, number: int) -> Sequence[StoredMessage]:
        """A message and its alternatives, oldest first."""
        with self._read() as db:
            row = _message_row(db, number)
            return [_stored(db, other) for other in siblings(db, row["chat"], row["parent"])]

    def choose(self, number: int) -> Sequence[StoredMessage]:
        """Show the branch through this message, down to its newest end."""
        with self._write() as db:
            chat = _message_row(db, number)["chat"]
            db.execute("UPDATE chats SET leaf = ? WHERE id = ?", (newest_leaf(db, number), chat))
            self._mark(db, chat)
        return self.thread(chat)

    def everything(self, chat: int) -> Sequence[StoredMessage]:
        """All messages of all branches in the order they were written."""
        with self._read() as db:
            _chat_row(db, chat)
            return _all_stored(db, chat)

    def search(self, words: str, limit: int = 100) -> Sequence[SearchHit]:
        """Where all the words are found; titles first, then messages, newest first."""
        with self._read() as db:
            return chats_search.search(db, _clean(words), limit, indexed=self._indexed)

    def export_markdown(self, chat: int) -> str:
        """The branch that is shown, as a text to read."""
        return chats_records.to_markdown(self.get(chat), self.thread(chat))

    def export_json(self, chat: int) -> str:
        """All branches and settings, for programs."""
        return chats_records.to_json(self.get(chat), self.everything(chat))

    def _index(
        self, db: sqlite3.Connection, number: int, before: str, message: Message | None
    ) -> None:
        """Forget the words before, learn those of the message; a damaged index is made anew."""
        if not self._indexed:
            return
        try:
            if before:
                chats_search.index_dropped(db, number, before)
            if message is not None:
                chats_search.index_added(db, number, _clean(message.content))
            # The index writes late; here its damage is met before the message's own transaction.
            db.execute("SAVEPOINT words")
            db.execute("RELEASE words")
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            chats_search.rebuild(db)

    # Who changed what

    def changes(self) -> Sequence[int]:
        """Chats that another store (of another window or process) has changed, made, deleted or
        brought back since this was last asked; the first time, since the store was opened."""
        version = self._database.version()
        if version == self._version and not self._others:
            return []
        self._version = version
        with self._read() as db:
            rows = db.execute(
                "SELECT id, revision FROM chats WHERE revision > ? ORDER BY revision", (self._seen,)
            ).fetchall()
            found = {row["id"] for row in rows if self._own.get(row["id"]) != row["revision"]}
            self._seen = max((row["revision"] for row in rows), default=self._seen)
        found |= self._others
        self._own.clear()
        self._others.clear()
        return sorted(found)

    def _touch(self, db: sqlite3.Connection, chat: int) -> None:
        """The chat goes to the head of the list."""
        db.execute("UPDATE chats SET changed = ? WHERE id = ?", (_now(), chat))
        self._mark(db, chat)

    def _mark(self, db: sqlite3.Connection, chat: int) -> None:
        """Count a change, and note whether somebody else's came before it."""
        row = db.execute("SELECT revision FROM chats WHERE id = ?", (chat,)).fetchone()
        before = row["revision"] if row is not None else 0
        if isinstance(before, int) and before > self._seen and self._own.get(chat) != before:
            self._others.add(chat)
        revision = newest_revision(db) + 1
        db.execute("UPDATE state SET value = ? WHERE name = 'revision'", (str(revision),))
        db.execute("UPDATE chats SET revision = ? WHERE id = ?", (revision, chat))
        self._own[chat] = revision

    @contextmanager
    def together(self) -> Iterator["ChatStore"]:
        """Many calls as one transaction: of the store that is yielded, all is kept or nothing."""
        with self._write() as db:
            held = copy.copy(self)
            held._held = db
            yield held

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        if self._held is not None:
            yield self._held
            return
        self._prepare_index()
        with self._database.read() as db:
            yield db

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        if self._held is not None:
            yield self._held
            return
        self._prepare_index()
        with self._database.write() as db:
            yield db

    def _prepare_index(self) -> None:
        opening = self._database.ready()
        if self._opening != opening:
            with self._database.write() as db:
                self._indexed = chats_search.prepare_index(db)
                self._seen = newest_revision(db)
            self._opening = opening


def _chat(db: sqlite3.Connection, chat: int) -> ChatRecord:
    """With the length of its branch: its messages are walked through."""
    row = _chat_row(db, chat)
    return chat_of(row, len(path_to(db, chat, row["leaf"])))


def _chat_row(db: sqlite3.Connection, chat: int) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM chats WHERE id = ?", (chat,)).fetchone()
    if row is None:
        raise UsageError(
            "there is no chat {chat}; it may have been deleted in another window", chat=chat
        )
    return row


def _message_row(db: sqlite3.Connection, number: int) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM messages WHERE id = ?", (number,)
    ).fetchone()
    if row is None:
        raise UsageError(
            "there is no message {number}; its chat may have been deleted", number=number
        )
    return row


def _says(row: sqlite3.Row, message: Message) -> bool:
    told = _clean(message.content), _clean(message.thinking)
    return (text_of(row["content"]), text_of(row["thinking"])) == told


def _stored(db: sqlite3.Connection, number: int) -> StoredMessage:
    row = _message_row(db, number)
    others = siblings(db, row["chat"], row["parent"])
    return message_of(row, others.index(number) + 1, len(others))


def _all_stored(db: sqlite3.Connection, chat: int) -> list[StoredMessage]:
    rows = db.execute("SELECT * FROM messages WHERE chat = ? ORDER BY id", (chat,)).fetchall()
    beside: dict[int | None, list[int]] = {}
    for row in rows:
        beside.setdefault(row["parent"], []).append(row["id"])
    places = {n: (i, len(others)) for others in beside.values() for i, n in enumerate(others, 1)}
    return [message_of(row, *places[row["id"]]) for row in rows]


def _columns(message: Message, extra: dict[str, Any]) -> tuple[str, str, str, str]:
    calls = json.dumps(message.tool_calls, ensure_ascii=True)
    return _clean(message.content), _clean(message.thinking), calls, json.dumps(extra)


def _clean(text: str) -> str:
    """Half a surrogate pair (from a broken paste) cannot be stored as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _now() -> float:
    return time.time()
