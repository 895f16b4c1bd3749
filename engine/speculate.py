"""Decides how many tokens to guess ahead: only as many as a pass over them is expected to repay.

Guesses are checked by the model, so a wrong one costs time and never changes a token. The clock
and the record of past guesses decide how many are drafted, nothing else. What may follow stood in
the conversation before: a dictionary of its pairs and triples of tokens, with the context as its
bound, grows by two entries per token and is never scanned.
"""

from collections.abc import Iterable

# Tokens of one pass: the kernels take them in groups of four. What a pass costs relative to one
# token's is measured; the third row is believed until then.
SIZES = (1, 2, 4, 8, 12)
BELIEVED = (1.0, 1.25, 1.5, 2.3, 3.2)
# How often a guess comes true, by how long the text has repeated (2, 3, 4+, 8+, 16+ tokens);
# also only a beginning, because every token tells whether it would have been guessed.
FIRST_RATES = (0.2, 0.35, 0.55, 0.75, 0.85)
CLASS = (0, 0, 0, 1, *(2,) * 4, *(3,) * 8)
LONG = len(CLASS)  # from here on the last class

MARGIN = 1.25  # drafting must promise this much: rates and costs are only estimates
HOPELESS = 0.2  # a rate that never pays, whatever a pass costs
MEMORY = 32  # guesses that a rate remembers
BELIEF = 4  # guesses that FIRST_RATES count for
RISE = 0.2  # the most that one measurement raises a cost: other programs disturb, none helps
FORGET = 0.02  # of a measured cost, each time that another size is chosen
# What guessing may have lost, in passes of one token, and how much of it a token forgives.
LOSS, FORGIVEN = 2.0, 0.005
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


class Speculator:
    """One reply's guesses. Tell it every token and every pass; `draft` proposes what follows."""

    def __init__(self, prompt: Iterable[int] = ()) -> None:
        self.index = NgramIndex()
        self.drafted = self.accepted = 0
        for token in prompt:
            self.index.append(token)
        self._rates = list(FIRST_RATES)
        self._counts = [BELIEF] * len(FIRST_RATES)
        self._seconds = [0.0] * len(SIZES)  # of a pass; 0: not measured yet
        self._lost = 0.0  # by guessing, in passes of one token

    def accept(self, token: int) -> None:
        """The next token of the text, guessed or not: guesses that were not drafted count too."""
        index = self.index
        length = index.length
        if length:
            kind = CLASS[length] if length < LONG else -1
            count = self._counts[kind]
            if count < MEMORY:
                self._counts[kind] = count = count + 1
            hit = index.tokens[index.at] == token
            self._rates[kind] += (hit - self._rates[kind]) / count
        index.append(token)

    def passed(self, drafted: int, right: int, seconds: float | None, again: int = 0) -> None:
        """A pass over one token and a draft: how much of it came true, and what it has cost; None
        where the pass was not for this reply alone, so that its clock says nothing. `again`: tokens
        that were in it because a draft before it was wrong."""
        if seconds is None:
            self.drafted += drafted
            self.accepted += right
            return
        place = _place(1 + drafted + again)
        # Nearly the least of late counts, so that sizes measured at different moments compare.
        if known := self._seconds[place]:
            self._seconds[place] = min(seconds, known * (1 + RISE))
        else:
            self._seconds[place] = min(seconds, SIZES[place] * self._seconds[0] or seconds)
        self.drafted += drafted
        self.accepted += right
        if drafted or again:
            cost = self._cost(place) / self._seconds[0]
            self._lost = max(0.0, self._lost + cost - (1 + right))
        elif self._lost:
            self._lost = max(0.0, self._lost - FORGIVEN)

    def draft(self, most: int) -> list[int]:
        """What may follow the last token: up to `most` tokens, none where that does not pay."""
        n = self._how_many(most)
        return self.index.continuation(n) if n else []

    def _how_many(self, most: int) -> int:
        length = self.index.length
        # One token must have been timed before passes can be compared with it.
        if not length or self._rate(length) < HOPELESS or not self._seconds[0]:
            return 0
        best, worth = 0, MARGIN
        expected = chance = 1.0  # tokens out of the pass; that the next guess is still right
        tokens = 1
        for place in range(1, len(SIZES)):
            while tokens < min(SIZES[place], most + 1):
                chance *= self._rate(length + tokens - 1)
                expected += chance
                tokens += 1
            gain = expected * self._seconds[0] / self._cost(place)
            if gain > worth and tokens > 1:
                best, worth = tokens - 1, gain
            if not self._seconds[place]:
                break  # one step into the unknown at a time
        if self._lost >= LOSS:
            best = 0
        self._forget(best)
        return best

    def _rate(self, length: int) -> float:
        return self._rates[CLASS[length] if length < LONG else -1]

    def _cost(self, place: int) -> float:
        """More tokens never cost less, nor more than one by one: else the moments differed."""
        single = self._seconds[0]
        seconds = self._seconds[place]
        if not seconds:
            seconds = self._cost(place - 1) * BELIEVED[place] / BELIEVED[place - 1]
        return min(max(seconds, single), SIZES[place] * single)

    def _forget(self, best: int) -> None:
        """What is dear and not tried again may have been measured at a bad moment."""
        single = self._seconds[0]
        for place in range(1, len(SIZES)):
            seconds, believed = self._seconds[place], BELIEVED[place] * single
            if seconds > believed and SIZES[place] != best + 1:
                self._seconds[place] += FORGET * (believed - seconds)


def _place(n_tokens: int) -> int:
    """The smallest of SIZES that holds so many tokens; the last where none does."""
    return next((i for i, size in enumerate(SIZES) if n_tokens <= size), len(SIZES) - 1)
