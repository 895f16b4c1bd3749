"""Thinking switched on and off, in the words that a template knows for it.

Most take `enable_thinking` or `thinking`. Others have an effort that may be none, a budget that may
be nothing, or a word that stands in the system message and that they take out again.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

# A variable of that name, and not only a field of the template's own.
TAKES_SWITCH = re.compile(r"(?<![.\w])enable_thinking\b(?!\s*=[^=])")
EFFORT, BUDGET = "reasoning_effort", "thinking_budget"
NO_EFFORT = re.compile(r"""["'](none|no_think)["']""")
WORDS = {True: "/think", False: "/no_think"}

Message = Mapping[str, Any]


def switches(template: str, wanted: bool | None) -> dict[str, Any]:
    """What the template is told; nothing where it shall do as it usually does."""
    if wanted is None:
        return {}
    told: dict[str, Any] = {"enable_thinking": wanted, "thinking": wanted}
    if TAKES_SWITCH.search(template):
        return told
    none = NO_EFFORT.search(template) if EFFORT in template else None
    if none and not wanted:
        told[EFFORT] = none[1]
    elif none and none[1] == "no_think":  # where this is what is usual
        told[EFFORT] = "high"
    if BUDGET in template and not wanted:
        told[BUDGET] = 0
    return told


def with_switch(
    template: str, messages: Sequence[Message], wanted: bool | None
) -> Sequence[Message]:
    """The messages with the word in the system's, where nothing else switches."""
    told = wanted is None or TAKES_SWITCH.search(template) or EFFORT in template
    if told or WORDS[False] not in template:
        return messages
    word = WORDS[wanted is True]
    if messages and messages[0].get("role") == "system":
        content = messages[0].get("content")
        if not isinstance(content, str):
            return messages
        return [{**messages[0], "content": f"{content} {word}"}, *messages[1:]]
    return [{"role": "system", "content": word}, *messages]


def with_thoughts(message: dict[str, Any]) -> dict[str, Any]:
    """A message whose reasoning has both names that templates ask for."""
    thoughts = message.get("reasoning_content")
    return message if thoughts is None else {"thinking": thoughts, **message}
