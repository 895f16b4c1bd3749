"""Turns queries in place, keys on their way into the cache, and writes values beside them; or
turns rows that are something else than one attention's queries and keys.

Keys lie in panels of 16 slots (like weights: lane = slot), so that scores need no horizontal sums;
values lie as rows, so that a vector is 16 columns of one position. A position's slot is its rest in
CAPACITY: itself, or where it comes to lie in a ring (a picture of one is in cache/full.py).

    keys, a head     panel 0: [head_dim][16 slots] (q8_0: scales [block][16])  panel 1 ...
    values, a head   slot 0: [v_row]  slot 1: [v_row] ...   (q8_0: scales [block][CAPACITY])
"""

from dataclasses import dataclass

import numpy as np

from engine.compute.kernels.abi import CACHES, COUNT, COUNTER, POSITIONS, Address, Operands
from engine.compute.kernels.jit import inline, kernel
from engine.compute.simd.memory import (
    atomic_add,
    copy_bytes,
    load_f32,
    load_i64,
    store_f16,
    store_f32,
    store_i8,
)
from engine.compute.simd.vectors import vload, vmask_below, vsplat, vstore, vstore_half


@dataclass(frozen=True, kw_only=True)
class KeepOperands(Operands):
    """Of rope_and_keep."""

    q: Address
    q_stride: int  # bytes from token to token, as all strides
    k: Address
    k_stride: int
    v: Address
    v_stride: int
    n_head: int
    n_head_kv: int
    head_dim: int
    head_dim_v: int
    n_dims: int  # columns of a head that turn
    neox: int
    angles: Address  # float32 [n_tokens, 2, n_dims / 2]: cosines, then sines; 0: nothing turns
    angles_stride: int
    layer: int  # byte offset of this layer in a sequence's cache
    k_head_bytes: int  # from one key head to the next
    v_start: int  # byte offset of the layer's values
    v_head_bytes: int
    v_row: int  # floats or halves from one position's values to the next
    kind: int  # of the cache's numbers: 0 float32, 1 float16, 8 int8 with scales
    k_panel_bytes: int
    v_scales: int  # int8: bytes from a head's values to their scales
    capacity: int  # slots; of int8 also the step from block to block of the values' scales


@dataclass(frozen=True, kw_only=True)
class TurnOperands(Operands):
    """Of rope_rows; rows have whole heads only, and x and out are not the same."""

    x: Address
    x_stride: int
    out: Address
    out_stride: int
    n_head: int
    head_dim: int
    n_dims: int
    neox: int
    angles: Address
    angles_stride: int


AT, ROWS_AT = KeepOperands.offsets(), TurnOperands.offsets()


@inline
def turn(head, n_dims, neox, angles):
    """Rotate one head in place."""
    half = n_dims >> 1
    for i in range(half):
        cos, sin = load_f32(angles + 4 * i), load_f32(angles + 4 * (half + i))
        if neox:
            first, second = head + 4 * i, head + 4 * (half + i)
        else:
            first, second = head + 8 * i, head + 8 * i + 4
        a, b = load_f32(first), load_f32(second)
        store_f32(first, a * cos - b * sin)
        store_f32(second, a * sin + b * cos)


@inline
def scale_of(values, count):
    """The scale that takes `count` numbers to -127 .. 127."""
    top, odd = np.float32(0), np.float32(0)  # `odd` becomes NaN where a value is no number
    for d in range(count):
        value = load_f32(values + 4 * d)
        top, odd = max(top, abs(value)), odd + value * np.float32(0)
    return (top + odd) / np.float32(127)


@inline
def whole(value, inverse):
    """value · inverse rounded to the nearest integer, halves away from zero."""
    x = value * inverse
    return int(x + np.float32(0.5)) if x >= 0 else int(x - np.float32(0.5))


@inline
def keep_key(head, head_dim, panels, panel_bytes, slot, kind):
    """One key head into its lane of its panel."""
    panel, lane = panels + (slot >> 4) * panel_bytes, slot & 15
    if kind == 8:
        keep_key_q8(head, head_dim, panel, lane)
        return
    for d in range(head_dim):
        value = load_f32(head + 4 * d)
        if kind == 1:
            store_f16(panel + 2 * lane + 32 * d, value)
        else:
            store_f32(panel + 4 * lane + 64 * d, value)


@inline
def keep_key_q8(head, head_dim, panel, lane):
    for block in range((head_dim + 31) >> 5):
        first, count = 32 * block, min(32, head_dim - 32 * block)
        scale = scale_of(head + 4 * first, count)
        inverse = np.float32(1) / scale if scale > 0 else np.float32(0)
        for d in range(first, first + count):
            store_i8(panel + lane + 16 * d, whole(load_f32(head + 4 * d), inverse))
        store_f32(panel + 16 * head_dim + 64 * block + 4 * lane, scale)


@inline
def keep_value_q8(head, width, padded, cache, slot, scales, capacity):
    to = cache + slot * padded
    for block in range((padded + 31) >> 5):
        first, last = 32 * block, min(32 * block + 32, padded)
        scale = scale_of(head + 4 * first, min(last, width) - first)
        inverse = np.float32(1) / scale if scale > 0 else np.float32(0)
        for d in range(first, last):
            value = load_f32(head + 4 * d) if d < width else np.float32(0)
            store_i8(to + d, whole(value, inverse))
        store_f32(scales + 4 * (block * capacity + slot), scale)


@inline
def keep_value(head, width, padded, cache, slot, half):
    """One value head as a row; columns past its width are zero."""
    item = 2 if half else 4
    to = cache + slot * padded * item
    zero = vsplat(np.float32(0))
    for i in range(padded >> 4):
        value = vmask_below(vload(head + 64 * i), width - 16 * i, zero)
        if half:
            vstore_half(value, to + 32 * i)
        else:
            vstore(value, to + 64 * i)


@kernel
def rope_and_keep(row, batch, thread):
    n_tokens = load_i64(batch + load_i64(row + COUNT))
    n_dims, neox = load_i64(row + AT.n_dims), load_i64(row + AT.neox)
    head_dim, head_dim_v = load_i64(row + AT.head_dim), load_i64(row + AT.head_dim_v)
    kind, n_kv = load_i64(row + AT.kind), load_i64(row + AT.n_head_kv)
    panel_bytes, v_row = load_i64(row + AT.k_panel_bytes), load_i64(row + AT.v_row)
    v_scales, capacity = load_i64(row + AT.v_scales), load_i64(row + AT.capacity)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        slot = load_i64(load_i64(batch + POSITIONS) + 8 * token) % capacity
        cache = load_i64(load_i64(batch + CACHES) + 8 * token) + load_i64(row + AT.layer)
        q = load_i64(row + AT.q) + token * load_i64(row + AT.q_stride)
        k = load_i64(row + AT.k) + token * load_i64(row + AT.k_stride)
        v = load_i64(row + AT.v) + token * load_i64(row + AT.v_stride)
        if load_i64(row + AT.angles):
            angles = load_i64(row + AT.angles) + token * load_i64(row + AT.angles_stride)
            for h in range(load_i64(row + AT.n_head)):
                turn(q + 4 * head_dim * h, n_dims, neox, angles)
            for h in range(n_kv):
                turn(k + 4 * head_dim * h, n_dims, neox, angles)
        for h in range(n_kv):
            keys = cache + h * load_i64(row + AT.k_head_bytes)
            keep_key(k + 4 * head_dim * h, head_dim, keys, panel_bytes, slot, kind)
            values = cache + load_i64(row + AT.v_start) + h * load_i64(row + AT.v_head_bytes)
            at = v + 4 * head_dim_v * h
            if kind == 8:
                scales = values + v_scales
                keep_value_q8(at, head_dim_v, v_row, values, slot, scales, capacity)
            else:
                keep_value(at, head_dim_v, v_row, values, slot, kind)


@kernel
def rope_rows(row, batch, thread):
    """A turned copy of each token's row."""
    n_tokens = load_i64(batch + load_i64(row + COUNT))
    heads, head_bytes = load_i64(row + ROWS_AT.n_head), 4 * load_i64(row + ROWS_AT.head_dim)
    n_dims, neox = load_i64(row + ROWS_AT.n_dims), load_i64(row + ROWS_AT.neox)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        x = load_i64(row + ROWS_AT.x) + token * load_i64(row + ROWS_AT.x_stride)
        out = load_i64(row + ROWS_AT.out) + token * load_i64(row + ROWS_AT.out_stride)
        angles = load_i64(row + ROWS_AT.angles) + token * load_i64(row + ROWS_AT.angles_stride)
        copy_bytes(out, x, heads * head_bytes)
        for h in range(heads):
            turn(out + h * head_bytes, n_dims, neox, angles)
