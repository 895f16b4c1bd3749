"""How weights lie in memory: panels of 16 rows, so that lane r of every vector is always row r.
What a type's panels hold is declared where they are packed (pack*.py).

A panel is a row of chunks: one block of 32 columns, or a superblock of 256 for the K types. A block
holds its quants first, then high bits, then scales; what a superblock shares lies before its
blocks. So a whole panel, and the next one after it, is read front to back, which is what the
memory prefetchers of a core are made for (one plane per kind of data, tried first for panels and
then for superblocks, halved the speed: each jump to another plane starts a new stream).

    Q4_0, a chunk for each 32 columns:      qs: 4 vectors of 64 bytes | d: 16 float16
    Q4_K, a chunk for each 256:  d | dmin | qs, 256 bytes | sc | mn | qs … (8 blocks)
                                 16 float16 each            a byte for each of the 16 rows

    a quad (64 bytes)    row 0: c0 c1 c2 c3 | row 1: c0 c1 c2 c3 | … | row 15
    a pair (32 bytes)    row 0: c0 c1 | row 1: c0 c1 | … | row 15

Quads: 64 bytes = 16 rows x 4 columns. Nibble vectors put quad g in the low and quad g + 4 in the
high half of vector g. Pairs: 32 bytes = 16 rows x 2 columns (CPUs without a byte dot product);
nibbles of pairs p and p + 8 lie together, rows in the order of slot().
"""

from collections import namedtuple
from dataclasses import dataclass, replace
from typing import Any

from engine.weights.types import TensorType

ROWS = 16
BLOCK = 32
MOST_ACTIVATION = 127
QUAD, PAIR = 64, 32  # bytes of 16 rows x 4, x 2 columns
IN_QUAD, IN_PAIR = 4, 2  # bytes of one row in them
FLOAT16 = 2  # bytes of one row in a vector of float16 or bfloat16 scales
SHARED = 4  # bytes per block of a float16 that eight blocks share


@dataclass(frozen=True)
class Layout:
    """Parts of one tensor type's chunks: (name, bytes per block of 32 columns) in order."""

    type: TensorType
    parts: tuple[tuple[str, int], ...]
    unit: int  # columns of a chunk; a row must be a multiple of it
    most: int = 0  # the largest quant, if the quants are unsigned bytes
    halves: bool = False  # a scale for each 16 columns instead of each 32
    activations: str = "q8"  # what the other factor must be: q8, q16 or f32
    levels: tuple[int, ...] = ()  # the sixteen whole numbers that four-bit codes stand for
    step: float = 1.0  # what a superblock's scale is multiplied with
    lifted: int = 0  # by how much quants without levels are larger than what they stand for

    @property
    def offset(self) -> float | None:
        """weight = (quant + offset) · factor; None for types with minimums, which have addends."""
        if any(name in ("m", "mn") for name, _ in self.parts):
            return None
        return float(min(self.levels)) if self.levels else float(-self.lifted)

    @property
    def overflows(self) -> bool:
        """Whether sums of two products of its bytes may be too large for 16 bits: CPUs that have no
        dot product of bytes need such a type in pairs."""
        return 2 * MOST_ACTIVATION * self.most > (1 << 15) - 1

    @property
    def chunk_blocks(self) -> int:
        return self.unit // BLOCK

    @property
    def bits(self) -> int:
        """Of one quant (without its high bits, where those lie apart)."""
        return dict(self.parts)["qs"] // 64

    @property
    def head(self) -> tuple[tuple[str, int], ...]:
        """Parts that all blocks of a superblock share: 32 bytes each, in front of the blocks."""
        return tuple(part for part in self.parts if part[1] == SHARED)

    @property
    def record(self) -> tuple[tuple[str, int], ...]:
        """Parts of one block: they lie side by side, so that memory is read front to back."""
        return tuple(part for part in self.parts if part[1] != SHARED)

    @property
    def record_bytes(self) -> int:
        """From one block to the next within a chunk."""
        return sum(size for _, size in self.record)

    @property
    def chunk_bytes(self) -> int:
        return 2 * ROWS * len(self.head) + self.record_bytes * self.chunk_blocks

    def panel_bytes(self, n_cols: int) -> int:
        """Bytes of one panel; panels start at multiples of 64."""
        return (self.chunk_bytes * (n_cols // self.unit) + 63) // 64 * 64

    def start(self, name: str) -> int:
        """Offset of the part `name` in a chunk; of a block's part, in the chunk's first block."""
        at = 0
        for known, size in (*self.head, *self.record):
            if known == name:
                return at
            at += 2 * ROWS if size == SHARED else size
        raise KeyError(name)

    @property
    def at(self) -> Any:
        """start() of all parts by their names, as compiled code can read it."""
        names = [name for name, _ in (*self.head, *self.record)]
        return namedtuple("Parts", names)(*map(self.start, names))

    def tensor_bytes(self, n_rows: int, n_cols: int) -> int:
        return (n_rows + ROWS - 1) // ROWS * self.panel_bytes(n_cols)


@dataclass(frozen=True)
class FloatLayout:
    """Float weights: for each column (or `unit` of them) the 16 rows' values side by side."""

    type: TensorType
    item: int  # bytes of one value
    unit: int = 1
    activations: str = "f32"

    @property
    def chunk_bytes(self) -> int:
        return ROWS * self.item * self.unit

    def panel_bytes(self, n_cols: int) -> int:
        return (self.chunk_bytes * (n_cols // self.unit) + 63) // 64 * 64

    def tensor_bytes(self, n_rows: int, n_cols: int) -> int:
        return (n_rows + ROWS - 1) // ROWS * self.panel_bytes(n_cols)


NIBBLES, HIGH1, HIGH2 = ("qs", 256), ("qh", 64), ("qh", 128)
D, M = ("d", 32), ("m", 32)
SHARED_D, SHARED_DMIN = ("d", SHARED), ("dmin", SHARED)


def coded(layout: Layout, levels: tuple[int, ...], step: float = 1.0) -> Layout:
    """Codes are looked up and lifted, so that none is negative, when they are unpacked."""
    return replace(layout, most=max(levels) - min(levels), levels=levels, step=step)


def sign_above_three_bits(*sizes: int) -> tuple[int, ...]:
    """Levels of codes that have a sign above three bits of magnitude."""
    eight = (*sizes, *[0] * (8 - len(sizes)))
    return (*eight, *(-x for x in eight))


def slot(row: int) -> int:
    """Where nibbles of pairs keep a row: the middle quarters change places."""
    return (row & 3) | ((row & 4) << 1) | ((row & 8) >> 1)


# What the packed types are unpacked to, in a scratch that stays in the cache, for many tokens.
WHOLE = (("qs", 512), ("sw", 64), ("mw", 64))
HALVES = (("qs", 512), ("sw", 128), ("mw", 128))


def scratch_bytes(n_cols: int) -> int:
    """Room for one unpacked panel of either kind."""
    return sum(size for _, size in HALVES) * (n_cols // BLOCK) + 64
