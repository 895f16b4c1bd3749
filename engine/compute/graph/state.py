"""What a model remembers of a sequence between passes, as data; ops name it by reference.

An op never says where its memory lies, nor counts layers: two may name the same state, as layers do
that share a cache.
"""

from dataclasses import dataclass
from math import prod
from typing import Generic, TypeVar


@dataclass(frozen=True)
class Grows:
    """A row of keys and one of values for each position: `heads` of `key` and of `value` numbers.

    window > 0: nobody looks further back than at the latest `window` positions, so that a backend
    need not keep more. `within`: a value is the last `value` columns of its key, so that a backend
    need not keep it twice.
    """

    heads: int
    key: int
    value: int
    window: int = 0
    within: bool = False

    @property
    def numbers(self) -> int:
        """Of one position."""
        return self.heads * (self.key if self.within else self.key + self.value)


@dataclass(frozen=True)
class Fixed:
    """One block of numbers for the whole sequence, whatever its length; zeros before its first
    token. Each pass makes a new one of the old one, so that a sequence can only go back to where
    a block was kept: a mark, or the beginning of its last pass."""

    shape: tuple[int, ...]

    @property
    def numbers(self) -> int:
        return prod(self.shape)


State = Grows | Fixed
Spec = TypeVar("Spec", Grows, Fixed)
SpecSeen = TypeVar("SpecSeen", Grows, Fixed, covariant=True)


@dataclass(frozen=True)
class StateRef(Generic[SpecSeen]):
    """A state of the graph, by the order in which they were declared (`Graph.keep`)."""

    index: int
    spec: SpecSeen
