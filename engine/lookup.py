"""Finds where the last tokens of a conversation stood before, and what followed them there.

A dictionary of n-grams that grows by three entries per token and is never scanned; with the
context as its bound. Knows nothing of models, text or time.
"""

_BITS = 20  # of one token in a key; vocabularies are far smaller than a million


class NgramIndex:
    """The conversation's tokens; `at` is the place that is expected to be repeated next.

    The last `length` tokens are the same as those before `at`; `length` 0: nothing is expected.
    """

    def __init__(self) -> None:
        self.tokens: list[int] = []
        self.at = self.length = 0
        self._ends: dict[int, int] = {}  # one to three tokens -> the place after their last time
        self._one = self._two = 1 << 3 * _BITS  # keys so far; before the first token: no n-gram's

    def append(self, token: int) -> None:
        """Three entries per token; which place to expect next follows without a search."""
        tokens, ends = self.tokens, self._ends
        if self.length and tokens[self.at] == token:
            self.at += 1
            self.length += 1
        else:
            self.length = 0
        tokens.append(token)
        two, three = self._one << _BITS | token, self._two << _BITS | token
        if self.length < 3:
            self._look_up(token, two, three)
        ends[token] = ends[two] = ends[three] = len(tokens)
        self._one, self._two = token + 1, two

    def _look_up(self, *keys: int) -> None:
        """A longer n-gram than the place has agreed for is the better witness."""
        for n in range(3, self.length, -1):
            at = self._ends.get(keys[n - 1])
            if at is not None:
                self.at, self.length = at, n
                return

    def continuation(self, n: int) -> list[int]:
        """What followed there, up to n tokens; a place near the end repeats in a circle."""
        if not self.length:
            return []
        found = self.tokens[self.at : self.at + n]
        period = len(self.tokens) - self.at
        while len(found) < n:
            found.append(found[-period])
        return found
