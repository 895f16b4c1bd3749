"""The longest of many spellings that begins at a place of a text, in time that no file can stretch.

Spellings lie sorted; the last one not above the text either begins it or leads to the one that
does by a chain of those it begins with. Neither depends on how many lengths there are.
"""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Generic, TypeVar

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
