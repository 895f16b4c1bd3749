"""How fast the products of each tensor type are here, measured with the kernels that models run.

Matrices are as wide as those of common models; for one token there are so many of them that each
must come from main memory, for a prompt few, as the integer units are the bound there.
"""

from collections.abc import Generator
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from engine.base.rates import TypeRate
from engine.base.turns import aside
from engine.compute.backends.cpu_weights import PackedType, kinds
from engine.compute.cache import CacheLayout
from engine.compute.cache.memory import Memory
from engine.compute.graph import Grows
from engine.compute.kernels import abi, attention
from engine.compute.kernels.activations import buffer_bytes, row_floats, step_bytes, whole_tiles
from engine.compute.kernels.matmul import ProductOperands
from engine.compute.kernels.pack_grid import points_of
from engine.compute.kernels.packing import PackOperands
from engine.compute.kernels.panels import ROWS, scratch_bytes
from engine.compute.kernels.team import Call, Team, make_counters
from engine.compute.kernels.warm import compile_all
from engine.weights.quants import quantize
from engine.weights.types import TensorType

COLUMNS, MATRIX_ROWS = 4096, 4096
PROMPT_TOKENS, PROMPT_ROWS = 256, 256
GATED = 4  # one matrix of so many
FILLED = 16 << 20  # bytes at once
LEAST_BYTES, MOST_BYTES = 128 << 20, 512 << 20  # of all matrices together
ROUNDS, FEWEST = 24, 3
ROUNDS_S = 0.3  # no further round is begun after so long


@dataclass(frozen=True)
class Bench:
    """What measurements share: the threads, and the memory that the matrices fill, one type after
    the other. It is laid out as that of a model's weights."""

    team: Team
    memory: Memory


def new_memory(cache_bytes: int, available: int) -> Memory:
    """See `matrix_bytes`; whoever gets it closes it."""
    return Memory(matrix_bytes(cache_bytes, available), huge=True)


def matrix_bytes(cache_bytes: int, available: int) -> int:
    """Eight times the caches, within bounds, and at most an eighth of free memory: of less, a part
    would still be in the caches when it is read again."""
    wanted = min(max(8 * cache_bytes, LEAST_BYTES), MOST_BYTES, available // 8)
    return max(wanted, FILLED)


def measurable(wanted: list[str]) -> list[str]:
    """Those of the types that this backend runs."""
    known = {kind.name for kind in kinds()}
    return [name for name in wanted if name in known]


def measuring(bench: Bench, name: str) -> Generator[object, None, TypeRate]:
    """One type; yields between rounds, and while its kernels are compiled for the first time."""
    kind = kinds()[TensorType[name]]
    yield from _fill(bench.memory, TensorType[name], kind)
    decode = yield from _timed(_Program(bench.team, kind, bench.memory, 1))
    prefill = yield from _timed(_Program(bench.team, kind, bench.memory, PROMPT_TOKENS))
    return TypeRate(name, decode, prefill)


class DecodeBench:
    """One token of one type with any number of the team's threads."""

    def __init__(self, bench: Bench, name: str) -> None:
        self._bench, self._type = bench, TensorType[name]
        self._program: _Program | None = None

    def prepare(self) -> Generator[object, None, None]:
        """Compiles, and fills the memory."""
        kind = kinds()[self._type]
        yield from _fill(self._bench.memory, self._type, kind)
        self._program = _Program(self._bench.team, kind, self._bench.memory, 1)
        self._program.run()

    def rate(self, threads: int) -> float:
        """Products a second of one round."""
        assert self._program is not None
        self._bench.team.active = threads
        begun = perf_counter()
        self._program.run()
        taken = perf_counter() - begun
        self._bench.team.active = self._bench.team.size
        return self._program.products / taken


def _fill(memory: Memory, of: TensorType, kind: PackedType) -> Generator[object, None, None]:
    """Panel by panel with the type's weights, in steps."""
    kernels = [kind.way(logits=False, gated=gated)[1] for gated in (False, True)]
    yield from compile_all(list(dict.fromkeys([kind.pack, *kernels])))
    panel = yield from aside(lambda: _one_panel(of, kind))  # grids take their time to fit
    size, at_once = len(panel), max(FILLED // len(panel), 1)
    for start in range(0, memory.size // size, at_once):
        n = min(at_once, memory.size // size - start)
        memory.bytes[start * size : (start + n) * size].reshape(n, size)[:] = panel
        yield None


def _timed(program: "_Program | _Attention") -> Generator[object, None, float]:
    """Products a second of the best of some rounds, after one that is not counted: what else the
    machine does comes in between, and makes others slow."""
    program.run()
    yield None
    taken: list[float] = []
    while len(taken) < ROUNDS and (len(taken) < FEWEST or sum(taken) < ROUNDS_S):
        begun = perf_counter()
        program.run()
        taken.append(perf_counter() - begun)
        yield None
    return program.products / min(taken)


class _Program:
    """Matrices one after the other, as in a pass of a model; each waits for the one before. One in
    GATED takes the activations behind a gate, as a quarter of a model's weights do."""

    def __init__(self, team: Team, kind: PackedType, memory: Memory, n_tokens: int) -> None:
        self._team = team
        panel_bytes = kind.layout.panel_bytes(COLUMNS)
        wanted = (MATRIX_ROWS if n_tokens == 1 else PROMPT_ROWS) // ROWS
        panels = min(wanted, memory.size // panel_bytes)
        n = memory.size // (panels * panel_bytes) if n_tokens == 1 else GATED
        self.products = float(n * panels * ROWS * COLUMNS * n_tokens)
        ways = [kind.way(logits=False, gated=gated) for gated in (False, True)]
        self._x = [_aligned(buffer_bytes(form, COLUMNS, n_tokens)) for form, _ in ways]
        out_bytes = 4 * row_floats(panels * ROWS)
        self._out = _aligned(out_bytes * whole_tiles(n_tokens))
        scratch_each = scratch_bytes(COLUMNS) // 64 * 64 + 128
        self._scratch = _aligned(scratch_each * team.size)
        self._rows = np.zeros((n, abi.ROW_WORDS), np.int64)
        self._counters = make_counters(n)
        self._batch = np.zeros(abi.BATCH_WORDS, np.int64)
        abi.write_batch(self._batch, abi.Batch(n_tokens=n_tokens))
        for i, row in enumerate(self._rows):
            gated = i % GATED == GATED - 1
            form, kernel = ways[gated]
            at = i * panels * panel_bytes
            counter = self._counters[i].ctypes.data
            operands = ProductOperands(
                weights=memory.address + min(at, memory.size - panels * panel_bytes),
                panel_bytes=panel_bytes,
                n_panels=panels,
                size=kind.steps(COLUMNS),
                x=self._x[gated].ctypes.data,
                x_stride=step_bytes(form, COLUMNS),
                out=self._out.ctypes.data,
                out_stride=out_bytes,
                add=0,
                bias=0,
                scratch=self._scratch.ctypes.data,
                scratch_bytes=scratch_each,
                shares=2 * team.size,
                step=kind.layout.chunk_bytes if kind.is_float else 0,
            )
            head = abi.Head(kernel=kernel.address, barrier=1, counter=counter)
            abi.write_row(row, head, operands.words())

    def run(self) -> None:
        table = self._rows
        self._team.run(table.ctypes.data, len(table), self._batch.ctypes.data, self._counters)


def attention_rate(team: Team) -> Generator[object, None, float]:
    """Products a second of a piece of a prompt that sees some thousand tokens before it."""
    yield from compile_all([attention.attention_f16])
    program = _Attention(team)
    return (yield from _timed(program))


class _Attention:
    """One layer's attention with heads as common models have them; all values are zero."""

    N_KV, GROUP, DIM, TOKENS, BEFORE = 8, 4, 128, 64, 2048

    def __init__(self, team: Team) -> None:
        self._team, heads = team, self.N_KV * self.GROUP
        layout = CacheLayout({0: Grows(self.N_KV, self.DIM, self.DIM)}, self.BEFORE + 256, "f16")
        place, width = layout.places[0], 4 * row_floats(heads * self.DIM)
        self._cache = _aligned(layout.size + 64)
        self._q, self._out = (_aligned(width * self.TOKENS) for _ in range(2))
        at_once = max(1, 32 // self.GROUP)
        each = attention.scratch_bytes(self.GROUP * at_once, self.DIM, place.v_row) // 64 * 64 + 64
        self._scratch = _aligned(each * team.size)
        self._positions = np.arange(self.BEFORE, self.BEFORE + self.TOKENS, dtype=np.int64)
        self._caches = np.full(self.TOKENS, self._cache.ctypes.data, np.int64)
        firsts = range(0, self.TOKENS, at_once)
        self._runs = np.array([(first, at_once) for first in firsts], np.int64)
        batch = abi.Batch(
            n_tokens=self.TOKENS,
            positions=self._positions.ctypes.data,
            caches=self._caches.ctypes.data,
            runs=self._runs.ctypes.data,
            n_runs=len(self._runs),
        )
        operands = attention.AttentionOperands(
            q=self._q.ctypes.data,
            q_stride=width,
            out=self._out.ctypes.data,
            out_stride=width,
            group=self.GROUP,
            n_head_kv=self.N_KV,
            head_dim=self.DIM,
            k_dim=place.k_dim,
            q_row=self.DIM,
            head_dim_v=self.DIM,
            scale=self.DIM**-0.5,
            window=0,
            softcap=0.0,
            layer=place.start,
            k_head_bytes=place.k_head_bytes,
            v_start=place.v_start,
            v_head_bytes=place.v_head_bytes,
            v_row=place.v_row,
            scratch=self._scratch.ctypes.data,
            scratch_bytes=each,
            k_panel_bytes=place.k_panel_bytes,
            v_scales=place.v_scales,
            capacity=place.positions,
        )
        self._call = Call(attention.attention_f16, operands, batch)
        pairs = float((self._positions + 1).sum())
        self.products = pairs * heads * 2 * self.DIM

    def run(self) -> None:
        self._call.run(self._team)


def _one_panel(of: TensorType, kind: PackedType) -> NDArray[np.uint8]:
    """16 equal rows of noise, packed. Quick: a measurement needs one panel, many times over."""
    values = np.random.default_rng(0).standard_normal((1, COLUMNS)).astype(np.float32)
    raw = np.ascontiguousarray(np.repeat(quantize(of, values), ROWS, axis=0))
    panel = _aligned(kind.layout.panel_bytes(COLUMNS))
    points = points_of(of)
    operands = PackOperands(
        source=raw.ctypes.data,
        row_bytes=raw.shape[1],
        n_rows=ROWS,
        n_blocks=kind.steps(COLUMNS),
        target=panel.ctypes.data,
        panel_bytes=len(panel),
        table=points.ctypes.data,
    )
    Call(kind.pack, operands).run_here()
    return panel


def _aligned(size: int) -> NDArray[np.uint8]:
    """Zeroed bytes at an address that is a multiple of 64, with room to read past their end."""
    store = np.zeros(size + 128, np.uint8)
    start = -store.ctypes.data % 64
    return store[start : start + size]
