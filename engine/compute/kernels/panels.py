"""How weights lie in memory: panels of 16 rows, cut into planes, so that lane r is always row r.

A plane holds one kind of data for all blocks (32 columns) of the panel, block after block: the
quants first (64-byte aligned), then high bits, then scales. No lane ever needs its neighbour.

Quads: 64 bytes = 16 rows x 4 columns. Nibble planes put quad g in the low and quad g + 4 in the
high half of vector g. Pairs: 32 bytes = 16 rows x 2 columns (CPUs without a byte dot product).
"""

from dataclasses import dataclass

from engine.weights.types import TensorType

ROWS = 16
BLOCK = 32


@dataclass(frozen=True)
class Layout:
    """Planes of one tensor type: (name, bytes per block of 32 columns) in order."""

    type: TensorType
    planes: tuple[tuple[str, int], ...]
    unit: int  # columns must be a multiple of this
    most: int = 0  # the largest quant, if the quants are unsigned bytes
    halves: bool = False  # a scale for each 16 columns instead of each 32
    low: bool = True  # a minimum (or offset) has to be added
    activations: str = "q8"  # what the other factor must be: q8, q16 or f32

    @property
    def block_bytes(self) -> int:
        return sum(size for _, size in self.planes)

    def panel_bytes(self, n_cols: int) -> int:
        """Bytes of one panel; panels start at multiples of 64."""
        return (self.block_bytes * (n_cols // BLOCK) + 63) // 64 * 64

    def plane(self, name: str) -> int:
        """Bytes per block before the plane `name`: its start is this times the block count."""
        start = 0
        for known, size in self.planes:
            if known == name:
                return start
            start += size
        raise KeyError(name)

    def tensor_bytes(self, n_rows: int, n_cols: int) -> int:
        return (n_rows + ROWS - 1) // ROWS * self.panel_bytes(n_cols)


@dataclass(frozen=True)
class FloatLayout:
    """Float weights: for each column the 16 rows' values side by side."""

    type: TensorType
    item: int  # bytes of one value
    unit: int = 1
    activations: str = "f32"

    def panel_bytes(self, n_cols: int) -> int:
        return (ROWS * self.item * n_cols + 63) // 64 * 64

    def tensor_bytes(self, n_rows: int, n_cols: int) -> int:
        return (n_rows + ROWS - 1) // ROWS * self.panel_bytes(n_cols)


_NIBBLES, _HIGH1, _HIGH2 = ("qs", 256), ("qh", 64), ("qh", 128)
_K_SCALES = (("sc", 16), ("mn", 16), ("d", 4), ("dmin", 4))  # d: 32 bytes per 8 blocks

Q4_0 = Layout(TensorType.Q4_0, (_NIBBLES, ("d", 32)), 32, most=15)
Q4_1 = Layout(TensorType.Q4_1, (_NIBBLES, ("d", 32), ("m", 32)), 32, most=15)
Q5_0 = Layout(TensorType.Q5_0, (_NIBBLES, _HIGH1, ("d", 32)), 32, most=31)
Q5_1 = Layout(TensorType.Q5_1, (_NIBBLES, _HIGH1, ("d", 32), ("m", 32)), 32, most=31)
Q4_K = Layout(TensorType.Q4_K, (_NIBBLES, *_K_SCALES), 256, most=15)
Q5_K = Layout(TensorType.Q5_K, (_NIBBLES, _HIGH1, *_K_SCALES), 256, most=31)
Q6_K = Layout(TensorType.Q6_K, (_NIBBLES, _HIGH2, ("sc", 32), ("d", 4)), 256, most=63, halves=True)
Q8_0 = Layout(TensorType.Q8_0, (("qs", 512), ("d", 32)), 32, most=255)
Q8_0_PAIRS = Layout(TensorType.Q8_0, (("qs", 512), ("d", 32)), 32, low=False, activations="q16")
F32 = FloatLayout(TensorType.F32, 4)
F16 = FloatLayout(TensorType.F16, 2)
BF16 = FloatLayout(TensorType.BF16, 2)

# What the packed types are unpacked to, in a scratch that stays in the cache, for many tokens.
WHOLE = (("qs", 512), ("sw", 64), ("mw", 64))
HALVES = (("qs", 512), ("sw", 128), ("mw", 128))


def scratch_bytes(n_cols: int) -> int:
    """Room for one unpacked panel of either kind."""
    return sum(size for _, size in HALVES) * (n_cols // BLOCK) + 64
