"""A rendered prompt: its text, and which parts of it users typed that only look like tokens.

Also the splitting of text at special tokens, which must leave those parts alone.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.text.prefixes import Prefixes

Spans = Sequence[tuple[int, int]]
BLANKS = re.compile(r"\s*")


@dataclass(frozen=True)
class Prompt:
    """`literal` holds (start, end) of text that spells special tokens but must stay text."""

    text: str
    literal: tuple[tuple[int, int], ...] = ()


class Splitter:
    """Cuts text into plain pieces and special tokens: leftmost first, then the longest.

    Tokens of `swallows` also take the whitespace that follows them.
    """

    def __init__(self, tokens: Mapping[str, int], swallows: frozenset[int] = frozenset()) -> None:
        self._tokens = {text: token for text, token in tokens.items() if text}
        self._swallows = swallows
        self._prefixes = Prefixes(self._tokens)
        firsts = "".join(re.escape(first) for first in {text[0] for text in self._tokens})
        self._first = re.compile(f"[{firsts}]") if firsts else None

    def split(self, text: str, literal: Spans = ()) -> Iterator[str | int]:
        """Plain pieces (never empty) and token ids, in order."""
        start = 0
        for begin, end, token in self.matches(text, literal):
            if begin > start:
                yield text[start:begin]
            yield token
            start = end
        if start < len(text):
            yield text[start:]

    def matches(self, text: str, literal: Spans = ()) -> Iterator[tuple[int, int, int]]:
        """(begin, end, id) of each special token in the text, in order."""
        if self._first is None:
            return
        position = 0
        while found := self._first.search(text, position):
            begin = found.start()
            end = begin + self._prefixes.longest(text, begin)
            if end == begin or _overlaps(literal, begin, end):
                position = begin + 1
                continue
            token = self._tokens[text[begin:end]]
            if token in self._swallows:
                end = BLANKS.match(text, end).end()  # type: ignore[union-attr]
            yield begin, end, token
            position = end


def _overlaps(spans: Spans, begin: int, end: int) -> bool:
    """Whether one of the sorted, disjoint spans has a character in common with [begin, end)."""
    before = bisect_left(spans, (end, 0))
    return before > 0 and spans[before - 1][1] > begin
