"""What a model wrote to call tools, as calls with names; what is in no known form stays as it is.

Nothing runs a tool yet: a call is kept apart from the answer, told, and shown to the model again.
"""

import re
from typing import Any

from engine.text.tool_forms import FORMS, Found

MOST = 1 << 20  # letters in which calls are looked for
WORD = re.compile(r"\w")
# Marks around calls, and words that say nothing beside them.
NOISE = re.compile(r"</?[\w:｜▁|]+>|<[|｜][^<>\s]*[|｜]>|```(?:json)?|function_calls|\bfunction\b")


def parse_calls(text: str) -> tuple[dict[str, Any], ...]:
    """Every call in a text, in order; what is no call is one without a name that holds it."""
    if not text.strip():
        return ()
    found = _found(text) if len(text) <= MOST else []
    if not found:
        return (_call("", text.strip()),)
    calls: list[dict[str, Any]] = []
    start = 0
    for each in found:
        if each.begin >= start:
            calls += _left(text[start : each.begin])
        calls.append(_call(each.name, each.arguments))
        start = max(start, each.end)
    return (*calls, *_left(text[start:]))


def names_of(calls: tuple[dict[str, Any], ...]) -> str:
    """The tools that are called, for a sentence."""
    names = (str(call["function"]["name"]) for call in calls)
    return ", ".join(dict.fromkeys(name for name in names if name)) or "without a name"


def _found(text: str) -> list[Found]:
    """The calls of the first form that finds any: a model has one."""
    return next((calls for form in FORMS if (calls := list(form(text)))), [])


def _left(text: str) -> list[dict[str, Any]]:
    """What stands beside calls and is more than marks."""
    return [_call("", text.strip())] if WORD.search(NOISE.sub("", text)) else []


def _call(name: str, arguments: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "arguments": arguments}}
