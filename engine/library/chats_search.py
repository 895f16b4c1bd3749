"""Finding words in all chats: by SQLite's full-text index where it is built in, else by reading.

The index is kept up by the store, not by triggers: a SQLite without it must still write chats.
"""

import re
import sqlite3
from collections.abc import Iterable

from engine.library.chats_records import SearchHit, extra_of, text_of, time_of

_AROUND = 48  # characters shown on each side of a find

# Scripts written without spaces, whose words the index cannot see.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)


def prepare_index(connection: sqlite3.Connection) -> bool:
    """Make the index or catch up on what was written without it; False where there is none."""
    if not _has_fts5(connection):
        _mark(connection, "stale")
        return False
    _create(connection)
    row = connection.execute("SELECT value FROM state WHERE name = 'index'").fetchone()
    if row is None or row["value"] != "current":
        rebuild(connection)
    return True


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS found USING fts5("
        "content, content='messages', content_rowid='id', tokenize='unicode61')"
    )


def rebuild(connection: sqlite3.Connection) -> None:
    """Make it anew. The index has the complete messages; the few others are read."""
    try:
        connection.execute("DROP TABLE found")  # a damaged one as well
    except sqlite3.DatabaseError:
        connection.execute("DELETE FROM found_data")
    _create(connection)
    for row in connection.execute("SELECT id, content FROM messages WHERE complete != 0"):
        index_added(connection, row["id"], text_of(row["content"]))
    _mark(connection, "current")


def index_added(connection: sqlite3.Connection, message: int, content: str) -> None:
    connection.execute("INSERT INTO found(rowid, content) VALUES (?, ?)", (message, content))


def index_dropped(connection: sqlite3.Connection, message: int, content: str) -> None:
    """The index asks for the old text, to know which of its words to forget."""
    connection.execute(
        "INSERT INTO found(found, rowid, content) VALUES ('delete', ?, ?)", (message, content)
    )


def search(
    connection: sqlite3.Connection, text: str, limit: int, *, indexed: bool
) -> list[SearchHit]:
    """Chats whose title or messages hold all the words (their beginnings), newest first."""
    words = text.split()
    if not words:
        return []
    hits = _in_titles(connection, words)
    rows = _found(connection, words, indexed and not _UNSPACED.search(text))
    hits += [
        SearchHit(
            row["chat"],
            text_of(row["title"]),
            row["number"],
            snippet(text_of(row["content"]), words),
        )
        for row in [row for row in rows if not _is_deleted(row)][:limit]
    ]
    return hits[:limit]


def _is_deleted(row: sqlite3.Row) -> bool:
    """A message that was taken out of its chat. The index keeps its words, so that it is found
    again as soon as it is brought back."""
    return extra_of(row["extra"]).get("deleted") is True


def _found(connection: sqlite3.Connection, words: list[str], indexed: bool) -> list[sqlite3.Row]:
    if indexed:
        growing = _by_reading(connection, words, "AND messages.complete = 0 ")
        try:
            return sorted([*_by_index(connection, words), *growing], key=_newest_first)
        except sqlite3.DatabaseError:  # the index is damaged; it is made anew when next written to
            pass
    return list(_by_reading(connection, words))


def _newest_first(row: sqlite3.Row) -> float:
    return -time_of(row["created"])


def _in_titles(connection: sqlite3.Connection, words: list[str]) -> list[SearchHit]:
    rows = connection.execute(
        "SELECT id, title FROM chats WHERE deleted IS NULL ORDER BY changed DESC"
    )
    return [
        SearchHit(row["id"], title, None, title)
        for row in rows
        if _holds(title := text_of(row["title"]), words)
    ]


_SHOWN = (
    "SELECT messages.number, messages.chat, messages.content, messages.created, messages.extra, "
    "chats.title FROM messages "
    "JOIN chats ON chats.id = messages.chat "
)


def _by_index(connection: sqlite3.Connection, words: list[str]) -> Iterable[sqlite3.Row]:
    # Quoted, so that nothing a user types is taken for an operator; the star asks for beginnings.
    query = " ".join('"' + word.replace('"', '""') + '"*' for word in words)
    return connection.execute(
        _SHOWN + "JOIN found ON found.rowid = messages.id "
        "WHERE found MATCH ? AND chats.deleted IS NULL ORDER BY messages.created DESC",
        (query,),
    )


def _by_reading(
    connection: sqlite3.Connection, words: list[str], which: str = ""
) -> Iterable[sqlite3.Row]:
    rows = connection.execute(
        f"{_SHOWN}WHERE chats.deleted IS NULL {which}ORDER BY messages.created DESC"
    )
    return (row for row in rows if _holds(text_of(row["content"]), words))


def _holds(text: str, words: list[str]) -> bool:
    folded = text.casefold()
    return all(word.casefold() in folded for word in words)


def snippet(text: str, words: list[str]) -> str:
    """The surroundings of the first find, on one line."""
    places = [text.casefold().find(word.casefold()) for word in words]
    start = max(min((place for place in places if place >= 0), default=0) - _AROUND, 0)
    end = start + 2 * _AROUND + len(words[0])
    middle = " ".join(text[start:end].split())
    return ("… " if start else "") + middle + (" …" if end < len(text) else "")


def _has_fts5(connection: sqlite3.Connection) -> bool:
    rows = connection.execute("PRAGMA compile_options")
    return any(row[0] == "ENABLE_FTS5" for row in rows)


def _mark(connection: sqlite3.Connection, state: str) -> None:
    connection.execute("INSERT OR REPLACE INTO state VALUES ('index', ?)", (state,))
