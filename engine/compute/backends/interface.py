"""What every backend offers: sequences that remember, and passes over new tokens of several."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import UsageError
from engine.base.events import Event
from engine.base.models import ModelMemory, TokenWork
from engine.base.settings import LoadOptions
from engine.base.stopwatch import Stopwatch
from engine.compute.graph import EmbedSegment, Graph, HeadLinear, Linear
from engine.weights.formats.gguf import TensorInfo

ThreadChoice = Callable[[int], int]  # of so many threads, how many take part
RowsWanted = Literal["none", "last", "all"]


def all_of(threads: int) -> int:
    """The usual ThreadChoice."""
    return threads


class Squares:
    """What goes into each matrix product: sums of squared inputs per column, over all passes, by a
    backend that was made with it. In float64, so that millions of tokens may be added.

    A tensor of several matrices has sums for each of them: of experts, for the rows that went to
    each; of heads side by side, as each token goes to all.
    """

    def __init__(self) -> None:
        self._sums: dict[str, NDArray[np.float64]] = {}
        self._rows: dict[str, NDArray[np.int64]] = {}

    def add(self, weight: str, sums: NDArray[np.floating], rows: NDArray[np.int64]) -> None:
        """What a pass brought: sums [matrices, n_cols] and how many rows went into each
        [matrices]."""
        if rows.any():
            self._sums[weight] = self._sums.get(weight, 0.0) + sums.astype(np.float64)
            self._rows[weight] = self._rows.get(weight, 0) + rows

    def add_part(
        self, weight: str, sums: NDArray[np.floating], n: int, part: int, parts: int
    ) -> None:
        """The same of one of so many matrices, into which `n` rows went: sums [n_cols]."""
        every, rows = np.zeros((parts, len(sums))), np.zeros(parts, np.int64)
        every[part], rows[part] = sums, n
        self.add(weight, every, rows)

    def __iter__(self) -> Iterator[tuple[str, NDArray[np.float64], NDArray[np.int64]]]:
        """Weight, sums [matrices, n_cols], rows that were added [matrices]."""
        for name, sums in self._sums.items():
            yield name, sums, self._rows[name]


class Sequence(Protocol):
    """What one conversation left in the cache. Positions 0 .. length-1 are filled."""

    @property
    def length(self) -> int: ...

    @property
    def nbytes(self) -> int: ...

    @property
    def held(self) -> int:
        """Bytes that the system has given it: what was ever filled stays until it is closed."""

    @property
    def promised(self) -> int:
        """Bytes that are its own and which the system has not had to give yet."""

    rests: bool  # nobody fills it: it promises nothing

    @property
    def needs_marks(self) -> bool:
        """Whether it goes back to marks alone (states of a fixed size), not to every length."""

    def mark(self) -> None:
        """Remember the present length as a place to go back to. There are a few: the last one is
        kept, of earlier ones more the nearer they are. Does nothing where it needs none."""

    def reach(self, length: int) -> int:
        """How far `back_to` would leave it; changes nothing."""

    def back_to(self, length: int) -> int:
        """Forget everything from position `length` on, and more where it cannot go back to exactly
        there. Returns its length now: 0, to be begun anew, where what the next token looks at is
        no longer kept (sliding windows, states of a fixed size).

        What the last pass added, whether it was finished or not, can always be forgotten: all of
        it, and a part of it where it needs no marks.
        """

    def copy_from(self, other: "Sequence", length: int) -> int:
        """Become a copy of the first `length` positions of another sequence, or of as many as that
        one could go back to. Returns how many there are now."""

    def close(self) -> None:
        """Give the memory back; the sequence must not be used afterwards."""


@dataclass(frozen=True)
class BatchEntry:
    """Tokens (int32 [n]) to append to one sequence in a pass, and the rows of which are wanted.

    A graph that pools gives each wanted row the whole entry: "last" is what to ask it for.
    segments: int32 [n], where two texts are read together (ops.EmbedSegment); None: all are 0.
    """

    sequence: Sequence
    tokens: NDArray[np.int32]
    wanted: RowsWanted = "last"
    segments: NDArray[np.int32] | None = None


def part_of(op: Linear | HeadLinear, graph: Graph) -> tuple[int, int]:
    """Which of how many matrices of its tensor have columns of their own in Squares."""
    shape = graph.weights[op.weight].shape
    return (op.part, shape[0]) if isinstance(op, Linear) and len(shape) > 2 else (0, 1)


def segments_of(entries: list[BatchEntry], graph: Graph) -> NDArray[np.int64]:
    """The segments of all tokens of a pass. Raises UsageError for one that the graph has not."""
    given = [np.zeros(len(e.tokens)) if e.segments is None else e.segments for e in entries]
    found: NDArray[np.int64] = np.concatenate(given).astype(np.int64)
    tables = [op.weight for op in graph.ops if isinstance(op, EmbedSegment)]
    least = min((graph.weights[name].shape[0] for name in tables), default=0)
    if tables and not 0 <= found.min() <= found.max() < least:
        raise UsageError("this model tells {least} texts of a pair apart, not more", least=least)
    return found


class Backend(Protocol):
    """A graph, ready to run once load() has come to its end."""

    graph: Graph
    n_ctx: int
    cache_type: str  # of what sequences keep
    n_vocab: int
    max_batch: int
    watch: Stopwatch  # what making it ready was spent on
    kernels_compiled: int
    allowed_threads: ThreadChoice  # asked before each pass; results are the same

    @staticmethod
    def foretell(
        graph: Graph,
        tensors: Mapping[str, TensorInfo],
        n_ctx: int,
        options: LoadOptions,
        name: str = "the model",
    ) -> ModelMemory:
        """What it will take, from shapes and types alone: the only forecast there is.

        options: cache_type, batch and threads count. name: the file's, for messages. Raises
        FormatError where tensors and graph disagree, UnsupportedError for what cannot be run.
        """

    @staticmethod
    def work(
        graph: Graph, tensors: Mapping[str, TensorInfo], cache_type: str, name: str = "the model"
    ) -> TokenWork:
        """What a token will cost it, from shapes and types alone; raises as `foretell` does."""

    def load(self) -> Generator[Event | None, None, None]:
        """Puts the weights in place, and what else a pass needs; to be run to its end, once.

        Gives its turn away every tenth of a second or so. Where it is stopped or fails, nothing
        that it took stays.
        """

    def new_sequence(self) -> Sequence:
        """An empty sequence of up to n_ctx positions."""

    def run(self, entries: list[BatchEntry]) -> NDArray[np.float32]:
        """One pass. Returns the rows of graph.result that are wanted, float32 [n_wanted, width]:
        logits, mostly; in the order of the entries.

        The array may be overwritten by the next run. At most max_batch tokens in all entries.
        """

    def run_in_turns(self, entries: list[BatchEntry]) -> Generator[None, None, NDArray[np.float32]]:
        """The same pass, with the same result, for who is in no hurry: gives its turn away within
        it. Until its end the backend may run nothing else; its sequences are as they were where
        it is given up.
        """

    def memory(self) -> dict[str, int]:
        """Bytes held: weights, workspace; and cache: what one full sequence takes."""

    @property
    def promised(self) -> int:
        """Bytes that open sequences may still fill: taken, but free in the system's eyes."""

    def close(self) -> None:
        """Give weights, workspace and threads back."""
