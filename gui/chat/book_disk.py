"""The Book on disk: every change goes to the engine's chat store, in order, in the background.

The window never waits for the disk: numbers of its own stand for those the store gives later.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, get_args

from PySide6.QtCore import QObject

from engine.api import Engine, GenerationParams, Message
from gui.chat.book import Book, ChatRecord, ChatRow
from gui.chat.turns import Ending, Turn
from gui.workers import Background

FIRST_OWN_NUMBER = 1 << 30  # the store will never reach it; signals carry 32 bits
MAX_LISTED = 2000


@dataclass
class _Kept:
    """What the store has of one chat; touched in the background thread alone."""

    chat: int = 0  # the store's number
    ids: dict[int, int] = field(default_factory=dict)  # our turn → the store's message
    turns: dict[int, "_Copy"] = field(default_factory=dict)  # as it is kept
    values: dict[str, Any] = field(default_factory=dict)
    leaf: int | None = None


class DiskBook(Book):
    """Reads the list at start; a chat's messages when it is opened."""

    def __init__(self, engine: Engine, background: Background, parent: QObject | None = None):
        super().__init__(parent)
        self._engine = engine
        self._background = background
        self._next = FIRST_OWN_NUMBER
        self._kept: dict[int, _Kept] = {}
        self._growing: dict[tuple[int, int], _Copy] = {}  # chat and turn → what waits to be kept

    def read(self) -> None:
        """List what is there; `changed` follows."""
        self._background.run(self._listed, self._show)

    def _listed(self) -> list[ChatRow]:
        return [
            ChatRow(
                chat.id,
                chat.title or "New chat",
                chat.model,
                chat.n_messages,
                datetime.fromtimestamp(chat.changed),
            )
            for chat in self._engine.chats.list(MAX_LISTED)
        ]

    def _show(self, rows: list[ChatRow]) -> None:
        self._rows.update({row.id: row for row in rows})
        self.changed.emit()

    def search(self, words: str) -> None:
        def ids() -> list[int]:
            ours = {kept.chat: number for number, kept in list(self._kept.items())}
            hits = {hit.chat: None for hit in self._engine.chats.search(words)}
            return [ours.get(chat, chat) for chat in hits]

        self._background.run(ids, lambda found: self.found.emit(words, found))

    def fetch(self, chat_id: int, then: Callable[[ChatRecord], object]) -> None:
        if chat_id in self._records:
            then(self._records[chat_id])
            return

        def show(record: ChatRecord) -> None:
            then(self._records.setdefault(chat_id, record))

        self._background.run(lambda: self._read_record(chat_id), show)

    def _read_record(self, chat_id: int) -> ChatRecord:
        chat = self._engine.chats.get(chat_id)
        record = ChatRecord(chat.id, chat.title or "New chat", chat.model, "", chat.system)
        record.sampling = chat.sampling
        kept = _Kept(chat.id, leaf=chat.leaf)
        for stored in self._engine.chats.everything(chat_id):
            message, extra = stored.message, stored.extra
            if message.role not in ("user", "assistant"):
                continue
            turn = turn_of(stored.id, stored.parent, message, extra)
            turn.complete = stored.complete
            record.tree.put(turn)
            record.model_path = extra.get("path", record.model_path)
            record.generation = _generation(extra) or record.generation
            kept.ids[stored.id] = stored.id
            kept.turns[stored.id] = _Copy(stored.id, stored.parent, message, extra, stored.complete)
        record.tree.leaf = chat.leaf if chat.leaf in record.tree.turns else None
        self._kept[chat_id] = kept
        return record

    # Keeping. What is handed to the background is copied first: the window goes on changing it.

    def _keep_record(self, record: ChatRecord) -> None:
        turns = [_copied(turn, record) for turn in record.tree.turns.values()]
        number, leaf, title = record.id, record.tree.leaf, record.title
        values = {"model": record.model, "system": record.system, "sampling": record.sampling}
        self._run(lambda: self._write(number, turns, leaf, {"title": title, **values}))

    def _write(
        self, number: int, turns: list["_Copy"], leaf: int | None, values: dict[str, Any]
    ) -> None:
        kept = self._kept.setdefault(number, _Kept())
        if not kept.chat:
            kept.chat = self._engine.chats.create(**values).id
        else:
            self._engine.chats.update(kept.chat, **values)
        for turn in turns:
            self._write_turn(kept, turn)
        if leaf is not None and kept.leaf != kept.ids[leaf]:
            self._engine.chats.choose(kept.ids[leaf])
            kept.leaf = kept.ids[leaf]

    def _write_turn(self, kept: _Kept, turn: "_Copy") -> None:
        if turn.id not in kept.ids:
            after = None if turn.parent is None else kept.ids[turn.parent]
            added = self._engine.chats.add(
                kept.chat,
                turn.message,
                after=after,
                first=after is None,
                extra=turn.extra,
                complete=turn.complete,
            )
            kept.ids[turn.id] = kept.leaf = added.id
        elif kept.turns[turn.id] != turn:
            self._engine.chats.replace(
                kept.ids[turn.id], turn.message, turn.extra, complete=turn.complete
            )
        kept.turns[turn.id] = turn

    def _keep_turn(self, record: ChatRecord, turn: Turn) -> None:
        """Of an answer that grows only the newest state waits, so a slow disk piles up nothing."""
        place = (record.id, turn.id)
        self._growing[place] = _copied(turn, record)
        self._run(lambda: self._write_growing(place))

    def _write_growing(self, place: tuple[int, int]) -> None:
        turn, kept = self._growing.pop(place, None), self._kept.get(place[0])
        # Where its chat could not be kept, that was told, and the end of the answer tries again.
        if turn is not None and kept is not None and turn.id in kept.ids:
            self._write_turn(kept, turn)

    def _keep_title(self, chat_id: int, title: str) -> None:
        self._run(lambda: self._engine.chats.update(self._number(chat_id), title=title))

    def _keep_deleted(self, chat_id: int, deleted: bool) -> None:
        def work() -> None:
            change = self._engine.chats.delete if deleted else self._engine.chats.restore
            change(self._number(chat_id))

        self._run(work)

    def _number(self, chat_id: int) -> int:
        kept = self._kept.get(chat_id)
        return kept.chat if kept is not None else chat_id

    def _run(self, work: Callable[[], object]) -> None:
        self._background.run(work, failed=self.failed.emit)


@dataclass(frozen=True)
class _Copy:
    """A turn as it was when it was handed over."""

    id: int
    parent: int | None
    message: Message
    extra: dict[str, Any]
    complete: bool


def _copied(turn: Turn, record: ChatRecord) -> _Copy:
    extra: dict[str, Any] = {}
    for name in ("thought_s", "statistics", "error", "ending", "left_out"):
        if getattr(turn, name):
            extra[name] = getattr(turn, name)
    if turn.role == "user" and record.generation != GenerationParams():
        extra["generation"] = asdict(record.generation)
    if turn.role == "assistant" and record.model_path:
        extra["path"] = record.model_path
    message = Message(turn.role, turn.text, turn.thinking)
    return _Copy(turn.id, turn.parent, message, extra, turn.complete)


def turn_of(number: int, parent: int | None, message: Message, extra: dict[str, Any]) -> Turn:
    """A turn from the store; odd extras (of another version) count as absent."""
    turn = Turn(number, "user" if message.role == "user" else "assistant", message.content, parent)
    turn.thinking = message.thinking
    if isinstance(extra.get("thought_s"), float):
        turn.thought_s = extra["thought_s"]
    turn.statistics = str(extra.get("statistics", ""))
    turn.error = str(extra.get("error", ""))
    if extra.get("ending") in get_args(Ending):
        turn.ending = extra["ending"]
    if isinstance(extra.get("left_out"), int):
        turn.left_out = extra["left_out"]
    return turn


def _generation(extra: dict[str, Any]) -> GenerationParams | None:
    values = extra.get("generation")
    if not isinstance(values, dict):
        return None
    try:
        return GenerationParams(**{**values, "stop": tuple(values.get("stop", ()))})
    except TypeError:
        return None
