"""How activations lie in memory, for each form that weights ask for.

The integer forms keep four neighbouring tokens together, block of 32 columns by block, so that a
tile needs one pointer and constant offsets (registers for addresses are as scarce as for sums). A
block of a group, with the offsets of its parts in bytes:

    q8      0: int8 [4][32] | 128: scale [4] | 144: sum [4] | 160: halves [4][2]
    q8f     0: int8 [4][32] | 128: unused    | 144: sum [4] | 160: halves [4][2]
            192: scale of each 16 columns [4][2], for rows with outliers
    q16     0: int16 [4][32] | 256: scale [4] | 272: sum [4] | 288: halves [4][2]
    q8x2    0: upper, int8 [4][32] | 128: lower, the same | then as q16; q = 256 · upper + lower

    sum     scale · Σ of a token's 32 quants; halves: of each 16 of them; all these are float32
Sums are kept times SUMS, so that those of the most common weights need no factor.
f32 and bf16 are plain rows, padded so that neighbours never lie a power of two apart (they would
share cache sets).
"""

COLUMNS = 32  # of a block
GROUP = 4  # tokens that lie together in the integer forms
BLOCK_BYTES = {"q8": 192, "q8f": 224, "q16": 320, "q8x2": 320}  # of one block of one group
Q8_BYTES, Q8F_BYTES, Q16_BYTES, Q8X2_BYTES = BLOCK_BYTES.values()
SUMS = -128.0  # what Q8_0, as unsigned bytes, must be lowered by
Q8F_SCALES = 192
Q8_SCALE, Q8_SUM, Q8_HALVES = 128, 144, 160
Q16_SCALE, Q16_SUM, Q16_HALVES = 256, 272, 288
Q8_MOST = 127.0
Q8X2_LOW = 128  # where the low bytes begin; what follows them lies as in q16
Q8X2_MOST = 127 * 256 + 127.0
Q16_MOST = 4095.0  # 127 · 4095 · 32 stays below 2^24: the sum of a block is exact in float32


def row_floats(n_cols: int) -> int:
    """Floats from one row of an f32 buffer to the next: whole vectors, an odd number of them."""
    vectors = (n_cols + 15) // 16
    return 16 * (vectors + 1 - vectors % 2)


def bfloat_row_bytes(n_cols: int) -> int:
    """Bytes from one row of a bf16 buffer to the next: whole cache lines, an odd number of them."""
    lines = (n_cols + 31) // 32
    return 64 * (lines + 1 - lines % 2)


def step_bytes(form: str, n_cols: int) -> int:
    """Bytes from one group of four tokens to the next, or from row to row where rows are plain."""
    if form == "f32":
        return 4 * row_floats(n_cols)
    return bfloat_row_bytes(n_cols) if form == "bf16" else n_cols // 32 * BLOCK_BYTES[form]


def whole_tiles(n_tokens: int) -> int:
    """Rows that products of n_tokens may write: rounded up to the widest tile, two groups."""
    return (n_tokens + 2 * GROUP - 1) // (2 * GROUP) * (2 * GROUP)


def buffer_bytes(form: str, n_cols: int, n_tokens: int) -> int:
    """Room for n_tokens, rounded up to whole tiles."""
    rows = whole_tiles(n_tokens) // (1 if form in ("f32", "bf16") else GROUP)
    return rows * step_bytes(form, n_cols)
