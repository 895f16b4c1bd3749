"""Finds where the last tokens of a conversation stood before, and what followed them there.

A dictionary of pairs and triples of tokens that grows by two entries per token and is never
scanned; with the context as its bound. Knows nothing of models, text or time.
"""

_BITS = 20  # of one token in a key; vocabularies are far smaller than a million


class NgramIndex:
    """The conversation's tokens; `at` is the place that is expected to be repeated next.

    The last `length` tokens are the same as those before `at`; `length` 0: nothing is expected.
    """

    def __init__(self) -> None:
        self.tokens: list[int] = []
        self.at = self.length = 0
        self._ends: dict[int, int] = {}  # two or three tokens -> the place after their last time
        self._one = self._two = 1 << 3 * _BITS  # keys so far; before the first token: nothing's

    def append(self, token: int) -> None:
        """Two entries per token; which place to expect next follows without a search."""
        tokens, ends, length = self.tokens, self._ends, self.length
        if length:
            if tokens[self.at] == token:
                self.at += 1
                length += 1
            else:
                length = 0
        tokens.append(token)
        two, three = self._one << _BITS | token, self._two << _BITS | token
        if length < 3:  # a longer match than the one at hand is the better witness
            if (at := ends.get(three)) is not None:
                self.at, length = at, 3
            elif not length and (at := ends.get(two)) is not None:
                self.at, length = at, 2
        self.length = length
        ends[two] = ends[three] = len(tokens)
        self._one, self._two = token + 1, two

    def continuation(self, n: int) -> list[int]:
        """What followed there, up to n tokens; a place near the end repeats in a circle."""
        if not self.length:
            return []
        found = self.tokens[self.at : self.at + n]
        period = len(self.tokens) - self.at
        while len(found) < n:
            found.append(found[-period])
        return found
