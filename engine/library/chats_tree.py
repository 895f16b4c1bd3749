"""The tree of a chat's messages: who is beside whom, the way to a message, the end of a branch."""

import sqlite3

_LARGEST = 1 << 60  # of a revision; a larger one is damage


def siblings(db: sqlite3.Connection, chat: int, parent: int | None) -> list[int]:
    """Messages with the same parent (None: beginnings of the chat), oldest first."""
    rows = db.execute(
        "SELECT id FROM messages WHERE chat = ? AND parent IS ? ORDER BY id", (chat, parent)
    )
    return [int(row["id"]) for row in rows]


def path_to(db: sqlite3.Connection, chat: int, leaf: int | None) -> list[int]:
    """From the first message to the leaf."""
    if leaf is None:
        return []
    # UNION drops repetitions, so that even a ring of parents (a damaged file) comes to an end.
    rows = db.execute(
        "WITH RECURSIVE above(id, parent) AS ("
        "SELECT id, parent FROM messages WHERE id = ? AND chat = ? UNION "
        "SELECT messages.id, messages.parent FROM messages JOIN above "
        "ON messages.id = above.parent) SELECT id FROM above",
        (leaf, chat),
    )
    return sorted(int(row["id"]) for row in rows)  # a parent is always older than its children


def lengths(db: sqlite3.Connection) -> dict[int, int]:
    """How many messages the shown branch of every chat has, in one query for long lists."""
    rows = db.execute(
        "WITH RECURSIVE above(chat, id, parent) AS ("
        "SELECT messages.chat, messages.id, messages.parent FROM messages "
        "JOIN chats ON messages.id = chats.leaf UNION "
        "SELECT above.chat, messages.id, messages.parent FROM messages "
        "JOIN above ON messages.id = above.parent) "
        "SELECT chat, count(*) AS n FROM above GROUP BY chat"
    )
    return {int(row["chat"]): int(row["n"]) for row in rows}


def newest_leaf(db: sqlite3.Connection, number: int) -> int:
    """The last written message below this one that nothing follows; itself, if nothing does."""
    row = db.execute(
        "WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT messages.id FROM messages "
        "JOIN below ON messages.parent = below.id) SELECT max(id) AS id FROM below",
        (number,),
    ).fetchone()
    return int(row["id"])


def newest_revision(db: sqlite3.Connection) -> int:
    """How many changes were counted. Both places are asked: of a chat that was purged the count
    stays, and a damaged count is found again in the chats."""
    row = db.execute(
        "SELECT max(n) AS n FROM (SELECT max(revision) AS n FROM chats WHERE revision < ? "
        "UNION SELECT CAST(value AS INTEGER) FROM state WHERE name = 'revision') WHERE n < ?",
        (_LARGEST, _LARGEST),
    ).fetchone()
    return row["n"] if isinstance(row["n"], int) else 0
