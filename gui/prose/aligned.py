"""Where a word of a text that is shown stands in the Markdown it was made of, and the way back.

Marks and addresses of links are not shown, so letters stand elsewhere; the words and their order
are the same. No Qt here.
"""

import re
from bisect import bisect_right
from difflib import SequenceMatcher

WORDS = re.compile(r"\w+|[^\w\s]")


class Aligned:
    """The words of both texts side by side."""

    def __init__(self, shown: str, source: str) -> None:
        self._shown, self._source = _places(shown), _places(source)
        words = [shown[a:b] for a, b in self._shown]
        sources = [source[a:b] for a, b in self._source]
        self._there = dict[int, int]()  # number of a word that is shown: its number in the source
        for a, b, n in SequenceMatcher(None, words, sources).get_matching_blocks():
            self._there.update((a + i, b + i) for i in range(n))
        self._back = {b: a for a, b in self._there.items()}

    def in_source(self, letter: int) -> int | None:
        """The letter of the source for one that is shown; None for what is not from it."""
        return _moved(letter, self._shown, self._source, self._there)

    def shown(self, begin: int, end: int) -> tuple[int, int] | None:
        """From where to where this part of the source is shown; None where it is not."""
        inside = [i for i, (a, b) in enumerate(self._source) if a < end and b > begin]
        inside = [i for i in inside if i in self._back]
        if not inside:
            return None
        first, last = inside[0], inside[-1]
        a, b = self._shown[self._back[first]], self._shown[self._back[last]]
        return (
            a[0] + max(0, begin - self._source[first][0]),
            b[1] - max(0, self._source[last][1] - end),
        )


def _places(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in WORDS.finditer(text)]


def _moved(
    letter: int,
    ours: list[tuple[int, int]],
    theirs: list[tuple[int, int]],
    there: dict[int, int],
) -> int | None:
    """A space belongs to the word before it."""
    word = bisect_right(ours, (letter, 1 << 60)) - 1
    if word < 0 or word not in there:
        return None
    begin, end = theirs[there[word]]
    return min(begin + letter - ours[word][0], end - 1)
