"""The fast backend: a planned program of native kernels, run by a team of threads.

No Python between ops: one pass is one call per thread. Belongs to one thread (the host's).
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import partial
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import ContextFullError, FormatError, UsageError
from engine.base.events import Event
from engine.base.models import ModelMemory, TokenWork
from engine.base.settings import LoadOptions
from engine.base.stopwatch import Stopwatch
from engine.base.turns import Slice
from engine.compute.backends.binding import check_context, check_weights
from engine.compute.backends.cpu_attention import tokens_at_once
from engine.compute.backends.cpu_fusions import check_graph
from engine.compute.backends.cpu_packing import pack
from engine.compute.backends.cpu_plan import layout_of, planned
from engine.compute.backends.cpu_program import Buffer, LookedUpBy, Operand, View, place
from engine.compute.backends.cpu_squares import keep_squares
from engine.compute.backends.cpu_weights import PackedWeights
from engine.compute.backends.foretell import foretell_cpu, work_of
from engine.compute.backends.interface import (
    BatchEntry,
    Sequence,
    Squares,
    ThreadChoice,
    all_of,
    segments_of,
)
from engine.compute.cache import CacheSequence
from engine.compute.cache.memory import Memory
from engine.compute.graph import Embed, Graph, RopeSpec, rope_frequencies, temper_factors
from engine.compute.kernels import abi
from engine.compute.kernels.activations import row_floats, whole_tiles
from engine.compute.kernels.driver import NATIVES
from engine.compute.kernels.team import Team, make_counters
from engine.compute.kernels.warm import compile_all
from engine.weights.formats.gguf import GGUFFile, TensorInfo
from engine.weights.quants import dequantize


@dataclass(frozen=True, eq=False)
class _Places:
    """Tables of one pass, int64; kept as long as kernels have their addresses."""

    positions: NDArray[np.int64]  # [tokens]
    caches: NDArray[np.int64]  # [tokens], where the caches of a token's sequence begin
    wanted: NDArray[np.int64]  # rows whose logits are wanted
    runs: NDArray[np.int64]  # a row for each abi.Run
    few_positions: NDArray[np.int64]  # the same of the wanted tokens alone
    few_caches: NDArray[np.int64]
    few_runs: NDArray[np.int64]
    entries: NDArray[np.int64]  # a row for each abi.Entry


class CpuBackend:
    """See backends.interface.Backend for the contract."""

    def __init__(
        self,
        graph: Graph,
        weights: GGUFFile,
        *,
        n_ctx: int,
        max_batch: int = 512,
        cache_type: str = "f16",
        threads: int = 1,
        squares: Squares | None = None,
    ) -> None:
        check_graph(graph)
        check_weights(graph, weights.tensors, weights.name)
        check_context(graph, n_ctx)
        self.graph, self.n_ctx, self.max_batch = graph, n_ctx, max_batch
        self.cache_type = cache_type
        self.n_vocab = graph.result.width
        tables = {op.weight for op in graph.ops if isinstance(op, Embed)}
        self.n_tokens = min(graph.weights[name].shape[0] for name in tables)
        self._squares = squares
        self._per_run = tokens_at_once(graph)
        self._sequences: WeakSet[CacheSequence] = WeakSet()
        self._layout = layout_of(graph, n_ctx, cache_type, max_batch)
        self._weights = PackedWeights(graph, weights.tensors, weights.name)
        self._workspace, self._result, self._result_rows = Memory(0), Memory(0), 0
        self._in_use: _Places | None = None
        self.watch, self.kernels_compiled = Stopwatch(), 0
        self._file, self._threads = weights, threads
        self._team = Team(1)
        self.allowed_threads: ThreadChoice = all_of

    @staticmethod
    def foretell(
        graph: Graph,
        tensors: Mapping[str, TensorInfo],
        n_ctx: int,
        options: LoadOptions,
        name: str = "the model",
    ) -> ModelMemory:
        return foretell_cpu(graph, tensors, n_ctx, options, name)

    @staticmethod
    def work(
        graph: Graph, tensors: Mapping[str, TensorInfo], cache_type: str, name: str = "the model"
    ) -> TokenWork:
        return work_of(graph, tensors, cache_type, name)

    def load(self) -> Generator[Event | None, None, None]:
        # All that may be refused has been by now; what is taken from here on is given back where
        # a later step fails: the user may stop while kernels are compiled or weights are packed.
        try:
            self._team = Team(self._threads)
            yield from self._take(self._file)
        except BaseException:
            self.close()
            raise

    def _take(self, weights: GGUFFile) -> Generator[Event | None, None, None]:
        """Memory, kernels and weights."""
        self._weights.take(weights)
        self._plan = planned(
            self.graph,
            self._weights,
            self._layout,
            max_batch=self.max_batch,
            threads=self._team.size,
            collect=self._squares is not None,
        )
        self._workspace = Memory(place(self._plan.buffers))
        with self.watch.part("kernels"):
            called = self._weights.packers() + [row.kernel for row in self._plan.rows]
            kernels = [*NATIVES, *{id(kernel): kernel for kernel in called}.values()]
            self.kernels_compiled = yield from compile_all(kernels)
        with self.watch.part("packing"):
            yield from pack(self._weights, weights, self._team, self.watch)
        self._rows = np.zeros((len(self._plan.rows), abi.ROW_WORDS), np.int64)
        self._counters = make_counters(len(self._plan.rows))
        self._fill_rows()
        self._batch = np.zeros(abi.BATCH_WORDS, np.int64)
        self._angles = [
            (spec, buffer, *self._frequencies(spec)) for spec, buffer in self._plan.angles.items()
        ]
        self._tables = [_Lookup(weights, *table) for table in self._plan.tables]

    # --- contract ------------------------------------------------------------------------------
    def new_sequence(self) -> Sequence:
        sequence = CacheSequence(self._layout)
        self._sequences.add(sequence)
        return sequence

    @property
    def promised(self) -> int:
        return sum(sequence.promised for sequence in self._sequences)

    def memory(self) -> dict[str, int]:
        return {
            "weights": self._weights.nbytes,
            "cache": self._layout.size,
            "workspace": self._workspace.size + self._result.size,
        }

    def close(self) -> None:
        self._team.close()
        self._weights.close()
        self._workspace.close()
        self._result.close()

    def run(self, entries: list[BatchEntry]) -> NDArray[np.float32]:
        self._prepare(entries)
        self._walk(0, len(self._rows))
        return self._finish(entries)

    def run_in_turns(self, entries: list[BatchEntry]) -> Generator[None, None, NDArray[np.float32]]:
        self._prepare(entries)
        turn = Slice()
        for row in range(len(self._rows)):
            self._walk(row, row + 1)
            for _ in turn.over():
                yield
        return self._finish(entries)

    # --- one pass ------------------------------------------------------------------------------
    def _prepare(self, entries: list[BatchEntry]) -> None:
        """Everything that a pass finds: its tokens' rows, places, and what it is to give."""
        tokens = np.concatenate([p.tokens for p in entries]).astype(np.int64)
        n = len(tokens)
        if not 0 < n <= self.max_batch:
            raise UsageError(
                "a pass takes 1 to {max_batch} tokens, not {n}", max_batch=self.max_batch, n=n
            )
        self._check_room(entries)
        blocks = [_own(entry).begin(len(entry.tokens)) for entry in entries]
        places = self._in_use = self._places(entries, blocks)
        self._look_up(tokens, places.positions, segments_of(entries, self.graph))
        self._turn(places.positions)
        self._make_room(len(places.wanted))
        self._team.active = self.allowed_threads(self._team.size)
        batch = abi.Batch(
            n_tokens=n,
            n_wanted=len(places.wanted),
            positions=places.positions.ctypes.data,
            caches=places.caches.ctypes.data,
            wanted=places.wanted.ctypes.data,
            n_threads=self._team.active,
            runs=places.runs.ctypes.data,
            n_runs=len(places.runs),
            few_positions=places.few_positions.ctypes.data,
            few_caches=places.few_caches.ctypes.data,
            few_runs=places.few_runs.ctypes.data,
            n_few_runs=len(places.few_runs),
            entries=places.entries.ctypes.data,
            n_entries=len(places.entries),
        )
        abi.write_batch(self._batch, batch)

    def _walk(self, start: int, stop: int) -> None:
        """These rows of the program, in which threads wait for each other as in the whole."""
        rows = self._rows[start:stop]
        counters = self._counters[start:stop]
        self._team.run(rows.ctypes.data, len(rows), self._batch.ctypes.data, counters)

    def _finish(self, entries: list[BatchEntry]) -> NDArray[np.float32]:
        if self._squares is not None:
            count = partial(abi.read_word, self._batch)
            keep_squares(self._plan, self.graph, self._squares, count)
        for entry in entries:
            _own(entry).end(len(entry.tokens))
        n_wanted = abi.read_word(self._batch, abi.N_WANTED)
        rows = self._result.floats(0, self._result_rows, row_floats(self.n_vocab))
        return rows[:n_wanted, : self.n_vocab]

    def _check_room(self, entries: list[BatchEntry]) -> None:
        for entry in entries:
            end = entry.sequence.length + len(entry.tokens)
            if end > self.n_ctx:
                raise ContextFullError(
                    "{n_prompt} tokens do not fit into a context of {n_ctx}", end, self.n_ctx
                )

    def _places(self, entries: list[BatchEntry], blocks: list[tuple[int, int]]) -> _Places:
        """blocks: of fixed states, which each entry reads and writes."""
        positions, caches, runs, few_runs, table, at = [], [], [], [], [], 0
        wanted = list[int]()
        for entry, block in zip(entries, blocks, strict=True):
            n, sequence = len(entry.tokens), _own(entry)
            positions.append(np.arange(sequence.length, sequence.length + n))
            caches.append(np.full(n, sequence.address))
            runs += self._runs(at, n)
            few = {"none": 0, "last": 1, "all": n}[entry.wanted]
            few_runs += self._runs(len(wanted), few)
            wanted += range(at + n - few, at + n)
            before, after = block
            table.append(abi.Entry(first=at, count=n, before=before, after=after).words())
            at += n
        whole, bases = (np.concatenate(x).astype(np.int64) for x in (positions, caches))
        rows = np.array(wanted, np.int64)
        return _Places(
            positions=whole,
            caches=bases,
            wanted=rows,
            runs=np.array(runs, np.int64),
            few_positions=whole[rows],
            few_caches=bases[rows],
            few_runs=np.array(few_runs, np.int64),
            entries=np.array(table, np.int64),
        )

    def _runs(self, first: int, n: int) -> list[list[int]]:
        """The words of abi.Runs over n neighbouring rows."""
        return [
            abi.Run(first=first + i, count=min(self._per_run, n - i)).words()
            for i in range(0, n, self._per_run)
        ]

    def _look_up(
        self, tokens: NDArray[np.int64], positions: NDArray[np.int64], segments: NDArray[np.int64]
    ) -> None:
        """Rows of the embeddings, straight from the file: only these rows are ever read."""
        if tokens.min() < 0 or tokens.max() >= self.n_tokens:
            raise UsageError(
                "a token id lies outside the vocabulary of {n_tokens}", n_tokens=self.n_tokens
            )
        which = {"token": tokens, "position": positions, "segment": segments}
        for table in self._tables:
            rows = self._workspace.floats(
                table.target.offset, len(tokens), table.target.row_bytes // 4
            )
            table.fill(rows, which[table.by])

    def _turn(self, positions: NDArray[np.int64]) -> None:
        """Cosines and sines of this pass's positions, for each kind of rope; factors of scores."""
        for spec, buffer, inverse, magnitude in self._angles:
            angle = positions[:, None] * inverse
            table = self._workspace.floats(buffer.offset, len(positions), spec.n_dims)
            table[:, : spec.n_dims // 2] = np.cos(angle) * magnitude
            table[:, spec.n_dims // 2 :] = np.sin(angle) * magnitude
        for temper, buffer in self._plan.tempers.items():
            factors = self._workspace.floats(buffer.offset, len(positions), 1)
            factors[:, 0] = temper_factors(temper, positions)

    def _make_room(self, n_wanted: int) -> None:
        """Logits have memory of their own, which grows to the most rows ever wanted at once."""
        needed = whole_tiles(n_wanted)
        if needed <= self._result_rows:
            return
        old = self._result
        self._result = Memory(needed * row_floats(self.n_vocab) * 4)
        self._result_rows = needed
        self._fill_rows()
        old.close()

    # --- set-up --------------------------------------------------------------------------------
    def _fill_rows(self) -> None:
        """Write the program: addresses of kernels, counters, buffers."""
        for i, row in enumerate(self._plan.rows):
            head = abi.Head(
                kernel=row.kernel.address,
                barrier=int(row.barrier),
                counter=self._counters[i].ctypes.data,
                count=row.count,
            )
            operands = [self._address(operand) for operand in row.operands.words()]
            abi.write_row(self._rows[i], head, operands)

    def _address(self, operand: Operand) -> int:
        if isinstance(operand, int):
            return operand
        if isinstance(operand, View):
            return self._address(operand.base) + operand.start
        if operand is self._plan.result:
            return self._result.address
        return self._workspace.address + operand.offset

    def _frequencies(self, spec: RopeSpec) -> tuple[NDArray[np.float64], float]:
        name = spec.active_factors(self.n_ctx)
        return rope_frequencies(
            spec, self._weights.vectors[name][: spec.n_dims // 2] if name else None
        )


class _Lookup:
    """One embedding: its raw rows in the file, read as they are needed, and where values go."""

    PIECE = 64  # rows read before they are decoded

    def __init__(self, file: GGUFFile, weight: str, target: Buffer, by: LookedUpBy) -> None:
        self.target, self.by = target, by
        self._type, self._raw = file.tensors[weight].type, file.rows(weight)
        self._width = file.tensors[weight].shape[1]

    def fill(self, rows: NDArray[np.float32], which: NDArray[np.int64]) -> None:
        for start in range(0, len(which), self.PIECE):
            piece = which[start : start + self.PIECE]
            values = dequantize(self._type, self._raw[piece], self._width)
            rows[start : start + len(piece), : self._width] = values
        rows[:, self._width :] = 0.0


def _own(entry: BatchEntry) -> CacheSequence:
    if not isinstance(entry.sequence, CacheSequence):
        raise FormatError("a sequence of another backend was passed to the cpu backend")
    return entry.sequence
