"""How weights lie in memory: panels of 16 rows, so that lane r of every vector is always row r.

A panel is a row of chunks: one block of 32 columns, or a superblock of 256 for the K types. A block
holds its quants first, then high bits, then scales; what a superblock shares lies before its
blocks. So a whole panel, and the next one after it, is read front to back, which is what the
memory prefetchers of a core are made for (one plane per kind of data, tried first for panels and
then for superblocks, halved the speed: each jump to another plane starts a new stream).

Quads: 64 bytes = 16 rows x 4 columns. Nibble vectors put quad g in the low and quad g + 4 in the
high half of vector g. Pairs: 32 bytes = 16 rows x 2 columns (CPUs without a byte dot product);
nibbles of pairs p and p + 8 lie together, rows in the order of slot().
"""

from dataclasses import dataclass, replace

from engine.weights.types import TensorType

ROWS = 16
BLOCK = 32
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


_NIBBLES, _HIGH1, _HIGH2 = ("qs", 256), ("qh", 64), ("qh", 128)
_K_SCALES = (("sc", 16), ("mn", 16), ("d", 4), ("dmin", 4))  # d: 32 bytes per 8 blocks

Q4_0 = Layout(TensorType.Q4_0, (_NIBBLES, ("d", 32)), 32, most=15)
Q4_1 = Layout(TensorType.Q4_1, (_NIBBLES, ("d", 32), ("m", 32)), 32, most=15)
Q5_0 = Layout(TensorType.Q5_0, (_NIBBLES, _HIGH1, ("d", 32)), 32, most=31)
Q5_1 = Layout(TensorType.Q5_1, (_NIBBLES, _HIGH1, ("d", 32), ("m", 32)), 32, most=31)
Q2_K = Layout(
    TensorType.Q2_K,
    (_NIBBLES, ("sc", 32), ("mn", 32), ("d", 4), ("dmin", 4)),
    256,
    most=3,
    halves=True,
)
Q3_K = Layout(TensorType.Q3_K, (_NIBBLES, ("sc", 32), ("d", 4)), 256, most=7, halves=True)
Q4_K = Layout(TensorType.Q4_K, (_NIBBLES, *_K_SCALES), 256, most=15)
Q5_K = Layout(TensorType.Q5_K, (_NIBBLES, _HIGH1, *_K_SCALES), 256, most=31)
Q6_K = Layout(TensorType.Q6_K, (_NIBBLES, _HIGH2, ("sc", 32), ("d", 4)), 256, most=63, halves=True)
Q8_0 = Layout(TensorType.Q8_0, (("qs", 512), ("d", 32)), 32, most=255)
Q8_0_PAIRS = Layout(TensorType.Q8_0, (("qs", 512), ("d", 32)), 32, activations="q16")
F32 = FloatLayout(TensorType.F32, 4)
F16 = FloatLayout(TensorType.F16, 2)
BF16 = FloatLayout(TensorType.BF16, 2)
BF16_PAIRS = FloatLayout(TensorType.BF16, 2, unit=2, activations="bf16")


def _signed(*sizes: int) -> tuple[int, ...]:
    """Levels of codes that have a sign above three bits of magnitude."""
    eight = (*sizes, *[0] * (8 - len(sizes)))
    return (*eight, *(-x for x in eight))


def _coded(layout: Layout, levels: tuple[int, ...], step: float = 1.0) -> Layout:
    """Codes are looked up and lifted, so that none is negative, when they are unpacked."""
    return replace(layout, most=max(levels) - min(levels), levels=levels, step=step)


# Their levels are whole bytes to a product: pairs where byte products would overflow.
_FOUR = (-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)
IQ4_NL = _coded(Layout(TensorType.IQ4_NL, (_NIBBLES, ("d", 32)), 32), _FOUR)
IQ4_XS = _coded(Layout(TensorType.IQ4_XS, (_NIBBLES, ("sc", 16), ("d", 4)), 256), _FOUR)
IQ4_NL_PAIRS, IQ4_XS_PAIRS = (replace(x, activations="q16") for x in (IQ4_NL, IQ4_XS))

# The low-bit types have two to sixteen levels, so two or four bits say which; a point of a grid is
# spelled out (two bits become four), scales become whole bytes. Nothing is rounded.
TQ2_0 = Layout(TensorType.TQ2_0, (("qs", 128), ("d", 4)), 256, most=3)
Q2_0 = Layout(TensorType.Q2_0, (("qs", 128), ("d", 32)), 32, most=3)
_GRID = Layout(TensorType.IQ1_S, (_NIBBLES, ("sc", 32), ("d", 4)), 256, halves=True)
# Points of -1, 0, 1 in eighths, shifted up by an eighth or, in the upper eight codes, down.
IQ1 = _coded(_GRID, (-7, 1, 9, 0, 0, 0, 0, 0, -9, -1, 7, 0, 0, 0, 0, 0), 0.125)
IQ2 = _coded(replace(_GRID, type=TensorType.IQ2_XXS), _signed(8, 25, 43), 0.125)
IQ3_XXS = _coded(
    replace(_GRID, type=TensorType.IQ3_XXS), _signed(4, 12, 20, 28, 36, 44, 52, 62), 0.25
)
IQ3_S = _coded(replace(_GRID, type=TensorType.IQ3_S), _signed(1, 3, 5, 7, 9, 11, 13, 15))
# Four-bit floats, doubled; their scales, halved, are bfloat16 without rounding.
_FLOAT4 = _signed(0, 1, 2, 3, 4, 6, 8, 12)
MXFP4 = _coded(Layout(TensorType.MXFP4, (_NIBBLES, ("b", 32)), 32), _FLOAT4)
NVFP4 = _coded(Layout(TensorType.NVFP4, (_NIBBLES, ("b", 64)), 32, halves=True), _FLOAT4)


def slot(row: int) -> int:
    """Where nibbles of pairs keep a row: the middle quarters change places."""
    return (row & 3) | ((row & 4) << 1) | ((row & 8) >> 1)


# What the packed types are unpacked to, in a scratch that stays in the cache, for many tokens.
WHOLE = (("qs", 512), ("sw", 64), ("mw", 64))
HALVES = (("qs", 512), ("sw", 128), ("mw", 128))


def scratch_bytes(n_cols: int) -> int:
    """Room for one unpacked panel of either kind."""
    return sum(size for _, size in HALVES) * (n_cols // BLOCK) + 64
