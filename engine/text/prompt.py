"""A rendered prompt: its text, which parts of it users typed that only look like tokens, and the
splitting of text at special tokens, which must leave those parts alone.

Spellings are looked up in time that no file can stretch: they lie sorted; the last one not above
the text either begins it or leads to the one that does by a chain of those it begins with. Flags of
single tokens (which take the whitespace beside them, which are whole words) are those of the
tokenizers library; most vocabularies have none, and then none of that is used.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.text.metadata import Metadata
from engine.text.own_keys import LSTRIP, RSTRIP, SINGLE_WORD, SPACED, get_ids

Text = TypeVar("Text", str, bytes)

# No real vocabulary has a token a quarter as long (512 spaces are the longest). What is longer is
# not found in texts, so that a file cannot make each letter cost more.
LONGEST = 2048


class Prefixes(Generic[Text]):
    """Spellings to look for; `longest` finds one of them at a place."""

    def __init__(self, spellings: Iterable[Text]) -> None:
        self._sorted: list[Text] = sorted({text for text in spellings if 0 < len(text) <= LONGEST})
        self._most = max(map(len, self._sorted), default=0)
        self._parent, self._jump = _chains(self._sorted)

    def longest(self, text: Text, start: int = 0) -> int:
        """How many letters the longest spelling has that stands at `start`; 0 for none."""
        seen = text[start : start + self._most]
        found = bisect_right(self._sorted, seen) - 1
        if found < 0 or seen.startswith(self._sorted[found]):
            return len(self._sorted[found]) if found >= 0 else 0
        return self._within(found, _shared(self._sorted[found], seen))

    def _within(self, found: int, letters: int) -> int:
        """The longest on the chain of `found` that has at most so many letters."""
        while found >= 0 and len(self._sorted[found]) > letters:
            far = self._jump[found]
            near = self._parent[found]
            found = far if far >= 0 and len(self._sorted[far]) > letters else near
        return len(self._sorted[found]) if found >= 0 else 0


def _chains(spellings: list[Text]) -> tuple[list[int], list[int]]:
    """For each spelling the longest other that begins it, and one far up its chain; -1 for none.

    The far ones are such that any place of a chain is reached in steps of the order of its
    logarithm (Myers, "An applicative random-access stack", 1983).
    """
    parent, jump, depth = list[int](), list[int](), list[int]()
    open_ones: list[int] = []  # each begins the next
    for place, text in enumerate(spellings):
        while open_ones and not text.startswith(spellings[open_ones[-1]]):
            open_ones.pop()
        above = open_ones[-1] if open_ones else -1
        parent.append(above)
        depth.append(depth[above] + 1 if above >= 0 else 0)
        far = jump[above] if above >= 0 else -1
        farther = jump[far] if far >= 0 else -1
        even = farther >= 0 and depth[above] - depth[far] == depth[far] - depth[farther]
        jump.append(farther if even else above)
        open_ones.append(place)
    return parent, jump


def _shared(a: Text, b: Text) -> int:
    """How many first letters two texts have in common."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


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


# Unicode's White_Space; Python's own notion has four control characters more.
WHITE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
KEYS = (LSTRIP, RSTRIP, SINGLE_WORD, SPACED)
SPACES = " \u2581"  # as it is typed, and as vocabularies write it
JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class AddedFlags:
    """Ids of the tokens that have each flag."""

    lstrip: frozenset[int] = frozenset()
    rstrip: frozenset[int] = frozenset()
    single_word: frozenset[int] = frozenset()
    spaced: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.lstrip or self.rstrip or self.single_word or self.spaced)


def get_flags(metadata: Metadata, n_vocab: int) -> AddedFlags | None:
    """The flags that the file tells; None where it is silent."""
    if not any(key in metadata for key in KEYS):
        return None
    found = (frozenset(get_ids(metadata, key, n_vocab)) for key in KEYS)
    return AddedFlags(*found)


class FlaggedSplitter(Splitter):
    """A splitter whose matches grow over whitespace, or do not count inside a word."""

    def __init__(self, tokens: Mapping[str, int], flags: AddedFlags) -> None:
        super().__init__(tokens)
        self._flags = flags

    def matches(self, text: str, literal: Spans = ()) -> Iterator[tuple[int, int, int]]:
        """(begin, end, id) of each special token with the whitespace it takes."""
        flags, last, at_start = self._flags, 0, True
        for begin, end, token in super().matches(text, literal):
            spaced = token in flags.spaced
            if spaced and not (at_start and begin == last):  # there a space is put in front
                begin -= 1
                if text[max(begin, 0)] not in SPACES:
                    continue
            if begin < last:
                continue
            if token in flags.single_word and _in_word(text, begin, end, last if spaced else 0):
                continue
            blanks = WHITE.replace(" ", "") if spaced else WHITE  # its spaces are U+2581 by then
            if token in flags.lstrip:
                begin = max(last, len(text[:begin].rstrip(blanks)))
            if token in flags.rstrip:
                end = len(text) - len(text[end:].lstrip(blanks))
            yield begin, end, token
            last, at_start = end, not spaced


def _in_word(text: str, begin: int, end: int, start: int) -> bool:
    before = begin > start and is_word(text[begin - 1])
    return before or (end < len(text) and is_word(text[end]))


def is_word(letter: str) -> bool:
    """Whether \\w of Unicode's rules for expressions finds it; Python's leaves marks out."""
    kind = unicodedata.category(letter)
    circled = "\u24b6" <= letter <= "\u24e9" or "\U0001f130" <= letter <= "\U0001f189"
    return kind[0] in "LM" or kind in ("Nd", "Nl", "Pc") or letter in JOINERS or circled
