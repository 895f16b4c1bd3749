"""A program of the cpu backend as it is written: rows of (kernel, operands), buffers, barriers.

A barrier stands before a row only where it must: where the row touches what another row has
written since the last one, or writes what another has read.

The workspace is laid out once, when all rows are written. Time is counted in phases (the stretches
between two barriers): threads of one phase may be at any of its rows, so two buffers may share
memory only if their phases do not touch.

    phase          0      1      2      3
    h              [============]              first to last touch
    normed                [===]
    q, k, v               [======]
    gates                        [======]      may lie where `h` lay
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.compute.graph import ExpertLinear, HeadLinear, Linear, RopeSpec, TemperSpec
from engine.compute.kernels import abi
from engine.compute.kernels.activations import buffer_bytes, step_bytes
from engine.compute.kernels.jit import Kernel

Product = Linear | ExpertLinear | HeadLinear
LookedUpBy = Literal["token", "position", "segment"]
LINE = 64  # bytes
ALWAYS = 1 << 30  # a phase that no program reaches


@dataclass
class Buffer:
    """Some bytes of workspace; `offset` is known once all buffers are placed."""

    size: int
    row_bytes: int  # from token to token (q8, q16: from group to group)
    first: int = -1
    last: int = -1
    offset: int = -1
    name: str = field(default="")

    @property
    def base(self) -> "Buffer":
        return self

    def touch(self, phase: int) -> None:
        self.first = phase if self.first < 0 else self.first
        self.last = max(self.last, phase)


@dataclass(frozen=True)
class View:
    """Some columns of a buffer's rows: `start` bytes further on, the same step from row to row."""

    base: Buffer
    start: int

    @property
    def row_bytes(self) -> int:
        return self.base.row_bytes


Rows = Buffer | View
Operand = int | Buffer | View


@dataclass
class Row:
    """One step: its kernel, its operands, and whether all threads must meet before it."""

    kernel: Kernel
    operands: abi.Operands
    count: int = abi.N_TOKENS
    barrier: bool = True


@dataclass
class Plan:
    """A program whose buffers have no addresses yet."""

    rows: list[Row] = field(default_factory=list)
    buffers: list[Buffer] = field(default_factory=list)
    tables: list[tuple[str, Buffer, LookedUpBy]] = field(default_factory=list)
    # (embedding, where its rows go before a pass, what tells which rows)
    result: Buffer | None = None  # the logits; has memory of its own
    angles: dict[RopeSpec, Buffer] = field(default_factory=dict)
    tempers: dict[TemperSpec, Buffer] = field(default_factory=dict)
    keep: list[object] = field(default_factory=list)  # what operands point into
    sums: dict[int, NDArray[np.float32]] = field(default_factory=dict)
    # by value that a product reads: squares per column of the last pass, where they are collected;
    # [1, columns], or of each expert
    sum_rows: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    # of such values that have rows of experts: of each expert, how many rows the sum is of
    inputs: list[tuple[Product, int]] = field(default_factory=list)
    # the products, and which count of rows what they read has


class Program:
    """Takes rows in the order in which they run; `plan` is the result."""

    def __init__(self, max_tokens: int) -> None:
        self.plan = Plan()
        self.max_tokens = max_tokens
        self.count = abi.N_TOKENS  # which count of rows the next steps have, and
        self.most_rows = max_tokens  # how many those may be
        self._phase = 0
        self._dirty: set[object] = set()  # buffers and states written since the last barrier
        self._used: set[object] = set()  # and read

    def buffer(self, name: str, size: int, row_bytes: int) -> Buffer:
        # Kernels read whole vectors, also of a slice or a head that ends within one.
        buffer = Buffer(size + LINE, row_bytes, name=name)
        self.plan.buffers.append(buffer)
        return buffer

    def shared(self, name: str, size: int, row_bytes: int = 0) -> Buffer:
        """Scratch that belongs to no value: alive all the time."""
        buffer = self.buffer(name, size, row_bytes)
        buffer.first, buffer.last = 0, ALWAYS
        return buffer

    def rows(self, width: int, name: str = "") -> Buffer:
        """Room for float32 rows, one for each token."""
        size = buffer_bytes("f32", width, self.most_rows)
        return self.buffer(name, size, step_bytes("f32", width))

    def filled_before(self, buffer: Buffer) -> None:
        """What the backend itself writes into `buffer` before a pass begins is there for all."""
        buffer.touch(0)
        self._dirty.add(id(buffer))

    def emit(
        self,
        kernel: Kernel,
        operands: abi.Operands,
        reads: Sequence[Rows],
        writes: Sequence[Rows],
        *,
        keeps: int | None = None,
        looks: int | None = None,
        counts: bool = False,
    ) -> None:
        """Add a row, and a barrier before it where one is due. keeps, looks: where the state begins
        that it adds to, or looks at; counts: it says how many rows of experts there are. TypeError
        where the operands are another kernel's."""
        kernel.check(operands)
        read: set[object] = {id(b.base) for b in reads}
        written: set[object] = {id(b.base) for b in writes}
        # A state is no buffer: a name of its own that no address has.
        read |= set() if looks is None else {("state", looks)}
        written |= set() if keeps is None else {("state", keeps)}
        read |= {"slots"} if self.count == abi.N_SLOTS else set()
        written |= {"slots"} if counts else set()
        barrier = bool(read & self._dirty or written & (self._dirty | self._used))
        if barrier:
            self._phase += 1
            self._dirty, self._used = set(), set()
        self._dirty |= written
        self._used |= read
        for rows in (*reads, *writes):
            rows.base.touch(self._phase)
        self.plan.rows.append(Row(kernel, operands, self.count, barrier))


def place(buffers: list[Buffer]) -> int:
    """Give every buffer an offset; returns the bytes needed. First fit, largest first."""
    alive: dict[int, list[Buffer]] = {}  # placed already, by phase
    phases = 1 + max((b.last for b in buffers if b.last < ALWAYS), default=0)
    end = 0
    for buffer in sorted(buffers, key=lambda b: -b.size):
        size = (buffer.size + 63) // 64 * 64
        own = range(buffer.first, min(buffer.last, phases) + 1)
        rivals = {id(b): b for phase in own for b in alive.get(phase, ())}
        offset = 0
        for rival in sorted(rivals.values(), key=lambda b: b.offset):
            if offset + size <= rival.offset:
                break
            offset = max(offset, rival.offset + (rival.size + 63) // 64 * 64)
        buffer.offset = offset
        for phase in own:
            alive.setdefault(phase, []).append(buffer)
        end = max(end, offset + size)
    return end
