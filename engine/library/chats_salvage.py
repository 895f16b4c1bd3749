"""What can be saved of a damaged file of chats: value by value into a new one, and what was lost.

Rows are known by their shape, for the tables' names may be gone. A message whose chat is lost comes
into a chat of its own; one whose parent is lost follows the message before it.
"""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from engine.base.catalogue import Words
from engine.base.models import Role
from engine.library.chats_records import role_of, text_of, time_of
from engine.library.chats_tables import note_lengths
from engine.library.salvage import Found, Row, Value, salvage

_LARGEST = 1 << 53  # of a number of ours
_NAMELESS = "Chat from a damaged file"
# Where columns of later versions stand in a row of chats.
_LATER_TEXTS = {"model_path": 10, "folder": 13, "draft": 14}
_FLAGS = {"pinned": 12, "is_named": 15}


@dataclass
class _Saved:
    """Rows by their numbers, and the places of messages that the index still knows."""

    chats: dict[int, Row] = field(default_factory=dict)
    messages: dict[int, Row] = field(default_factory=dict)
    places: dict[int, tuple[int, int | None]] = field(default_factory=dict)  # chat, parent
    folders: dict[str, float] = field(default_factory=dict)  # when each was made


def take_over(damaged: Path, db: sqlite3.Connection) -> str:
    """Fill a new file from a damaged one; the answer says in a sentence or two what was saved."""
    found = salvage(damaged)
    saved = _sorted(found)
    chat_of = {number: _chat_of(row, saved, number) for number, row in saved.messages.items()}
    for number in sorted({*saved.chats, *chat_of.values()}):
        _put_chat(db, number, saved.chats.get(number))
    _put_messages(db, saved, chat_of)
    _put_folders(db, saved)
    _choose_leaves(db)
    top = max((_whole(_at(row, 9)) or 0 for row in saved.chats.values()), default=0)
    db.execute("UPDATE state SET value = ? WHERE name = 'revision'", (str(top + 1),))
    return _words(saved, _lost(saved, found), db)


def _sorted(found: Found) -> _Saved:
    saved = _Saved()
    for row in found.rows:
        if _is_folder(row):
            saved.folders[text_of(row.values[1])] = time_of(row.values[2])
        if len(row.values) < 9 or not 0 < row.number < _LARGEST:
            continue
        table = saved.messages if _is_message(row) else saved.chats
        old = table.get(row.number)
        if old is None or (row.whole and not old.whole):
            table[row.number] = row
    for entry in found.entries:
        if len(entry) in (3, 4):  # chat, parent, row; or chat, number, parent, row
            chat, parent, number = _whole(entry[0]), _whole(entry[-2]), _whole(entry[-1])
            if chat and number and (entry[-2] is None or parent is not None):
                saved.places[number] = (chat, parent)
    return saved


def _is_message(row: Row) -> bool:
    """By the kinds of several columns, since each may be damaged."""
    signs = [isinstance(_at(row, i), str) for i in (5, 6, 7)]
    return sum([*signs, isinstance(_at(row, 1), int)]) >= 2


def _is_folder(row: Row) -> bool:
    """Its number, its name, and when it was made; no other row has this shape."""
    if not row.whole or len(row.values) != 3:
        return False
    number, name, created = row.values
    return number is None and bool(name) and isinstance(name, str) and type(created) in (int, float)


def _chat_of(row: Row, saved: _Saved, number: int) -> int:
    own = _whole(_at(row, 1))
    if own in saved.chats and own is not None:
        return own
    place = saved.places.get(number)
    return place[0] if place is not None else own or 1


def _put_chat(db: sqlite3.Connection, number: int, row: Row | None) -> None:
    if row is None:
        db.execute(
            "INSERT OR IGNORE INTO chats (id, title, created, changed) VALUES (?, ?, 0, 0)",
            (number, _NAMELESS),
        )
        return
    texts = {name: text_of(_at(row, i)) for i, name in enumerate(("title", "model", "system"), 1)}
    texts |= {n: text_of(_at(row, i)) for n, i in _LATER_TEXTS.items() if i < len(row.values)}
    flags = {n: int(_at(row, i) == 1) for n, i in _FLAGS.items()}
    deleted = _at(row, 8)
    values: dict[str, object] = {
        "id": number,
        **texts,
        **flags,
        "sampling": _text_or_none(_at(row, 4)),
        "generation": _text_or_none(_at(row, 11)),
        "leaf": _whole(_at(row, 5)),
        "created": time_of(_at(row, 6)),
        "changed": time_of(_at(row, 7)),
        "deleted": time_of(deleted) if isinstance(deleted, float) else None,
    }
    marks = ", ".join("?" * len(values))
    names = ", ".join(values)
    db.execute(f"INSERT OR IGNORE INTO chats ({names}) VALUES ({marks})", tuple(values.values()))


def _put_messages(db: sqlite3.Connection, saved: _Saved, chat_of: dict[int, int]) -> None:
    """In the order of their rows: a parent is always older than its children."""
    last: dict[int, int] = {}
    taken: set[tuple[int, int]] = set()
    top: dict[int, int] = {}  # the highest number of each chat's turns
    for number, row in sorted(saved.messages.items()):
        chat, parent = chat_of[number], _whole(_at(row, 2))
        if _at(row, 2) is not None and (parent is None or chat_of.get(parent) != chat):
            parent = saved.places.get(number, (0, None))[1]
        if _at(row, 2) is not None and (parent is None or chat_of.get(parent) != chat):
            parent = last.get(chat)
        if parent is not None and parent >= number:
            parent = last.get(chat)
        complete = row.whole and _at(row, 9) != 0
        texts = (text_of(_at(row, i)) for i in (4, 5, 6, 7))
        turn = _whole(_at(row, 10)) or number
        if (chat, turn) in taken:
            turn = top[chat] + 1
        taken.add((chat, turn))
        top[chat] = max(top.get(chat, 0), turn)
        role, created = _role(_at(row, 3)), time_of(_at(row, 8))
        db.execute(
            "INSERT OR IGNORE INTO messages (id, chat, parent, role, content, thinking, "
            "tool_calls, extra, created, complete, number) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, chat, parent, role, *texts, created, complete, turn),
        )
        last[chat] = number


def _put_folders(db: sqlite3.Connection, saved: _Saved) -> None:
    """Those whose rows are there, and those that a chat lies in."""
    rows = db.execute("SELECT DISTINCT folder FROM chats WHERE folder != '' AND deleted IS NULL")
    names = {**{row[0]: 0.0 for row in rows.fetchall()}, **saved.folders}
    db.executemany("INSERT OR IGNORE INTO folders (name, created) VALUES (?, ?)", names.items())


def _role(value: Value) -> str:
    text = text_of(value)
    return text if text in get_args(Role) else role_of(text) or "user"


def _text_or_none(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _choose_leaves(db: sqlite3.Connection) -> None:
    """Where the message that was shown is lost, the newest is; and how long branches are."""
    db.execute(
        "UPDATE chats SET leaf = (SELECT max(id) FROM messages WHERE messages.chat = chats.id) "
        "WHERE leaf IS NULL OR NOT EXISTS (SELECT 1 FROM messages "
        "WHERE messages.id = chats.leaf AND messages.chat = chats.id)"
    )
    db.execute(
        "UPDATE chats SET changed = ifnull((SELECT max(created) FROM messages "
        "WHERE messages.chat = chats.id), 0) WHERE changed = 0"
    )
    note_lengths(db)


def _lost(saved: _Saved, found: Found) -> int:
    """Messages that are known to have been there: by the index, by what answers them, by what was
    shown last, or as a cell that cannot be read."""
    known = set(saved.places)
    known |= {_whole(_at(row, 2)) or 0 for row in saved.messages.values()}
    known |= {_whole(_at(row, 5)) or 0 for row in saved.chats.values()}
    return max(len(known - {0} - saved.messages.keys()), found.broken)


def _words(saved: _Saved, lost: int, db: sqlite3.Connection) -> str:
    (chats,) = db.execute("SELECT count(*) FROM chats").fetchone()
    if not chats:
        return Words("Nothing in it could be read; a new one was begun.")
    parts = sum(not row.whole for row in saved.messages.values())
    words = Words(
        "{messages:,} {messages:message|messages} of {chats:,} {chats:chat|chats} were saved",
        messages=len(saved.messages),
        chats=chats,
    )
    if parts:
        words = Words("{saved} ({parts:,} in part)", saved=words, parts=parts)
    if not lost:
        return Words("{saved} into a new one, and none is known to be lost.", saved=words)
    return Words(
        "{saved} into a new one, {lost:,} {lost:message|messages} lost.", saved=words, lost=lost
    )


def _at(row: Row, i: int) -> Value:
    return row.values[i] if i < len(row.values) else None


def _whole(value: Value) -> int | None:
    return value if isinstance(value, int) and 0 < value < _LARGEST else None
