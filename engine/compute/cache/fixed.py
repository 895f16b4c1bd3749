"""States of a fixed size: blocks that take turns, some of them kept as marks.

A pass reads one block and writes another, so that the one before it is still there, and keeping
one for longer is no copy: it is only not written over. With seven blocks it may look like this:

    block   0        1      2         3        4      5      6
            mark 8   free   mark 24   before   now    free   free

`now` is what all tokens so far have left; `before` what had been there before the last pass. Where
marks become too many, those go whose neighbours are close, seen from the end: near it they are
dense, far from it sparse.
"""

from collections.abc import Mapping
from math import prod

from engine.compute.graph import Fixed

LINE = 64
MARKS, FEWEST_MARKS = 6, 2  # of a sequence
MARK_BYTES = 256_000_000  # of all marks of a sequence, where that is more than the fewest


class FixedLayout:
    """Where the states lie within a block. `n_blocks`: of a sequence."""

    def __init__(self, states: Mapping[int, Fixed]) -> None:
        self.starts: dict[int, int] = {}  # by the states' indexes, in bytes
        self.block = 0  # bytes
        for index, spec in states.items():
            self.starts[index] = self.block
            row = (spec.shape[-1] + 15) // 16 * 16  # whole vectors
            size = 4 * prod(spec.shape[:-1]) * row
            self.block += (size + LINE - 1) // LINE * LINE
        fitting = MARK_BYTES // max(1, self.block)
        self.marks = max(FEWEST_MARKS, min(MARKS, fitting)) if states else 0
        self.n_blocks = self.marks + 2 if states else 0

    @property
    def size(self) -> int:
        """Bytes of all blocks of a sequence."""
        return self.n_blocks * self.block


class StateBlocks:
    """Which block is which, of one sequence."""

    def __init__(self, most_marks: int) -> None:
        self._most = most_marks
        self.now = 0
        self.marks: dict[int, int] = {}  # block by length, in ascending order
        self._before: tuple[int, int] | None = None  # length, block
        self._next = 1
        self.touched = 1  # blocks that were ever in use

    def begin(self) -> tuple[int, int]:
        """The block that a pass is to read, and the one that it is to write."""
        taken = {self.now, *self.marks.values()}
        free = [block for block in range(self._most + 2) if block not in taken]
        if self._before is not None and len(free) > 1:
            free = [block for block in free if self._before[1] != block]
        self._next = free[0]
        if self._before is not None and self._before[1] == self._next:
            self._before = None
        self.touched = max(self.touched, self._next + 1)
        return self.now, self._next

    def end(self, length: int) -> None:
        """The pass has been, and began at this length."""
        self._before, self.now = (length, self.now), self._next

    def mark(self, length: int) -> None:
        """Keep what is there now."""
        self.marks[length] = self.now
        if len(self.marks) > self._most:
            del self.marks[one_to_drop(list(self.marks))]

    def reach(self, length: int, present: int) -> int:
        """The greatest length up to `length` whose block is there; `present` is that of now."""
        places = [0, present, *self.marks]
        if self._before is not None:
            places.append(self._before[0])
        return max(place for place in places if place <= length)

    def at(self, length: int, present: int) -> int:
        """The block of a length that was reached; that of now for 0, whatever it holds."""
        if length == present or not length:
            return self.now
        if self._before is not None and self._before[0] == length:
            return self._before[1]
        return self.marks[length]

    def back_to(self, length: int, present: int) -> None:
        """`length` is one that can be reached."""
        self.now = self.at(length, present)
        self.marks = {at: block for at, block in self.marks.items() if at <= length}
        if length != present:
            self._before = None


def one_to_drop(at: list[int]) -> int:
    """Of marks at these ascending lengths the one that is missed least: its neighbours are close,
    seen from the end. Never the last."""
    end = at[-1]
    gaps = {
        here: (end - before) / (end - after + 1)
        for before, here, after in zip([0, *at], at, at[1:], strict=False)
    }
    return min(gaps, key=gaps.__getitem__)
