"""Selective scans, what state space models remember by: a decay for each head, or one for each
channel and number of its state.

As in recurrent.py, an entry of a pass is worked through in order, from the old state to the new.
States lie in blocks of 16 columns, so that a unit of work has its own in one piece, in the nearest
cache, for all tokens of the entry:

    by head      [head][16 of its values][state]      one vector for each number of the state
    by channel   [16 channels][state]                 the same

A number of the state takes two tokens at once, so that it is read and written half as often; each
token's sum is taken over the state in order, and so the same whatever a pass begins or ends with.
"""

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
from engine.compute.simd.vectors import VECTOR, Vector, vexp, vfma, vload, vsplat, vstore


@declared
class ScanOperands(Operands):
    """Of scan_heads and scan_channels."""

    x: Place
    x_stride: int  # bytes
    dt: Place  # float32 [n_tokens, heads or channels]
    dt_stride: int
    b: Place  # float32 [n_tokens, groups, state], as is c
    b_stride: int
    c: Place
    c_stride: int
    out: Place
    out_stride: int
    a: int  # address of float32 [heads], or [state][whole vectors of the channels]
    a_row: int = 0  # bytes from one number of the state to the next, by channel
    d: int  # address of float32 [heads or channels]
    heads: int = 1
    group: int = 1  # heads that share b and c
    blocks: int  # of 16 values of a head, or of 16 channels
    size: int  # numbers of the state of each value or channel
    state: int  # its place among the states of a sequence, in bytes


AT = ScanOperands.offsets()


@inline
def step(old: Address, new: Address, size: int, b: Address, c: Address, x: Vector, shrink: Vector,
         total: Vector) -> Vector:  # fmt: skip
    """One token and one vector of values; x is that times dt. Returns the sum that comes out."""
    for i in range(size):
        kept = vfma(x, vsplat(load_f32(b + FLOAT * i)), vload(old + VECTOR * i) * shrink)
        vstore(kept, new + VECTOR * i)
        total = vfma(kept, vsplat(load_f32(c + FLOAT * i)), total)
    return total


@kernel(ScanOperands)
def scan_heads(row: Address, batch: Address, thread: int) -> None:
    """Units of work are an entry, a head, and 16 of its values."""
    heads, blocks, size = (
        load_i64(row + AT.heads),
        load_i64(row + AT.blocks),
        load_i64(row + AT.size),
    )
    x_stride, out_stride = load_i64(row + AT.x_stride), load_i64(row + AT.out_stride)
    dt_stride = load_i64(row + AT.dt_stride)
    b_stride, c_stride = load_i64(row + AT.b_stride), load_i64(row + AT.c_stride)
    units = load_i64(batch + N_ENTRIES) * heads * blocks
    while True:
        unit = atomic_add(load_i64(row + COUNTER), 1)
        if unit >= units:
            return
        entry = load_i64(batch + ENTRIES) + unit // (heads * blocks) * ENTRY_BYTES
        own = unit % (heads * blocks)
        head = own // blocks
        first, count = load_i64(entry + ENTRY.first), load_i64(entry + ENTRY.count)
        state = load_i64(row + AT.state) + own * size * VECTOR
        old, new = load_i64(entry + ENTRY.before) + state, load_i64(entry + ENTRY.after) + state
        shared = head // load_i64(row + AT.group) * size * FLOAT
        x = load_i64(row + AT.x) + first * x_stride + own * VECTOR
        out = load_i64(row + AT.out) + first * out_stride + own * VECTOR
        dts = load_i64(row + AT.dt) + first * dt_stride + FLOAT * head
        b = load_i64(row + AT.b) + first * b_stride + shared
        c = load_i64(row + AT.c) + first * c_stride + shared
        a = vsplat(load_f32(load_i64(row + AT.a) + FLOAT * head))
        d = vsplat(load_f32(load_i64(row + AT.d) + FLOAT * head))
        for t in range(0, count - 1, 2):
            x1, x2 = vload(x + t * x_stride), vload(x + (t + 1) * x_stride)
            dt1 = vsplat(load_f32(dts + t * dt_stride))
            dt2 = vsplat(load_f32(dts + (t + 1) * dt_stride))
            total1, total2, shrink1, shrink2 = x1 * d, x2 * d, vexp(dt1 * a), vexp(dt2 * a)
            x1, x2 = x1 * dt1, x2 * dt2
            b1, c1 = b + t * b_stride, c + t * c_stride
            b2, c2 = b1 + b_stride, c1 + c_stride
            for i in range(size):
                at = FLOAT * i
                kept = vfma(x1, vsplat(load_f32(b1 + at)), vload(old + VECTOR * i) * shrink1)
                total1 = vfma(kept, vsplat(load_f32(c1 + at)), total1)
                kept = vfma(x2, vsplat(load_f32(b2 + at)), kept * shrink2)
                vstore(kept, new + VECTOR * i)
                total2 = vfma(kept, vsplat(load_f32(c2 + at)), total2)
            vstore(total1, out + t * out_stride)
            vstore(total2, out + (t + 1) * out_stride)
            old = new
        if count & 1:
            t = count - 1
            value, dt = vload(x + t * x_stride), vsplat(load_f32(dts + t * dt_stride))
            shrink = vexp(dt * a)
            total = step(
                old, new, size, b + t * b_stride, c + t * c_stride, value * dt, shrink, value * d
            )
            vstore(total, out + t * out_stride)


@kernel(ScanOperands)
def scan_channels(row: Address, batch: Address, thread: int) -> None:
    """Units of work are an entry and 16 channels."""
    blocks, size = load_i64(row + AT.blocks), load_i64(row + AT.size)
    x_stride, out_stride = load_i64(row + AT.x_stride), load_i64(row + AT.out_stride)
    units, a_row = load_i64(batch + N_ENTRIES) * blocks, load_i64(row + AT.a_row)
    while True:
        unit = atomic_add(load_i64(row + COUNTER), 1)
        if unit >= units:
            return
        entry = load_i64(batch + ENTRIES) + unit // blocks * ENTRY_BYTES
        own = unit % blocks * VECTOR
        first, count = load_i64(entry + ENTRY.first), load_i64(entry + ENTRY.count)
        state = load_i64(row + AT.state) + own * size
        old, new = load_i64(entry + ENTRY.before) + state, load_i64(entry + ENTRY.after) + state
        a, d = load_i64(row + AT.a) + own, vload(load_i64(row + AT.d) + own)
        for token in range(first, first + count):
            value = vload(load_i64(row + AT.x) + token * x_stride + own)
            dt = vload(load_i64(row + AT.dt) + token * load_i64(row + AT.dt_stride) + own)
            b = load_i64(row + AT.b) + token * load_i64(row + AT.b_stride)
            c = load_i64(row + AT.c) + token * load_i64(row + AT.c_stride)
            total, x = value * d, value * dt
            for i in range(size):
                shrink = vexp(dt * vload(a + a_row * i))
                kept = vfma(x, vsplat(load_f32(b + FLOAT * i)), vload(old + VECTOR * i) * shrink)
                vstore(kept, new + VECTOR * i)
                total = vfma(kept, vsplat(load_f32(c + FLOAT * i)), total)
            vstore(total, load_i64(row + AT.out) + token * out_stride + own)
            old = new
