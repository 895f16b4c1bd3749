"""The oracle: runs a graph op by op in plain NumPy, float32, from exactly dequantized weights.

Slow and simple on purpose. Every other backend is tested against this one.
"""

from collections.abc import Generator, Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import ContextFullError
from engine.base.events import Event, Progress, Stage
from engine.base.models import ModelMemory
from engine.base.settings import LoadOptions
from engine.base.stopwatch import Stopwatch
from engine.base.turns import Slice
from engine.compute.backends import reference_math as math
from engine.compute.backends.binding import check_context, check_weights
from engine.compute.backends.interface import Part, Sequence, ThreadChoice, all_of
from engine.compute.graph import Graph, Rope, RopeSpec, rope_frequencies
from engine.compute.graph import ops as g
from engine.compute.squares import Squares
from engine.weights.formats.gguf import GGUFFile, TensorInfo
from engine.weights.quants import dequantize

F32 = NDArray[np.float32]
PIECE = 1 << 20  # weights that are read and spelled out at a time


class ReferenceSequence:
    """Keys and values of every state as growing float32 arrays [length, heads, dim]."""

    def __init__(self, graph: Graph) -> None:
        self.keys = [np.zeros((0, s.heads, s.key), np.float32) for s in graph.states]
        self.values = [np.zeros((0, s.heads, s.value), np.float32) for s in graph.states]
        self.length, self.rests = 0, False

    @property
    def nbytes(self) -> int:
        return sum(x.nbytes for x in self.keys + self.values)

    def back_to(self, length: int) -> int:
        self.keys = [k[:length] for k in self.keys]
        self.values = [v[:length] for v in self.values]
        self.length = min(self.length, length)
        return self.length

    def copy_from(self, other: Any, length: int) -> int:
        assert isinstance(other, ReferenceSequence), "sequences of two backends do not mix"
        self.keys = [k[:length].copy() for k in other.keys]
        self.values = [v[:length].copy() for v in other.values]
        self.length = min(length, other.length)
        return self.length

    def close(self) -> None:
        self.back_to(0)


class ReferenceBackend:
    """Holds every weight as float32; memory use is several times the file's."""

    def __init__(
        self,
        graph: Graph,
        weights: GGUFFile,
        *,
        n_ctx: int,
        max_batch: int = 512,
        squares: Squares | None = None,
    ) -> None:
        self.squares = squares
        self.watch, self.kernels_compiled = Stopwatch(), 0
        self.allowed_threads: ThreadChoice = all_of  # NumPy has its own
        check_weights(graph, weights.tensors, weights.name)
        check_context(graph, n_ctx)
        self.graph, self.n_ctx, self.max_batch = graph, n_ctx, max_batch
        self.cache_type = "f32"
        self.n_vocab = graph.result.width
        self._file = weights
        self._weights: dict[str, F32] = {}
        self._rope: dict[RopeSpec, tuple[NDArray[np.float64], float]] = {}

    def load(self) -> Generator[Event | None, None, None]:
        turn = Slice()
        with self.watch.part("reading"):
            for done, name in enumerate(self.graph.weights):
                yield Progress(Stage.LOADING, done, len(self.graph.weights))
                self._weights[name] = yield from _read(self._file, name, turn)
        for op in self.graph.ops:
            if isinstance(op, Rope):
                self._rope[op.spec] = _rope_table(self._weights, op, self.n_ctx)

    @staticmethod
    def foretell(
        graph: Graph,
        tensors: Mapping[str, TensorInfo],
        n_ctx: int,
        options: LoadOptions,
        name: str = "the model",
    ) -> ModelMemory:
        """Every weight and every value of a pass as float32; of a sequence, a second copy while it
        grows."""
        check_weights(graph, dict(tensors), name)
        weights = sum(4 * prod(spec.shape) for spec in graph.weights.values())
        batch = min(options.batch, n_ctx)
        return ModelMemory(weights, 4 * _per_token(graph) * n_ctx, 4 * batch * sum(graph.widths))

    def new_sequence(self) -> Sequence:
        return ReferenceSequence(self.graph)

    def memory(self) -> dict[str, int]:
        return {
            "weights": sum(w.nbytes for w in self._weights.values()),
            "cache": 4 * _per_token(self.graph) * self.n_ctx,
            "workspace": 0,
        }

    @property
    def promised(self) -> int:
        """Its sequences grow as they are filled; nothing is taken in advance."""
        return 0

    def close(self) -> None:
        self._weights.clear()

    def run(self, parts: list[Part]) -> F32:
        """Each part on its own: nothing is shared, so nothing can be mixed up."""
        rows = [self._run_part(part) for part in parts]
        return np.concatenate(rows) if rows else np.zeros((0, self.n_vocab), np.float32)

    def run_in_turns(self, parts: list[Part]) -> Generator[None, None, F32]:
        rows = list[F32]()
        for part in parts:
            rows.append(self._run_part(part))
            yield
        return np.concatenate(rows) if rows else np.zeros((0, self.n_vocab), np.float32)

    def _run_part(self, part: Part) -> F32:
        sequence = part.sequence
        assert isinstance(sequence, ReferenceSequence)
        n = len(part.tokens)
        if sequence.length + n > self.n_ctx:
            raise ContextFullError(
                "{n_prompt} tokens do not fit into a context of {n_ctx}",
                sequence.length + n,
                self.n_ctx,
            )
        wanted = {"none": np.arange(0), "last": np.arange(n)[-1:], "all": np.arange(n)}
        run = _Run(self, sequence, part.tokens, wanted[part.logits])
        values: list[F32] = []
        for op in self.graph.ops:
            values.append(run.step(op, values))
        sequence.length += n
        return values[-1]

    def weight(self, name: str) -> F32:
        return self._weights[name]

    def product(self, op: g.Linear, x: F32) -> F32:
        """x [n, columns] times a matrix."""
        y: F32 = x @ self.weight(op.weight).T
        return y + self.weight(op.bias) if op.bias else y

    def rope(self, op: Rope) -> tuple[NDArray[np.float64], float]:
        return self._rope[op.spec]


class _Run:
    """One pass over one part: gives each op its meaning."""

    def __init__(
        self,
        backend: ReferenceBackend,
        sequence: ReferenceSequence,
        tokens: NDArray[np.int32],
        wanted: NDArray[np.int64],
    ) -> None:
        self.backend, self.sequence = backend, sequence
        self.tokens, self.wanted = tokens, wanted
        self.positions = sequence.length + np.arange(len(tokens))

    def step(self, op: g.Op, values: list[F32]) -> F32:
        x = [values[v.index] for v in op.inputs]
        w = self.backend.weight
        match op:
            case g.Embed():
                return w(op.weight)[self.tokens]
            case g.EmbedPosition():
                return w(op.weight)[self.positions]
            case g.Slice():
                return x[0][:, op.start : op.start + op.width]
            case g.Linear():
                if self.backend.squares is not None:
                    squared = np.square(x[0], dtype=np.float64).sum(axis=0)
                    self.backend.squares.add(op.weight, squared, len(x[0]))
                return self.backend.product(op, x[0])
            case g.Norm():
                return math.norm(
                    x[0], op, w(op.weight) if op.weight else None, w(op.bias) if op.bias else None
                )
            case g.Rope():
                inverse, magnitude = self.backend.rope(op)
                return math.rope(x[0], op, self.positions, inverse, magnitude)
            case g.Append():
                return self._append(op, *x)
            case g.Attention():
                kept, at = self.sequence, op.state.index
                return math.attention(x[0], kept.keys[at], kept.values[at], self.positions, op)
            case g.Gated():
                return math.activate(x[0], op.act) * x[1]
            case g.Activate():
                return math.activate(x[0], op.act)
            case g.Add():
                return x[0] + x[1]
            case g.Scale():
                scaled: F32 = x[0] * np.float32(op.factor)
                return scaled
            case g.Softcap():
                return math.softcap(x[0], op.cap)
            case g.Select():
                return x[0][self.wanted]
        raise AssertionError(f"the reference backend has no meaning for {op}")

    def _append(self, op: g.Append, k: F32, v: F32) -> F32:
        at, cache, heads, n = op.state.index, self.sequence, op.state.spec.heads, len(k)
        cache.keys[at] = np.concatenate([cache.keys[at], k.reshape(n, heads, -1)])
        cache.values[at] = np.concatenate([cache.values[at], v.reshape(n, heads, -1)])
        return np.zeros((n, 0), np.float32)


def _per_token(graph: Graph) -> int:
    """Numbers that a sequence keeps of each token."""
    return sum(state.numbers for state in graph.states)


def _read(weights: GGUFFile, name: str, turn: Slice) -> Generator[None, None, F32]:
    """The whole tensor, a piece of its rows at a time."""
    info, rows = weights.tensors[name], weights.rows(name)
    found = np.empty((info.n_rows, info.n_cols), np.float32)
    step = max(1, PIECE // info.n_cols)
    for start in range(0, info.n_rows, step):
        part = rows[start : start + step]
        found[start : start + step] = dequantize(info.type, part, info.n_cols)
        yield from turn.over()
    return found.reshape(info.shape)


def _rope_table(weights: dict[str, F32], op: Rope, n_ctx: int) -> tuple[NDArray[np.float64], float]:
    name = op.spec.active_factors(n_ctx)
    return rope_frequencies(op.spec, weights[name] if name else None)
