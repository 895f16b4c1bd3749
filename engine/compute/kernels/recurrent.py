"""What remembers by a block of fixed size: short convolutions and the gated delta rule.

A part of a pass (neighbouring tokens of one sequence) is worked through in order; parts, heads and
columns are apart from each other. The old state is read where it lies and the new one written
elsewhere, so that the old one can be gone back to. PARTS of the batch says for each part:

    word     0            1       2                    3
             first token  tokens  address, old states  address, new states

    state of a convolution   [taps - 1][whole vectors of the row]   the rows before the part
    state of a delta rule    [head][key][value]

Sums are taken in the order of the tokens, whatever a pass begins or ends with.
"""

from dataclasses import dataclass

import numpy as np

from engine.compute.kernels.abi import COUNTER, N_PARTS, PART_BYTES, PARTS, Address, Operands
from engine.compute.kernels.jit import inline, kernel
from engine.compute.simd.memory import atomic_add, load_f32, load_i64
from engine.compute.simd.vectors import vexp, vfma, vload, vsplat, vstore, vtop


@dataclass(frozen=True, kw_only=True)
class ConvOperands(Operands):
    """Of conv_rows."""

    x: Address
    x_stride: int  # bytes
    out: Address
    out_stride: int
    vectors: int  # of 16 columns
    taps: int
    weight: int  # address of float32 [taps][whole vectors of the row]
    bias: int  # address of float32 [whole vectors of the row], or 0
    state: int  # its place among the states of a sequence, in bytes


@dataclass(frozen=True, kw_only=True)
class RuleOperands(Operands):
    """Of delta_rows."""

    q: Address
    q_stride: int  # bytes
    k: Address
    k_stride: int
    v: Address
    v_stride: int
    decay: Address  # float32 [n_tokens, heads], as is beta
    decay_stride: int
    beta: Address
    beta_stride: int
    out: Address
    out_stride: int
    heads: int
    group: int  # heads that share a query and key head
    key: int
    value: int
    state: int  # its place among the states of a sequence, in bytes


CONV, RULE = ConvOperands.offsets(), RuleOperands.offsets()
FIRST, COUNT, BEFORE, AFTER = 0, 8, 16, 24  # words of a part
WIDE = 4  # vectors of a head's values that are worked on at once
_ZERO = np.float32(0)


@inline
def taken(x, x_stride, state, row_bytes, before, i):
    """Address of row number i of the state's rows followed by those of x."""
    return state + i * row_bytes if i < before else x + (i - before) * x_stride


@kernel
def conv_rows(row, batch, thread):
    """Units of work are a part and one vector of columns."""
    vectors, taps = load_i64(row + CONV.vectors), load_i64(row + CONV.taps)
    row_bytes, before = 64 * vectors, taps - 1
    units = load_i64(batch + N_PARTS) * vectors
    x_stride, bias = load_i64(row + CONV.x_stride), load_i64(row + CONV.bias)
    while True:
        unit = atomic_add(load_i64(row + COUNTER), 1)
        if unit >= units:
            return
        part = load_i64(batch + PARTS) + unit // vectors * PART_BYTES
        at = unit % vectors * 64
        first, count = load_i64(part + FIRST), load_i64(part + COUNT)
        old = load_i64(part + BEFORE) + load_i64(row + CONV.state) + at
        new = load_i64(part + AFTER) + load_i64(row + CONV.state) + at
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
def step_one(old, new, row_bytes, key, k, q, v, out, decay, beta):
    """One token and one vector of a head's values: the state shrinks, is corrected, is read."""
    shrink, found = vsplat(decay), vsplat(_ZERO)
    for i in range(key):
        found = vfma(vload(old + i * row_bytes), vsplat(load_f32(k + 4 * i)), found)
    delta = (vload(v) - found * shrink) * vsplat(beta)
    total = vsplat(_ZERO)
    for i in range(key):
        kept = vfma(delta, vsplat(load_f32(k + 4 * i)), vload(old + i * row_bytes) * shrink)
        vstore(kept, new + i * row_bytes)
        total = vfma(kept, vsplat(load_f32(q + 4 * i)), total)
    vstore(total, out)


@inline
def step_four(old, new, row_bytes, key, k, q, v, out, decay, beta):
    """The same for WIDE vectors, so that their sums do not wait for each other."""
    shrink, zero = vsplat(decay), vsplat(_ZERO)
    f0, f1, f2, f3 = zero, zero, zero, zero
    for i in range(key):
        s, one = old + i * row_bytes, vsplat(load_f32(k + 4 * i))
        f0, f1 = vfma(vload(s), one, f0), vfma(vload(s + 64), one, f1)
        f2, f3 = vfma(vload(s + 128), one, f2), vfma(vload(s + 192), one, f3)
    factor = vsplat(beta)
    d0, d1 = (vload(v) - f0 * shrink) * factor, (vload(v + 64) - f1 * shrink) * factor
    d2, d3 = (vload(v + 128) - f2 * shrink) * factor, (vload(v + 192) - f3 * shrink) * factor
    t0, t1, t2, t3 = zero, zero, zero, zero
    for i in range(key):
        s, to = old + i * row_bytes, new + i * row_bytes
        one, asked = vsplat(load_f32(k + 4 * i)), vsplat(load_f32(q + 4 * i))
        s0, s1 = vfma(d0, one, vload(s) * shrink), vfma(d1, one, vload(s + 64) * shrink)
        s2, s3 = vfma(d2, one, vload(s + 128) * shrink), vfma(d3, one, vload(s + 192) * shrink)
        vstore(s0, to)
        vstore(s1, to + 64)
        vstore(s2, to + 128)
        vstore(s3, to + 192)
        t0, t1 = vfma(s0, asked, t0), vfma(s1, asked, t1)
        t2, t3 = vfma(s2, asked, t2), vfma(s3, asked, t3)
    vstore(t0, out)
    vstore(t1, out + 64)
    vstore(t2, out + 128)
    vstore(t3, out + 192)


@kernel
def delta_rows(row, batch, thread):
    """Units of work are a part, a head, and WIDE vectors of its values (one, where their number is
    no multiple of that)."""
    heads, key, value = (
        load_i64(row + RULE.heads),
        load_i64(row + RULE.key),
        load_i64(row + RULE.value),
    )
    wide = WIDE if value % (16 * WIDE) == 0 else 1
    blocks = value // (16 * wide)
    units = load_i64(batch + N_PARTS) * heads * blocks
    while True:
        unit = atomic_add(load_i64(row + COUNTER), 1)
        if unit >= units:
            return
        part = load_i64(batch + PARTS) + unit // (heads * blocks) * PART_BYTES
        head, at = unit // blocks % heads, unit % blocks * 64 * wide
        first, count = load_i64(part + FIRST), load_i64(part + COUNT)
        state = load_i64(row + RULE.state) + 4 * head * key * value + at
        old, new = load_i64(part + BEFORE) + state, load_i64(part + AFTER) + state
        shared = 4 * key * (head // load_i64(row + RULE.group))
        for token in range(first, first + count):
            q = load_i64(row + RULE.q) + token * load_i64(row + RULE.q_stride) + shared
            k = load_i64(row + RULE.k) + token * load_i64(row + RULE.k_stride) + shared
            own = 4 * head * value + at
            v = load_i64(row + RULE.v) + token * load_i64(row + RULE.v_stride) + own
            out = load_i64(row + RULE.out) + token * load_i64(row + RULE.out_stride) + own
            decays = load_i64(row + RULE.decay) + token * load_i64(row + RULE.decay_stride)
            betas = load_i64(row + RULE.beta) + token * load_i64(row + RULE.beta_stride)
            shrink = vtop(vexp(vsplat(load_f32(decays + 4 * head))))
            beta = load_f32(betas + 4 * head)
            if wide == 1:
                step_one(old, new, 4 * value, key, k, q, v, out, shrink, beta)
            else:
                step_four(old, new, 4 * value, key, k, q, v, out, shrink, beta)
            old = new
