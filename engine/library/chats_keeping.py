"""Keeps chats that somebody has in hand in step with the store: only what is new is written, and
what other programs have written is told.

Used by one thread at a time. Numbers of turns are the same here and there; where another program
has used one of ours first, ours count on (`Shift`), and whoever holds the chat is told so.
"""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from engine.base.conversation import ChatRecord, Shift, Turn
from engine.base.errors import UsageError
from engine.library.chats import VALUES, ChatStore
from engine.library.chats_records import ChatHead

ARRANGED = ("title", "is_named", "pinned", "folder")  # what others change of a chat in hand
FREE = 1000  # numbers left to those who write at the same time


@dataclass
class _Kept:
    """What the store has of one chat."""

    turns: dict[int, Turn] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    leaf: int | None = None
    length: int = 0


@dataclass(frozen=True)
class Change:
    """What another program did to a chat: turns that are new, and those that have grown with what
    we knew of them. `known`: the chat is in hand here."""

    head: ChatHead
    known: bool = False
    new: tuple[Turn, ...] = ()
    grown: tuple[tuple[Turn, Turn], ...] = ()


class ChatKeeper:
    """Of all chats that one program has in hand."""

    def __init__(self, store: ChatStore) -> None:
        self._store = store
        self._kept: dict[int, _Kept] = {}
        self._shifts: dict[int, Shift] = {}  # of chats whose holder does not know of it yet
        self._met: set[int] = set()  # chats where another program's turns were met

    def read(self, chat: int) -> ChatRecord:
        """Take a chat in hand."""
        record = self._store.read(chat)
        self.learn(record)
        return record

    def learn(self, record: ChatRecord) -> None:
        """The store has this of it."""
        kept = _Kept(record.copied().tree.turns, _values(record), record.tree.leaf)
        kept.length = len(record.tree.path())
        self._kept[record.id] = kept

    # Writing

    def write(self, record: ChatRecord) -> Shift | None:
        """Everything of a chat that the store does not have yet, as one transaction. The record is
        a copy that nobody else holds; where it answers a Shift, `settle` is to follow."""
        try:
            return self._write(record)
        except UsageError:  # purged, or lost with a damaged file: here it is still known
            self._forget_lost(record.id)
            return self._write(record)

    def _write(self, record: ChatRecord) -> Shift | None:
        before = self._shifts.get(record.id)
        if before is not None:
            record.tree.shift(before)
        kept = copy.copy(self._kept.get(record.id)) or _Kept()
        kept.turns = dict(kept.turns)
        with self._store.together() as store:
            self._write_values(store, kept, record)
            shift = self._write_turns(store, kept, record)
            leaf, length = record.tree.leaf, len(record.tree.path())
            if leaf is not None and (kept.leaf, kept.length) != (leaf, length):
                store.stand_at(record.id, leaf, length)
                kept.leaf, kept.length = leaf, length
        self._kept[record.id] = kept
        return self._noted(record.id, shift)

    def _write_values(self, store: ChatStore, kept: _Kept, record: ChatRecord) -> None:
        values = _values(record)
        if record.id not in self._kept:
            store.create(number=record.id, **values)
        else:
            # Only what we have changed: another program may have renamed it meanwhile.
            news = {name: v for name, v in values.items() if kept.values.get(name) != v}
            if news:
                store.update(record.id, **news)
        kept.values = values

    def _write_turns(self, store: ChatStore, kept: _Kept, record: ChatRecord) -> Shift | None:
        """In the order of their numbers: a parent is always older than its children."""
        met: Shift | None = None
        for number in sorted(record.tree.turns):
            turn = record.tree.turns.get(number)
            if turn is None:
                continue
            if kept.turns.get(turn.id) != turn and not self._put(store, kept, record.id, turn):
                met = self._shift(store, kept, record.id, turn)
                record.tree.shift(met)
                self._write_turns(store, kept, record)
                break
        return met

    def _put(self, store: ChatStore, kept: _Kept, chat: int, turn: Turn) -> bool:
        done = store.put(chat, turn, kept.turns.get(turn.id))
        if done:
            kept.turns[turn.id] = copy.copy(turn)
        return done

    def _shift(self, store: ChatStore, kept: _Kept, chat: int, turn: Turn) -> Shift:
        """Another program has used this number, or has gone on with this turn: ours stands beside
        theirs."""
        by = max(store.newest_turn(chat), *kept.turns, turn.id) + FREE - turn.id
        kept.turns.pop(turn.id, None)
        return Shift(turn.id, by, frozenset(kept.turns))

    def _noted(self, chat: int, shift: Shift | None) -> Shift | None:
        if shift is not None:
            self._shifts[chat] = shift
            self._met.add(chat)
        return shift

    def write_growing(self, chat: int, turn: Turn) -> Shift | None:
        """One answer that has grown: one row. Where its chat could not be kept, that was told, and
        the end of the answer tries again."""
        kept = self._kept.get(chat)
        shift = self._shifts.get(chat)
        if shift is not None:
            shift.moved(turn)
        if kept is None or turn.id not in kept.turns or kept.turns[turn.id] == turn:
            return None
        store = self._store
        if self._put(store, kept, chat, turn):
            return None
        shift = self._shift(store, kept, chat, turn)
        self._put(store, kept, chat, shift.moved(turn))
        return self._noted(chat, shift)

    def has(self, chat: int, turn: Turn) -> bool:
        """Whether the store has all that this turn says."""
        kept, shift = self._kept.get(chat), self._shifts.get(chat)
        if shift is not None:
            turn = shift.moved(copy.copy(turn))
        there = None if kept is None else kept.turns.get(turn.id)
        return there is not None and (there.text, there.thinking) == (turn.text, turn.thinking)

    def settle(self, chat: int) -> None:
        """Who holds the chat has shifted it: its numbers are those of the store again."""
        self._shifts.pop(chat, None)

    def update(self, chat: int, **values: Any) -> None:
        self._store.update(chat, **values)
        if chat in self._kept:
            self._kept[chat].values.update(values)

    def rename_folder(self, old: str, new: str) -> None:
        self._store.rename_folder(old, new)
        for kept in self._kept.values():
            if kept.values.get("folder") == old:
                kept.values["folder"] = new

    def set_deleted(self, chat: int, deleted: bool) -> None:
        (self._store.delete if deleted else self._store.restore)(chat)

    def _forget_lost(self, chat: int) -> None:
        """What the store has no more is to be written again."""
        kept = self._kept.get(chat)
        if kept is None:
            return
        try:
            there = {turn.id for turn in self._store.turns(chat)}
        except UsageError:
            del self._kept[chat]
            return
        kept.turns = {number: turn for number, turn in kept.turns.items() if number in there}

    # What other programs write

    def changes(self) -> list[Change]:
        """What they did since the last time; turns only of chats that are in hand here."""
        met, self._met = self._met, set()
        found = []
        for chat in sorted({*self._store.changes(), *met}):
            try:
                found.append(self._change(self._store.get(chat)))
            except UsageError:  # purged meanwhile
                continue
        return found

    def _change(self, head: ChatHead) -> Change:
        kept = self._kept.get(head.id)
        if kept is None:
            return Change(head)
        turns = self._store.turns(head.id)
        new = tuple(turn for turn in turns if turn.id not in kept.turns)
        pairs = ((turn, kept.turns[turn.id]) for turn in turns if turn.id in kept.turns)
        return Change(head, True, new, tuple((now, old) for now, old in pairs if _grew(now, old)))

    def note(self, change: Change, taken: Iterable[int]) -> None:
        """Whoever holds the chat has taken over these turns, and what the chat is called."""
        kept = self._kept.get(change.head.id)
        if kept is None:
            return
        numbers = set(taken)
        for turn in (*change.new, *(turn for turn, _ in change.grown)):
            if turn.id in numbers:
                kept.turns[turn.id] = copy.copy(turn)
        kept.leaf, kept.length = change.head.leaf, change.head.n_messages
        kept.values |= {name: getattr(change.head, name) for name in ARRANGED}


def _values(record: ChatRecord) -> dict[str, Any]:
    """What is kept of a chat besides its turns."""
    return {name: getattr(record, name) for name in VALUES}


def _grew(now: Turn, before: Turn) -> bool:
    return (now.text, now.thinking, now.complete) != (before.text, before.thinking, before.complete)
