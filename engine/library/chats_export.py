"""A chat as a text for people (Markdown, the branch that is shown) or for programs (JSON, all)."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from engine.library.chats_records import ChatRecord, StoredMessage

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
