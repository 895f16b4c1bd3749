"""The token before, and rows between two others: what RWKV makes its inputs of.

An entry of a pass (neighbouring tokens of one sequence) begins with what the state kept;
`abi.Entry` says where that is, and where the new one goes.

    x, a, b, more    token 0: vector 0 | vector 1 | ...      the stride from token to token
    state            one row of whole vectors: the last of the entry before
"""

from engine.compute.kernels.abi import (
    COUNT,
    COUNTER,
    ENTRIES,
    ENTRY,
    ENTRY_BYTES,
    N_ENTRIES,
    Operands,
    Place,
    declared,
)
from engine.compute.kernels.jit import inline, kernel
from engine.compute.kernels.rows import Outputs, finish_block, finish_vector
from engine.compute.simd.memory import Address, atomic_add, load_i64
from engine.compute.simd.vectors import VECTOR, Vector, vfma, vload, vstore


@declared
class BeforeOperands(Operands):
    """Of before_rows."""

    x: Place
    x_stride: int  # bytes
    out: Place
    out_stride: int
    vectors: int  # of 16 columns
    state: int  # its place among the states of a sequence, in bytes


@declared
class LerpOperands(Outputs):
    """Of lerp_rows; one of `more` and `weight` may be 0."""

    a: Place
    a_stride: int  # bytes
    b: Place
    b_stride: int
    more: Place = 0
    more_stride: int = 0
    weight: int  # address of float32 [whole vectors of the row]
    vectors: int  # of 16 columns


BEFORE, LERP = BeforeOperands.offsets(), LerpOperands.offsets()


@kernel(BeforeOperands)
def before_rows(row: Address, batch: Address, thread: int) -> None:
    """Units of work are an entry and one vector of columns."""
    vectors = load_i64(row + BEFORE.vectors)
    units = load_i64(batch + N_ENTRIES) * vectors
    x_stride, out_stride = load_i64(row + BEFORE.x_stride), load_i64(row + BEFORE.out_stride)
    while True:
        unit = atomic_add(load_i64(row + COUNTER), 1)
        if unit >= units:
            return
        entry = load_i64(batch + ENTRIES) + unit // vectors * ENTRY_BYTES
        at = unit % vectors * VECTOR
        first, count = load_i64(entry + ENTRY.first), load_i64(entry + ENTRY.count)
        state = load_i64(row + BEFORE.state) + at
        x = load_i64(row + BEFORE.x) + first * x_stride + at
        out = load_i64(row + BEFORE.out) + first * out_stride + at
        last = vload(load_i64(entry + ENTRY.before) + state)
        for t in range(count):
            vstore(last, out + t * out_stride)
            last = vload(x + t * x_stride)
        vstore(last, load_i64(entry + ENTRY.after) + state)


@inline
def between(a: Address, b: Address, more: Address, weight: Address, at: int) -> Vector:
    """One vector of a row between two others."""
    low = vload(a + at)
    if more:
        share = vload(more + at)
        if weight:
            share = share + vload(weight + at)
    else:
        share = vload(weight + at)
    return vfma(vload(b + at) - low, share, low)


@kernel(LerpOperands)
def lerp_rows(row: Address, batch: Address, thread: int) -> None:
    n_tokens, vectors = load_i64(batch + load_i64(row + COUNT)), load_i64(row + LERP.vectors)
    weight, others = load_i64(row + LERP.weight), load_i64(row + LERP.more)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        a = load_i64(row + LERP.a) + token * load_i64(row + LERP.a_stride)
        b = load_i64(row + LERP.b) + token * load_i64(row + LERP.b_stride)
        more = others + token * load_i64(row + LERP.more_stride)
        for block in range(vectors >> 1):
            at = 2 * VECTOR * block
            low = between(a, b, more, weight, at)
            finish_block(row, token, block, low, between(a, b, more, weight, at + VECTOR))
        if vectors & 1:
            last = between(a, b, more, weight, VECTOR * (vectors - 1))
            finish_vector(row, token, vectors - 1, last)
