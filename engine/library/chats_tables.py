"""The tables of the chats, and the tree of messages in them: who is beside whom, the way to a
message, the end of a branch.

One migration per version; a version that was released never changes.
"""

import sqlite3

_VERSION_1 = """
CREATE TABLE chats (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL DEFAULT '',
    model TEXT NOT NULL DEFAULT '',
    system TEXT NOT NULL DEFAULT '',
    sampling TEXT,           -- JSON; NULL: the model's own values
    leaf INTEGER,            -- last message of the branch that is shown
    created REAL NOT NULL,
    changed REAL NOT NULL,
    deleted REAL             -- when; NULL: not deleted
);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    parent INTEGER REFERENCES messages (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    thinking TEXT NOT NULL DEFAULT '',
    tool_calls TEXT NOT NULL DEFAULT '[]',
    extra TEXT NOT NULL DEFAULT '{}',  -- JSON for callers: timings, model, stop reason
    created REAL NOT NULL
);
CREATE INDEX messages_of_chat ON messages (chat, parent);
CREATE INDEX messages_of_parent ON messages (parent);
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO state VALUES ('index', 'stale');
"""


# An answer is complete once its model has ended it; one that was stopped, or whose program was
# killed, is not. The revision counts every change of a chat or of what is in it.
_VERSION_2 = """
ALTER TABLE messages ADD COLUMN complete INTEGER NOT NULL DEFAULT 1;
CREATE INDEX messages_incomplete ON messages (chat) WHERE complete = 0;
ALTER TABLE chats ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
CREATE INDEX chats_of_revision ON chats (revision);
INSERT INTO state VALUES ('revision', '0');
"""


def version_1(connection: sqlite3.Connection) -> None:
    run_script(connection, _VERSION_1)


def version_2(connection: sqlite3.Connection) -> None:
    run_script(connection, _VERSION_2)


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Statements one by one: executescript would commit the migration's transaction."""
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)


MIGRATIONS = (version_1, version_2)


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
