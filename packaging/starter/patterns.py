"""The little language of facts/*.toml: {a|b|} picks one, <word> picks from [words]; both nest.

A pattern becomes a tree that can be sampled and matched. Matching keeps sets of positions instead
of backtracking, and words are shared by all patterns, so no pattern can make it slow.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

WORD = re.compile(r"<([\w.-]+)>")
Memo = dict[tuple[int, int], frozenset[int]]


class PhraseError(ValueError):
    """Something in a facts file is wrong; the text names the file and the topic."""


def bare(text: str) -> str:
    """Letters and digits only, in one case and one width: what two equal questions share."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


@dataclass(eq=False)
class Text:
    """Plain characters."""

    text: str

    @cached_property
    def bare(self) -> str:
        return bare(self.text)

    @cached_property
    def begins(self) -> frozenset[str] | None:
        """The characters that a match may begin with; None where it may be empty."""
        return frozenset(self.bare[0]) if self.bare else None

    def sample(self, rng: Random) -> str:
        return self.text

    def ends(self, text: str, starts: Iterable[int], memo: Memo) -> frozenset[int]:
        size = len(self.bare)
        return frozenset(at + size for at in starts if text.startswith(self.bare, at))


@dataclass(eq=False)
class Chain:
    """One part after the other."""

    parts: list["Node"]

    @cached_property
    def begins(self) -> frozenset[str] | None:
        for part in self.parts:
            if part.begins is not None or not isinstance(part, Text):
                return part.begins
        return None

    def sample(self, rng: Random) -> str:
        return "".join([part.sample(rng) for part in self.parts])

    def ends(self, text: str, starts: Iterable[int], memo: Memo) -> frozenset[int]:
        found = frozenset(starts)
        for part in self.parts:
            if not found:
                break
            found = part.ends(text, found, memo)
        return found


@dataclass(eq=False)
class Pick:
    """One of several; what matched where is remembered, since words stand in many patterns."""

    options: list["Node"]

    @cached_property
    def begins(self) -> frozenset[str] | None:
        each = [option.begins for option in self.options]
        known = [found for found in each if found is not None]
        return frozenset().union(*known) if len(known) == len(each) else None

    @cached_property
    def _beginning_with(self) -> "dict[str, list[Node]]":
        """The options that are worth trying at a character; at any other one, those at ""."""
        empty = [option for option in self.options if option.begins is None]
        found: dict[str, list[Node]] = {"": empty}
        for char in {c for option in self.options for c in option.begins or ()}:
            found[char] = [o for o in self.options if o.begins is None or char in o.begins]
        return found

    def sample(self, rng: Random) -> str:
        return self.options[int(rng.random() * len(self.options))].sample(rng)

    def ends(self, text: str, starts: Iterable[int], memo: Memo) -> frozenset[int]:
        found: set[int] = set()
        for start in starts:
            key = (id(self), start)
            if key not in memo:
                worth = self._beginning_with
                options = worth.get(text[start : start + 1], worth[""])
                each = [option.ends(text, (start,), memo) for option in options]
                memo[key] = frozenset().union(*each)
            found |= memo[key]
        return frozenset(found)


Node = Text | Chain | Pick


class Parser:
    """Patterns to trees. Words are parsed when first used, and shared from then on."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._raw = words
        self._words: dict[str, Pick | None] = {}  # None: just being parsed

    def parse(self, pattern: object) -> Node:
        if not isinstance(pattern, str):
            raise PhraseError(f"{pattern!r} is no text")
        node, at = self._chain(pattern, 0, False)
        assert at == len(pattern)
        return node

    def pick(self, patterns: object) -> Pick:
        if not isinstance(patterns, list) or not patterns:
            raise PhraseError(f"expected a list of texts, found {patterns!r}")
        return Pick([self.parse(pattern) for pattern in patterns])

    def word(self, name: str) -> Pick:
        if name not in self._words:
            if name not in self._raw:
                raise PhraseError(f"the word <{name}> is not in [words]")
            self._words[name] = None
            self._words[name] = self.pick(self._raw[name])
        found = self._words[name]
        if found is None:
            raise PhraseError(f"the word <{name}> contains itself")
        return found

    def _chain(self, text: str, at: int, inside: bool) -> tuple[Node, int]:
        parts: list[Node] = []
        plain = at
        while at < len(text):
            word = WORD.match(text, at) if text[at] == "<" else None
            if text[at] in "|}" and inside:
                break
            if text[at] in "|}":
                raise PhraseError(f"{text[at]!r} outside of braces in {text!r}")
            if text[at] != "{" and word is None:
                at += 1
                continue
            if plain < at:
                parts.append(Text(text[plain:at]))
            node: Node
            if word is None:
                node, at = self._braces(text, at + 1)
            else:
                node, at = self.word(word[1]), word.end()
            parts.append(node)
            plain = at
        if plain < at:
            parts.append(Text(text[plain:at]))
        return (parts[0] if len(parts) == 1 else Chain(parts)), at

    def _braces(self, text: str, at: int) -> tuple[Node, int]:
        options: list[Node] = []
        while True:
            node, at = self._chain(text, at, True)
            options.append(node)
            if at == len(text):
                raise PhraseError(f"a brace is never closed in {text!r}")
            at += 1
            if text[at - 1] == "}":
                return Pick(options), at
