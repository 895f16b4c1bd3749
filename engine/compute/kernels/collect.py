"""The sum of squares of each column over the tokens of a pass, for importance matrices.

Invariant: a column is summed by one thread in the order of the tokens, so sums never vary.

    x       token 0: vector 0 | vector 1 | ...      a token: x_stride
    sums    vector 0 | vector 1 | ...      one thread's work is a vector, over all tokens

Behind a Dispatch x has rows of experts (experts.py shows the table), and sums, of each expert one
row as above, leave out what only fills up.
"""

import numpy as np

from engine.compute.kernels.abi import COUNT, COUNTER, WORD, Operands, Place, declared
from engine.compute.kernels.experts import ACTIVE, ENTRY, EXPERTS, FIRST, NUMBER, ROWS
from engine.compute.kernels.jit import inline, kernel
from engine.compute.simd.memory import Address, atomic_add, load_i64, store_i64
from engine.compute.simd.vectors import VECTOR, Vector, vfma, vload, vsplat, vstore


@declared
class SumOperands(Operands):
    """Of sum_squares."""

    x: Place
    x_stride: int  # bytes
    vectors: int  # of 16 columns
    sums: int  # address of float32 [16 · vectors]


@declared
class ExpertSumOperands(SumOperands):
    """Of sum_squares_by_expert."""

    table: Place
    experts: int
    rows: int  # address of int64 [experts]: of each, how many were summed


AT, BY_EXPERT = SumOperands.offsets(), ExpertSumOperands.offsets()
_ZERO = np.float32(0)


@inline
def sum_vector(x: Address, stride: int, n_tokens: int) -> Vector:
    total = vsplat(_ZERO)
    for token in range(n_tokens):
        value = vload(x + token * stride)
        total = vfma(value, value, total)
    return total


@kernel(SumOperands)
def sum_squares(row: Address, batch: Address, thread: int) -> None:
    """Replaces the sums of the last pass: whoever reads them adds them up in float64."""
    n_tokens, vectors = load_i64(batch + load_i64(row + COUNT)), load_i64(row + AT.vectors)
    while True:
        vector = atomic_add(load_i64(row + COUNTER), 1)
        if vector >= vectors:
            return
        total = sum_vector(
            load_i64(row + AT.x) + VECTOR * vector, load_i64(row + AT.x_stride), n_tokens
        )
        vstore(total, load_i64(row + AT.sums) + VECTOR * vector)


@kernel(ExpertSumOperands)
def sum_squares_by_expert(row: Address, batch: Address, thread: int) -> None:
    """As sum_squares, of each expert's rows; zero for those without any."""
    vectors, experts = load_i64(row + BY_EXPERT.vectors), load_i64(row + BY_EXPERT.experts)
    table, sums = load_i64(row + BY_EXPERT.table), load_i64(row + BY_EXPERT.sums)
    counts, stride = load_i64(row + BY_EXPERT.rows), load_i64(row + BY_EXPERT.x_stride)
    while True:
        vector = atomic_add(load_i64(row + COUNTER), 1)
        if vector >= vectors:
            return
        for e in range(experts):
            vstore(vsplat(_ZERO), sums + VECTOR * (e * vectors + vector))
            if vector == 0:
                store_i64(counts + WORD * e, 0)
        for i in range(load_i64(table + ACTIVE)):
            entry = table + EXPERTS + ENTRY * i
            e, n_rows = load_i64(entry + NUMBER), load_i64(entry + ROWS)
            x = load_i64(row + BY_EXPERT.x) + load_i64(entry + FIRST) * stride + VECTOR * vector
            vstore(sum_vector(x, stride, n_rows), sums + VECTOR * (e * vectors + vector))
            if vector == 0:
                store_i64(counts + WORD * e, n_rows)
