"""What goes between the Book and the store: copies of turns, and rows that become turns.

Rows may be damaged or of another version: an extra that makes no sense counts as absent.
"""

import math
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from engine.api import GenerationParams, Message
from gui.chat.book import ChatRecord, ChatRow
from gui.chat.turns import Turn

UNTITLED = "New chat"
LARGEST = 1 << 31  # of a number that a user can set
SPOKEN = ("user", "assistant")


@dataclass(frozen=True)
class Copy:
    """A turn as it was when it was handed over, or as the store has it."""

    id: int
    parent: int | None
    message: Message
    extra: dict[str, Any]
    complete: bool


@dataclass(frozen=True)
class Change:
    """What another program did to a chat: messages that are new, and those that have grown with
    what we knew of them. `known`: the store's numbers → our turns."""

    number: int  # ours of the chat
    chat: Any  # the store's record
    known: dict[int, int] = field(default_factory=dict)
    new: list[Any] = field(default_factory=list)
    grown: list[tuple[Any, Message]] = field(default_factory=list)


def row_of(chat: Any, number: int) -> ChatRow:
    title, changed = chat.title or UNTITLED, datetime.fromtimestamp(chat.changed)
    return ChatRow(number, title, chat.model, chat.n_messages, changed)


def values_of(record: ChatRecord) -> dict[str, Any]:
    """What the store keeps of a chat besides its messages."""
    return {
        "title": record.title,
        "model": record.model,
        "system": record.system,
        "sampling": record.sampling,
    }


def copied(turn: Turn, record: ChatRecord) -> Copy:
    extra: dict[str, Any] = {}
    for name in ("thought_s", "statistics", "error"):
        if getattr(turn, name):
            extra[name] = getattr(turn, name)
    if turn.role == "user" and record.generation != GenerationParams():
        extra["generation"] = asdict(record.generation)
    if turn.role == "assistant" and record.model_path:
        extra["path"] = record.model_path
    message = Message(turn.role, turn.text, turn.thinking)
    return Copy(turn.id, turn.parent, message, extra, turn.complete)


def turn_of(stored: Any, number: int, parent: int | None) -> Turn:
    """A turn from the store, under our numbers."""
    message, extra = stored.message, stored.extra
    turn = Turn(number, "user" if message.role == "user" else "assistant", message.content, parent)
    turn.thinking, turn.complete = message.thinking, stored.complete
    thought = extra.get("thought_s")
    if isinstance(thought, float) and math.isfinite(thought):
        turn.thought_s = thought
    turn.statistics = _words(extra.get("statistics"))
    turn.error = _words(extra.get("error"))
    return turn


def path_of(extra: dict[str, Any]) -> str:
    return _words(extra.get("path"))


def generation_of(extra: dict[str, Any]) -> GenerationParams | None:
    """The values that make sense; the others are the usual ones."""
    found, usual = extra.get("generation"), GenerationParams()
    if not isinstance(found, dict):
        return None
    values: dict[str, Any] = {}
    for each in fields(GenerationParams):
        value: Any = found.get(each.name)
        if each.name == "stop":
            words = value if isinstance(value, list | tuple) else ()
            values["stop"] = tuple(word for word in words if isinstance(word, str))
        elif each.name == "enable_thinking":
            values[each.name] = value if isinstance(value, bool) else None
        elif type(value) is type(getattr(usual, each.name)) and -LARGEST < value < LARGEST:
            values[each.name] = value
    return GenerationParams(**values)


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""
