"""What was read once is not read again: sequences that nobody uses are kept for a while, and lent
to whoever begins with the same tokens.

A chat that comes back finds its own; a second chat with the same system prompt begins with a copy
of what both share. What is kept is bounded, in bytes and in number; the longest unused goes first,
and all of it where memory is short. Belongs to the compute thread, as all sequences do.
"""

from collections.abc import Callable, Sequence
from weakref import WeakKeyDictionary, WeakSet

from engine.base.errors import MemoryTooSmallError
from engine.compute.backends import Backend
from engine.fit import check_cache
from engine.hardware.limits import system_memory
from engine.hardware.machine import Machine
from engine.model import Model
from engine.tape import Tape, common_prefix

MOST = 8  # sequences
LEAST = 32  # tokens that are worth a copy
BUDGET, BUDGET_SHARE = 1_000_000_000, 16  # bytes; of what the machine has


def shelf_of(model: Model) -> "Shelf":
    """The one shelf of an open model; it ends with the model."""
    found = _shelves.get(model.backend)
    if found is None:
        found = _shelves[model.backend] = Shelf(model.backend, most_kept())
        model.before_close.append(found.close)
    return found


def most_kept() -> int:
    """Bytes that all open models together may keep for later on this machine."""
    return min(BUDGET, system_memory(Machine()).total // BUDGET_SHARE)


class Shelf:
    """The tapes of one backend. `budget`: bytes that those may hold which nobody uses, with those
    of other open models."""

    def __init__(self, backend: Backend, budget: int) -> None:
        self._backend, self._budget = backend, budget
        self._kept: list[Tape] = []  # the latest used last
        self._lent: WeakSet[Tape] = WeakSet()
        self._is_closed = False

    @property
    def nbytes(self) -> int:
        """What is kept for later takes: also of a tape that was cut all that it ever filled."""
        return sum(tape.sequence.held for tape in self._kept)

    @property
    def n_kept(self) -> int:
        """Of how many conversations."""
        return len(self._kept)

    def lend(self, ids: Sequence[int], promised: Callable[[], int]) -> Tape:
        """A tape that holds as much of the beginning of `ids` as any does; give it back.

        promised: what conversations may still fill, asked anew when something was given up.
        Raises MemoryTooSmallError where one more would not fit even without what is kept.
        """
        tape = self._taken_over(ids)
        fits = False
        while not fits:
            try:
                tape = self._fitting(tape, promised())
                fits = True
            except MemoryTooSmallError:
                if not self._kept:
                    if tape is not None:
                        tape.close()
                    raise
                self._drop()
        assert tape is not None
        self._copy_into(tape, ids)
        self._lent.add(tape)
        return tape

    def _fitting(self, tape: Tape | None, promised: int) -> Tape:
        """A new tape, or the one that was kept, whose promise counts again from now on."""
        if tape is None:
            return Tape(self._backend, promised)
        own = tape.sequence.promised
        check_cache(own, promised - own)
        return tape

    def put_back(self, tape: Tape) -> None:
        """Nobody uses it any more; it is kept if there is room."""
        self._lent.discard(tape)
        budget = self._budget - sum(each.nbytes for each in _shelves.values() if each is not self)
        if self._is_closed or not tape.tokens or tape.sequence.held > budget:
            tape.close()
            return
        tape.sequence.rests = True
        self._kept.append(tape)
        while len(self._kept) > MOST or self.nbytes > budget:
            self._drop()

    def clear(self) -> None:
        """Give up what is kept: its memory is needed."""
        while self._kept:
            self._drop()

    def close(self) -> None:
        """The model goes."""
        self._is_closed = True
        self.clear()

    def _drop(self) -> None:
        self._kept.pop(0).close()

    def _taken_over(self, ids: Sequence[int]) -> Tape | None:
        """The one kept that has most of `ids`, unless more of it would be lost than is won."""
        shared = {
            i: tape.reach(common_prefix(tape.tokens, ids)) for i, tape in enumerate(self._kept)
        }
        best = max(shared, key=shared.__getitem__, default=None)
        if best is None or 2 * shared[best] < len(self._kept[best]):
            return None
        tape = self._kept.pop(best)
        tape.sequence.rests = False
        tape.back_to(shared[best])  # of sliding windows nothing may be left
        return tape

    def _copy_into(self, tape: Tape, ids: Sequence[int]) -> None:
        """What another has more of `ids`. What both share, but nobody has a mark of, gets one."""
        found: tuple[int, Tape | None] = (tape.reach(common_prefix(tape.tokens, ids)), None)
        alike = 0
        for other in (*self._kept, *self._lent):
            whole = common_prefix(other.tokens, ids)
            alike, shared = max(alike, whole), other.reach(whole)
            if shared >= found[0] + LEAST:
                found = shared, other
        shared, source = found
        if source is not None:
            tape.become(source, shared)
        tape.borders = {alike} if alike >= shared + LEAST else set()


_shelves: WeakKeyDictionary[Backend, Shelf] = WeakKeyDictionary()
