"""The tables of the chats, one migration per version. A version that was released never changes."""

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
