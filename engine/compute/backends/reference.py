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
from engine.base.models import ModelMemory, TokenWork
from engine.base.settings import LoadOptions
from engine.base.stopwatch import Stopwatch
from engine.base.turns import Slice
from engine.compute.backends import reference_math as math
from engine.compute.backends.binding import check_context, check_weights
from engine.compute.backends.interface import (
    BatchEntry,
    Sequence,
    Squares,
    ThreadChoice,
    all_of,
    part_of,
    segments_of,
)
from engine.compute.cache.fixed import MARKS, one_to_drop
from engine.compute.graph import (
    Fixed,
    Graph,
    Grows,
    Rope,
    RopeSpec,
    fading,
    rope_frequencies,
    temper_factors,
)
from engine.compute.graph import ops as g
from engine.weights.formats.gguf import GGUFFile, TensorInfo
from engine.weights.quants import dequantize

F32 = NDArray[np.float32]
PIECE = 1 << 20  # weights that are read and spelled out at a time


class ReferenceSequence:
    """Keys and values of every state that grows as arrays [length, heads, dim] (values within keys
    only there); the others as one array each, [shape], of which older ones are kept where the
    sequence may go back to."""

    def __init__(self, graph: Graph) -> None:
        grows = {i: s for i, s in graph.states.items() if isinstance(s, Grows)}
        self.keys = {i: np.zeros((0, s.heads, s.key), np.float32) for i, s in grows.items()}
        apart = {i: s for i, s in grows.items() if not s.within}
        self.values = {i: np.zeros((0, s.heads, s.value), np.float32) for i, s in apart.items()}
        fixed = {i: s for i, s in graph.states.items() if isinstance(s, Fixed)}
        self.fixed = {i: np.zeros(s.shape, np.float32) for i, s in fixed.items()}
        self._nothing, self._marks = self.fixed, dict[int, dict[int, F32]]()
        self._before: tuple[int, dict[int, F32]] | None = None
        self.length, self.rests = 0, False

    @property
    def nbytes(self) -> int:
        kept = [self.fixed, *self._marks.values()] if self.length else []
        grown = (*self.keys.values(), *self.values.values())
        return sum(x.nbytes for x in grown) + sum(x.nbytes for each in kept for x in each.values())

    @property
    def held(self) -> int:
        return self.nbytes

    @property
    def promised(self) -> int:
        """It grows as it is filled; nothing is taken in advance."""
        return 0

    def end(self, n: int, fixed: dict[int, F32]) -> None:
        """A pass over n tokens has been, which left these states of a fixed size."""
        self._before, self.fixed = (self.length, self.fixed), fixed
        self.length += n

    @property
    def needs_marks(self) -> bool:
        return bool(self.fixed)

    def mark(self) -> None:
        if self.fixed and self.length:
            self._marks[self.length] = self.fixed
            if len(self._marks) > MARKS:
                del self._marks[one_to_drop(list(self._marks))]

    def reach(self, length: int) -> int:
        length = max(0, min(self.length, length))
        return max(at for at in self._places if at <= length) if self.fixed else length

    @property
    def _places(self) -> dict[int, dict[int, F32]]:
        before = dict([self._before] if self._before is not None else [])
        return {0: self._nothing} | self._marks | before | {self.length: self.fixed}

    def back_to(self, length: int) -> int:
        length = self.reach(length)
        if self.fixed:
            self.fixed = self._places[length]
            self._marks = {at: kept for at, kept in self._marks.items() if at <= length}
            self._before = None
        self.keys = {i: k[:length] for i, k in self.keys.items()}
        self.values = {i: v[:length] for i, v in self.values.items()}
        self.length = length
        return length

    def copy_from(self, other: Any, length: int) -> int:
        assert isinstance(other, ReferenceSequence), "sequences of two backends do not mix"
        length = other.reach(length)
        self.keys = {i: k[:length].copy() for i, k in other.keys.items()}
        self.values = {i: v[:length].copy() for i, v in other.values.items()}
        self.fixed = other._places[length] if self.fixed else {}
        self._marks, self._before, self.length = {}, None, length
        return length

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
        batch = graph.batch(options.batch, n_ctx)
        return ModelMemory(weights, _cache_bytes(graph, n_ctx), 4 * batch * sum(graph.widths))

    @staticmethod
    def work(
        graph: Graph, tensors: Mapping[str, TensorInfo], cache_type: str, name: str = "the model"
    ) -> TokenWork:
        """As many products as anywhere; its bytes are those of the packed types: nothing is planned
        by how fast it is."""
        from engine.compute.backends.foretell import work_of  # brings the compiler along

        return work_of(graph, tensors, cache_type, name)

    def new_sequence(self) -> Sequence:
        return ReferenceSequence(self.graph)

    def memory(self) -> dict[str, int]:
        return {
            "weights": sum(w.nbytes for w in self._weights.values()),
            "cache": _cache_bytes(self.graph, self.n_ctx),
            "workspace": 0,
        }

    @property
    def promised(self) -> int:
        """Its sequences grow as they are filled; nothing is taken in advance."""
        return 0

    def close(self) -> None:
        self._weights.clear()

    def run(self, entries: list[BatchEntry]) -> F32:
        """Each entry on its own: nothing is shared, so nothing can be mixed up."""
        rows = [self._run_entry(entry) for entry in entries]
        return np.concatenate(rows) if rows else np.zeros((0, self.n_vocab), np.float32)

    def run_in_turns(self, entries: list[BatchEntry]) -> Generator[None, None, F32]:
        rows = list[F32]()
        for entry in entries:
            rows.append(self._run_entry(entry))
            yield
        return np.concatenate(rows) if rows else np.zeros((0, self.n_vocab), np.float32)

    def _run_entry(self, entry: BatchEntry) -> F32:
        sequence = entry.sequence
        assert isinstance(sequence, ReferenceSequence)
        n = len(entry.tokens)
        if sequence.length + n > self.n_ctx:
            raise ContextFullError(
                "{n_prompt} tokens do not fit into a context of {n_ctx}",
                sequence.length + n,
                self.n_ctx,
            )
        wanted = {"none": np.arange(0), "last": np.arange(n)[-1:], "all": np.arange(n)}
        run = _Run(self, sequence, entry, wanted[entry.wanted])
        values: list[F32] = []
        for op in self.graph.ops:
            values.append(run.step(op, values))
        sequence.end(n, run.fixed)
        return values[self.graph.result.index]

    def weight(self, name: str) -> F32:
        return self._weights[name]

    def matrix(self, op: g.Linear) -> F32:
        """[n_out, n_in], of a stack the part that is taken."""
        weight = self.weight(op.weight)
        part: F32 = weight[op.part] if weight.ndim > 2 else weight
        return part

    def product(self, op: g.Linear, x: F32) -> F32:
        """x [n, columns] times a matrix."""
        y: F32 = x @ self.matrix(op).T
        return y + self.weight(op.bias) if op.bias else y

    def rope(self, op: Rope) -> tuple[NDArray[np.float64], float]:
        return self._rope[op.spec]


class _Run:
    """One pass over one entry: gives each op its meaning."""

    def __init__(
        self,
        backend: ReferenceBackend,
        sequence: ReferenceSequence,
        entry: BatchEntry,
        wanted: NDArray[np.int64],
    ) -> None:
        self.backend, self.sequence = backend, sequence
        self.tokens, self.wanted = entry.tokens, wanted
        self.segments = segments_of([entry], backend.graph)
        self.positions = sequence.length + np.arange(len(entry.tokens))
        self.fixed = dict(sequence.fixed)  # becomes the sequence's once all is done

    def _places(self, x: F32) -> NDArray[np.int64]:
        """The positions of rows, which are all of the entry or the wanted ones."""
        whole = len(x) == len(self.positions)
        return self.positions if whole else self.positions[self.wanted]

    def step(self, op: g.Op, values: list[F32]) -> F32:
        x = [values[v.index] for v in op.inputs]
        w = self.backend.weight
        match op:
            case g.Embed():
                return w(op.weight)[self.tokens]
            case g.EmbedPosition():
                return w(op.weight)[self.positions]
            case g.EmbedSegment():
                return w(op.weight)[self.segments]
            case g.Slice():
                return x[0][:, op.start : op.start + op.width]
            case g.HeadSlice():
                groups = x[0].reshape(len(x[0]), -1, op.group)
                return groups[:, :, op.start : op.start + op.width].reshape(len(x[0]), -1)
            case g.HeadJoin():
                return math.head_join(x[0], x[1], op)
            case g.HeadLinear():
                self._sum_up(op, x[0])
                return math.head_product(x[0], w(op.weight))
            case g.Linear():
                self._sum_up(op, x[0])
                return self.backend.product(op, x[0])
            case g.Norm():
                return math.norm(
                    x[0], op, w(op.weight) if op.weight else None, w(op.bias) if op.bias else None
                )
            case g.Rope():
                inverse, magnitude = self.backend.rope(op)
                return math.rope(x[0], op, self._places(x[0]), inverse, magnitude)
            case g.Append():
                return self._append(op, *x)
            case g.Attention():
                sinks, keys = w(op.sinks) if op.sinks else None, self.sequence.keys[op.state.index]
                v = self.sequence.values.get(op.state.index, keys[:, :, -op.head_dim_v :])
                return math.attention(x[0], keys, v, self._places(x[0]), op, sinks)
            case g.Conv():
                return self._conv(op, x[0])
            case g.DeltaRule():
                return self._delta_rule(op, *x)
            case g.Scan():
                return self._scan(op, *x)
            case fading.Before():
                return self._before(op, x[0])
            case fading.Lerp():
                more = x[2] if op.more is not None else None
                share = w(op.weight) if op.weight else None
                return math.lerp(x[0], x[1], share, more, op.part)
            case fading.Bonus():
                return math.bonus(x[0], x[1], x[2], w(op.weight), op.heads)
            case fading.Wkv6() | fading.Wkv7():
                return self._wkv(op, *x)
            case g.Gated():
                return math.activate(x[0], op.act) * x[1]
            case g.ClampedGate():
                return math.clamped_gate(x[0], x[1], op)
            case g.Activate():
                return math.activate(x[0], op.act)
            case g.Add():
                return x[0] + x[1]
            case g.Mul() | g.MulColumn():
                return x[0] * x[1]
            case g.AddVector():
                return x[0] + w(op.vector)
            case g.MulVector():
                return x[0] * w(op.vector).reshape(-1)
            case g.Scale():
                scaled: F32 = x[0] * np.float32(op.factor)
                return scaled
            case g.ScaleBy():
                by: F32 = x[0] * w(op.weight)
                return by
            case g.Temper():
                return x[0] * temper_factors(op.spec, self.positions)[:, None]
            case g.Softcap():
                return math.softcap(x[0], op.cap)
            case g.Clamp():
                clamped: F32 = np.clip(x[0], np.float32(-op.most), np.float32(op.most))
                return clamped
            case g.Select():
                return x[0][self.wanted]
            case g.Route():
                scales = w(op.scales) if op.scales else None
                return math.route(x[0], op, w(op.bias) if op.bias else None, scales)
            case g.Dispatch():
                return math.dispatch(x[0], x[1], op)
            case g.ExpertLinear():
                self._sum_up_experts(op, *x)
                bias = w(op.bias) if op.bias else None
                return math.expert_linear(x[0], x[1], w(op.weight), bias)
            case g.Blend():
                return math.blend(x[:-1], x[-1], op)
            case g.Resized():
                return math.resized(x[0], x[1], op.least)
            case g.Sparse():
                return math.sparse(x[0], op.above)
            case g.Combine():
                return math.combine(x[0], x[1], op)
            case g.Pool():
                row = x[0][0] if op.kind == "first" else x[0].mean(axis=0, dtype=np.float64)
                return np.tile(row.astype(np.float32), (len(self.wanted), 1))
        raise AssertionError(f"the reference backend has no meaning for {op}")

    def _sum_up(self, op: g.Linear | g.HeadLinear, x: F32) -> None:
        if self.backend.squares is not None:
            part, parts = part_of(op, self.backend.graph)
            squared = np.square(x, dtype=np.float64).sum(axis=0)
            self.backend.squares.add_part(op.weight, squared, len(x), part, parts)

    def _sum_up_experts(self, op: g.ExpertLinear, x: F32, route: F32) -> None:
        if self.backend.squares is not None:
            experts = len(self.backend.weight(op.weight))
            squared = np.square(x, dtype=np.float64)
            self.backend.squares.add(op.weight, *math.sums_by_expert(squared, route, experts))

    def _conv(self, op: g.Conv, x: F32) -> F32:
        at, w = op.state.index, self.backend.weight
        out, self.fixed[at] = math.conv(x, w(op.weight), self.fixed[at])
        return out + w(op.bias) if op.bias else out

    def _delta_rule(self, op: g.DeltaRule, q: F32, k: F32, v: F32, decay: F32, beta: F32) -> F32:
        at = op.state.index
        out, self.fixed[at] = math.delta_rule(q, k, v, decay, beta, self.fixed[at], op.tiled)
        return out

    def _scan(self, op: g.Scan, x: F32, dt: F32, b: F32, c: F32) -> F32:
        at, w = op.state.index, self.backend.weight
        scan = math.scan_heads if op.by_head else math.scan_channels
        out, self.fixed[at] = scan(x, dt, b, c, w(op.a), w(op.d), self.fixed[at])
        return out

    def _before(self, op: fading.Before, x: F32) -> F32:
        at = op.state.index
        rows = np.concatenate([self.fixed[at], x])
        self.fixed[at] = rows[-1:]
        return rows[:-1]

    def _wkv(self, op: fading.Wkv6 | fading.Wkv7, r: F32, w: F32, k: F32, v: F32, *ab: F32) -> F32:
        at = op.state.index
        if isinstance(op, fading.Wkv6):
            out, self.fixed[at] = math.wkv6(r, w, k, v, self.fixed[at])
        else:
            out, self.fixed[at] = math.wkv7(r, w, k, v, ab[0], ab[1], self.fixed[at])
        return out

    def _append(self, op: g.Append, k: F32, v: F32) -> F32:
        at, cache, heads, n = op.state.index, self.sequence, op.state.spec.heads, len(k)
        cache.keys[at] = np.concatenate([cache.keys[at], k.reshape(n, heads, -1)])
        if at in cache.values:
            cache.values[at] = np.concatenate([cache.values[at], v.reshape(n, heads, -1)])
        return np.zeros((n, 0), np.float32)


def _cache_bytes(graph: Graph, n_ctx: int) -> int:
    """What a full sequence keeps; of a state of a fixed size that of now, that before the last pass
    and all marks."""
    rows = {True: n_ctx, False: MARKS + 2}
    return sum(4 * s.numbers * rows[isinstance(s, Grows)] for s in graph.states.values())


def _read(weights: GGUFFile, name: str, turn: Slice) -> Generator[None, None, F32]:
    """The whole tensor, a piece of its rows at a time."""
    info, rows = weights.tensors[name], weights.rows(name)
    found = np.empty((info.n_rows, info.n_cols), np.float32)
    step = max(1, PIECE // info.n_cols)
    for start in range(0, info.n_rows, step):
        piece = rows[start : start + step]
        found[start : start + step] = dequantize(info.type, piece, info.n_cols)
        yield from turn.over()
    return found.reshape(info.shape)


def _rope_table(weights: dict[str, F32], op: Rope, n_ctx: int) -> tuple[NDArray[np.float64], float]:
    name = op.spec.active_factors(n_ctx)
    return rope_frequencies(op.spec, weights[name] if name else None)
