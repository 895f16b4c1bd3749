"""What is kept of conversations, as frozen records: read from rows, told as text.

A row may come from a damaged file: what makes no sense in it counts as absent, never as an error.
As a text a chat is for people (Markdown, the branch that is shown) or for programs (JSON, all).
"""

import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, cast, get_args

from engine.base.models import Message, Role
from engine.base.settings import SamplingParams

LARGEST = 1 << 32  # of a sampling value; seeds are the largest that mean anything
LAST_TIME = 253_370_764_800.0  # the year 9999: later ones are no dates for anybody


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
    revision: int = 0  # grows with every change of the chat or of what is in it
    n_messages: int = 0  # of the branch that is shown


@dataclass(frozen=True)
class StoredMessage:
    """A message in its place; `variant` of `variants` (from 1) counts those with its parent.

    `complete` is False for an answer that is still growing, was stopped or was cut by a crash.
    """

    id: int
    chat: int
    parent: int | None
    message: Message
    created: float
    extra: dict[str, Any] = field(default_factory=dict)
    variant: int = 1
    variants: int = 1
    complete: bool = True


@dataclass(frozen=True)
class SearchHit:
    """A place where the words were found; `message` None means in the title."""

    chat: int
    title: str
    message: int | None
    snippet: str


def chat_of(row: sqlite3.Row, n_messages: int = 0) -> ChatRecord:
    return ChatRecord(
        id=row["id"],
        title=text_of(row["title"]),
        model=text_of(row["model"]),
        system=text_of(row["system"]),
        sampling=sampling_of(row["sampling"]),
        leaf=row["leaf"] if isinstance(row["leaf"], int) else None,
        created=time_of(row["created"]),
        changed=time_of(row["changed"]),
        deleted=None if row["deleted"] is None else time_of(row["deleted"]),
        revision=row["revision"] if isinstance(row["revision"], int) else 0,
        n_messages=n_messages,
    )


def message_of(row: sqlite3.Row, variant: int = 1, variants: int = 1) -> StoredMessage:
    calls, extra = _json(row["tool_calls"]), extra_of(row["extra"])
    message = Message(
        role_of(row["role"]),
        text_of(row["content"]),
        text_of(row["thinking"]),
        tuple(call for call in calls if isinstance(call, dict)) if isinstance(calls, list) else (),
    )
    parent = row["parent"] if isinstance(row["parent"], int) else None
    created, complete = time_of(row["created"]), row["complete"] != 0
    return StoredMessage(
        row["id"], row["chat"], parent, message, created, extra, variant, variants, complete
    )


def text_of(value: object) -> str:
    """A text column, whatever a damaged row has there."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def time_of(value: object) -> float:
    """Seconds since 1970 that are a date."""
    sound = isinstance(value, int | float) and 0 <= value <= LAST_TIME
    return float(cast(float, value)) if sound else 0.0


def role_of(value: object) -> Role:
    """A word that is no role any more is taken for the one of its length."""
    text = text_of(value)
    if text in get_args(Role):
        return cast(Role, text)
    return "assistant" if len(text) > len("system") else "user"


def _json(text: object) -> Any:
    """What a JSON column says; None where it is none."""
    try:
        return json.loads(text_of(text))
    except (ValueError, RecursionError):
        return None


def extra_of(text: object) -> dict[str, Any]:
    found = _json(text)
    return found if isinstance(found, dict) else {}


def sampling_text(params: SamplingParams | None) -> str | None:
    return None if params is None else json.dumps(asdict(params))


def sampling_of(text: object) -> SamplingParams | None:
    """The values that this version still has and that make sense; the others are the usual ones:
    a chat must open even when one was dropped or damaged."""
    if text is None:
        return None
    found, usual = extra_of(text), SamplingParams()
    known = {each.name: getattr(usual, each.name) for each in fields(SamplingParams)}
    return SamplingParams(**{k: _like(k, found[k], v) for k, v in known.items() if k in found})


def _like(name: str, value: Any, usual: Any) -> Any:
    """The value, if it is of the kind of the usual one, else the usual one."""
    if isinstance(usual, tuple):
        return _pairs(value) if name == "logit_bias" else _words(value, usual)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return usual
    if isinstance(usual, int):
        return value if isinstance(value, int) and abs(value) <= LARGEST else usual
    return float(value) if abs(value) <= LARGEST else usual  # NaN is not


def _words(value: Any, usual: tuple[str, ...]) -> tuple[str, ...]:
    sound = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return tuple(value) if sound else usual


def _pairs(value: Any) -> tuple[tuple[int, float], ...]:
    """Tokens and what is added to their logits, which may be minus infinity."""
    try:
        return tuple((int(token), float(bias)) for token, bias in value)
    except (TypeError, ValueError, OverflowError):
        return ()


_SPEAKERS = {"system": "System", "user": "You", "assistant": "Model", "tool": "Tool"}


def to_markdown(record: ChatRecord, messages: Sequence[StoredMessage]) -> str:
    """Headings for the speakers; thinking is folded away; the messages' own Markdown is kept."""
    parts = [f"# {record.title or 'Chat'}", _about(record.model, record.created)]
    if record.system:
        parts += ["## System", record.system]
    for stored in messages:
        parts += _spoken(stored)
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(model: str, created: float) -> str:
    day = time.strftime("%Y-%m-%d %H:%M", time.localtime(created))
    return f"*{day}{f', {model}' if model else ''}*"


def _spoken(stored: StoredMessage) -> list[str]:
    message = stored.message
    parts = [f"## {_SPEAKERS.get(message.role, message.role)}"]
    if message.thinking:
        parts.append(f"<details><summary>Thinking</summary>\n\n{message.thinking}\n\n</details>")
    parts.append(message.content)
    if message.tool_calls:
        calls = json.dumps(message.tool_calls, indent=2, ensure_ascii=False)
        parts.append(f"```json\n{calls}\n```")
    return parts


def to_json(record: ChatRecord, messages: Sequence[StoredMessage]) -> str:
    """Everything: settings, and all messages of all branches with their parents."""
    found: dict[str, Any] = {"format": "chaski-chat", "version": 1, **asdict(record)}
    found["messages"] = [_entry(stored) for stored in messages]
    return json.dumps(found, indent=2, ensure_ascii=False)


def _entry(stored: StoredMessage) -> dict[str, Any]:
    return {
        "id": stored.id,
        "parent": stored.parent,
        "created": stored.created,
        **asdict(stored.message),
        "extra": stored.extra,
    }
