"""The tables of the chats. One migration per version; a version that was released never changes.

A message is known by its number within its chat, which whoever writes it has given: the turn of a
`Tree`. Its `id` is its row's alone, for the index of words and for its parent.
"""

import sqlite3

from engine.library.chats_records import (
    LARGEST_TURN,
    extra_of,
    generation_of,
    generation_text,
    words_of,
)

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


# What is chosen for a chat stands with it (`generation`: JSON; NULL: the usual), `length` counts
# the turns of the branch that is shown, and turns have numbers of their own within their chat.
_VERSION_3 = """
ALTER TABLE chats ADD COLUMN model_path TEXT NOT NULL DEFAULT '';
ALTER TABLE chats ADD COLUMN generation TEXT;
ALTER TABLE chats ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chats ADD COLUMN folder TEXT NOT NULL DEFAULT '';
ALTER TABLE chats ADD COLUMN draft TEXT NOT NULL DEFAULT '';
ALTER TABLE chats ADD COLUMN is_named INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chats ADD COLUMN length INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
UPDATE messages SET number = id;
CREATE INDEX messages_of_number ON messages (chat, number, parent);
"""

# A folder is there whether or not a chat lies in it; a chat has its name.
_VERSION_4 = """
CREATE TABLE folders (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created REAL NOT NULL
);
INSERT INTO folders (name, created)
    SELECT folder, min(created) FROM chats
    WHERE folder != '' AND typeof(folder) = 'text' AND deleted IS NULL GROUP BY folder;
"""


def version_1(connection: sqlite3.Connection) -> None:
    run_script(connection, _VERSION_1)


def version_2(connection: sqlite3.Connection) -> None:
    run_script(connection, _VERSION_2)


def version_3(connection: sqlite3.Connection) -> None:
    """A model's file and the values of replies stood with the messages until now."""
    run_script(connection, _VERSION_3)
    for row in connection.execute("SELECT chat, extra FROM messages ORDER BY id"):
        extra = extra_of(row["extra"])
        path, generation = words_of(extra.get("path")), generation_of(extra.get("generation"))
        if path:
            connection.execute("UPDATE chats SET model_path = ? WHERE id = ?", (path, row["chat"]))
        if generation is not None:
            values = generation_text(generation), row["chat"]
            connection.execute("UPDATE chats SET generation = ? WHERE id = ?", values)
    note_lengths(connection)


def version_4(connection: sqlite3.Connection) -> None:
    run_script(connection, _VERSION_4)


def note_lengths(connection: sqlite3.Connection) -> None:
    """How many messages the branch of each chat has that is shown."""
    rows = connection.execute("SELECT id, parent FROM messages")
    parents: dict[int, int | None] = {row["id"]: row["parent"] for row in rows}
    for row in connection.execute("SELECT id, leaf FROM chats").fetchall():
        length, at = 0, row["leaf"]
        while at in parents:
            length, at = length + 1, parents.pop(at)  # a ring of a damaged file comes to an end
        connection.execute("UPDATE chats SET length = ? WHERE id = ?", (length, row["id"]))


def mend_numbers(connection: sqlite3.Connection) -> None:
    """A number that is damaged, or that two messages of a chat have, becomes another: by it a
    message is found. Reads one index alone."""
    odd = connection.execute(
        "SELECT id, chat FROM messages WHERE typeof(number) != 'integer' "
        "OR number NOT BETWEEN 1 AND ? UNION SELECT max(id), chat FROM messages "
        "GROUP BY chat, number HAVING count(*) > 1",
        (LARGEST_TURN,),
    ).fetchall()
    for row in odd:
        connection.execute(
            "UPDATE messages SET number = (SELECT ifnull(max(number), 0) + 1 FROM messages "
            "WHERE chat = ? AND number BETWEEN 0 AND ?) WHERE id = ?",
            (row["chat"], LARGEST_TURN, row["id"]),
        )


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Statements one by one: executescript would commit the migration's transaction."""
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)


MIGRATIONS = (version_1, version_2, version_3, version_4)


_LARGEST = 1 << 60  # of a revision; a larger one is damage


def newest_revision(db: sqlite3.Connection) -> int:
    """How many changes were counted. Both places are asked: of a chat that was purged the count
    stays, and a damaged count is found again in the chats."""
    row = db.execute(
        "SELECT max(n) AS n FROM (SELECT max(revision) AS n FROM chats WHERE revision < ? "
        "UNION SELECT CAST(value AS INTEGER) FROM state WHERE name = 'revision') WHERE n < ?",
        (_LARGEST, _LARGEST),
    ).fetchone()
    return row["n"] if isinstance(row["n"], int) else 0
