"""Turns queries in place, keys on their way into the cache, and writes values beside them; or
turns rows that are something else than one attention's queries and keys.

Keys lie in panels of 16 slots (like weights: lane = slot), so that scores need no horizontal sums;
values lie as rows, so that a vector is 16 columns of one position. A position's slot is its rest in
CAPACITY: itself, or where it comes to lie in a ring (a picture of one is in cache/full.py).

    cache of a sequence    layer | layer | ...
    layer                  keys of head 0 | head 1 | ...  v_start: values of head 0 | head 1 | ...
    keys of a head         panel 0: [k_dim][16 slots] (q8_0: scales [block][16]) | panel 1 | ...
    values of a head       slot 0: [v_row] | slot 1: [v_row] | ...  (q8_0: scales [block][capacity])
    angles of a token      cosines [n_dims / 2] | sines [n_dims / 2]

A block of an int8 cache is 32 columns of one position. k_dim is head_dim, or where values are the
last columns of keys and are kept once, what comes before them.
"""

import numpy as np

from engine.compute.kernels.abi import (
    CACHES,
    COUNT,
    COUNTER,
    N_WANTED,
    POSITIONS,
    WANTED,
    WORD,
    Operands,
    Place,
    declared,
)
from engine.compute.kernels.jit import inline, kernel
from engine.compute.simd.memory import (
    FLOAT,
    Address,
    atomic_add,
    copy_bytes,
    load_f32,
    load_i64,
    store_f16,
    store_f32,
    store_i8,
)
from engine.compute.simd.vectors import (
    LANES,
    VECTOR,
    vload,
    vmask_below,
    vsplat,
    vstore,
    vstore_half,
)
from engine.weights.types import TensorType


@declared
class KeepOperands(Operands):
    """Of rope_and_keep."""

    q: Place
    q_stride: int  # bytes from token to token, as all strides
    k: Place
    k_stride: int
    v: Place
    v_stride: int
    n_head: int
    n_head_kv: int
    head_dim: int
    head_dim_v: int
    k_dim: int  # columns of a key that go into the panels, the first
    n_dims: int  # columns of a head that turn
    neox: int
    angles: Place  # float32 [n_tokens, 2, n_dims / 2]: cosines, then sines; 0: nothing turns
    angles_stride: int
    layer: int  # byte offset of this layer in a sequence's cache
    k_head_bytes: int  # from one key head to the next
    v_start: int  # byte offset of the layer's values
    v_head_bytes: int
    v_row: int  # floats or halves from one position's values to the next
    kind: int  # of the cache's numbers: F32, F16 or Q8_0
    k_panel_bytes: int
    v_scales: int  # int8: bytes from a head's values to their scales
    capacity: int  # slots; of int8 also the step from block to block of the values' scales


@declared
class TurnOperands(Operands):
    """Of rope_rows; rows have whole heads only, and x and out are not the same."""

    x: Place
    x_stride: int
    out: Place
    out_stride: int
    n_head: int
    head_dim: int
    n_dims: int
    neox: int
    angles: Place
    angles_stride: int


AT, ROWS_AT = KeepOperands.offsets(), TurnOperands.offsets()
F16, Q8_0 = int(TensorType.F16), int(TensorType.Q8_0)
HALF = 2  # bytes of a float16
BLOCK = 32  # columns of an int8 cache that share a scale
MOST = np.float32(127)  # of an int8


@inline
def turn(head: Address, n_dims: int, neox: int, angles: Address) -> None:
    """Rotate one head in place: pairs are neighbours, or with `neox` half of n_dims apart."""
    half = n_dims >> 1
    for i in range(half):
        cos, sin = load_f32(angles + FLOAT * i), load_f32(angles + FLOAT * (half + i))
        if neox:
            first, second = head + FLOAT * i, head + FLOAT * (half + i)
        else:
            first, second = head + 2 * FLOAT * i, head + 2 * FLOAT * i + FLOAT
        a, b = load_f32(first), load_f32(second)
        store_f32(first, a * cos - b * sin)
        store_f32(second, a * sin + b * cos)


@inline
def scale_of(values: Address, count: int) -> float:
    """The scale that takes `count` numbers to -127 .. 127."""
    top, odd = np.float32(0), np.float32(0)  # `odd` becomes NaN where a value is no number
    for d in range(count):
        value = load_f32(values + FLOAT * d)
        top, odd = max(top, abs(value)), odd + value * np.float32(0)
    return (top + odd) / MOST


@inline
def whole(value: float, inverse: float) -> int:
    """value · inverse rounded to the nearest integer, halves away from zero."""
    x = value * inverse
    return int(x + np.float32(0.5)) if x >= 0 else int(x - np.float32(0.5))


@inline
def keep_key(
    head: Address, k_dim: int, panels: Address, panel_bytes: int, slot: int, kind: int
) -> None:
    """One key head into its lane of its panel."""
    panel, lane = panels + (slot >> 4) * panel_bytes, slot & 15
    if kind == Q8_0:
        keep_key_q8(head, k_dim, panel, lane)
        return
    for d in range(k_dim):
        value = load_f32(head + FLOAT * d)
        if kind == F16:
            store_f16(panel + HALF * lane + HALF * LANES * d, value)
        else:
            store_f32(panel + FLOAT * lane + FLOAT * LANES * d, value)


@inline
def keep_key_q8(head: Address, k_dim: int, panel: Address, lane: int) -> None:
    scales = panel + LANES * k_dim
    for block in range((k_dim + BLOCK - 1) >> 5):
        first, count = BLOCK * block, min(BLOCK, k_dim - BLOCK * block)
        scale = scale_of(head + FLOAT * first, count)
        inverse = np.float32(1) / scale if scale > 0 else np.float32(0)
        for d in range(first, first + count):
            store_i8(panel + lane + LANES * d, whole(load_f32(head + FLOAT * d), inverse))
        store_f32(scales + VECTOR * block + FLOAT * lane, scale)


@inline
def keep_value_q8(
    head: Address,
    width: int,
    padded: int,
    cache: Address,
    slot: int,
    scales: Address,
    capacity: int,
) -> None:
    to = cache + slot * padded
    for block in range((padded + BLOCK - 1) >> 5):
        first, last = BLOCK * block, min(BLOCK * block + BLOCK, padded)
        scale = scale_of(head + FLOAT * first, min(last, width) - first)
        inverse = np.float32(1) / scale if scale > 0 else np.float32(0)
        for d in range(first, last):
            value = load_f32(head + FLOAT * d) if d < width else np.float32(0)
            store_i8(to + d, whole(value, inverse))
        store_f32(scales + FLOAT * (block * capacity + slot), scale)


@inline
def keep_value(
    head: Address, width: int, padded: int, cache: Address, slot: int, half: int
) -> None:
    """One value head as a row; columns past its width are zero."""
    item = HALF if half else FLOAT
    to = cache + slot * padded * item
    zero = vsplat(np.float32(0))
    for i in range(padded >> 4):
        value = vmask_below(vload(head + VECTOR * i), width - LANES * i, zero)
        if half:
            vstore_half(value, to + HALF * LANES * i)
        else:
            vstore(value, to + VECTOR * i)


@kernel(KeepOperands)
def rope_and_keep(row: Address, batch: Address, thread: int) -> None:
    n_tokens = load_i64(batch + load_i64(row + COUNT))
    n_dims, neox = load_i64(row + AT.n_dims), load_i64(row + AT.neox)
    head_dim, head_dim_v = load_i64(row + AT.head_dim), load_i64(row + AT.head_dim_v)
    head_bytes, k_dim = FLOAT * head_dim, load_i64(row + AT.k_dim)
    kind, n_kv = load_i64(row + AT.kind), load_i64(row + AT.n_head_kv)
    panel_bytes, v_row = load_i64(row + AT.k_panel_bytes), load_i64(row + AT.v_row)
    v_scales, capacity = load_i64(row + AT.v_scales), load_i64(row + AT.capacity)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        slot = load_i64(load_i64(batch + POSITIONS) + WORD * token) % capacity
        cache = load_i64(load_i64(batch + CACHES) + WORD * token) + load_i64(row + AT.layer)
        q = load_i64(row + AT.q) + token * load_i64(row + AT.q_stride)
        k = load_i64(row + AT.k) + token * load_i64(row + AT.k_stride)
        v = load_i64(row + AT.v) + token * load_i64(row + AT.v_stride)
        if load_i64(row + AT.angles):
            angles = load_i64(row + AT.angles) + token * load_i64(row + AT.angles_stride)
            for h in range(load_i64(row + AT.n_head)):
                turn(q + head_bytes * h, n_dims, neox, angles)
            for h in range(n_kv):
                turn(k + head_bytes * h, n_dims, neox, angles)
        for h in range(n_kv):
            keys = cache + h * load_i64(row + AT.k_head_bytes)
            keep_key(k + head_bytes * h, k_dim, keys, panel_bytes, slot, kind)
            values = cache + load_i64(row + AT.v_start) + h * load_i64(row + AT.v_head_bytes)
            at = v + FLOAT * head_dim_v * h
            if kind == Q8_0:
                scales = values + v_scales
                keep_value_q8(at, head_dim_v, v_row, values, slot, scales, capacity)
            else:
                keep_value(at, head_dim_v, v_row, values, slot, kind == F16)


@kernel(TurnOperands)
def rope_rows(row: Address, batch: Address, thread: int) -> None:
    """A turned copy of each token's row, or of each wanted one's."""
    n_tokens, few = load_i64(batch + load_i64(row + COUNT)), load_i64(row + COUNT) == N_WANTED
    heads, head_bytes = load_i64(row + ROWS_AT.n_head), FLOAT * load_i64(row + ROWS_AT.head_dim)
    n_dims, neox = load_i64(row + ROWS_AT.n_dims), load_i64(row + ROWS_AT.neox)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        x = load_i64(row + ROWS_AT.x) + token * load_i64(row + ROWS_AT.x_stride)
        out = load_i64(row + ROWS_AT.out) + token * load_i64(row + ROWS_AT.out_stride)
        place = load_i64(load_i64(batch + WANTED) + WORD * token) if few else token
        angles = load_i64(row + ROWS_AT.angles) + place * load_i64(row + ROWS_AT.angles_stride)
        copy_bytes(out, x, heads * head_bytes)
        for h in range(heads):
            turn(out + h * head_bytes, n_dims, neox, angles)
