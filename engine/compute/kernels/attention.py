"""Attention over the cache, tile by tile with online softmax (Dao et al. 2022, arXiv:2205.14135).

One piece of work is a key/value head and a few neighbouring tokens of one sequence; all query heads
that share the key/value head go together, so each cache line is read once for all of them.
Tiles lie at fixed positions, so a token's result does not depend on how a prompt was cut.
"""

import numpy as np

from engine.compute.kernels.abi import CACHES, COUNTER, N_RUNS, POSITIONS, RUNS, operand
from engine.compute.kernels.elementwise import tanh
from engine.compute.kernels.jit import inline, kernel, literally
from engine.compute.kernels.tiles import plain_rows, plain_span
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

(
    Q,
    Q_STRIDE,
    OUT,
    OUT_STRIDE,
    GROUP,  # query heads per key/value head
    N_HEAD_KV,
    HEAD_DIM,
    HEAD_DIM_V,
    SCALE,  # float32
    WINDOW,
    SOFTCAP,  # float32
    LAYER,
    K_HEAD_BYTES,
    V_START,
    V_HEAD_BYTES,
    V_ROW,
    SCRATCH,
    SCRATCH_BYTES,
) = (operand(i) for i in range(18))

TILE = 64  # positions; panels of 16 keys
LOWEST = np.float32(-1e30)
_ZERO, _ONE = np.float32(0), np.float32(1)


def scratch_bytes(queries: int, head_dim: int, v_row: int) -> int:
    """Per thread: scaled queries, scores, sums, running maximum and denominator."""
    return 4 * queries * (head_dim + TILE + 16 + v_row + 32) + 4 * 64 * 8


@inline
def gather(row, token, n_tokens, head, scaled):
    """Scaled queries of one key/value head, token by token: float32 [tokens · group, head_dim]."""
    group, dim = load_i64(row + GROUP), load_i64(row + HEAD_DIM)
    scale = load_f32(row + SCALE)
    for t in range(n_tokens):
        q = load_i64(row + Q) + (token + t) * load_i64(row + Q_STRIDE) + 4 * head * group * dim
        to = scaled + 4 * t * group * dim
        for d in range(group * dim):
            store_f32(to + 4 * d, load_f32(q + 4 * d) * scale)


@inline
def soften(row, scores, count, position, start):
    """Cap the scores of one query if asked, and hide the positions it does not see."""
    cap, window = load_f32(row + SOFTCAP), load_i64(row + WINDOW)
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
def one_tile(kind, row, keys, values, start, last, first, n_tokens, work):
    """Scores, weights and weighted values of positions start .. start + TILE - 1."""
    literally(kind)
    group, dim, v_row = load_i64(row + GROUP), load_i64(row + HEAD_DIM), load_i64(row + V_ROW)
    item = 2 if kind == 1 else 4
    queries = group * n_tokens
    scaled = work
    scores = scaled + 4 * queries * dim
    stride = 4 * (TILE + 16)
    sums = scores + queries * stride
    state = sums + 4 * queries * v_row
    count = min(TILE, (last - start + 16) & ~15)
    first_panel = 0
    if queries == 1 and count == TILE:
        apart = 16 * dim * item
        plain_span(kind, 4, keys + start * dim * item, dim, 16 * item, apart, scaled, scores, 0)
        first_panel = 4
    for panel in range(first_panel, count >> 4):
        k = keys + (start + 16 * panel) * dim * item
        plain_rows(
            kind, queries, k, dim, 16 * item, scaled, 4 * dim, scores + 64 * panel, stride, 0, 0
        )
    for q in range(queries):
        position = first + q // group
        soften(row, scores + q * stride, count, position, start)
        online(scores + q * stride, count, sums + 4 * q * v_row, v_row, state + 8 * q)
    seen = min(count, last - start + 1)
    first_part = 0
    while queries == 1 and first_part + 4 <= v_row >> 4:
        v = values + (start * v_row + 16 * first_part) * item
        to = sums + 64 * first_part
        plain_span(kind, 4, v, seen, v_row * item, 16 * item, scores, to, 1)
        first_part += 4
    for i in range(first_part, v_row >> 4):
        v = values + start * v_row * item + 16 * i * item
        to = sums + 64 * i
        plain_rows(kind, queries, v, seen, v_row * item, scores, stride, to, 4 * v_row, 1, 0)


@inline
def finish(row, token, n_tokens, head, work):
    """Divide by the denominators and hand the heads over."""
    group, dim, v_row = load_i64(row + GROUP), load_i64(row + HEAD_DIM), load_i64(row + V_ROW)
    width = load_i64(row + HEAD_DIM_V)
    queries = group * n_tokens
    sums = work + 4 * queries * dim + queries * 4 * (TILE + 16)
    state = sums + 4 * queries * v_row
    for q in range(queries):
        out = load_i64(row + OUT) + (token + q // group) * load_i64(row + OUT_STRIDE)
        out += 4 * width * (head * group + q % group)
        factor = _ONE / load_f32(state + 8 * q + 4)
        for d in range(width):
            store_f32(out + 4 * d, load_f32(sums + 4 * (q * v_row + d)) * factor)


@inline
def attend(kind, row, batch, thread):
    """All pieces this thread can get; `kind` is the cache's literal type (0 float32, 1 float16)."""
    literally(kind)
    n_runs, heads = load_i64(batch + N_RUNS), load_i64(row + N_HEAD_KV)
    work = load_i64(row + SCRATCH) + thread * load_i64(row + SCRATCH_BYTES)
    group, dim, v_row = load_i64(row + GROUP), load_i64(row + HEAD_DIM), load_i64(row + V_ROW)
    while True:
        piece = atomic_add(load_i64(row + COUNTER), 1)
        if piece >= n_runs * heads:
            return
        # Late tokens see most: begin with them, so that no thread ends up with a long last piece.
        run = load_i64(batch + RUNS) + 16 * (n_runs - 1 - piece // heads)
        head, token, n_tokens = piece % heads, load_i64(run), load_i64(run + 8)
        first = load_i64(load_i64(batch + POSITIONS) + 8 * token)
        last = first + n_tokens - 1
        cache = load_i64(load_i64(batch + CACHES) + 8 * token) + load_i64(row + LAYER)
        keys = cache + head * load_i64(row + K_HEAD_BYTES)
        values = cache + load_i64(row + V_START) + head * load_i64(row + V_HEAD_BYTES)
        gather(row, token, n_tokens, head, work)
        queries = group * n_tokens
        sums = work + 4 * queries * dim + queries * 4 * (TILE + 16)
        for i in range(queries * (v_row >> 4)):
            vstore(vsplat(_ZERO), sums + 64 * i)
        for q in range(queries):
            store_f32(sums + 4 * queries * v_row + 8 * q, LOWEST)
            store_f32(sums + 4 * queries * v_row + 8 * q + 4, _ZERO)
        window, start = load_i64(row + WINDOW), 0
        if window > 0 and first - window + 1 > 0:
            start = (first - window + 1) // TILE * TILE
        while start <= last:
            one_tile(kind, row, keys, values, start, last, first, n_tokens, work)
            start += TILE
        finish(row, token, n_tokens, head, work)


@kernel
def attention_f32(row, batch, thread):
    attend(0, row, batch, thread)


@kernel
def attention_f16(row, batch, thread):
    attend(1, row, batch, thread)
