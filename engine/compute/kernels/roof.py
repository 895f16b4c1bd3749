"""What the machine can do at best, measured: bytes read from memory, integer products in cache.

The figures are the roof lines that `chaski bench` and the hardware report hold speeds against.
"""

from contextlib import closing
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from engine.compute.kernels import panels
from engine.compute.kernels.abi import COUNTER, Operands
from engine.compute.kernels.activations import step_bytes
from engine.compute.kernels.calls import Call
from engine.compute.kernels.float_tiles import BF16_PAIRS, FLOAT_TOKENS, plain_tile
from engine.compute.kernels.jit import Kernel, from_template, kernel
from engine.compute.kernels.team import Team
from engine.compute.kernels.tiles import TILE_TOKENS, scratch_tile
from engine.compute.simd.memory import atomic_add, load_i64, prefetch
from engine.compute.simd.vectors import vload, vmax, vstore
from engine.weights.types import TensorType


@dataclass(frozen=True, kw_only=True)
class RateOperands(Operands):
    """Of all kernels here."""

    data: int  # address
    pieces: int  # how many
    piece_bytes: int
    sink: int  # address of what keeps the work alive


AT = RateOperands.offsets()
READ_BYTES, PIECE = 256 << 20, 1 << 18
TOKENS, COLUMNS = 64, 2048
GROUP_BYTES = step_bytes("q8", COLUMNS)


@kernel
def read_memory(row, batch, thread):
    """Reads pieces of memory as fast as they come; the maximum keeps the loads alive."""
    n, size = load_i64(row + AT.pieces), load_i64(row + AT.piece_bytes)
    top = vload(load_i64(row + AT.data))
    while True:
        piece = atomic_add(load_i64(row + COUNTER), 1)
        if piece >= n:
            break
        at = load_i64(row + AT.data) + piece * size
        for i in range(at, at + size, 256):
            prefetch(i + 4096)
            prefetch(i + 4160)
            prefetch(i + 4224)
            prefetch(i + 4288)
            low = vmax(vload(i), vload(i + 64))
            top = vmax(top, vmax(low, vmax(vload(i + 128), vload(i + 192))))
    vstore(top, load_i64(row + AT.sink) + 64 * thread)


@kernel
def multiply_in_cache(row, batch, thread):
    """One unpacked panel times the same tokens over and over: the matrix kernel at its best."""
    n = load_i64(row + AT.pieces)
    own = load_i64(row + AT.data) + thread * load_i64(row + AT.piece_bytes)
    x = own + 640 * (COLUMNS // 32)
    while atomic_add(load_i64(row + COUNTER), 1) < n:
        for t in range(0, TOKENS, TILE_TOKENS):
            at, out = x + (t >> 2) * GROUP_BYTES, load_i64(row + AT.sink) + 1024 * thread
            scratch_tile(2, 0, TILE_TOKENS, own, COLUMNS // 32, 0, at, GROUP_BYTES, out, 64, 0, 0)


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


def _multiply_floats(row, batch, thread):
    """A float tile at its best; KIND, STEPS and STEP are filled in below."""
    n = load_i64(row + AT.pieces)
    own = load_i64(row + AT.data) + thread * load_i64(row + AT.piece_bytes)
    while atomic_add(load_i64(row + COUNTER), 1) < n:
        for _ in range(0, TOKENS, FLOAT_TOKENS):
            x, out = own + 65536, load_i64(row + AT.sink) + 1024 * thread
            plain_tile(KIND, FLOAT_TOKENS, own, STEPS, STEP, x, 4224, out, 64, 0, 0)  # noqa: F821


def _floats(name: str, kind: int, columns: int) -> Kernel:
    """With so many columns at a step; half floats, so that the panel stays in the cache."""
    filled = {"KIND": kind, "STEPS": COLUMNS // columns, "STEP": 32 * columns}
    return from_template(_multiply_floats, name, __name__, **filled)


multiply_floats_in_cache = _floats("multiply_floats_in_cache", int(TensorType.F16), 1)
multiply_pairs_in_cache = _floats("multiply_pairs_in_cache", BF16_PAIRS, 2)
TILES = {
    "bytes": multiply_in_cache,
    "floats": multiply_floats_in_cache,
    "pairs": multiply_pairs_in_cache,
}


def product_rate(threads: int, rounds: int = 4, *, tile: str = "bytes") -> float:
    """Multiply-adds per second of one of TILES with all its data in the cache."""
    blocks, pieces = COLUMNS // 32, 16 * threads
    each = 640 * blocks + TOKENS // 4 * GROUP_BYTES + 4096
    tokens = TOKENS
    if tile != "bytes":
        tokens = len(range(0, TOKENS, FLOAT_TOKENS)) * FLOAT_TOKENS
    data, sink = np.zeros(each * threads + 64, np.uint8), np.zeros((threads + 1) * 256, np.float32)
    start = (data.ctypes.data + 63) // 64 * 64
    operands = RateOperands(data=start, pieces=pieces, piece_bytes=each, sink=sink.ctypes.data)
    with closing(Team(threads)) as team:
        seconds = _timed(team, Call(TILES[tile], operands), rounds)
    return pieces * tokens * COLUMNS * panels.ROWS / seconds
