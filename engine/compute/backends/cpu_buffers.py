"""Workspace of the cpu backend: buffers that know when they are alive, laid over one another.

Time is counted in phases (the stretches between two barriers): threads of one phase may be at any
of its rows, so two buffers may share memory only if their phases do not touch.
"""

from dataclasses import dataclass, field

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
