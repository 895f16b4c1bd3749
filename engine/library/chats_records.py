"""Chats as frozen records, and what a turn keeps beside its words: read from rows, told as JSON.

A row may come from a damaged file or another version: what makes no sense in it counts as absent,
never as an error, and what is not known is kept as it was.
"""

import json
import math
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, cast, get_args

from engine.base import attachments
from engine.base.conversation import Ending, Speaker, Turn
from engine.base.settings import GenerationParams, SamplingParams, WhenFull

LARGEST = 1 << 32  # of a sampling value; seeds are the largest that mean anything
LARGEST_COUNT = 1 << 31  # of a number that a user can set
LARGEST_TURN = 1 << 53
LAST_TIME = 253_370_764_800.0  # the year 9999: later ones are no dates for anybody


@dataclass(frozen=True)
class ChatHead:
    """One conversation as a list shows it, without its turns. Times are seconds since 1970."""

    id: int
    title: str
    model: str
    system: str
    sampling: SamplingParams | None
    leaf: int | None  # the number of the turn at whose end one stands
    created: float
    changed: float
    deleted: float | None = None
    revision: int = 0  # grows with every change of the chat or of what is in it
    n_messages: int = 0  # of the branch that is shown
    model_path: str = ""
    generation: GenerationParams = GenerationParams()  # noqa: RUF009 (frozen)
    pinned: bool = False
    folder: str = ""
    draft: str = ""
    is_named: bool = False  # a person gave the title


@dataclass(frozen=True)
class SearchHit:
    """A place where the words were found; `turn` None means in the title."""

    chat: int
    title: str
    turn: int | None
    snippet: str


def head_of(row: sqlite3.Row) -> ChatHead:
    """Of a row of chats whose leaf is told as the number of its turn (`leaf_number`)."""
    return ChatHead(
        id=row["id"],
        title=text_of(row["title"]),
        model=text_of(row["model"]),
        system=text_of(row["system"]),
        sampling=sampling_of(row["sampling"]),
        leaf=number_of(row["leaf_number"]),
        created=time_of(row["created"]),
        changed=time_of(row["changed"]),
        deleted=None if row["deleted"] is None else time_of(row["deleted"]),
        revision=number_of(row["revision"]) or 0,
        n_messages=number_of(row["length"]) or 0,
        model_path=text_of(row["model_path"]),
        generation=generation_of(_json(row["generation"])) or GenerationParams(),
        pinned=row["pinned"] == 1,
        folder=text_of(row["folder"]),
        draft=text_of(row["draft"]),
        is_named=row["is_named"] == 1,
    )


# Turns


def turn_of(row: sqlite3.Row | Mapping[str, Any]) -> Turn | None:
    """Of a row of messages; None: nothing that was said between the two (tools, instructions)."""
    role = role_of(row["role"])
    if role is None:
        return None
    extra = dict(extra_of(row["extra"]))
    turn = Turn(
        number_of(row["number"]) or 0,
        role,
        text_of(row["content"]),
        thinking=text_of(row["thinking"]),
    )
    turn.complete, turn.created = row["complete"] != 0, time_of(row["created"])
    thought = extra.pop("thought_s", None)
    if isinstance(thought, float) and math.isfinite(thought):
        turn.thought_s = thought
    turn.statistics = words_of(extra.pop("statistics", None))
    turn.error = words_of(extra.pop("error", None))
    turn.model = words_of(extra.pop("model", None))
    ending = extra.pop("ending", None)
    if ending in get_args(Ending):
        turn.ending = ending
    left_out = extra.pop("left_out", None)
    if type(left_out) is int and 0 <= left_out < LARGEST_COUNT:
        turn.left_out = left_out
    turn.deleted = extra.pop("deleted", None) is True
    turn.attachments = attachments.from_json(extra.pop("attachments", None))
    if isinstance(sampling := extra.pop("sampling", None), dict):
        turn.sampling = sampling_from(sampling)
    turn.extra = extra
    return turn


def extra_text(turn: Turn) -> str:
    """What a turn keeps beside its words, as JSON."""
    extra = dict(turn.extra)
    for name in ("thought_s", "statistics", "error", "ending", "left_out", "model", "deleted"):
        if getattr(turn, name):
            extra[name] = getattr(turn, name)
    if turn.attachments:
        extra["attachments"] = attachments.to_json(turn.attachments)
    if turn.sampling is not None:
        extra["sampling"] = other_than_usual(turn.sampling, SamplingParams())
    return json.dumps(extra)


def other_than_usual(values: Any, usual: Any) -> dict[str, Any]:
    """The fields of a dataclass that differ from the usual ones."""
    there = ((each.name, getattr(values, each.name)) for each in fields(values))
    return {name: value for name, value in there if value != getattr(usual, name)}


def text_of(value: object) -> str:
    """A text column, whatever a damaged row has there."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def time_of(value: object) -> float:
    """Seconds since 1970 that are a date."""
    sound = isinstance(value, int | float) and 0 <= value <= LAST_TIME
    return float(cast(float, value)) if sound else 0.0


def day_words(seconds: float) -> str:
    """When it was begun, here; "" where that is not known."""
    if not seconds:
        return ""
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
    except (OSError, OverflowError, ValueError):  # a date that this system has no name for
        return ""


def number_of(value: object) -> int | None:
    return value if isinstance(value, int) else None


def words_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def role_of(value: object) -> Speaker | None:
    """None of what neither has said; a damaged word is taken for the one of its length."""
    text = text_of(value)
    if text in ("system", "tool"):
        return None
    if text in get_args(Speaker):
        return cast(Speaker, text)
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
    return None if text is None else sampling_from(extra_of(text))


def sampling_from(found: Mapping[str, Any]) -> SamplingParams:
    """The values that this version still has and that make sense; the others are the usual ones:
    a chat must open even when one was dropped or damaged."""
    usual = SamplingParams()
    known = {each.name: getattr(usual, each.name) for each in fields(SamplingParams)}
    return SamplingParams(**{k: _like(k, found[k], v) for k, v in known.items() if k in found})


def generation_text(params: GenerationParams) -> str | None:
    return None if params == GenerationParams() else json.dumps(asdict(params))


def generation_of(found: object) -> GenerationParams | None:
    """The values that make sense; the others are the usual ones."""
    usual = GenerationParams()
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
        elif each.name == "when_full":
            values[each.name] = value if value in get_args(WhenFull) else usual.when_full
        elif type(value) is type(getattr(usual, each.name)) and abs(value) < LARGEST_COUNT:
            values[each.name] = value
    return GenerationParams(**values)


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
