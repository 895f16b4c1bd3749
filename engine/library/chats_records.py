"""What the chat store hands out: frozen records, and their way to and from rows."""

import json
import sqlite3
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from engine.base.models import Message
from engine.base.settings import SamplingParams


@dataclass(frozen=True)
class ChatRecord:
    """One conversation, without its messages. Times are seconds since 1970."""

    id: int
    title: str
    model: str
    system: str
    sampling: SamplingParams | None
    leaf: int | None
    created: float
    changed: float
    deleted: float | None = None
    n_messages: int = 0  # of the branch that is shown


@dataclass(frozen=True)
class StoredMessage:
    """A message in its place; `variant` of `variants` (from 1) counts those with its parent."""

    id: int
    chat: int
    parent: int | None
    message: Message
    created: float
    extra: dict[str, Any] = field(default_factory=dict)
    variant: int = 1
    variants: int = 1


@dataclass(frozen=True)
class SearchHit:
    """A place where the words were found; `message` None means in the title."""

    chat: int
    title: str
    message: int | None
    snippet: str


def chat_of(row: sqlite3.Row, n_messages: int = 0) -> ChatRecord:
    values = {name: row[name] for name in row.keys()}  # noqa: SIM118 (a Row is no mapping)
    values["sampling"] = sampling_of(values["sampling"])
    return ChatRecord(**values, n_messages=n_messages)


def message_of(row: sqlite3.Row, variant: int = 1, variants: int = 1) -> StoredMessage:
    message = Message(
        row["role"], row["content"], row["thinking"], tuple(json.loads(row["tool_calls"]))
    )
    extra = json.loads(row["extra"])
    return StoredMessage(
        row["id"], row["chat"], row["parent"], message, row["created"], extra, variant, variants
    )


def sampling_text(params: SamplingParams | None) -> str | None:
    return None if params is None else json.dumps(asdict(params))


def sampling_of(text: str | None) -> SamplingParams | None:
    """The values that this version still has: a chat must open even when one was dropped."""
    if text is None:
        return None
    known = {field.name for field in fields(SamplingParams)}
    values = {name: value for name, value in json.loads(text).items() if name in known}
    for name in ("dry_sequence_breakers", "samplers"):
        if name in values:
            values[name] = tuple(values[name])
    if "logit_bias" in values:
        values["logit_bias"] = tuple((int(t), float(x)) for t, x in values["logit_bias"])
    return SamplingParams(**values)
