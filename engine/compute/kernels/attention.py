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

Where values are the last columns of keys (`within_*`), these lie there as rows alone. A score is
the sum over the columns before them, from panels, and one along such a row.

A thread's scratch, for the `queries` (heads · tokens) of one piece, all float32:

    queries    query 0: [q_row], scaled, zeros past head_dim | query 1 | ...
    scores     query 0: [TILE + 16], weights later | query 1 | ...     SCORES_BYTES each
    sums       query 0: [v_row], of weighted values | query 1 | ...
    state      query 0: largest score, sum of weights | query 1 | ...  STATE_BYTES each
    part       of int8 caches: scores of 16 keys, or weights · scales of TILE values, by query

How keys and values lie in the cache, rope.py shows.
"""

from typing import NamedTuple

import numpy as np

from engine.compute.kernels.abi import (
    CACHES,
    COUNT,
    COUNTER,
    ENTRIES,
    ENTRY,
    ENTRY_BYTES,
    FEW,
    N_ENTRIES,
    N_RUNS,
    N_WANTED,
    POSITIONS,
    RUN,
    RUN_BYTES,
    RUNS,
    WORD,
    Operands,
    Place,
    declared,
)
from engine.compute.kernels.elementwise import tanh
from engine.compute.kernels.float_tiles import (
    F16_WEIGHTS,
    F32_WEIGHTS,
    I8_WEIGHTS,
    plain_rows,
    plain_span,
)
from engine.compute.kernels.jit import from_template, inline, literally, template
from engine.compute.kernels.rope import BLOCK, HALF
from engine.compute.kernels.row_sums import add_row_sums
from engine.compute.simd.memory import FLOAT, Address, atomic_add, load_f32, load_i64, store_f32
from engine.compute.simd.vectors import (
    LANES,
    VECTOR,
    vabs,
    vexp,
    vload,
    vmask_below,
    vmax,
    vsplat,
    vsteps,
    vstore,
    vsum,
    vtop,
)


@declared
class AttentionOperands(Operands):
    """Of all six kernels."""

    q: Place
    q_stride: int  # bytes from token to token, as all strides
    out: Place
    out_stride: int
    group: int  # query heads per key/value head
    n_head_kv: int
    head_dim: int
    head_dim_v: int
    k_dim: int  # columns of a key in its panels: head_dim, or what comes before the values
    q_row: int  # floats from query to query in the scratch
    scale: float
    window: int
    softcap: float
    layer: int
    k_head_bytes: int
    v_start: int
    v_head_bytes: int
    v_row: int
    scratch: Place
    scratch_bytes: int  # per thread
    k_panel_bytes: int
    v_scales: int  # int8 caches: bytes from a head's values to their scales
    capacity: int  # slots; of int8 caches also the step from block to block of the values' scales
    alibi: Place = 0  # slopes, float32 [heads]; 0: none
    sinks: Place = 0  # scores without a value, float32 [heads]; 0: none
    both_ways: int = 0  # not 0: tokens see what comes after them, too
    chunked: int = 0  # not 0: windows stand in a row from position 0 on


AT = AttentionOperands.offsets()

TILE = 64  # positions; panels of 16 keys
SCORES_BYTES = FLOAT * (TILE + LANES)  # of one query
LARGEST, DENOMINATOR, STATE_BYTES = 0, FLOAT, 2 * FLOAT  # of a query's state
PART_BYTES = FLOAT * TILE  # of one query
LOWEST = np.float32(-1e30)
_NONE = np.float32(np.nan)
_ZERO, _ONE = np.float32(0), np.float32(1)


class Piece(NamedTuple):
    """Some neighbouring tokens of one sequence, and one of its key/value heads."""

    head: int
    token: int  # the first
    n_tokens: int
    first: int  # its position
    last: int  # the last position that one of them sees
    keys: Address  # of this head
    values: Address


class Scratch(NamedTuple):
    """Where a thread's numbers are; see above."""

    queries: Address
    scores: Address
    sums: Address
    state: Address
    part: Address


def scratch_bytes(queries: int, q_row: int, v_row: int) -> int:
    """Of one thread: the picture above, rounded up."""
    each = q_row + (TILE + LANES) + v_row + 2 * LANES + (TILE + LANES)
    return FLOAT * queries * each + 32 * VECTOR


@inline
def scratch_of(row: Address, thread: int, queries: int) -> Scratch:
    start = load_i64(row + AT.scratch) + thread * load_i64(row + AT.scratch_bytes)
    scores = start + FLOAT * queries * load_i64(row + AT.q_row)
    sums = scores + queries * SCORES_BYTES
    state = sums + FLOAT * queries * load_i64(row + AT.v_row)
    return Scratch(start, scores, sums, state, state + (STATE_BYTES * queries + 63) // 64 * 64)


@inline
def gather(row: Address, piece: Piece, scaled: Address) -> None:
    """Scaled queries of one key/value head, token by token: float32 [tokens · group, q_row]."""
    group, dim = load_i64(row + AT.group), load_i64(row + AT.head_dim)
    q_row, scale = load_i64(row + AT.q_row), load_f32(row + AT.scale)
    for t in range(piece.n_tokens):
        q = load_i64(row + AT.q) + (piece.token + t) * load_i64(row + AT.q_stride)
        q += FLOAT * piece.head * group * dim
        for h in range(group):
            of, to = q + FLOAT * h * dim, scaled + FLOAT * (t * group + h) * q_row
            for d in range(dim):
                store_f32(to + FLOAT * d, load_f32(of + FLOAT * d) * scale)
            for d in range(dim, q_row):
                store_f32(to + FLOAT * d, _ZERO)


@inline
def reach(row: Address, position: int) -> int:
    """How many positions a query sees, its own among them; 0: all of them."""
    window = load_i64(row + AT.window)
    return window if load_i64(row + AT.chunked) == 0 else position % window + 1


@inline
def soften(row: Address, scores: Address, count: int, position: int, last: int, start: int) -> None:
    """Cap the scores of one query if asked, and hide the positions it does not see: those behind
    `last`, and what is too far before its own."""
    cap, window = load_f32(row + AT.softcap), reach(row, position)
    near = window == 0 or start > position - window
    if cap == _ZERO and near and start + count - 1 <= last:
        return  # most tiles of a long text
    low = vsplat(LOWEST)
    for i in range(count >> 4):
        s = vload(scores + VECTOR * i)
        if cap > _ZERO:
            s = vsplat(cap) * tanh(s / vsplat(cap))
        at = start + LANES * i
        s = vmask_below(s, last + 1 - at, low)
        if window > 0 and at <= position - window:
            s = vmask_below(low, position - window + 1 - at, s)
        vstore(s, scores + VECTOR * i)


@inline
def lean(scores: Address, count: int, slope: float, ahead: int) -> None:
    """Take distances times `slope` from the scores of one query, the first of which is `ahead` of
    its position. What is hidden stays so: LOWEST is far below any distance."""
    for i in range(count >> 4):
        far = vabs(vsplat(np.float32(ahead + LANES * i)) + vsteps())
        vstore(vload(scores + VECTOR * i) - vsplat(slope) * far, scores + VECTOR * i)


@inline
def online(scores: Address, count: int, sums: Address, v_row: int, state: Address) -> None:
    """Turn scores into weights exp(s - max); rescale what was summed so far."""
    top = vload(scores)
    for i in range(1, count >> 4):
        top = vmax(top, vload(scores + VECTOR * i))
    before = load_f32(state + LARGEST)
    now = max(before, vtop(top))
    base, total = vsplat(now), vsplat(_ZERO)
    for i in range(count >> 4):
        weight = vexp(vload(scores + VECTOR * i) - base)
        vstore(weight, scores + VECTOR * i)
        total = total + weight
    if now > before:
        shrink = vexp(vsplat(before) - base)
        for i in range(v_row >> 4):
            vstore(vload(sums + VECTOR * i) * shrink, sums + VECTOR * i)
        store_f32(state + DENOMINATOR, load_f32(state + DENOMINATOR) * vtop(shrink))
        store_f32(state + LARGEST, now)
    store_f32(state + DENOMINATOR, load_f32(state + DENOMINATOR) + vsum(total))


@inline
def score(
    kind: int, row: Address, keys: Address, slot: int, count: int, queries: int, scratch: Scratch
) -> None:
    """Scores of `count` positions (whole panels) from `slot` on, for all queries."""
    literally(kind)
    dim, panel_bytes = load_i64(row + AT.k_dim), load_i64(row + AT.k_panel_bytes)
    q_bytes = FLOAT * load_i64(row + AT.q_row)
    column, done = LANES * (HALF if kind == F16_WEIGHTS else FLOAT), 0
    first = keys + (slot >> 4) * panel_bytes
    scaled, scores = scratch.queries, scratch.scores
    if queries == 1 and count == TILE:
        plain_span(kind, 4, first, dim, column, panel_bytes, scaled, scores, 0)
        done = 4
    for panel in range(done, count >> 4):
        k, to = first + panel * panel_bytes, scores + VECTOR * panel
        plain_rows(kind, queries, k, dim, column, scaled, q_bytes, to, SCORES_BYTES, 0, 0)


@inline
def mix(
    kind: int, row: Address, values: Address, slot: int, seen: int, queries: int, scratch: Scratch
) -> None:
    """Add the values of `seen` positions from `slot` on, weighted, to all queries' sums."""
    literally(kind)
    v_row, item, done = load_i64(row + AT.v_row), HALF if kind == F16_WEIGHTS else FLOAT, 0
    first, step, columns = values + slot * v_row * item, v_row * item, LANES * item
    scores, sums = scratch.scores, scratch.sums
    while queries == 1 and done + 4 <= v_row >> 4:
        v, to = first + columns * done, sums + VECTOR * done
        plain_span(kind, 4, v, seen, step, columns, scores, to, 1)
        done += 4
    for i in range(done, v_row >> 4):
        v, to = first + columns * i, sums + VECTOR * i
        plain_rows(kind, queries, v, seen, step, scores, SCORES_BYTES, to, FLOAT * v_row, 1, 0)


@inline
def score_q8(
    row: Address, keys: Address, slot: int, count: int, queries: int, scratch: Scratch
) -> None:
    """The same from int8 keys: block by block of columns, each with its own scales."""
    dim, panel_bytes = load_i64(row + AT.k_dim), load_i64(row + AT.k_panel_bytes)
    q_bytes = FLOAT * load_i64(row + AT.q_row)
    for panel in range(count >> 4):
        k = keys + ((slot >> 4) + panel) * panel_bytes
        scales = k + LANES * dim
        for block in range((dim + BLOCK - 1) >> 5):
            columns, at = min(BLOCK, dim - BLOCK * block), k + LANES * BLOCK * block
            x = scratch.queries + FLOAT * BLOCK * block
            plain_rows(
                I8_WEIGHTS, queries, at, columns, LANES, x, q_bytes, scratch.part, VECTOR, 0, 0
            )
            scale = vload(scales + VECTOR * block)
            for q in range(queries):
                to = scratch.scores + q * SCORES_BYTES + VECTOR * panel
                found = vload(scratch.part + VECTOR * q) * scale
                vstore(found if block == 0 else vload(to) + found, to)


@inline
def mix_q8(
    row: Address, values: Address, slot: int, seen: int, queries: int, scratch: Scratch
) -> None:
    """The same from int8 values: a block's scales go into the weights of its positions."""
    v_row, capacity = load_i64(row + AT.v_row), load_i64(row + AT.capacity)
    scales = values + load_i64(row + AT.v_scales) + FLOAT * slot
    for block in range((v_row + BLOCK - 1) >> 5):
        for q in range(queries):
            for i in range((seen + 15) >> 4):
                weight = vload(scratch.scores + q * SCORES_BYTES + VECTOR * i)
                scale = vload(scales + FLOAT * block * capacity + VECTOR * i)
                vstore(weight * scale, scratch.part + PART_BYTES * q + VECTOR * i)
        for i in range(2 * block, min(2 * block + 2, v_row >> 4)):
            v, to = values + slot * v_row + LANES * i, scratch.sums + VECTOR * i
            x, to_next = scratch.part, FLOAT * v_row
            plain_rows(I8_WEIGHTS, queries, v, seen, v_row, x, PART_BYTES, to, to_next, 1, 0)


@inline
def score_within(
    kind: int, row: Address, values: Address, slot: int, count: int, queries: int, scratch: Scratch
) -> None:
    """To all scores of `count` positions (whole panels) what their values as parts of keys add."""
    literally(kind)
    v_row, item = load_i64(row + AT.v_row), FLOAT
    if kind == F16_WEIGHTS:
        item = HALF
    elif kind == I8_WEIGHTS:
        item = 1
    x, step = scratch.queries + FLOAT * load_i64(row + AT.k_dim), v_row * item
    q_bytes, apart = FLOAT * load_i64(row + AT.q_row), FLOAT * load_i64(row + AT.capacity)
    for first in range(0, count, LANES):  # so many rows stay in the nearest cache
        rows, scales = values + (slot + first) * step, values + load_i64(row + AT.v_scales)
        scales, to = scales + FLOAT * (slot + first), scratch.scores + FLOAT * first
        add_row_sums(
            kind,
            queries,
            LANES,
            rows,
            v_row >> 4,
            step,
            scales,
            apart,
            x,
            q_bytes,
            to,
            SCORES_BYTES,
        )


@inline
def weigh(
    row: Address, piece: Piece, start: int, count: int, queries: int, scratch: Scratch
) -> None:
    """Scores of all queries to weights; what was summed before is rescaled."""
    group, v_row = load_i64(row + AT.group), load_i64(row + AT.v_row)
    slopes, window = load_i64(row + AT.alibi), load_i64(row + AT.window)
    for q in range(queries):
        scores, sums = scratch.scores + q * SCORES_BYTES, scratch.sums + FLOAT * q * v_row
        position = piece.first + q // group
        last = position
        if load_i64(row + AT.both_ways) != 0:
            last = piece.last if window == 0 else min(piece.last, position + window - 1)
        soften(row, scores, count, position, last, start)
        if slopes != 0:
            slope = load_f32(slopes + FLOAT * (piece.head * group + q % group))
            lean(scores, count, slope, start - position)
        online(scores, count, sums, v_row, scratch.state + STATE_BYTES * q)


@inline
def plain_step(
    kind: int, within: int, row: Address, piece: Piece, start: int, queries: int, scratch: Scratch
) -> None:
    """Scores, weights and weighted values of positions start .. start + TILE - 1."""
    literally(kind)
    literally(within)
    count = min(TILE, (piece.last - start + LANES) & ~15)
    slot = start % load_i64(row + AT.capacity)
    score(kind, row, piece.keys, slot, count, queries, scratch)
    if within:
        score_within(kind, row, piece.values, slot, count, queries, scratch)
    weigh(row, piece, start, count, queries, scratch)
    seen = min(count, piece.last - start + 1)
    mix(kind, row, piece.values, slot, seen, queries, scratch)


@inline
def q8_step(
    within: int, row: Address, piece: Piece, start: int, queries: int, scratch: Scratch
) -> None:
    """The same from an int8 cache."""
    literally(within)
    count = min(TILE, (piece.last - start + LANES) & ~15)
    slot = start % load_i64(row + AT.capacity)
    score_q8(row, piece.keys, slot, count, queries, scratch)
    if within:
        score_within(I8_WEIGHTS, row, piece.values, slot, count, queries, scratch)
    weigh(row, piece, start, count, queries, scratch)
    seen = min(count, piece.last - start + 1)
    mix_q8(row, piece.values, slot, seen, queries, scratch)


@inline
def finish(row: Address, piece: Piece, queries: int, scratch: Scratch) -> None:
    """Divide by the denominators and hand the heads over."""
    group, v_row = load_i64(row + AT.group), load_i64(row + AT.v_row)
    width = load_i64(row + AT.head_dim_v)
    for q in range(queries):
        state, sums = scratch.state + STATE_BYTES * q, scratch.sums + FLOAT * q * v_row
        out = load_i64(row + AT.out) + (piece.token + q // group) * load_i64(row + AT.out_stride)
        out += FLOAT * width * (piece.head * group + q % group)
        factor = _ONE / load_f32(state + DENOMINATOR)
        if not load_f32(state + LARGEST) > LOWEST:  # no position had a score: there is no sum
            factor = _NONE
        for d in range(width):
            store_f32(out + FLOAT * d, load_f32(sums + FLOAT * d) * factor)


@inline
def told(row: Address, batch: Address) -> Address:
    """Where the batch says which tokens the rows are: all of the pass, or the wanted ones."""
    return batch + FEW if load_i64(row + COUNT) == N_WANTED else batch


@inline
def claim(row: Address, batch: Address) -> int:
    """The next piece of work, or -1."""
    number = atomic_add(load_i64(row + COUNTER), 1)
    pieces = load_i64(told(row, batch) + N_RUNS) * load_i64(row + AT.n_head_kv)
    return number if number < pieces else -1


@inline
def last_ahead(row: Address, batch: Address, token: int, last: int) -> int:
    """The last position of the text in this pass that a token at position `last` sees, looking both
    ways; `token` is one of the same text."""
    end, window = last, load_i64(row + AT.window)
    for i in range(load_i64(batch + N_ENTRIES)):
        entry = load_i64(batch + ENTRIES) + ENTRY_BYTES * i
        behind = load_i64(entry + ENTRY.first) + load_i64(entry + ENTRY.count)
        if load_i64(entry + ENTRY.first) <= token < behind:
            end = load_i64(load_i64(batch + POSITIONS) + WORD * (behind - 1))
    return end if window == 0 else min(end, last + window - 1)


@inline
def piece_at(row: Address, batch: Address, number: int) -> Piece:
    tokens = told(row, batch)
    n_runs, heads = load_i64(tokens + N_RUNS), load_i64(row + AT.n_head_kv)
    # Late tokens see most: begin with them, so that no thread ends up with a long last piece.
    run = load_i64(tokens + RUNS) + RUN_BYTES * (n_runs - 1 - number // heads)
    head, token, n_tokens = number % heads, load_i64(run + RUN.first), load_i64(run + RUN.count)
    first = load_i64(load_i64(tokens + POSITIONS) + WORD * token)
    cache = load_i64(load_i64(tokens + CACHES) + WORD * token) + load_i64(row + AT.layer)
    keys = cache + head * load_i64(row + AT.k_head_bytes)
    values = cache + load_i64(row + AT.v_start) + head * load_i64(row + AT.v_head_bytes)
    last = first + n_tokens - 1
    if load_i64(row + AT.both_ways) != 0:
        last = last_ahead(row, batch, token, last)
    return Piece(head, token, n_tokens, first, last, keys, values)


@inline
def sink(row: Address, piece: Piece, queries: int, state: Address) -> None:
    """Each query has seen one score already, that of its head's sink, with a weight of 1."""
    group = load_i64(row + AT.group)
    for q in range(queries):
        found = load_i64(row + AT.sinks) + FLOAT * (piece.head * group + q % group)
        store_f32(state + STATE_BYTES * q + LARGEST, load_f32(found))
        store_f32(state + STATE_BYTES * q + DENOMINATOR, _ONE)


@inline
def begin(row: Address, piece: Piece, queries: int, scratch: Scratch) -> int:
    """Gather the queries of a piece and empty its sums. Returns the first position to look at."""
    gather(row, piece, scratch.queries)
    for i in range(queries * (load_i64(row + AT.v_row) >> 4)):
        vstore(vsplat(_ZERO), scratch.sums + VECTOR * i)
    for q in range(queries):
        store_f32(scratch.state + STATE_BYTES * q + LARGEST, LOWEST)
        store_f32(scratch.state + STATE_BYTES * q + DENOMINATOR, _ZERO)
    if load_i64(row + AT.sinks) != 0:
        sink(row, piece, queries, scratch.state)
    window = reach(row, piece.first)
    seen = piece.first - window + 1  # the first position that is seen
    return seen // TILE * TILE if window > 0 and seen > 0 else 0


@inline
def step_f32(row: Address, piece: Piece, start: int, queries: int, scratch: Scratch) -> None:
    plain_step(F32_WEIGHTS, 0, row, piece, start, queries, scratch)


@inline
def step_f16(row: Address, piece: Piece, start: int, queries: int, scratch: Scratch) -> None:
    plain_step(F16_WEIGHTS, 0, row, piece, start, queries, scratch)


@inline
def step_q8(row: Address, piece: Piece, start: int, queries: int, scratch: Scratch) -> None:
    q8_step(0, row, piece, start, queries, scratch)


@inline
def inner_f32(row: Address, piece: Piece, start: int, queries: int, scratch: Scratch) -> None:
    plain_step(F32_WEIGHTS, 1, row, piece, start, queries, scratch)


@inline
def inner_f16(row: Address, piece: Piece, start: int, queries: int, scratch: Scratch) -> None:
    plain_step(F16_WEIGHTS, 1, row, piece, start, queries, scratch)


@inline
def inner_q8(row: Address, piece: Piece, start: int, queries: int, scratch: Scratch) -> None:
    q8_step(1, row, piece, start, queries, scratch)


@template("STEP")
def _attend(row: Address, batch: Address, thread: int) -> None:
    """All pieces this thread can get; STEP is one tile of keys of the cache's type."""
    while True:
        number = claim(row, batch)
        if number < 0:
            return
        piece = piece_at(row, batch, number)
        queries = load_i64(row + AT.group) * piece.n_tokens
        scratch = scratch_of(row, thread, queries)
        start = begin(row, piece, queries, scratch)
        while start <= piece.last:
            STEP(row, piece, start, queries, scratch)  # noqa: F821
            start += TILE
        finish(row, piece, queries, scratch)


attention_f32 = from_template(_attend, "attention_f32", __name__, AttentionOperands, STEP=step_f32)
attention_f16 = from_template(_attend, "attention_f16", __name__, AttentionOperands, STEP=step_f16)
attention_q8_0 = from_template(_attend, "attention_q8_0", __name__, AttentionOperands, STEP=step_q8)
within_f32 = from_template(_attend, "within_f32", __name__, AttentionOperands, STEP=inner_f32)
within_f16 = from_template(_attend, "within_f16", __name__, AttentionOperands, STEP=inner_f16)
within_q8_0 = from_template(_attend, "within_q8_0", __name__, AttentionOperands, STEP=inner_q8)
