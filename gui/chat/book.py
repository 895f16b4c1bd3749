"""The chats of this program as the window needs them: rows for the list, records to talk in.

All windows share one Book; `changed` tells them to list anew. What is said is in memory at once;
gui/chat/book_disk.py keeps it.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.base.conversation import ChatRecord, Turn
from gui.language import marked, tr

__all__ = ["Book", "ChatRecord", "ChatRequest", "ChatRow", "Hit", "Merged", "TrashedRow"]

UNTITLED = marked("New chat")  # what people see of a chat without a title
FIRST_OWN_NUMBER = 1 << 30  # the store gives lower ones
WRITING, UNSEEN = "writing", "unseen"  # marks of chats in the list


@dataclass(frozen=True)
class ChatRow:
    """A chat as the list shows it."""

    id: int
    title: str
    model: str
    n_messages: int
    updated: datetime
    pinned: bool = False  # stands above the others
    folder: str = ""  # the name of the one it lies in


@dataclass(frozen=True)
class TrashedRow:
    """A chat that was deleted, and when it is forgotten for good."""

    id: int
    title: str
    n_messages: int
    deleted: datetime
    days_left: int


@dataclass(frozen=True)
class Hit:
    """Where words were found in a chat: in this turn (None: in its title), with what is around."""

    turn: int | None
    text: str


@dataclass
class ChatRequest:
    """A chat that one window wants to show; another that shows it already comes forward."""

    chat_id: int
    asker: object
    taken: bool = False


@dataclass
class Merged:
    """Another program has added to a chat; where it is open and idle, one moves on to `leaf`."""

    record: ChatRecord
    leaf: int | None  # its end, where that continues what is shown
    held: bool = False


class Book(QObject):
    """Keeps chats in memory; a subclass overrides the `_keep_` methods to keep them on disk."""

    changed = Signal()
    marked = Signal(int, str)  # a chat has this mark now; `changed` follows
    failed = Signal(str)  # a sentence: something could not be kept
    found = Signal(str, object)  # words, the chats that have them: a Hit each by id
    wanted = Signal(object)  # ChatRequest: whoever shows that chat says so and comes forward
    merged = Signal(object)  # Merged: another program has changed a chat that was read

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[int, ChatRow] = {}
        self._records: dict[int, ChatRecord] = {}
        self._deleted: dict[int, ChatRow] = {}
        self._folders: set[str] = set()  # those, too, that are empty
        self._folder_deeds = 0  # how often something was done that may change them
        self.new_draft = ""  # what was written for a chat that nothing was said in
        self.marks: dict[int, str] = {}  # chats that are being answered, or were unseen

    def mark(self, chat_id: int, mark: str) -> None:
        """WRITING, UNSEEN or "": what the list shows beside this chat."""
        if chat_id and self.marks.get(chat_id, "") != mark:
            self.marks[chat_id] = mark
            self.marked.emit(chat_id, mark)
            self.changed.emit()

    def rows(self) -> list[ChatRow]:
        """All chats, the last changed first."""
        return sorted(self._rows.values(), key=lambda row: row.updated, reverse=True)

    def search(self, words: str) -> None:
        """Answered by `found`."""
        wanted = words.casefold().split()
        self.found.emit(
            words, {r.id: _hit(r, wanted) for r in self._records.values() if _matches(r, wanted)}
        )

    def fetch(self, chat_id: int, then: Callable[[ChatRecord], object]) -> None:
        """Call `then` with the chat's record, now or when it has been read."""
        if chat_id in self._records:
            then(self._records[chat_id])

    def glance(self, chat_id: int, then: Callable[[str], object]) -> None:
        """Call `then` with what was said last in this chat, now or when it has been read."""
        if chat_id in self._records:
            path = self._records[chat_id].tree.path()
            then(next((turn.text for turn in reversed(path) if turn.text), ""))

    def save(self, record: ChatRecord) -> None:
        """Something was said or chosen in this chat."""
        if not record.id:
            record.id = self._new_number()
        self._records[record.id] = record
        if record.temporary:
            return
        n = sum(1 for turn in record.tree.path() if turn.text)
        row = ChatRow(
            *(record.id, record.title or tr(UNTITLED), record.model, n, datetime.now()),
            pinned=record.pinned,
            folder=record.folder,
        )
        self._note_folder(record.folder)
        rows = self._deleted if self.is_deleted(record.id) else self._rows
        rows[record.id] = row
        self._keep_record(record)
        self.changed.emit()

    def _new_number(self) -> int:
        """By chance, so that no other program gives the same; signals carry 32 bits."""
        number = 0
        while not number or number in self._rows or number in self._deleted:
            number = FIRST_OWN_NUMBER + random.getrandbits(30)
        return number

    def save_turn(self, record: ChatRecord, turn: Turn) -> None:
        """The text of this answer has grown; nothing else has changed, and the list need not."""
        if record.id and not record.temporary:
            self._keep_turn(record, turn)

    def note_shown(self, record: ChatRecord, turn: Turn, channel: str, text: str) -> None:
        """This is the newest of an answer, and is shown next."""
        if record.id and not record.temporary:
            self._keep_shown(record, turn, channel, text)

    def end_shown(self, record: ChatRecord, turn: Turn) -> None:
        """Nothing more is shown of this answer, and it has been saved."""

    def shown_elsewhere(self, chat_id: int, asker: object) -> bool:
        """Whether another window has this chat open; it has come forward then."""
        wanted = ChatRequest(chat_id, asker)
        self.wanted.emit(wanted)
        return wanted.taken

    # Another program may have deleted a chat, or brought it back, before this one hears of it.

    def rename(self, chat_id: int, title: str) -> None:
        """A person says what it is called: no model gives it another title."""
        self.arrange(chat_id, title=title, is_named=True)

    def arrange(self, chat_id: int, **values: Any) -> None:
        """Change what a chat is called or where it stands: title, is_named, pinned, folder."""
        record, row = self._records.get(chat_id), self._rows.get(chat_id)
        for name, value in values.items():
            if record is not None:
                setattr(record, name, value)
            if row is not None and hasattr(row, name):
                row = replace(row, **{name: value})
        if row is not None:
            self._rows[chat_id] = row
            self._note_folder(values.get("folder", ""))
        if record is None or not record.temporary:
            self._keep_values(chat_id, values)
        self.changed.emit()

    # Folders: one is there until it is removed, whether or not a chat lies in it

    def folders(self) -> list[str]:
        """Their names, in order."""
        names = self._folders | {row.folder for row in self._rows.values() if row.folder}
        return sorted(names, key=str.casefold)

    def make_folder(self, name: str) -> None:
        self._note_folder(name)
        self._keep_folder(name)
        self.changed.emit()

    def rename_folder(self, old: str, new: str) -> None:
        """Under a name that there is already, the two become one; "": it is removed, and its chats
        lie in none."""
        if old == new:
            return
        self._note_folder(new)
        self._folders.discard(old)
        for rows in (self._rows, self._deleted):
            inside = [row for row in rows.values() if row.folder == old]
            rows.update({row.id: replace(row, folder=new) for row in inside})
        for record in self._records.values():
            if record.folder == old:
                record.folder = new
        self._keep_folder_renamed(old, new)
        self.changed.emit()

    def _note_folder(self, name: str) -> None:
        self._folder_deeds += 1
        if name:
            self._folders.add(name)

    def keep_draft(self, record: ChatRecord, text: str) -> None:
        """What was written in this chat and is not sent yet; of a new one until it is a chat."""
        if record.draft == text:
            return
        record.draft = text
        if record.temporary:
            return
        if record.id:
            self._keep_values(record.id, {"draft": text})
        else:
            self.new_draft = text
            self._keep_new_draft(text)

    def take_in(
        self, records: Sequence[ChatRecord], then: Callable[[Sequence[int]], object]
    ) -> None:
        """Chats from elsewhere; `then` is called with their numbers."""
        for record in records:
            record.id = 0
            self.save(record)
        then([record.id for record in records])

    # The trash

    def trash(self, then: Callable[[list[TrashedRow]], object]) -> None:
        """Call `then` with what was deleted, the last first."""
        now = datetime.now()
        then([TrashedRow(r.id, r.title, r.n_messages, now, 30) for r in self._deleted.values()])

    def forget(self, chat_ids: Sequence[int]) -> None:
        """For good: chats that lie in the trash."""
        for chat_id in chat_ids:
            self._deleted.pop(chat_id, None)
            self._records.pop(chat_id, None)
        self._keep_forgotten(chat_ids)

    def delete(self, chat_id: int) -> None:
        if chat_id in self._rows:
            self._deleted[chat_id] = self._rows.pop(chat_id)
        self._keep_deleted(chat_id, True)
        self.changed.emit()

    def restore(self, chat_id: int) -> None:
        if chat_id in self._deleted:
            self._rows[chat_id] = self._deleted.pop(chat_id)
        self._keep_deleted(chat_id, False)
        self.changed.emit()

    def close(self) -> None:
        """Nothing is shown any more; what is being kept still is."""

    def is_deleted(self, chat_id: int) -> bool:
        return chat_id in self._deleted

    def _keep_record(self, record: ChatRecord) -> None:
        pass

    def _keep_turn(self, record: ChatRecord, turn: Turn) -> None:
        pass

    def _keep_shown(self, record: ChatRecord, turn: Turn, channel: str, text: str) -> None:
        pass

    def _keep_values(self, chat_id: int, values: dict[str, Any]) -> None:
        pass

    def _keep_folder(self, name: str) -> None:
        pass

    def _keep_folder_renamed(self, old: str, new: str) -> None:
        pass

    def _keep_new_draft(self, text: str) -> None:
        pass

    def _keep_forgotten(self, chat_ids: Sequence[int]) -> None:
        pass

    def _keep_deleted(self, chat_id: int, deleted: bool) -> None:
        pass


def _matches(record: ChatRecord, words: list[str]) -> bool:
    texts = [record.title, *(t.text for t in record.tree.turns.values() if not t.deleted)]
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in words)


def _hit(record: ChatRecord, words: list[str]) -> Hit:
    there = (turn for turn in record.tree.turns.values() if not turn.deleted)
    newest = sorted(there, key=lambda turn: turn.id, reverse=True)
    for turn in newest:
        if all(word in turn.text.casefold() for word in words):
            return Hit(turn.id, turn.text)
    return Hit(None, record.title)
