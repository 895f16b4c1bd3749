"""Passes that conversations share: one reading of the weights gives each of them its next token.

A reply says what it wants (`Wanted`); whoever drives several of them serves all at once. Replies
that write are never left out of a pass; prompts are read beside them in pieces that leave writing
at least half of its speed. What a token comes out as does not depend on any of this: kernels give
the same to the bit, whatever else is in a pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from engine.base.jobs import Together
from engine.base.turns import Portion
from engine.compute.backends import Backend, BatchEntry

Logits = NDArray[np.float32]

FEW = 12  # rows of one reply that writes: the last token and what was guessed
SHARE = 0.7  # of a pass without prompts, what reading may add: writing keeps 1 / 1.7 of its speed
GRAIN = 4  # rows that kernels take at a time
LOOK_AGAIN = 64  # passes with a prompt until one without is timed again
FIRST = 32  # rows of a prompt while others wait, before anything was timed

_numbers = count()


@dataclass(frozen=True, eq=False)
class Wanted(Together):
    """A part of one sequence that is to be read in a pass, and what came of it."""

    backend: Backend
    entry: BatchEntry
    number: int = field(default_factory=lambda: next(_numbers))  # who came first
    state: "_State" = field(default_factory=lambda: _State())

    @property
    def ready(self) -> bool:
        return self.state.rows is not None or self.state.error is not None

    @property
    def left(self) -> int:
        return len(self.entry.tokens) - self.state.read

    @property
    def is_short(self) -> bool:
        """Whether it goes into one pass whole: a token or a few, not a prompt."""
        wanted = self.entry.wanted
        return wanted == "all" or (wanted == "last" and self.left <= FEW)

    @property
    def shared(self) -> int:
        """How many others were in its passes, at most; the clock of such a pass says nothing."""
        return self.state.shared

    @property
    def seconds(self) -> float:
        """What its passes have taken."""
        return self.state.seconds

    def serve(self, all_of_them: Sequence[Together], crowd: int) -> None:
        """One pass for each backend that is asked for."""
        wanted = [each for each in all_of_them if isinstance(each, Wanted) and not each.ready]
        backends = list({id(each.backend): each.backend for each in wanted}.values())
        for backend in backends:
            here = sorted((w for w in wanted if w.backend is backend), key=lambda w: w.number)
            others = crowd + len(backends) - 1
            _batcher_of(backend).run(here, others)

    def rows(self) -> Logits:
        """What was wanted, float32 [n, n_vocab]; may be overwritten by the next pass. Reads what
        nobody has read for it. Raises what its own part of a pass raised."""
        while not self.ready:
            _batcher_of(self.backend).run([self], 0)
        if self.state.error is not None:
            raise self.state.error
        assert self.state.rows is not None
        return self.state.rows


@dataclass
class _State:
    """How far a Wanted is."""

    read: int = 0  # tokens
    rows: Logits | None = None
    error: BaseException | None = None
    shared: int = 0
    seconds: float = 0.0


class Pace:
    """How many rows of prompts a pass may have, learned from the passes that were timed."""

    def __init__(self) -> None:
        self._plain: dict[int, float] = {}  # seconds of a pass that only writes, by its rows
        self._beside = float(GRAIN)  # rows beside replies that write
        self._alone = Portion(FIRST)  # rows of a pass that only reads, while others wait
        self._since = 0  # passes with a prompt since the last without

    def rows(self, writing: int, crowd: int, most: int) -> int:
        """Beside `writing` rows; at most `most`. 0: this pass is to be timed without a prompt."""
        if not writing:
            return most if not crowd else min(most, _grains(self._alone.size))
        if writing not in self._plain or self._since >= LOOK_AGAIN:
            return 0
        return min(most, _grains(int(self._beside)))

    def took(self, writing: int, reading: int, crowd: int, seconds: float) -> None:
        """A pass of so many rows has taken so long."""
        if not reading:
            known = self._plain.get(writing, seconds)
            self._plain[writing] = (known + seconds) / 2
            self._since = 0
        elif not writing:
            if crowd:
                self._alone.took(reading, seconds)
        else:
            self._since += 1
            plain = self._plain.get(writing, seconds)
            added = max(seconds - plain, 0.02 * plain)
            fitting = reading * SHARE * plain / added
            # A short last piece says little about a longer one.
            if fitting < self._beside or 2 * reading >= self._beside:
                fitting = min(max(fitting, self._beside / 2), 2 * self._beside)
                self._beside = max(float(GRAIN), (self._beside + fitting) / 2)


def _grains(rows: int) -> int:
    """Whole groups of the kernels."""
    return max(GRAIN, rows // GRAIN * GRAIN)


class Batcher:
    """The passes of one backend."""

    def __init__(self, backend: Backend) -> None:
        self._most = backend.max_batch
        self.pace = Pace()

    def run(self, wanted: list[Wanted], crowd: int) -> None:
        """One pass: of all that write, as far as there is room, and of prompts what is left."""
        taken: list[tuple[Wanted, int]] = []
        room = self._most
        for each in (w for w in wanted if w.is_short):
            if each.left <= room or not taken:
                taken.append((each, each.left))
                room -= each.left
        writing = sum(n for _, n in taken)
        prompts = [w for w in wanted if not w.is_short]
        waiting = crowd + len(wanted) - len(taken) - len(prompts)
        rows = self.pace.rows(writing, waiting, room) if prompts and room > 0 else 0
        for i, each in enumerate(prompts):
            share = min(each.left, rows, _grains(-(-rows // (len(prompts) - i))))
            if share > 0:
                taken.append((each, share))
                rows -= share
        begun = perf_counter()
        self._pass(taken)
        seconds = perf_counter() - begun
        if crowd or len(wanted) > 1:  # the backend may be used again before all have looked
            for each, _ in taken:
                if each.state.rows is not None:
                    each.state.rows = each.state.rows.copy()
        self.pace.took(writing, sum(n for _, n in taken) - writing, waiting, seconds)
        for each, _ in taken:
            each.state.seconds += seconds
            each.state.shared = max(each.state.shared, len(taken) - 1)

    def _pass(self, taken: list[tuple[Wanted, int]]) -> None:
        backend = taken[0][0].backend
        entries = [_piece(each, n) for each, n in taken]
        before = [entry.sequence.length for entry in entries]
        try:
            rows = backend.run(entries)
        except BaseException as error:
            for entry, length in zip(entries, before, strict=True):
                entry.sequence.back_to(length)  # some may have been read
            if len(taken) == 1:
                taken[0][0].state.error = error
                return
            # It belongs to one of them. Rows are copied, as the next pass overwrites them.
            for one in taken:
                self._pass([one])
                state = one[0].state
                state.rows = state.rows.copy() if state.rows is not None else None
            return
        at = 0
        for (each, n), entry in zip(taken, entries, strict=True):
            each.state.read += n
            size = {"none": 0, "last": 1, "all": n}[entry.wanted]
            if not each.left:
                each.state.rows = rows[at : at + size]
            at += size


def _piece(wanted: Wanted, n: int) -> BatchEntry:
    """Its next n tokens; logits come with the last of them."""
    entry, done = wanted.entry, wanted.state.read
    if n == len(entry.tokens):
        return entry
    logits = entry.wanted if done + n == len(entry.tokens) else "none"
    segments = None if entry.segments is None else entry.segments[done : done + n]
    return BatchEntry(entry.sequence, entry.tokens[done : done + n], logits, segments)


_batchers: "WeakKeyDictionary[Backend, Batcher]" = WeakKeyDictionary()


def _batcher_of(backend: Backend) -> Batcher:
    found = _batchers.get(backend)
    if found is None:
        found = _batchers[backend] = Batcher(backend)
    return found
