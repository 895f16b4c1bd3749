"""What a sampler remembers between tokens, and the form of its steps.

Steps are stateless, so copies of a sampler share them.
"""

import copy
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.sampling.candidates import Candidates


class History:
    """The last `capacity` tokens in one array, so that a step gets them as a view."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._tokens = np.zeros(max(2 * capacity, 1), dtype=np.int64)
        self._end = 0

    def append(self, token: int) -> None:
        if self.capacity == 0:
            return
        if self._end == len(self._tokens):
            self._tokens[: self.capacity] = self._tokens[self._end - self.capacity :]
            self._end = self.capacity
        self._tokens[self._end] = token
        self._end += 1

    def last(self, n: int) -> NDArray[np.int64]:
        """Up to n last tokens, oldest first."""
        n = min(n, self.capacity)
        return self._tokens[max(0, self._end - n) : self._end]

    def copy(self) -> "History":
        twin = copy.copy(self)
        twin._tokens = self._tokens.copy()
        return twin


@dataclass(frozen=True, slots=True)
class Memory:
    """What of a state changes by chance, or by what was drawn: the tokens alone do not tell it.
    `xtc` is where its stream of chance stood."""

    mu: float
    chosen: float
    weight: float
    xtc: Mapping[str, Any]


@dataclass
class SamplerState:
    """History for the penalties, two independent streams of chance, mirostat's surprise limit, what
    adaptive P has drawn."""

    history: History
    draw: np.random.Generator
    xtc: np.random.Generator
    mu: float = 0.0
    chosen: float = 0.0  # adaptive P: sum of the probabilities of late tokens,
    weight: float = 0.0  # and of how much each of them counts
    counts: Counter[int] = field(default_factory=Counter)  # of the last `window` tokens
    window: int = 0
    xtc_acts: bool = False  # whatever its dice say, to show what it would do

    def accept(self, token: int) -> None:
        if self.window:
            self._count(token)
        self.history.append(token)

    def _count(self, token: int) -> None:
        recent = self.history.last(self.window)
        if len(recent) == self.window:
            oldest = int(recent[0])
            self.counts[oldest] -= 1
            if not self.counts[oldest]:
                del self.counts[oldest]
        self.counts[token] += 1

    def memory(self) -> Memory:
        return Memory(self.mu, self.chosen, self.weight, self.xtc.bit_generator.state)

    def recall(self, memory: Memory | None) -> None:
        """Stand where a choice was made. Where that is not known, XTC's dice fall for it."""
        if memory is None:
            self.xtc_acts = True
            return
        self.mu, self.chosen, self.weight = memory.mu, memory.chosen, memory.weight
        self.xtc.bit_generator.state = memory.xtc

    def copy(self) -> "SamplerState":
        return SamplerState(
            history=self.history.copy(),
            draw=copy.deepcopy(self.draw),
            xtc=copy.deepcopy(self.xtc),
            mu=self.mu,
            chosen=self.chosen,
            weight=self.weight,
            counts=self.counts.copy(),
            window=self.window,
        )


def make_state(seed: int, capacity: int, window: int, mu: float) -> SamplerState:
    """A fresh state; XTC rolls its own dice so that switching it on does not shift the draws."""
    return SamplerState(History(capacity), _stream(seed, 0), _stream(seed, 1), mu, window=window)


def _stream(seed: int, number: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(number,))))


Step = Callable[[Candidates, SamplerState], None]
