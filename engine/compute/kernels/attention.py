"""Attention over the cache, tile by tile with online softmax (Dao et al. 2022, arXiv:2205.14135).

One piece of work is a key/value head and a few neighbouring tokens of one sequence; all query heads
that share the key/value head go together, so each cache line is read once for all of them.
Tiles lie at fixed positions, so a token's result does not depend on how a prompt was cut. A ring is
made of whole tiles: only where one begins is taken round it.

    positions     tile 1 | tile 2 | tile 3 | tile 4      a token in tile 4, its window begins in 2
                             ^--- seen --------^
    ring of 3     tile 4 | tile 2 | tile 3               its tiles lie there in another order

All that the tiles of a window hold, also in front of it, is what was read there: weights of zero
hide it, but would not hide what is no number.
"""

from dataclasses import dataclass

import numpy as np

from engine.compute.kernels.abi import (
    CACHES,
    COUNTER,
    N_RUNS,
    POSITIONS,
    RUNS,
    Address,
    Operands,
)
from engine.compute.kernels.elementwise import tanh
from engine.compute.kernels.float_tiles import plain_rows, plain_span
from engine.compute.kernels.jit import from_template, inline, literally
from engine.compute.simd.memory import atomic_add, load_f32, load_i64, store_f32
from engine.compute.simd.vectors import (
    vexp,
    vload,
    vmask_below,
    vmax,
    vsplat,
    vstore,
    vsum,
    vtop,
)


@dataclass(frozen=True, kw_only=True)
class AttentionOperands(Operands):
    """Of all three kernels."""

    q: Address
    q_stride: int  # bytes from token to token, as all strides
    out: Address
    out_stride: int
    group: int  # query heads per key/value head
    n_head_kv: int
    head_dim: int
    head_dim_v: int
    scale: float
    window: int
    softcap: float
    layer: int
    k_head_bytes: int
    v_start: int
    v_head_bytes: int
    v_row: int
    scratch: Address
    scratch_bytes: int  # per thread
    k_panel_bytes: int
    v_scales: int  # int8 caches: bytes from a head's values to their scales
    capacity: int  # slots; of int8 caches also the step from block to block of the values' scales


AT = AttentionOperands.offsets()

TILE = 64  # positions; panels of 16 keys
LOWEST = np.float32(-1e30)
_NONE = np.float32(np.nan)
_ZERO, _ONE = np.float32(0), np.float32(1)


def scratch_bytes(queries: int, head_dim: int, v_row: int) -> int:
    """Per thread: scaled queries, scores, sums, running maximum and denominator, and what an int8
    cache needs besides."""
    return 4 * queries * (head_dim + TILE + 16 + v_row + 32 + TILE + 16) + 4 * 64 * 8


@inline
def gather(row, token, n_tokens, head, scaled):
    """Scaled queries of one key/value head, token by token: float32 [tokens · group, head_dim]."""
    group, dim = load_i64(row + AT.group), load_i64(row + AT.head_dim)
    scale = load_f32(row + AT.scale)
    for t in range(n_tokens):
        q = load_i64(row + AT.q) + (token + t) * load_i64(row + AT.q_stride)
        q += 4 * head * group * dim
        to = scaled + 4 * t * group * dim
        for d in range(group * dim):
            store_f32(to + 4 * d, load_f32(q + 4 * d) * scale)


@inline
def soften(row, scores, count, position, start):
    """Cap the scores of one query if asked, and hide the positions it does not see."""
    cap, window = load_f32(row + AT.softcap), load_i64(row + AT.window)
    low = vsplat(LOWEST)
    for i in range(count >> 4):
        s = vload(scores + 64 * i)
        if cap > _ZERO:
            s = vsplat(cap) * tanh(s / vsplat(cap))
        at = start + 16 * i
        s = vmask_below(s, position + 1 - at, low)
        if window > 0 and at <= position - window:
            s = vmask_below(low, position - window + 1 - at, s)
        vstore(s, scores + 64 * i)


@inline
def online(scores, count, sums, v_row, state):
    """Turn scores into weights exp(s - max); rescale what was summed so far."""
    top = vload(scores)
    for i in range(1, count >> 4):
        top = vmax(top, vload(scores + 64 * i))
    before = load_f32(state)
    now = max(before, vtop(top))
    base, total = vsplat(now), vsplat(_ZERO)
    for i in range(count >> 4):
        weight = vexp(vload(scores + 64 * i) - base)
        vstore(weight, scores + 64 * i)
        total = total + weight
    if now > before:
        shrink = vexp(vsplat(before) - base)
        for i in range(v_row >> 4):
            vstore(vload(sums + 64 * i) * shrink, sums + 64 * i)
        store_f32(state + 4, load_f32(state + 4) * vtop(shrink))
        store_f32(state, now)
    store_f32(state + 4, load_f32(state + 4) + vsum(total))


@inline
def score(kind, row, keys, slot, count, queries, scaled, scores, stride):
    """Scores of `count` positions (whole panels) from `slot` on, for all queries."""
    literally(kind)
    dim, panel_bytes = load_i64(row + AT.head_dim), load_i64(row + AT.k_panel_bytes)
    item, done = 2 if kind == 1 else 4, 0
    first = keys + (slot >> 4) * panel_bytes
    if queries == 1 and count == TILE:
        plain_span(kind, 4, first, dim, 16 * item, panel_bytes, scaled, scores, 0)
        done = 4
    for panel in range(done, count >> 4):
        k, to = first + panel * panel_bytes, scores + 64 * panel
        plain_rows(kind, queries, k, dim, 16 * item, scaled, 4 * dim, to, stride, 0, 0)


@inline
def mix(kind, row, values, slot, seen, queries, scores, stride, sums):
    """Add the values of `seen` positions from `slot` on, weighted, to all queries' sums."""
    literally(kind)
    v_row, item, done = load_i64(row + AT.v_row), 2 if kind == 1 else 4, 0
    first = values + slot * v_row * item
    while queries == 1 and done + 4 <= v_row >> 4:
        v = first + 16 * done * item
        plain_span(kind, 4, v, seen, v_row * item, 16 * item, scores, sums + 64 * done, 1)
        done += 4
    for i in range(done, v_row >> 4):
        v, to = first + 16 * i * item, sums + 64 * i
        plain_rows(kind, queries, v, seen, v_row * item, scores, stride, to, 4 * v_row, 1, 0)


@inline
def score_q8(row, keys, slot, count, queries, scaled, scores, stride, part):
    """The same from int8 keys: block by block of 32 columns, each with its own scales."""
    dim, panel_bytes = load_i64(row + AT.head_dim), load_i64(row + AT.k_panel_bytes)
    for panel in range(count >> 4):
        k = keys + ((slot >> 4) + panel) * panel_bytes
        for block in range((dim + 31) >> 5):
            columns, at = min(32, dim - 32 * block), k + 512 * block
            plain_rows(24, queries, at, columns, 16, scaled + 128 * block, 4 * dim, part, 64, 0, 0)
            scale = vload(k + 16 * dim + 64 * block)
            for q in range(queries):
                to = scores + q * stride + 64 * panel
                found = vload(part + 64 * q) * scale
                vstore(found if block == 0 else vload(to) + found, to)


@inline
def mix_q8(row, values, slot, seen, queries, scores, stride, sums, part):
    """The same from int8 values: a block's scales go into the weights of its positions."""
    v_row, capacity = load_i64(row + AT.v_row), load_i64(row + AT.capacity)
    scales = values + load_i64(row + AT.v_scales) + 4 * slot
    for block in range((v_row + 31) >> 5):
        for q in range(queries):
            for i in range((seen + 15) >> 4):
                weight = vload(scores + q * stride + 64 * i)
                scale = vload(scales + 4 * block * capacity + 64 * i)
                vstore(weight * scale, part + 4 * TILE * q + 64 * i)
        for i in range(2 * block, min(2 * block + 2, v_row >> 4)):
            v, to = values + slot * v_row + 16 * i, sums + 64 * i
            plain_rows(24, queries, v, seen, v_row, part, 4 * TILE, to, 4 * v_row, 1, 0)


@inline
def room(row, queries, work):
    """Where in a thread's scratch things lie: scores and their stride, sums, state, the rest."""
    scores, stride = work + 4 * queries * load_i64(row + AT.head_dim), 4 * (TILE + 16)
    sums = scores + queries * stride
    state = sums + 4 * queries * load_i64(row + AT.v_row)
    return scores, stride, sums, state, state + (8 * queries + 63) // 64 * 64


@inline
def weigh(row, start, count, first, queries, scores, stride, sums, state):
    """Scores of all queries to weights; what was summed before is rescaled."""
    group, v_row = load_i64(row + AT.group), load_i64(row + AT.v_row)
    for q in range(queries):
        soften(row, scores + q * stride, count, first + q // group, start)
        online(scores + q * stride, count, sums + 4 * q * v_row, v_row, state + 8 * q)


@inline
def plain_step(kind, row, keys, values, start, last, first, queries, work):
    """Scores, weights and weighted values of positions start .. start + TILE - 1."""
    literally(kind)
    scores, stride, sums, state, _ = room(row, queries, work)
    count, slot = min(TILE, (last - start + 16) & ~15), start % load_i64(row + AT.capacity)
    score(kind, row, keys, slot, count, queries, work, scores, stride)
    weigh(row, start, count, first, queries, scores, stride, sums, state)
    seen = min(count, last - start + 1)
    mix(kind, row, values, slot, seen, queries, scores, stride, sums)


@inline
def step_q8(row, keys, values, start, last, first, queries, work):
    """The same from an int8 cache."""
    scores, stride, sums, state, part = room(row, queries, work)
    count, slot = min(TILE, (last - start + 16) & ~15), start % load_i64(row + AT.capacity)
    score_q8(row, keys, slot, count, queries, work, scores, stride, part)
    weigh(row, start, count, first, queries, scores, stride, sums, state)
    seen = min(count, last - start + 1)
    mix_q8(row, values, slot, seen, queries, scores, stride, sums, part)


@inline
def finish(row, token, n_tokens, head, work):
    """Divide by the denominators and hand the heads over."""
    group, v_row, width = (
        load_i64(row + AT.group),
        load_i64(row + AT.v_row),
        load_i64(row + AT.head_dim_v),
    )
    queries = group * n_tokens
    _, _, sums, state, _ = room(row, queries, work)
    for q in range(queries):
        out = load_i64(row + AT.out) + (token + q // group) * load_i64(row + AT.out_stride)
        out += 4 * width * (head * group + q % group)
        factor = _ONE / load_f32(state + 8 * q + 4)
        if not load_f32(state + 8 * q) > LOWEST:  # nothing seen had a score: what is summed is none
            factor = _NONE
        for d in range(width):
            store_f32(out + 4 * d, load_f32(sums + 4 * (q * v_row + d)) * factor)


@inline
def claim(row, batch):
    """The next piece of work, or -1."""
    piece = atomic_add(load_i64(row + COUNTER), 1)
    return piece if piece < load_i64(batch + N_RUNS) * load_i64(row + AT.n_head_kv) else -1


@inline
def begin(row, batch, thread, piece):
    """Gather the queries of a piece and empty its sums. Returns (head, first token, tokens,
    position of the first, address of keys, of values, first position to look at, scratch)."""
    n_runs, heads = load_i64(batch + N_RUNS), load_i64(row + AT.n_head_kv)
    work = load_i64(row + AT.scratch) + thread * load_i64(row + AT.scratch_bytes)
    # Late tokens see most: begin with them, so that no thread ends up with a long last piece.
    run = load_i64(batch + RUNS) + 16 * (n_runs - 1 - piece // heads)
    head, token, n_tokens = piece % heads, load_i64(run), load_i64(run + 8)
    first = load_i64(load_i64(batch + POSITIONS) + 8 * token)
    cache = load_i64(load_i64(batch + CACHES) + 8 * token) + load_i64(row + AT.layer)
    keys = cache + head * load_i64(row + AT.k_head_bytes)
    values = cache + load_i64(row + AT.v_start) + head * load_i64(row + AT.v_head_bytes)
    gather(row, token, n_tokens, head, work)
    queries = load_i64(row + AT.group) * n_tokens
    _, _, sums, state, _ = room(row, queries, work)
    for i in range(queries * (load_i64(row + AT.v_row) >> 4)):
        vstore(vsplat(_ZERO), sums + 64 * i)
    for q in range(queries):
        store_f32(state + 8 * q, LOWEST)
        store_f32(state + 8 * q + 4, _ZERO)
    window, start = load_i64(row + AT.window), 0
    if window > 0 and first - window + 1 > 0:
        start = (first - window + 1) // TILE * TILE
    return head, token, n_tokens, first, keys, values, start, work


@inline
def step_f32(row, keys, values, start, last, first, queries, work):
    plain_step(0, row, keys, values, start, last, first, queries, work)


@inline
def step_f16(row, keys, values, start, last, first, queries, work):
    plain_step(1, row, keys, values, start, last, first, queries, work)


def _attend(row, batch, thread):
    """All pieces this thread can get; STEP is one tile of keys of the cache's type."""
    while True:
        piece = claim(row, batch)
        if piece < 0:
            return
        head, token, n, first, keys, values, start, work = begin(row, batch, thread, piece)
        queries, last = load_i64(row + AT.group) * n, first + n - 1
        while start <= last:
            STEP(row, keys, values, start, last, first, queries, work)  # noqa: F821
            start += TILE
        finish(row, token, n, head, work)


attention_f32 = from_template(_attend, "attention_f32", __name__, STEP=step_f32)
attention_f16 = from_template(_attend, "attention_f16", __name__, STEP=step_f16)
attention_q8_0 = from_template(_attend, "attention_q8_0", __name__, STEP=step_q8)
