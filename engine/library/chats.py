"""Conversations on disk, as they stand in a Tree: rows for its turns, and what is known of a chat.

Nothing is overwritten by answering again, and deleting can be undone until it is purged.
"""

import copy
import sqlite3
import time
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.base.catalogue import Words
from engine.base.conversation import ChatRecord, Turn, tree_of
from engine.base.errors import ChaskiError, UsageError, without_surrogates
from engine.base.paths import Paths
from engine.library import chats_search, chats_texts
from engine.library.chats_records import (
    LARGEST_TURN,
    ChatHead,
    SearchHit,
    extra_text,
    generation_text,
    head_of,
    sampling_text,
    text_of,
    turn_of,
)
from engine.library.chats_salvage import take_over
from engine.library.chats_shown import ShownAnswer, left_shown
from engine.library.chats_tables import MIGRATIONS, mend_numbers, newest_revision
from engine.library.database import Database
from engine.library.database_files import is_damage

if TYPE_CHECKING:
    from engine.library.chats_keeping import ChatKeeper

# What can be changed of a chat, and how it is written.
VALUES: dict[str, Callable[[Any], Any]] = {
    "title": without_surrogates,
    "model": without_surrogates,
    "model_path": without_surrogates,
    "system": without_surrogates,
    "sampling": sampling_text,
    "generation": generation_text,
    "pinned": int,
    "folder": without_surrogates,
    "draft": without_surrogates,
    "is_named": int,
}
KEPT_DAYS = 30.0  # how long a deleted chat can be brought back


class ChatStore:
    """All chats of one user; two windows or processes may hold one each."""

    def __init__(self, paths: Paths) -> None:
        self._database = Database(paths.chats_file, Words("your chats"), MIGRATIONS, take_over)
        self._shown_folder = paths.shown_folder
        self._held: sqlite3.Connection | None = None  # of the transaction that `together` began
        self._indexed = False
        self._opening = 0  # which opening of the file the index was looked at in
        self._version = (0, 0)  # of the file, when `changes` was last asked
        self._seen = 0  # the last revision that `changes` knows of
        self._own: dict[int, int] = {}  # revisions later than that: our own of each chat
        self._others: set[int] = set()  # chats that somebody else changed before we did
        self._folders: tuple[str, ...] = ()  # as they stood in this version of the file
        self._folders_version = (0, 0)

    @property
    def notice(self) -> str:
        """What the user should know: a damaged file that was moved aside; else empty."""
        return self._database.notice

    def close(self) -> None:
        self._database.close()

    def keeper(self) -> "ChatKeeper":
        """For one who has chats in hand while others may write in them, too."""
        from engine.library.chats_keeping import ChatKeeper

        return ChatKeeper(self)

    # Chats

    def create(self, title: str = "", *, number: int = 0, **values: Any) -> ChatHead:
        """A chat without turns, under this number if one is given. Of `values` see VALUES."""
        now, written = _now(), _written({"title": title, **values})
        names = ", ".join(["id", "created", "changed", *written])
        marks = ", ".join("?" * (3 + len(written)))
        with self._write() as db:
            number = number or _next_number(db)
            if _there(db, number):
                raise UsageError("there is a chat {number} already", number=number)
            db.execute(
                f"INSERT INTO chats ({names}) VALUES ({marks})",
                (number, now, now, *written.values()),
            )
            _know_folder(db, written.get("folder", ""))
            self._touch(db, number)
            return _head(db, number)

    def list(self, limit: int = -1) -> Sequence[ChatHead]:
        """Chats that are not deleted, the last changed first."""
        with self._read() as db:
            rows = db.execute(
                f"{_HEADS} WHERE deleted IS NULL ORDER BY changed DESC, id DESC LIMIT ?", (limit,)
            )
            return [head_of(row) for row in rows]

    def get(self, chat: int) -> ChatHead:
        with self._read() as db:
            return _head(db, chat)

    def read(self, chat: int) -> ChatRecord:
        """The chat with all its turns."""
        with self._read() as db:
            head = _head(db, chat)
            tree = tree_of(_turns(db, chat), head.leaf)
        return ChatRecord(
            **{name: getattr(head, name) for name in VALUES},
            id=head.id,
            tree=tree,
            created=head.created,
        )

    def update(self, chat: int, **values: Any) -> ChatHead:
        """Change some of VALUES. What is only put in order does not bring the chat to the top."""
        written = _written(values)
        with self._write() as db:
            _chat_row(db, chat)
            for name, value in written.items():
                db.execute(f"UPDATE chats SET {name} = ? WHERE id = ?", (value, chat))
            _know_folder(db, written.get("folder", ""))
            if written.keys() <= {"title", "is_named", "pinned", "folder", "draft"}:
                self._mark(db, chat)
            else:
                self._touch(db, chat)
            return _head(db, chat)

    # Folders. One is there until it is removed, whether or not a chat lies in it.

    def folders(self) -> Sequence[str]:
        """Their names, in order; costs next to nothing while nobody writes."""
        version = self._database.version()
        if version != self._folders_version:
            with self._read() as db:
                rows = db.execute(
                    "SELECT name FROM folders UNION SELECT folder FROM chats "
                    "WHERE folder != '' AND deleted IS NULL"
                )
                names = {text_of(row[0]) for row in rows} - {""}
            self._folders = tuple(sorted(names, key=str.casefold))
            self._folders_version = version
        return self._folders

    def make_folder(self, name: str) -> None:
        with self._write() as db:
            _know_folder(db, without_surrogates(name))

    def rename_folder(self, old: str, new: str) -> None:
        """Under a name that there is already, the two become one; "": it is removed, and its chats
        lie in none."""
        old, name = without_surrogates(old), without_surrogates(new)
        if name == old:
            return
        with self._write() as db:
            db.execute("DELETE FROM folders WHERE name = ?", (old,))
            _know_folder(db, name)
            for row in db.execute("SELECT id FROM chats WHERE folder = ?", (old,)).fetchall():
                db.execute("UPDATE chats SET folder = ? WHERE id = ?", (name, row["id"]))
                self._mark(db, row["id"])

    # Out of files, and into them

    def read_file(
        self, path: Path, left_out: MutableSequence[str] | None = None
    ) -> Sequence[ChatRecord]:
        """The chats in a file of ours or another program's; nothing is written. `left_out` is told
        of files in a folder that could not be read. Any thread."""
        from engine.library.chats_import import read_chats

        return read_chats(path, left_out)

    def may_read(self, path: Path) -> bool:
        """Whether a file looks like one of chats; little of it is read."""
        from engine.library.chats_import import may_hold_chats

        return may_hold_chats(path)

    def as_file(self, record: ChatRecord, form: str) -> bytes:
        """What a file of this form holds: md, html, docx, json, or print (a page
        for a printer). Any thread."""
        return chats_texts.as_file(record, form)

    def take_in(self, record: ChatRecord) -> ChatHead:
        """A chat from elsewhere, whole or not at all; it stands where its days are."""
        values = {name: getattr(record, name) for name in VALUES}
        with self.together() as store:
            chat = store.create(**values).id
            for number in sorted(record.tree.turns):
                store.put(chat, record.tree.turns[number])
            if record.tree.leaf is not None:
                store.stand_at(chat, record.tree.leaf, len(record.tree.path()))
            store.set_times(chat, record)
        return self.get(chat)

    def set_times(self, chat: int, record: ChatRecord) -> None:
        """When it was begun and last gone on with; a time that is not known is now."""
        turns = [turn.created for turn in record.tree.turns.values() if turn.created]
        last = max(turns, default=0.0) or record.created
        with self._write() as db:
            if last:
                db.execute("UPDATE chats SET changed = ? WHERE id = ?", (last, chat))
            if first := record.created or min(turns, default=0.0):
                db.execute("UPDATE chats SET created = ? WHERE id = ?", (first, chat))

    # Deleting, and thinking better of it

    def delete(self, chat: int) -> ChatHead:
        """Put away; `restore` brings it back until `purge`."""
        with self._write() as db:
            _chat_row(db, chat)
            db.execute("UPDATE chats SET deleted = ? WHERE id = ?", (_now(), chat))
            self._mark(db, chat)
            return _head(db, chat)

    def restore(self, chat: int | None = None) -> ChatHead | None:
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
            return _head(db, chat)

    def deleted(self) -> Sequence[ChatHead]:
        """Chats that can be restored, the last deleted first."""
        with self._read() as db:
            rows = db.execute(f"{_HEADS} WHERE deleted IS NOT NULL ORDER BY deleted DESC")
            return [head_of(row) for row in rows]

    def purge(self, older_than_days: float = KEPT_DAYS, only: Sequence[int] | None = None) -> int:
        """Really forget what was deleted that long ago, or of that only these; answers how many
        chats. Nothing of them stays in the file, its index or its log.
        """
        limit = _now() - older_than_days * 86400
        with self._write() as db:
            rows = db.execute("SELECT id FROM chats WHERE deleted <= ?", (limit,)).fetchall()
            old = [row["id"] for row in rows if only is None or row["id"] in only]
            for chat in old:
                # The messages first, and unlinked: cascading from parent to child knows a limit.
                db.execute("UPDATE messages SET parent = NULL WHERE chat = ?", (chat,))
                db.execute("DELETE FROM messages WHERE chat = ?", (chat,))
                db.execute("DELETE FROM chats WHERE id = ?", (chat,))
            if old and self._indexed:
                chats_search.rebuild(db)  # an index drops words of its own accord only much later
        if old:
            self._database.forget_old_pages()
        return len(old)

    # Small things that belong to no chat

    def note(self, name: str, text: str) -> None:
        """Keep a text under a name, such as what was written for a chat that is none yet."""
        with self._write() as db:
            values = f"note {name}", without_surrogates(text)
            db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", values)

    def noted(self, name: str) -> str:
        with self._read() as db:
            row = db.execute("SELECT value FROM state WHERE name = ?", (f"note {name}",)).fetchone()
            return "" if row is None else text_of(row["value"])

    # Turns

    def put(self, chat: int, turn: Turn, known: Turn | None = None) -> bool:
        """Write one turn: a new one, or what has become of the one that is `known` to lie there.

        False, and nothing is written, where somebody else has used its number or has gone on with
        it. One row is written, whatever the length of the chat. The index has complete turns only.
        """
        with self._write() as db:
            row = _row_of(db, chat, turn.id)
            if known is None:
                if row is not None:
                    return False
                self._insert(db, chat, turn)
            else:
                if row is None:
                    raise UsageError(
                        "there is no message {number}; its chat may have been deleted",
                        number=turn.id,
                    )
                if not _says(row, known):
                    return False
                self._overwrite(db, row, turn)
            self._touch(db, chat)
            return True

    def show(self, chat: int, turn: Turn) -> ShownAnswer:
        """An answer begins to grow: what is shown of it is to be told to this first."""
        return ShownAnswer(self._shown_folder, chat, turn)

    def _insert(self, db: sqlite3.Connection, chat: int, turn: Turn) -> None:
        parent = None if turn.parent is None else _row_of(db, chat, turn.parent)
        if turn.parent is not None and parent is None:
            raise UsageError(
                "message {parent} is not part of chat {chat}", parent=turn.parent, chat=chat
            )
        _chat_row(db, chat)
        cursor = db.execute(
            "INSERT INTO messages (chat, parent, role, content, thinking, extra, created, "
            "complete, number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(chat, None if parent is None else parent["id"], turn.role),
                *(
                    without_surrogates(turn.text),
                    without_surrogates(turn.thinking),
                    extra_text(turn),
                ),
                *(turn.created or _now(), turn.complete, turn.id),
            ),
        )
        if turn.complete:
            self._index(db, cursor.lastrowid or 0, "", turn.text)

    def _overwrite(self, db: sqlite3.Connection, row: sqlite3.Row, turn: Turn) -> None:
        before = text_of(row["content"]) if row["complete"] else ""
        if before or turn.complete:
            self._index(db, row["id"], before, turn.text if turn.complete else None)
        db.execute(
            "UPDATE messages SET content = ?, thinking = ?, extra = ?, complete = ? WHERE id = ?",
            (
                without_surrogates(turn.text),
                without_surrogates(turn.thinking),
                extra_text(turn),
                turn.complete,
                row["id"],
            ),
        )

    def stand_at(self, chat: int, turn: int, length: int) -> None:
        """The branch that is shown ends with this turn, and is so long. A chat that was deleted
        comes back: somebody still talks in it."""
        with self._write() as db:
            row = _row_of(db, chat, turn)
            if row is None:
                raise UsageError(
                    "there is no message {number}; its chat may have been deleted", number=turn
                )
            db.execute(
                "UPDATE chats SET leaf = ?, length = ?, deleted = NULL WHERE id = ?",
                (row["id"], length, chat),
            )
            self._mark(db, chat)

    def turns(self, chat: int) -> Sequence[Turn]:
        """Of all branches, in the order they were begun."""
        with self._read() as db:
            _chat_row(db, chat)
            return _turns(db, chat)

    def last_words(self, chat: int, most: int = 400) -> str:
        """The beginning of what was said last where one stands; "" in a chat that is empty."""
        with self._read() as db:
            row = db.execute(
                "SELECT substr(m.content, 1, ?) AS words FROM chats c JOIN messages m "
                "ON m.id = c.leaf AND m.chat = c.id WHERE c.id = ?",
                (most, chat),
            ).fetchone()
        return "" if row is None else text_of(row["words"])

    def newest_turn(self, chat: int) -> int:
        """The highest number of a turn; 0: there is none."""
        with self._read() as db:
            row = db.execute("SELECT max(number) AS n FROM messages WHERE chat = ?", (chat,))
            return int(row.fetchone()["n"] or 0)

    def search(self, words: str, limit: int = 100) -> Sequence[SearchHit]:
        """Where all the words are found; titles first, then messages, newest first."""
        with self._read() as db:
            return chats_search.search(db, without_surrogates(words), limit, indexed=self._indexed)

    def _index(self, db: sqlite3.Connection, row: int, before: str, text: str | None) -> None:
        """Forget the words before, learn those of the text; a damaged index is made anew."""
        if not self._indexed:
            return
        try:
            if before:
                chats_search.index_dropped(db, row, before)
            if text is not None:
                chats_search.index_added(db, row, without_surrogates(text))
            # The index writes late; here its damage is met before the turn's own transaction.
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
                mend_numbers(db)
            self._opening = opening
            with suppress(ChaskiError):  # it lies there until the next opening
                self._take_shown()

    def _take_shown(self) -> None:
        """What was shown when a program was killed, and is not here yet."""
        for left in left_shown(self._shown_folder):
            with self._database.write() as db:
                row = _row_of(db, left.chat, left.turn)
                turn = None if row is None else turn_of(row)
                if row is not None and turn is not None and left.adds_to(turn):
                    self._overwrite(db, row, turn)
                    self._mark(db, left.chat)


_HEADS = (
    "SELECT chats.*, (SELECT number FROM messages WHERE messages.id = chats.leaf) AS leaf_number "
    "FROM chats"
)
_OWN = 1 << 24  # numbers of chats that the store gives stay below


def _head(db: sqlite3.Connection, chat: int) -> ChatHead:
    _chat_row(db, chat)
    return head_of(db.execute(f"{_HEADS} WHERE id = ?", (chat,)).fetchone())


def _know_folder(db: sqlite3.Connection, name: str) -> None:
    if name:
        values = name, _now()
        db.execute("INSERT OR IGNORE INTO folders (name, created) VALUES (?, ?)", values)


def _next_number(db: sqlite3.Connection) -> int:
    row = db.execute("SELECT max(id) AS n FROM chats WHERE id < ?", (_OWN,)).fetchone()
    return int(row["n"] or 0) + 1


def _there(db: sqlite3.Connection, chat: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute("SELECT * FROM chats WHERE id = ?", (chat,)).fetchone()
    return row


def _chat_row(db: sqlite3.Connection, chat: int) -> sqlite3.Row:
    row = _there(db, chat)
    if row is None:
        raise UsageError(
            "there is no chat {chat}; it may have been deleted in another window", chat=chat
        )
    return row


def _row_of(db: sqlite3.Connection, chat: int, turn: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM messages WHERE chat = ? AND number = ? ORDER BY id", (chat, turn)
    ).fetchone()
    return row


def _turns(db: sqlite3.Connection, chat: int) -> list[Turn]:
    """What stands between turns and is none of them is passed over: what follows it follows the
    turn before, as does one whose parent is lost."""
    rows = db.execute("SELECT * FROM messages WHERE chat = ? ORDER BY id", (chat,))
    found: dict[int, Turn] = {}
    stands_for: dict[int | None, int | None] = {None: None}  # row → number of a turn
    last: int | None = None
    for row in rows:
        parent = stands_for.get(row["parent"], last)
        turn = turn_of(row)
        if turn is None:
            stands_for[row["id"]] = parent
            continue
        if turn.id in found or not 0 < turn.id <= LARGEST_TURN:  # damaged while it was open
            turn.id = max(found, default=0) + 1
        turn.parent = parent
        found[turn.id] = turn
        stands_for[row["id"]] = last = turn.id
    return list(found.values())


def _words_of(turn: Turn) -> tuple[str, str]:
    """Half a surrogate pair (from a broken paste) cannot be stored."""
    return without_surrogates(turn.text), without_surrogates(turn.thinking)


def _says(row: sqlite3.Row, known: Turn) -> bool:
    return (text_of(row["content"]), text_of(row["thinking"])) == _words_of(known)


def _written(values: dict[str, Any]) -> dict[str, Any]:
    """As columns."""
    unknown = values.keys() - VALUES.keys()
    if unknown:
        raise UsageError("a chat has no {unknown} that could be changed", unknown=min(unknown))
    return {name: VALUES[name](value) for name, value in values.items()}


def _now() -> float:
    return time.time()
