"""Keeps what users typed apart from control tokens while a template renders.

Spellings of special tokens in messages become private-use characters before rendering; after it
they become the spelling again, and the prompt remembers where.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.text.prompt import Prompt, Splitter
from engine.text.specials import THINK_TAGS
from engine.text.vocabulary import TokenType, Vocabulary

FIRST, LAST = 0xF0000, 0xFFFFD  # a whole plane of characters that mean nothing to anybody
PRIVATE = re.compile(f"[{chr(FIRST)}-{chr(LAST)}]")
# A stand-in as it is, or as JSON escapes it.
STAND_IN = re.compile(rf"{PRIVATE.pattern}|\\udb[89a-f][0-9a-f]\\ud[c-f][0-9a-f]{{2}}")
MARKER = re.compile(r"<\|.+\|>|<[^\s<>]+>|\[/?[A-Z_]+\]")


class Spellings:
    """What must stay text: all control tokens, and other special tokens the template uses."""

    def __init__(self, vocabulary: Vocabulary, template: str) -> None:
        control = vocabulary.of_type([TokenType.CONTROL, TokenType.UNKNOWN])
        defined = vocabulary.of_type([TokenType.USER_DEFINED])
        used = {text for text in defined if MARKER.fullmatch(text) and _structural(text, template)}
        self._by_users = Splitter(dict.fromkeys([*control, *used], 0))
        # An earlier reply may hold the model's own markers; only control tokens stay text there.
        self._by_models = Splitter(dict.fromkeys(control.keys() - THINK_TAGS, 0))

    def find(self, text: str, role: str) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it spells a special token."""
        splitter = self._by_models if role == "assistant" else self._by_users
        start = 0
        for begin, end, _ in splitter.matches(text):
            yield text[start:begin], False
            yield text[begin:end], True
            start = end
        yield text[start:], False


def _structural(text: str, template: str) -> bool:
    return text in template or text.startswith("<|")


class Disguise:
    """The stand-ins of one rendering."""

    def __init__(self, spellings: Spellings, values: Iterable[Any]) -> None:
        self._spellings = spellings
        self._taken = {letter for value in values for letter in _private_letters(value)}
        self._next = FIRST
        self._stand_ins: dict[str, str] = {}

    def hide(self, value: Any, role: str = "") -> Any:
        """A deep copy of the value whose texts spell no special token."""
        if isinstance(value, str):
            return self._hide_text(value, role)
        if isinstance(value, Mapping):
            return {self.hide(key, role): self.hide(item, role) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.hide(item, role) for item in value]
        return value

    def hide_message(self, message: Mapping[str, Any]) -> dict[str, Any]:
        role = str(message.get("role", ""))
        return {
            key: value if key == "role" else self.hide(value, role)
            for key, value in message.items()
        }

    def _hide_text(self, text: str, role: str) -> str:
        parts = self._spellings.find(text, role)
        return "".join(self._stand_in(part) if special else part for part, special in parts)

    def _stand_in(self, spelling: str) -> str:
        if spelling not in self._stand_ins:
            while chr(self._next) in self._taken:
                self._next += 1
            self._stand_ins[spelling] = chr(self._next)
            self._next += 1
        return self._stand_ins[spelling]

    def reveal(self, text: str) -> Prompt:
        """The rendered text with the users' spellings back in it, and where they are."""
        back = {letter: spelling for spelling, letter in self._stand_ins.items()}
        if not back:
            return Prompt(text)
        parts, spans, size, start = [], [], 0, 0
        for found in STAND_IN.finditer(text):
            spelling = back.get(found[0]) or back.get(_unescaped(found[0]))
            if spelling is None:
                continue
            before = text[start : found.start()]
            parts += [before, spelling]
            size += len(before) + len(spelling)
            spans.append((size - len(spelling), size))
            start = found.end()
        return Prompt("".join(parts) + text[start:], tuple(spans))


def _unescaped(escape: str) -> str:
    """The letter that JSON writes as two halves."""
    return json.loads(f'"{escape}"') if len(escape) > 1 else escape


def _private_letters(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield from PRIVATE.findall(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _private_letters(key)
            yield from _private_letters(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _private_letters(item)
