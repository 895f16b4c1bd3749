"""Flags of single special tokens: which take the whitespace beside them, which are whole words.

As the tokenizers library has them; most vocabularies have none, and then nothing here is used.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.text.metadata import Metadata
from engine.text.own_keys import LSTRIP, RSTRIP, SINGLE_WORD, SPACED, get_ids
from engine.text.prompt import Spans, Splitter

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
