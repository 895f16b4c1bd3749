"""The one signature of all kernels, void (row, batch, thread), and where their operands lie.

`row` and `batch` are addresses of int64 tables. A row is one step of a program: which kernel, which
buffers. The batch is what changes from pass to pass: how many tokens, where their caches are.
"""

WORD = 8

# --- row: what the driver reads ------------------------------------------------------------------
ROW_WORDS = 32
ROW_BYTES = ROW_WORDS * WORD
KERNEL = 0  # address of the kernel
BARRIER = WORD  # not 0: wait for all threads before this row
COUNTER = 2 * WORD  # address of this row's work counter (an int64 in a cache line of its own)
COUNT = 3 * WORD  # which count of the batch tells the number of tokens: N_TOKENS or N_WANTED
OPERANDS = 4  # index of the first word that belongs to the kernel

# --- batch ---------------------------------------------------------------------------------------
BATCH_WORDS = 16
N_TOKENS = 0  # tokens in this pass
N_WANTED = WORD  # of which so many need logits
POSITIONS = 2 * WORD  # address of int64 [n_tokens]: the token's position in its sequence
CACHES = 3 * WORD  # address of int64 [n_tokens]: base address of the token's sequence cache
WANTED = 4 * WORD  # address of int64 [n_wanted]: rows whose logits are wanted
N_THREADS = 5 * WORD
RUNS = 6 * WORD  # address of int64 [n_runs, 2]: first token and count of neighbours in one sequence
N_RUNS = 7 * WORD
PARTS = 8 * WORD  # address of int64 [n_parts, 4]: first token, count, fixed states before and after
N_PARTS = 9 * WORD
PART_BYTES = 4 * WORD

COUNTER_BYTES = 64  # a cache line: two counters never share one


def operand(index: int) -> int:
    """Byte offset of a kernel's operand number `index` in its row."""
    return (OPERANDS + index) * WORD
