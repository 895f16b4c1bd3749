"""Steps that bend the logits of single tokens: the caller's bias, penalties for what was said
lately, and DRY: a token that would carry on a repetition loses logits, exponentially in its length.

A breaker (such as a line end) stops a repetition from being followed further back. Breakers are
matched against the text of tokens, whatever way the model happened to cut that text into tokens.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UsageError
from engine.sampling.candidates import Candidates
from engine.sampling.state import SamplerState, Step


def make_logit_bias(pairs: Sequence[tuple[int, float]]) -> Step:
    """Add to the logits of given tokens; minus infinity forbids one."""
    tokens = np.array([token for token, _ in pairs], dtype=np.intp)
    amounts = np.array([amount for _, amount in pairs], dtype=np.float32)
    forbids = bool(np.isneginf(amounts).any())

    def logit_bias(candidates: Candidates, state: SamplerState) -> None:
        places, here = candidates.places_of(tokens)
        np.add.at(candidates.writable(), places, amounts[here])  # a token may be named twice
        candidates.sorted = False
        if forbids and np.isneginf(candidates.logits).all():
            raise UsageError("logit_bias forbids every token, so none can be written; allow some.")

    return logit_bias


def make_penalties(repeat: float, presence: float, frequency: float) -> Step:
    """Make tokens of the recent past less likely, once each and once per occurrence."""
    repeat32 = np.float32(repeat)

    def penalties(candidates: Candidates, state: SamplerState) -> None:
        if not state.counts:
            return
        tokens = np.fromiter(state.counts.keys(), dtype=np.intp, count=len(state.counts))
        counts = np.fromiter(state.counts.values(), dtype=np.float32, count=len(state.counts))
        places, here = candidates.places_of(tokens)
        logits = candidates.writable()
        old = logits[places]
        # Dividing a negative logit would make the token likelier, so those are multiplied.
        bent = np.where(old <= 0, old * repeat32, old / repeat32)
        bent -= counts[here] * np.float32(frequency) + np.float32(presence)
        logits[places] = bent
        candidates.sorted = False

    return penalties


TokenText = Callable[[int], str]
Tokens = NDArray[np.int64]

_FLOAT_MAX_LOG = 88.7228391  # of float32: a larger exponent would overflow it
_MAX_BREAKER_CHARS = 40


class Breakers:
    """Knows where, counted from the end of the text, the nearest breaker lies."""

    def __init__(self, texts: Sequence[str], token_text: TokenText) -> None:
        self._texts = tuple(text[:_MAX_BREAKER_CHARS] for text in texts if text)
        self._spanning = tuple(text for text in self._texts if len(text) > 1)
        self._text_of = token_text
        self.inside = lru_cache(maxsize=65536)(self._is_inside)

    def _is_inside(self, token: int) -> bool:
        """Whether a whole breaker stands within this one token."""
        text = self._text_of(token)
        return any(breaker in text for breaker in self._texts)

    def distance(self, tokens: Tokens) -> int:
        """How many tokens follow the last breaker; all of them where there is none."""
        for back in range(len(tokens) if self._texts else 0):
            tail = self._tail_length(tokens, len(tokens) - 1 - back)
            if tail is not None:
                return back - tail
        return len(tokens)

    def _tail_length(self, tokens: Tokens, head: int) -> int | None:
        """How many tokens after `head` the longest breaker that begins in it covers."""
        spanned = self._longest(tokens, head) if self._spanning else None
        if spanned is None and self.inside(int(tokens[head])):
            return 0
        return spanned

    def _longest(self, tokens: Tokens, head: int) -> int | None:
        text = self._text_of(int(tokens[head]))
        lengths = [
            self._covered(tokens, head, breaker[overlap:])
            for breaker in self._spanning
            for overlap in range(1, len(breaker))
            if text.endswith(breaker[:overlap])
        ]
        return max((length for length in lengths if length is not None), default=None)

    def _covered(self, tokens: Tokens, head: int, rest: str) -> int | None:
        """How many tokens after `head` spell `rest`, or None if they do not."""
        n = 0
        while rest:
            if head + n + 1 >= len(tokens):
                return None
            n += 1
            text = self._text_of(int(tokens[head + n]))
            if text.startswith(rest):
                return n
            if not text or not rest.startswith(text):
                return None
            rest = rest[len(text) :]
        return n


def make_dry(
    multiplier: float, base: float, allowed_length: int, last_n: int, breakers: Breakers
) -> Step:
    """The step; `last_n` tokens are searched for repetitions."""
    # Longer repeats than this are all punished alike, so they need not be measured.
    max_exponent = int(_FLOAT_MAX_LOG / math.log(base)) if base > 1.000001 else 0

    def dry(candidates: Candidates, state: SamplerState) -> None:
        tokens = state.history.last(last_n)
        if len(tokens) <= allowed_length:
            return
        limit = breakers.distance(tokens)
        if limit < allowed_length:
            return
        longest = min(limit, allowed_length + max_exponent) if max_exponent else limit
        repeats = longest_repeats(tokens, allowed_length, longest)
        punished = [token for token in repeats if not breakers.inside(token)]
        places, here = candidates.places_of(np.array(punished, dtype=np.intp))
        exponents = np.array([repeats[token] - allowed_length for token in punished])
        penalties = multiplier * np.power(float(base), exponents[here])
        candidates.writable()[places] -= penalties.astype(np.float32)
        candidates.sorted = False

    return dry


def longest_repeats(tokens: Tokens, shortest: int, longest: int) -> dict[int, int]:
    """For each token that would carry on a repetition: how long that repetition is by now.

    A repetition is a run ending at an earlier place that equals the run at the very end.
    """
    backwards = tokens[::-1]
    shifts = np.arange(1, len(tokens))
    repeats: dict[int, int] = {}
    for length in range(longest + 1):
        if length >= shortest:
            # backwards[shift - 1] came right after the earlier run; longer runs overwrite.
            repeats.update(dict.fromkeys(backwards[shifts - 1].tolist(), length))
        if length == longest:
            break
        shifts = shifts[shifts + length < len(tokens)]
        shifts = shifts[backwards[shifts + length] == backwards[length]]
        if not len(shifts):
            break
    return repeats
