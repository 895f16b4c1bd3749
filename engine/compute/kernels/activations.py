"""How activations lie in memory, for each form that weights ask for.

q8 and q16 keep four neighbouring tokens together, block of 32 columns by block, so that a tile
needs one pointer and constant offsets (registers for addresses are as scarce as for sums):
    q8  block: int8 [4, 32], float32 scale [4], scale·sum [4], the same per 16 columns [4, 2]
    q16 block: int16 [4, 32], float32 scale [4]
f32 is plain rows, padded so that neighbours never lie a power of two apart (they would share
cache sets).
"""

GROUP = 4  # tokens that lie together in q8 and q16
Q8_BYTES, Q16_BYTES = 192, 272  # of one block of one group
Q8_SCALE, Q8_SUM, Q8_HALVES, Q16_SCALE = 128, 144, 160, 256
Q8_MOST = 127.0
Q16_MOST = 4095.0  # 127 · 4095 · 32 stays below 2^24: the sum of a block is exact in float32


def row_floats(n_cols: int) -> int:
    """Floats from one row of an f32 buffer to the next: whole vectors, an odd number of them."""
    vectors = (n_cols + 15) // 16
    return 16 * (vectors + 1 - vectors % 2)


def group_bytes(form: str, n_cols: int) -> int:
    """Bytes from one group of four tokens to the next in a q8 or q16 buffer."""
    return n_cols // 32 * (Q8_BYTES if form == "q8" else Q16_BYTES)


def buffer_bytes(form: str, n_cols: int, n_tokens: int) -> int:
    """Room for n_tokens (rounded up to whole groups)."""
    groups = (n_tokens + GROUP - 1) // GROUP
    if form == "f32":
        return groups * GROUP * row_floats(n_cols) * 4
    return groups * group_bytes(form, n_cols)
