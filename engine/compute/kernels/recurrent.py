"""What remembers by a block of fixed size: short convolutions and the gated delta rule.

An entry of a pass (neighbouring tokens of one sequence) is worked through in order; entries, heads
and columns are apart from each other. The old state is read where it lies and the new one written
elsewhere, so that the old one can be gone back to. `abi.Entry` says where both begin.

    state of a convolution   [taps - 1][whole vectors of the row]   the rows before the entry
    state of a delta rule    [head][key][value]

Sums are taken in the order of the tokens, whatever a pass begins or ends with.
"""

import numpy as np

from engine.compute.kernels.abi import (
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
from engine.compute.simd.memory import FLOAT, Address, atomic_add, load_f32, load_i64
from engine.compute.simd.vectors import LANES, VECTOR, vexp, vfma, vload, vsplat, vstore, vtop


@declared
class ConvOperands(Operands):
    """Of conv_rows."""

    x: Place
    x_stride: int  # bytes
    out: Place
    out_stride: int
    vectors: int  # of 16 columns
    taps: int
    weight: int  # address of float32 [taps][whole vectors of the row]
    bias: int  # address of float32 [whole vectors of the row], or 0
    state: int  # its place among the states of a sequence, in bytes


@declared
class RuleOperands(Operands):
    """Of delta_rows."""

    q: Place
    q_stride: int  # bytes
    k: Place
    k_stride: int
    v: Place
    v_stride: int
    decay: Place  # float32 [n_tokens, heads], as is beta
    decay_stride: int
    beta: Place
    beta_stride: int
    out: Place
    out_stride: int
    heads: int
    group: int  # heads that share a query and key head, where they are neighbours
    tiles: int  # query and key heads, where heads read them in turn; else 0
    key: int
    value: int
    state: int  # its place among the states of a sequence, in bytes


CONV, RULE = ConvOperands.offsets(), RuleOperands.offsets()
WIDE = 4  # vectors of a head's values that are worked on at once
SECOND, THIRD, FOURTH = VECTOR, 2 * VECTOR, 3 * VECTOR  # where they begin
_ZERO = np.float32(0)


@inline
def taken(
    x: Address, x_stride: int, state: Address, row_bytes: int, before: int, i: int
) -> Address:
    """Address of row number i of the state's rows followed by those of x."""
    return state + i * row_bytes if i < before else x + (i - before) * x_stride


@kernel(ConvOperands)
def conv_rows(row: Address, batch: Address, thread: int) -> None:
    """Units of work are an entry and one vector of columns."""
    vectors, taps = load_i64(row + CONV.vectors), load_i64(row + CONV.taps)
    row_bytes, before = VECTOR * vectors, taps - 1
    units = load_i64(batch + N_ENTRIES) * vectors
    x_stride, bias = load_i64(row + CONV.x_stride), load_i64(row + CONV.bias)
    while True:
        unit = atomic_add(load_i64(row + COUNTER), 1)
        if unit >= units:
            return
        entry = load_i64(batch + ENTRIES) + unit // vectors * ENTRY_BYTES
        at = unit % vectors * VECTOR
        first, count = load_i64(entry + ENTRY.first), load_i64(entry + ENTRY.count)
        old = load_i64(entry + ENTRY.before) + load_i64(row + CONV.state) + at
        new = load_i64(entry + ENTRY.after) + load_i64(row + CONV.state) + at
        x = load_i64(row + CONV.x) + first * x_stride + at
        out = load_i64(row + CONV.out) + first * load_i64(row + CONV.out_stride) + at
        weight = load_i64(row + CONV.weight) + at
        for t in range(count):
            total = vload(bias + at) if bias else vsplat(_ZERO)
            for j in range(taps):
                one = vload(taken(x, x_stride, old, row_bytes, before, t + j))
                total = vfma(one, vload(weight + j * row_bytes), total)
            vstore(total, out + t * load_i64(row + CONV.out_stride))
        for j in range(before):
            last = vload(taken(x, x_stride, old, row_bytes, before, count + j))
            vstore(last, new + j * row_bytes)


@inline
def step_one(
    old: Address,
    new: Address,
    row_bytes: int,
    key: int,
    k: Address,
    q: Address,
    v: Address,
    out: Address,
    decay: float,
    beta: float,
) -> None:
    """One token and one vector of a head's values: the state shrinks, is corrected, is read."""
    shrink, found = vsplat(decay), vsplat(_ZERO)
    for i in range(key):
        found = vfma(vload(old + i * row_bytes), vsplat(load_f32(k + FLOAT * i)), found)
    delta = (vload(v) - found * shrink) * vsplat(beta)
    total = vsplat(_ZERO)
    for i in range(key):
        kept = vfma(delta, vsplat(load_f32(k + FLOAT * i)), vload(old + i * row_bytes) * shrink)
        vstore(kept, new + i * row_bytes)
        total = vfma(kept, vsplat(load_f32(q + FLOAT * i)), total)
    vstore(total, out)


@inline
def step_four(
    old: Address,
    new: Address,
    row_bytes: int,
    key: int,
    k: Address,
    q: Address,
    v: Address,
    out: Address,
    decay: float,
    beta: float,
) -> None:
    """The same for WIDE vectors, so that their sums do not wait for each other."""
    shrink, zero = vsplat(decay), vsplat(_ZERO)
    f0, f1, f2, f3 = zero, zero, zero, zero
    for i in range(key):
        s, one = old + i * row_bytes, vsplat(load_f32(k + FLOAT * i))
        f0, f1 = vfma(vload(s), one, f0), vfma(vload(s + SECOND), one, f1)
        f2, f3 = vfma(vload(s + THIRD), one, f2), vfma(vload(s + FOURTH), one, f3)
    factor = vsplat(beta)
    d0, d1 = (vload(v) - f0 * shrink) * factor, (vload(v + SECOND) - f1 * shrink) * factor
    d2, d3 = (vload(v + THIRD) - f2 * shrink) * factor, (vload(v + FOURTH) - f3 * shrink) * factor
    t0, t1, t2, t3 = zero, zero, zero, zero
    for i in range(key):
        s, to = old + i * row_bytes, new + i * row_bytes
        one, asked = vsplat(load_f32(k + FLOAT * i)), vsplat(load_f32(q + FLOAT * i))
        s0, s1 = vfma(d0, one, vload(s) * shrink), vfma(d1, one, vload(s + SECOND) * shrink)
        s2, s3 = vfma(d2, one, vload(s + THIRD) * shrink), vfma(d3, one, vload(s + FOURTH) * shrink)
        vstore(s0, to)
        vstore(s1, to + SECOND)
        vstore(s2, to + THIRD)
        vstore(s3, to + FOURTH)
        t0, t1 = vfma(s0, asked, t0), vfma(s1, asked, t1)
        t2, t3 = vfma(s2, asked, t2), vfma(s3, asked, t3)
    vstore(t0, out)
    vstore(t1, out + SECOND)
    vstore(t2, out + THIRD)
    vstore(t3, out + FOURTH)


@kernel(RuleOperands)
def delta_rows(row: Address, batch: Address, thread: int) -> None:
    """Units of work are an entry, a head, and WIDE vectors of its values (one, where their number
    is no multiple of that)."""
    heads, key, value = (
        load_i64(row + RULE.heads),
        load_i64(row + RULE.key),
        load_i64(row + RULE.value),
    )
    wide = WIDE if value % (LANES * WIDE) == 0 else 1
    blocks = value // (LANES * wide)
    units = load_i64(batch + N_ENTRIES) * heads * blocks
    while True:
        unit = atomic_add(load_i64(row + COUNTER), 1)
        if unit >= units:
            return
        entry = load_i64(batch + ENTRIES) + unit // (heads * blocks) * ENTRY_BYTES
        head, at = unit // blocks % heads, unit % blocks * VECTOR * wide
        first, count = load_i64(entry + ENTRY.first), load_i64(entry + ENTRY.count)
        state = load_i64(row + RULE.state) + FLOAT * head * key * value + at
        old, new = load_i64(entry + ENTRY.before) + state, load_i64(entry + ENTRY.after) + state
        tiles = load_i64(row + RULE.tiles)
        shared = FLOAT * key * (head % tiles if tiles else head // load_i64(row + RULE.group))
        for token in range(first, first + count):
            q = load_i64(row + RULE.q) + token * load_i64(row + RULE.q_stride) + shared
            k = load_i64(row + RULE.k) + token * load_i64(row + RULE.k_stride) + shared
            own = FLOAT * head * value + at
            v = load_i64(row + RULE.v) + token * load_i64(row + RULE.v_stride) + own
            out = load_i64(row + RULE.out) + token * load_i64(row + RULE.out_stride) + own
            decays = load_i64(row + RULE.decay) + token * load_i64(row + RULE.decay_stride)
            betas = load_i64(row + RULE.beta) + token * load_i64(row + RULE.beta_stride)
            shrink = vtop(vexp(vsplat(load_f32(decays + FLOAT * head))))
            beta = load_f32(betas + FLOAT * head)
            if wide == 1:
                step_one(old, new, FLOAT * value, key, k, q, v, out, shrink, beta)
            else:
                step_four(old, new, FLOAT * value, key, k, q, v, out, shrink, beta)
            old = new
