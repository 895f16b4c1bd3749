"""Flags of single special tokens: which take the whitespace beside them, which are whole words.

As the tokenizers library has them; most vocabularies have none, and then nothing here is used.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.text.metadata import Metadata
from engine.text.own_keys import LSTRIP, RSTRIP, SINGLE_WORD, get_ids
from engine.text.prompt import Spans, Splitter

# Unicode's White_Space; Python's own notion has four control characters more.
WHITE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
WORD = re.compile(r"\w")


@dataclass(frozen=True)
class AddedFlags:
    """Ids of the tokens that have each flag."""

    lstrip: frozenset[int] = frozenset()
    rstrip: frozenset[int] = frozenset()
    single_word: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.lstrip or self.rstrip or self.single_word)


def get_flags(metadata: Metadata, n_vocab: int) -> AddedFlags | None:
    """The flags that the file tells; None where it is silent."""
    if not any(key in metadata for key in (LSTRIP, RSTRIP, SINGLE_WORD)):
        return None
    found = (frozenset(get_ids(metadata, key, n_vocab)) for key in (LSTRIP, RSTRIP, SINGLE_WORD))
    return AddedFlags(*found)


class FlaggedSplitter(Splitter):
    """A splitter whose matches grow over whitespace, or do not count inside a word."""

    def __init__(self, tokens: Mapping[str, int], flags: AddedFlags) -> None:
        super().__init__(tokens)
        self._flags = flags

    def matches(self, text: str, literal: Spans = ()) -> Iterator[tuple[int, int, int]]:
        """(begin, end, id) of each special token with the whitespace it takes."""
        flags, last = self._flags, 0
        for begin, end, token in super().matches(text, literal):
            if begin < last or (token in flags.single_word and _in_word(text, begin, end)):
                continue
            if token in flags.lstrip:
                begin = max(last, len(text[:begin].rstrip(WHITE)))
            if token in flags.rstrip:
                end = len(text) - len(text[end:].lstrip(WHITE))
            yield begin, end, token
            last = end


def _in_word(text: str, begin: int, end: int) -> bool:
    before = begin > 0 and WORD.match(text[begin - 1])
    return bool(before or WORD.match(text[end : end + 1]))
