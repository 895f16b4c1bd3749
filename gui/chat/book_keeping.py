"""Keeps chats in the engine's store; lives in the background thread, which alone touches it.

Knows which of the window's turns is which of the store's messages, and writes only what is new.
"""

from dataclasses import dataclass, field
from typing import Any

from engine.api import Engine
from engine.base.errors import UsageError
from gui.chat.book_rows import SPOKEN, Change, Copy


@dataclass
class _Kept:
    """What the store has of one chat."""

    chat: int = 0  # the store's number
    ids: dict[int, int] = field(default_factory=dict)  # our turn → the store's message
    turns: dict[int, Copy] = field(default_factory=dict)  # as it is kept
    values: dict[str, Any] = field(default_factory=dict)
    leaf: int | None = None

    def copy(self) -> "_Kept":
        return _Kept(self.chat, dict(self.ids), dict(self.turns), dict(self.values), self.leaf)


class Keeper:
    """Chats by the window's numbers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: dict[int, _Kept] = {}
        self._numbers: dict[int, int] = {}  # the store's → ours, where they differ

    def ours(self, chat: int) -> int:
        return self._numbers.get(chat, chat)

    def theirs(self, number: int) -> int:
        """The store's number, or 0: not kept yet. Any thread may ask: it is one look-up."""
        kept = self._kept.get(number)
        return 0 if kept is None else kept.chat

    def our_turn(self, number: int, message: int | None) -> int | None:
        """Which of our turns is this message of the store; of a chat that was not read yet, its
        numbers will be the store's."""
        kept = self._kept.get(number)
        if kept is None:
            return message
        return next((ours for ours, theirs in kept.ids.items() if theirs == message), None)

    def learn(self, chat: Any, everything: Any) -> None:
        """A chat was read from the store; its numbers are the store's."""
        kept = _Kept(chat.id, leaf=chat.leaf)
        kept.values = {
            "title": chat.title,
            "model": chat.model,
            "system": chat.system,
            "sampling": chat.sampling,
        }
        for stored in everything:
            kept.ids[stored.id] = stored.id
            kept.turns[stored.id] = _copy_of(stored, stored.id, stored.parent)
        self._kept[chat.id] = kept

    # Writing

    def write(
        self, number: int, turns: list[Copy], leaf: int | None, values: dict[str, Any]
    ) -> None:
        """Everything of a chat that the store does not have yet, as one transaction."""
        try:
            self._write(number, turns, leaf, values)
        except UsageError:  # purged, or lost with a damaged file: here it is still known
            self._forget_lost(number)
            self._write(number, turns, leaf, values)

    def _write(
        self, number: int, turns: list[Copy], leaf: int | None, values: dict[str, Any]
    ) -> None:
        kept = self._kept.get(number, _Kept()).copy()
        with self._engine.chats.together() as store:
            if not kept.chat:
                kept.chat = store.create(**values).id
            else:
                # Only what we have changed: another program may have renamed it meanwhile.
                news = {k: v for k, v in values.items() if kept.values.get(k) != v}
                if news:
                    store.update(kept.chat, **news)
            kept.values = values
            for turn in turns:
                _write_turn(store, kept, turn)
            if leaf is not None and kept.leaf != kept.ids[leaf]:
                store.choose(kept.ids[leaf])
                kept.leaf = kept.ids[leaf]
        self._kept[number] = kept
        self._numbers[kept.chat] = number

    def write_growing(self, number: int, turn: Copy) -> None:
        """One answer that has grown: one row. Where its chat could not be kept, that was told, and
        the end of the answer tries again."""
        kept = self._kept.get(number)
        if kept is not None and turn.id in kept.ids:
            _write_turn(self._engine.chats, kept, turn)

    def rename(self, number: int, title: str) -> None:
        self._engine.chats.update(self._chat(number), title=title)
        if number in self._kept:
            self._kept[number].values["title"] = title

    def set_deleted(self, number: int, deleted: bool) -> None:
        change = self._engine.chats.delete if deleted else self._engine.chats.restore
        change(self._chat(number))

    def _chat(self, number: int) -> int:
        kept = self._kept.get(number)
        return kept.chat if kept is not None else number

    def _forget_lost(self, number: int) -> None:
        """What the store has no more is to be written again."""
        kept = self._kept.get(number)
        if kept is None:
            return
        try:
            there = {stored.id for stored in self._engine.chats.everything(kept.chat)}
        except UsageError:
            self._numbers.pop(kept.chat, None)
            del self._kept[number]
            return
        kept.ids = {ours: theirs for ours, theirs in kept.ids.items() if theirs in there}
        kept.turns = {ours: turn for ours, turn in kept.turns.items() if ours in kept.ids}

    # What other programs write

    def changes(self) -> list[Change]:
        """What they did since the last time; messages only of chats that are known here."""
        found = []
        for number in self._engine.chats.changes():
            try:
                found.append(self._change(self._engine.chats.get(number)))
            except UsageError:  # purged meanwhile
                continue
        return found

    def _change(self, chat: Any) -> Change:
        number = self.ours(chat.id)
        kept = self._kept.get(number)
        if kept is None:
            return Change(number, chat)
        change = Change(number, chat, {theirs: ours for ours, theirs in kept.ids.items()})
        for stored in self._engine.chats.everything(chat.id):
            if stored.id not in change.known:
                if stored.message.role in SPOKEN:
                    change.new.append(stored)
                continue
            before = kept.turns[change.known[stored.id]]
            if (before.message, before.complete) != (stored.message, stored.complete):
                change.grown.append((stored, before.message))
        return change

    def note(self, change: Change, pairs: dict[int, int]) -> None:
        """The window has made turns of what was new: `pairs` says which (theirs → ours)."""
        kept = self._kept[change.number]
        for stored in [*change.new, *(stored for stored, _ in change.grown)]:
            ours = pairs[stored.id]
            kept.ids[ours] = stored.id
            parent = None if stored.parent is None else pairs.get(stored.parent)
            kept.turns[ours] = _copy_of(stored, ours, parent)
        kept.leaf = change.chat.leaf
        kept.values["title"] = change.chat.title


def _write_turn(store: Any, kept: _Kept, turn: Copy) -> None:
    before = kept.turns.get(turn.id)
    if before == turn:
        return
    message, extra, complete = turn.message, turn.extra, turn.complete
    replaced = before is not None and store.replace(
        kept.ids[turn.id], message, extra, complete=complete, known=before.message
    )
    if not replaced:  # new, or another program went on with it: then ours stands beside theirs
        after = None if turn.parent is None else kept.ids[turn.parent]
        added = store.add(
            kept.chat, message, after=after, first=after is None, extra=extra, complete=complete
        )
        kept.ids[turn.id] = kept.leaf = added.id
    kept.turns[turn.id] = turn


def _copy_of(stored: Any, number: int, parent: int | None) -> Copy:
    return Copy(number, parent, stored.message, stored.extra, stored.complete)
