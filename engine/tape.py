"""What a sequence of the backend has read: the tokens stay with it, so prefixes can be reused.

With batch.py the only place that runs passes above the backends. Knows nothing of text or sampling.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import ContextFullError
from engine.batch import Wanted
from engine.compute.backends import Backend, BatchEntry, RowsWanted
from engine.fit import check_cache

Logits = NDArray[np.float32]
MOST_LOGITS = 16 << 20  # of one pass, where all are wanted: large vocabularies take memory


class Tape:
    """A sequence of the backend together with the tokens it has read, so prefixes can be reused."""

    def __init__(self, backend: Backend, promised: int | None = None) -> None:
        """Raises MemoryTooSmallError if the cache would not fit into memory.

        promised: what conversations with all open models may still fill; of this model by default.
        """
        check_cache(backend.memory()["cache"], backend.promised if promised is None else promised)
        self.backend = backend
        self.sequence = backend.new_sequence()
        self.tokens: list[int] = []
        self.borders: set[int] = set()  # lengths at which others went on differently: worth a mark

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def room(self) -> int:
        return self.backend.n_ctx - len(self.tokens)

    def run(self, tokens: Sequence[int], logits: RowsWanted) -> Logits:
        """Read tokens; returns logits for none, the last or all of them."""
        entry = BatchEntry(self.sequence, np.asarray(tokens, np.int32), logits)
        with self._in_step():
            result = self.backend.run([entry])
        self.tokens.extend(tokens)
        return result

    def run_together(
        self, tokens: Sequence[int], logits: RowsWanted
    ) -> Generator[Wanted, None, tuple[Logits, Wanted]]:
        """The same in passes that other conversations may share; also what is known of them."""
        wanted = Wanted(
            self.backend, BatchEntry(self.sequence, np.asarray(tokens, np.int32), logits)
        )
        with self._in_step():
            yield wanted
            rows = wanted.rows()
        self.tokens.extend(tokens)
        return rows, wanted

    def run_in_turns(
        self, tokens: Sequence[int], logits: RowsWanted
    ) -> Generator[None, None, Logits]:
        """The same, for long passes of who has the backend alone: others have their turns within
        it."""
        entry = BatchEntry(self.sequence, np.asarray(tokens, np.int32), logits)
        with self._in_step():
            result = yield from self.backend.run_in_turns([entry])
        self.tokens.extend(tokens)
        return result

    @contextmanager
    def _in_step(self) -> Iterator[None]:
        """The cache must not be ahead of the tokens, also where a pass fails."""
        try:
            yield
        except BaseException:
            del self.tokens[self.sequence.back_to(len(self.tokens)) :]
            raise

    def rewind(self, prompt: Sequence[int]) -> int:
        """Forget what does not begin `prompt`; returns how many tokens need not be read again.

        At least one token is left to read, because only reading gives logits.
        """
        return self.back_to(common_prefix(self.tokens, prompt[:-1]))

    def back_to(self, length: int) -> int:
        """Forget what was read from position `length` on. Returns how many tokens are left: none
        where the cache no longer goes back so far, and with states of a fixed size as many as the
        last mark had; the last pass can always be forgotten."""
        if length < len(self.tokens):
            del self.tokens[self.sequence.back_to(length) :]
        return len(self.tokens)

    def reach(self, length: int) -> int:
        """How many tokens `back_to` would leave."""
        return self.sequence.reach(min(length, len(self.tokens)))

    @property
    def needs_marks(self) -> bool:
        """Whether it goes back to marks alone."""
        return self.sequence.needs_marks

    def mark(self) -> None:
        """The present length may be gone back to later."""
        self.sequence.mark()

    def become(self, other: "Tape", length: int) -> None:
        """A copy of the first tokens that another has read; of fewer where it cannot go back to
        exactly there."""
        length = self.sequence.copy_from(other.sequence, length)
        self.tokens[:] = other.tokens[:length]

    def close(self) -> None:
        self.sequence.close()
        self.tokens.clear()


def together(tapes: Sequence[Tape], tokens: Sequence[int]) -> None:
    """One more token for each tape, in passes that they share; the logits are dropped."""
    steps = [tape.run_together([token], "last") for tape, token in zip(tapes, tokens, strict=True)]
    wanted = [next(step) for step in steps]
    while waiting := [each for each in wanted if not each.ready]:
        waiting[0].serve(waiting, 0)
    for step in steps:
        with suppress(StopIteration):
            next(step)


def common_prefix(a: Sequence[int], b: Sequence[int]) -> int:
    """How many tokens two lists share from the start."""
    n = min(len(a), len(b))
    if a[:n] == b[:n]:
        return n
    return next(i for i in range(n) if a[i] != b[i])


def reading(tape: Tape, tokens: Sequence[int]) -> Iterator[tuple[int, Logits]]:
    """Read tokens in chunks with the logits after each; yields the count so far and the rows.

    The rows may be overwritten by the next pass.
    """
    return (found for found in reading_in_turns(tape, tokens) if found is not None)


def reading_in_turns(tape: Tape, tokens: Sequence[int]) -> Iterator[tuple[int, Logits] | None]:
    """The same; also yields None where others may have their turn, which may not use this
    backend."""
    check_room(tape, len(tokens))
    batch = min(tape.backend.max_batch, max(16, MOST_LOGITS // tape.backend.n_vocab))
    for start in range(0, len(tokens), batch):
        chunk = tokens[start : start + batch]
        rows = yield from tape.run_in_turns(chunk, "all")
        yield start + len(chunk), rows


def check_room(tape: Tape, n: int) -> None:
    """The context must hold what is to be read; nothing is ever cut silently."""
    n_ctx = tape.backend.n_ctx
    if n > n_ctx:
        raise ContextFullError(
            "the prompt has {n_prompt} tokens but the context holds {n_ctx}; shorten it, start a "
            "new chat, or open the model with a larger context",
            n,
            n_ctx,
        )
