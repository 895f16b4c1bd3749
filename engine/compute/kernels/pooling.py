"""A text's tokens become one row: their mean, or the first of them."""

import numpy as np

from engine.compute.kernels.abi import (
    COUNT,
    COUNTER,
    ENTRIES,
    ENTRY,
    ENTRY_BYTES,
    N_ENTRIES,
    WANTED,
    WORD,
    Place,
    declared,
)
from engine.compute.kernels.jit import inline, kernel
from engine.compute.kernels.rows import Outputs, finish_block, finish_vector
from engine.compute.simd.memory import Address, atomic_add, load_i64
from engine.compute.simd.vectors import VECTOR, Vector, vload, vsplat


@declared
class PoolOperands(Outputs):
    """Of pool_rows: float32 rows of all tokens in, a row for each wanted token out."""

    x: Place
    x_stride: int  # bytes
    vectors: int  # of 16 columns
    first: int  # not 0: the first token alone


AT = PoolOperands.offsets()
_ZERO, _ONE = np.float32(0), np.float32(1)


@inline
def entry_of(batch: Address, token: int) -> Address:
    """The entry of the pass that has this token."""
    entry = load_i64(batch + ENTRIES)
    for _ in range(load_i64(batch + N_ENTRIES)):
        first = load_i64(entry + ENTRY.first)
        if first <= token < first + load_i64(entry + ENTRY.count):
            return entry
        entry += ENTRY_BYTES
    return load_i64(batch + ENTRIES)


@inline
def mean_of(x: Address, stride: int, count: int, share: float) -> Vector:
    """Of one vector of columns over `count` rows; share: 1 / count."""
    total = vsplat(_ZERO)
    for i in range(count):
        total = total + vload(x + i * stride)
    return total * vsplat(share)


@kernel(PoolOperands)
def pool_rows(row: Address, batch: Address, thread: int) -> None:
    n_wanted, vectors = load_i64(batch + load_i64(row + COUNT)), load_i64(row + AT.vectors)
    stride = load_i64(row + AT.x_stride)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_wanted:
            return
        entry = entry_of(batch, load_i64(load_i64(batch + WANTED) + WORD * token))
        count = 1 if load_i64(row + AT.first) != 0 else load_i64(entry + ENTRY.count)
        x = load_i64(row + AT.x) + load_i64(entry + ENTRY.first) * stride
        share = _ONE / np.float32(count)
        for block in range(vectors >> 1):
            at = x + 2 * VECTOR * block
            low, high = (
                mean_of(at, stride, count, share),
                mean_of(at + VECTOR, stride, count, share),
            )
            finish_block(row, token, block, low, high)
        if vectors & 1:
            last = mean_of(x + VECTOR * (vectors - 1), stride, count, share)
            finish_vector(row, token, vectors - 1, last)
