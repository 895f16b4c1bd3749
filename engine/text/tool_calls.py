"""What a model wrote to call tools, as calls with names; what is in no known form stays as it is.

Nothing runs a tool yet: a call is kept apart from the answer, told, and shown to the model again.
"""

import json
from collections.abc import Iterator
from typing import Any

ARGUMENTS = ("arguments", "parameters")
MOST = 1 << 20  # letters in which calls are looked for


def parse_calls(text: str) -> tuple[dict[str, Any], ...]:
    """Every call in a text; without any, one call without a name that holds the whole text."""
    if not text.strip():
        return ()
    found = tuple(_calls(text)) if len(text) <= MOST else ()
    return found or (_call("", text.strip()),)


def names_of(calls: tuple[dict[str, Any], ...]) -> str:
    """The tools that are called, for a sentence."""
    names = (str(call["function"]["name"]) for call in calls)
    return ", ".join(dict.fromkeys(name for name in names if name)) or "without a name"


def _calls(text: str) -> Iterator[dict[str, Any]]:
    decoder, place = json.JSONDecoder(), 0
    while (place := _next_object(text, place)) >= 0:
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return  # half a call is none
        for each in value if isinstance(value, list) else [value]:
            yield from _from_object(each)


def _next_object(text: str, start: int) -> int:
    places = [place for mark in "{[" if (place := text.find(mark, start)) >= 0]
    return min(places, default=-1)


def _from_object(value: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(value, dict):
        return
    inner = value.get("function")
    value = inner if isinstance(inner, dict) else value
    arguments: Any = next((value[key] for key in ARGUMENTS if key in value), {})
    if isinstance(value.get("name"), str) and isinstance(arguments, dict | str):
        yield _call(value["name"], arguments)


def _call(name: str, arguments: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "arguments": arguments}}
