"""What RWKV remembers by: states in which each key fades at its own rate, and the bonus of the
token itself.

As in recurrent.py, an entry of a pass is worked through in order, from the old state to the new,
and heads and columns are apart from each other.

    state    [head][key][value]      a row of whole vectors for each key

Sums are taken over the keys in order, token by token, whatever a pass begins or ends with.
"""

import numpy as np

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
from engine.compute.kernels.jit import inline, kernel, literally
from engine.compute.simd.memory import FLOAT, Address, atomic_add, load_f32, load_i64
from engine.compute.simd.vectors import LANES, VECTOR, vfma, vload, vsplat, vstore, vsum


@declared
class WkvOperands(Operands):
    """Of wkv6_rows and wkv7_rows, of which the former has neither a nor b."""

    r: Place
    r_stride: int  # bytes
    w: Place
    w_stride: int
    k: Place
    k_stride: int
    v: Place
    v_stride: int
    a: Place = 0
    a_stride: int = 0
    b: Place = 0
    b_stride: int = 0
    out: Place
    out_stride: int
    heads: int
    key: int
    value: int
    state: int  # its place among the states of a sequence, in bytes


@declared
class BonusOperands(Operands):
    """Of bonus_rows."""

    a: Place
    a_stride: int  # bytes
    b: Place
    b_stride: int
    v: Place
    v_stride: int
    out: Place
    out_stride: int
    weight: int  # address of float32 [heads][vectors]
    heads: int
    vectors: int  # of 16 columns of a head


AT, BONUS = WkvOperands.offsets(), BonusOperands.offsets()
WIDE = 4  # vectors of a head's values that are worked on at once
SECOND, THIRD, FOURTH = VECTOR, 2 * VECTOR, 3 * VECTOR  # where they begin
_ZERO = np.float32(0)


@inline
def step_one(
    corrected: bool,
    old: Address,
    new: Address,
    row_bytes: int,
    key: int,
    r: Address,
    w: Address,
    k: Address,
    a: Address,
    b: Address,
    v: Address,
    out: Address,
) -> None:
    """One token and one vector of a head's values.

    corrected: what a finds is put back by b (WKV7), and r reads the new state, not the old one.
    """
    literally(corrected)
    found, total, value = vsplat(_ZERO), vsplat(_ZERO), vload(v)
    if corrected:
        for i in range(key):
            found = vfma(vload(old + i * row_bytes), vsplat(load_f32(a + FLOAT * i)), found)
    for i in range(key):
        at = FLOAT * i
        kept, asked = vload(old + i * row_bytes), vsplat(load_f32(r + at))
        if not corrected:
            total = vfma(kept, asked, total)
        kept = vfma(value, vsplat(load_f32(k + at)), kept * vsplat(load_f32(w + at)))
        if corrected:
            kept = vfma(found, vsplat(load_f32(b + at)), kept)
            total = vfma(kept, asked, total)
        vstore(kept, new + i * row_bytes)
    vstore(total, out)


@inline
def step_four(
    corrected: bool,
    old: Address,
    new: Address,
    row_bytes: int,
    key: int,
    r: Address,
    w: Address,
    k: Address,
    a: Address,
    b: Address,
    v: Address,
    out: Address,
) -> None:
    """The same for WIDE vectors, so that their sums do not wait for each other."""
    literally(corrected)
    zero = vsplat(_ZERO)
    f0, f1, f2, f3 = zero, zero, zero, zero
    if corrected:
        for i in range(key):
            s, one = old + i * row_bytes, vsplat(load_f32(a + FLOAT * i))
            f0, f1 = vfma(vload(s), one, f0), vfma(vload(s + SECOND), one, f1)
            f2, f3 = vfma(vload(s + THIRD), one, f2), vfma(vload(s + FOURTH), one, f3)
    v0, v1, v2, v3 = vload(v), vload(v + SECOND), vload(v + THIRD), vload(v + FOURTH)
    t0, t1, t2, t3 = zero, zero, zero, zero
    for i in range(key):
        at, s, to = FLOAT * i, old + i * row_bytes, new + i * row_bytes
        s0, s1, s2, s3 = vload(s), vload(s + SECOND), vload(s + THIRD), vload(s + FOURTH)
        asked, one = vsplat(load_f32(r + at)), vsplat(load_f32(k + at))
        shrink = vsplat(load_f32(w + at))
        if not corrected:
            t0, t1 = vfma(s0, asked, t0), vfma(s1, asked, t1)
            t2, t3 = vfma(s2, asked, t2), vfma(s3, asked, t3)
        s0, s1 = vfma(v0, one, s0 * shrink), vfma(v1, one, s1 * shrink)
        s2, s3 = vfma(v2, one, s2 * shrink), vfma(v3, one, s3 * shrink)
        if corrected:
            back = vsplat(load_f32(b + at))
            s0, s1 = vfma(f0, back, s0), vfma(f1, back, s1)
            s2, s3 = vfma(f2, back, s2), vfma(f3, back, s3)
            t0, t1 = vfma(s0, asked, t0), vfma(s1, asked, t1)
            t2, t3 = vfma(s2, asked, t2), vfma(s3, asked, t3)
        vstore(s0, to)
        vstore(s1, to + SECOND)
        vstore(s2, to + THIRD)
        vstore(s3, to + FOURTH)
    vstore(t0, out)
    vstore(t1, out + SECOND)
    vstore(t2, out + THIRD)
    vstore(t3, out + FOURTH)


@inline
def each_head(corrected: bool, row: Address, batch: Address) -> None:
    """Units of work are an entry, a head, and WIDE vectors of its values (one, where their number
    is no multiple of that)."""
    literally(corrected)
    heads, key, value = load_i64(row + AT.heads), load_i64(row + AT.key), load_i64(row + AT.value)
    wide = WIDE if value % (LANES * WIDE) == 0 else 1
    blocks, row_bytes = value // (LANES * wide), FLOAT * value
    units = load_i64(batch + N_ENTRIES) * heads * blocks
    while True:
        unit = atomic_add(load_i64(row + COUNTER), 1)
        if unit >= units:
            return
        entry = load_i64(batch + ENTRIES) + unit // (heads * blocks) * ENTRY_BYTES
        head, at = unit // blocks % heads, unit % blocks * VECTOR * wide
        first, count = load_i64(entry + ENTRY.first), load_i64(entry + ENTRY.count)
        state = load_i64(row + AT.state) + head * key * row_bytes + at
        old, new = load_i64(entry + ENTRY.before) + state, load_i64(entry + ENTRY.after) + state
        keys, values = FLOAT * head * key, head * row_bytes + at
        for token in range(first, first + count):
            r = load_i64(row + AT.r) + token * load_i64(row + AT.r_stride) + keys
            w = load_i64(row + AT.w) + token * load_i64(row + AT.w_stride) + keys
            k = load_i64(row + AT.k) + token * load_i64(row + AT.k_stride) + keys
            a = load_i64(row + AT.a) + token * load_i64(row + AT.a_stride) + keys
            b = load_i64(row + AT.b) + token * load_i64(row + AT.b_stride) + keys
            v = load_i64(row + AT.v) + token * load_i64(row + AT.v_stride) + values
            out = load_i64(row + AT.out) + token * load_i64(row + AT.out_stride) + values
            if wide == 1:
                step_one(corrected, old, new, row_bytes, key, r, w, k, a, b, v, out)
            else:
                step_four(corrected, old, new, row_bytes, key, r, w, k, a, b, v, out)
            old = new


@kernel(WkvOperands)
def wkv6_rows(row: Address, batch: Address, thread: int) -> None:
    each_head(False, row, batch)


@kernel(WkvOperands)
def wkv7_rows(row: Address, batch: Address, thread: int) -> None:
    each_head(True, row, batch)


@kernel(BonusOperands)
def bonus_rows(row: Address, batch: Address, thread: int) -> None:
    """Units of work are a token and a head."""
    heads, vectors = load_i64(row + BONUS.heads), load_i64(row + BONUS.vectors)
    units = load_i64(batch + load_i64(row + COUNT)) * heads
    while True:
        unit = atomic_add(load_i64(row + COUNTER), 1)
        if unit >= units:
            return
        token, own = unit // heads, unit % heads * vectors * VECTOR
        a = load_i64(row + BONUS.a) + token * load_i64(row + BONUS.a_stride) + own
        b = load_i64(row + BONUS.b) + token * load_i64(row + BONUS.b_stride) + own
        v = load_i64(row + BONUS.v) + token * load_i64(row + BONUS.v_stride) + own
        out = load_i64(row + BONUS.out) + token * load_i64(row + BONUS.out_stride) + own
        weight, total = load_i64(row + BONUS.weight) + own, vsplat(_ZERO)
        for i in range(vectors):
            at = VECTOR * i
            total = vfma(vload(a + at) * vload(b + at), vload(weight + at), total)
        figure = vsplat(vsum(total))
        for i in range(vectors):
            vstore(vload(v + VECTOR * i) * figure, out + VECTOR * i)
