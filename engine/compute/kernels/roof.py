"""What the machine can do at best, measured: bytes read from memory, integer products in cache.

The figures are the roof lines that `chaski bench` and the hardware report hold speeds against.

    read_memory          data: piece 0 | piece 1 | ...      sink: a vector for each thread
    multiply_in_cache    data, of each thread: an unpacked panel | TOKENS in groups (form q8)
    the others           data, of each thread: a float panel | rows of activations
                         sink, of each thread: SINK_BYTES for one tile's sums
"""

from contextlib import closing
from time import perf_counter

import numpy as np

from engine.compute.kernels.abi import COUNTER, Operands, declared
from engine.compute.kernels.activations import GROUP, step_bytes
from engine.compute.kernels.float_tiles import BF16_PAIRS, F16_WEIGHTS, FLOAT_TOKENS, plain_tile
from engine.compute.kernels.jit import Kernel, from_template, kernel, template
from engine.compute.kernels.panels import BLOCK, ROWS
from engine.compute.kernels.team import Call, Team
from engine.compute.kernels.tiles import Q8, TILE_TOKENS, scratch_tile
from engine.compute.simd.memory import FLOAT, Address, atomic_add, load_i64, prefetch
from engine.compute.simd.vectors import VECTOR, vload, vmax, vstore
from engine.weights.types import TensorType


@declared
class RateOperands(Operands):
    """Of all kernels here."""

    data: int  # address
    pieces: int  # how many
    piece_bytes: int
    sink: int  # address of what keeps the work alive


AT = RateOperands.offsets()
READ_BYTES, PIECE = 256 << 20, 1 << 18
TOKENS, COLUMNS = 64, 2048
BLOCKS = COLUMNS // BLOCK
GROUP_BYTES = step_bytes("q8", COLUMNS)
PANEL_BYTES = BLOCKS * (BLOCK + 2 * FLOAT) * ROWS  # unpacked: whole bytes, scales and offsets
SINK_BYTES = 16 * VECTOR  # as many tokens as no tile has
FLOATS_AT = 2 * COLUMNS * ROWS  # where activations begin: behind a panel of half floats
FLOATS_ROW = 4224  # bytes from row to row: they overlap, so that all stays in the cache
LINES_AHEAD = 4096  # bytes
Q4_0 = int(TensorType.Q4_0)


@kernel(RateOperands)
def read_memory(row: Address, batch: Address, thread: int) -> None:
    """Reads pieces of memory as fast as they come; the maximum keeps the loads alive."""
    n, size = load_i64(row + AT.pieces), load_i64(row + AT.piece_bytes)
    top = vload(load_i64(row + AT.data))
    while True:
        piece = atomic_add(load_i64(row + COUNTER), 1)
        if piece >= n:
            break
        at = load_i64(row + AT.data) + piece * size
        for i in range(at, at + size, 4 * VECTOR):
            prefetch(i + LINES_AHEAD)
            prefetch(i + LINES_AHEAD + VECTOR)
            prefetch(i + LINES_AHEAD + 2 * VECTOR)
            prefetch(i + LINES_AHEAD + 3 * VECTOR)
            low = vmax(vload(i), vload(i + VECTOR))
            top = vmax(top, vmax(low, vmax(vload(i + 2 * VECTOR), vload(i + 3 * VECTOR))))
    vstore(top, load_i64(row + AT.sink) + VECTOR * thread)


@kernel(RateOperands)
def multiply_in_cache(row: Address, batch: Address, thread: int) -> None:
    """One unpacked panel times the same tokens over and over: the matrix kernel at its best."""
    n = load_i64(row + AT.pieces)
    own = load_i64(row + AT.data) + thread * load_i64(row + AT.piece_bytes)
    x, sink = own + PANEL_BYTES, load_i64(row + AT.sink) + SINK_BYTES * thread
    while atomic_add(load_i64(row + COUNTER), 1) < n:
        for t in range(0, TOKENS, TILE_TOKENS):
            at = x + (t >> 2) * GROUP_BYTES
            scratch_tile(Q4_0, Q8, TILE_TOKENS, own, BLOCKS, 0, at, GROUP_BYTES, sink, VECTOR, 0, 0)


def _timed(team: Team, call: Call, rounds: int) -> float:
    """Seconds of the fastest of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begun = perf_counter()
        call.run(team)
        best = min(best, perf_counter() - begun)
    return best


def memory_bandwidth(threads: int, rounds: int = 4) -> float:
    """Bytes per second that `threads` threads read together, the best of some rounds."""
    data = np.zeros(READ_BYTES // 4 + 2048, np.float32)
    data[:] = 1.0
    sink = np.zeros((threads + 1) * 16, np.float32)
    team = Team(threads)
    operands = RateOperands(
        data=data.ctypes.data,
        pieces=READ_BYTES // PIECE,
        piece_bytes=PIECE,
        sink=sink.ctypes.data,
    )
    seconds = _timed(team, Call(read_memory, operands), rounds)
    team.close()
    return READ_BYTES / seconds


class ReadBench:
    """How fast any number of a team's threads reads memory, which was written to before."""

    def __init__(self, team: Team, address: int, n_bytes: int) -> None:
        # The last piece is left out: reading looks some lines ahead.
        self._team, self._pieces = team, max(n_bytes // PIECE - 1, 1)
        self._sink = np.zeros((team.size + 1) * 16, np.float32)
        operands = RateOperands(
            data=address,
            pieces=self._pieces,
            piece_bytes=PIECE,
            sink=self._sink.ctypes.data,
        )
        self._call = Call(read_memory, operands)

    def rate(self, threads: int) -> float:
        """Bytes per second of one reading."""
        self._team.active = threads
        seconds = _timed(self._team, self._call, 1)
        self._team.active = self._team.size
        return self._pieces * PIECE / seconds


@template("KIND", "STEPS", "STEP")
def _multiply_floats(row: Address, batch: Address, thread: int) -> None:
    """A float tile at its best; KIND, STEPS and STEP are filled in below."""
    n = load_i64(row + AT.pieces)
    own = load_i64(row + AT.data) + thread * load_i64(row + AT.piece_bytes)
    while atomic_add(load_i64(row + COUNTER), 1) < n:
        for _ in range(0, TOKENS, FLOAT_TOKENS):
            x, out = own + FLOATS_AT, load_i64(row + AT.sink) + SINK_BYTES * thread
            plain_tile(
                KIND,  # noqa: F821
                FLOAT_TOKENS,
                own,
                STEPS,  # noqa: F821
                STEP,  # noqa: F821
                x,
                FLOATS_ROW,
                out,
                VECTOR,
                0,
                0,
            )


def _floats(name: str, kind: int, columns: int) -> Kernel:
    """With so many columns at a step; half floats, so that the panel stays in the cache."""
    filled = {"KIND": kind, "STEPS": COLUMNS // columns, "STEP": 2 * ROWS * columns}
    return from_template(_multiply_floats, name, __name__, RateOperands, **filled)


multiply_floats_in_cache = _floats("multiply_floats_in_cache", F16_WEIGHTS, 1)
multiply_pairs_in_cache = _floats("multiply_pairs_in_cache", BF16_PAIRS, 2)
TILES = {
    "bytes": multiply_in_cache,
    "floats": multiply_floats_in_cache,
    "pairs": multiply_pairs_in_cache,
}


def product_rate(threads: int, rounds: int = 4, *, tile: str = "bytes") -> float:
    """Multiply-adds per second of one of TILES with all its data in the cache."""
    pieces = 16 * threads
    each = PANEL_BYTES + TOKENS // GROUP * GROUP_BYTES + LINES_AHEAD
    tokens = TOKENS
    if tile != "bytes":
        tokens = len(range(0, TOKENS, FLOAT_TOKENS)) * FLOAT_TOKENS
    data, sink = np.zeros(each * threads + 64, np.uint8), np.zeros((threads + 1) * 256, np.float32)
    start = (data.ctypes.data + 63) // 64 * 64
    operands = RateOperands(data=start, pieces=pieces, piece_bytes=each, sink=sink.ctypes.data)
    with closing(Team(threads)) as team:
        seconds = _timed(team, Call(TILES[tile], operands), rounds)
    return pieces * tokens * COLUMNS * ROWS / seconds
