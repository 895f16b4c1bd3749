"""The chats of this program as the window needs them: rows for the list, records to talk in.

All windows share one Book; `changed` tells them to list anew.
"""

from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from engine.api import GenerationParams, SamplingParams
from gui.chat.turns import Tree


@dataclass(frozen=True)
class ChatRow:
    """A chat as the list shows it."""

    id: int
    title: str
    model: str
    n_messages: int
    updated: datetime


@dataclass
class ChatRecord:
    """A chat with all it holds. `id` 0: not kept yet, because nothing was said."""

    id: int = 0
    title: str = "New chat"
    model: str = ""
    model_path: str = ""
    system: str = ""
    sampling: SamplingParams | None = None
    generation: GenerationParams = field(default_factory=GenerationParams)
    tree: Tree = field(default_factory=Tree)
    updated: datetime = field(default_factory=datetime.now)


class Book(QObject):
    """Keeps records in memory; subclasses keep them on disk."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._records: dict[int, ChatRecord] = {}
        self._deleted: dict[int, ChatRecord] = {}
        self._next = 1

    def rows(self, query: str = "") -> list[ChatRow]:
        words = query.casefold().split()
        found = [r for r in self._records.values() if _matches(r, words)]
        found.sort(key=lambda r: r.updated, reverse=True)
        return [ChatRow(r.id, r.title, r.model, len(r.tree.path()), r.updated) for r in found]

    def load(self, chat_id: int) -> ChatRecord:
        return self._records[chat_id]

    def save(self, record: ChatRecord) -> None:
        if not record.id:
            record.id, self._next = self._next, self._next + 1
        self._records[record.id] = record
        self.changed.emit()

    def rename(self, chat_id: int, title: str) -> None:
        self._records[chat_id].title = title
        self.changed.emit()

    def delete(self, chat_id: int) -> None:
        self._deleted[chat_id] = self._records.pop(chat_id)
        self.changed.emit()

    def restore(self, chat_id: int) -> None:
        self._records[chat_id] = self._deleted.pop(chat_id)
        self.changed.emit()


def _matches(record: ChatRecord, words: list[str]) -> bool:
    texts = [record.title, *(turn.text for turn in record.tree.turns.values())]
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in words)
