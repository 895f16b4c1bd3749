"""Experts: which of them a token goes to, its rows sorted by expert, products with their matrices.

Rows of one expert stand beside each other, so that its panels are read once for all of them; where
each begins is a multiple of what a tile writes. Routes are read from a table that `arrange` makes:

    table     active | slots | experts | sources | places                       int64
    experts   of each that is in use: its number | its first row | its rows
    sources   of each row: token * used + which of its experts; -1: the row only fills up
    places    of each token and each of its experts: the row
    route     of each token: weights | numbers | probabilities | what is chosen by   float32
"""

import numpy as np

from engine.compute.kernels.abi import (
    COUNT,
    COUNTER,
    N_SLOTS,
    ROW_BYTES,
    WORD,
    Operands,
    Place,
    declared,
)
from engine.compute.kernels.activations import GROUP
from engine.compute.kernels.jit import Inlined, inline, kernel, literally
from engine.compute.kernels.matmul import FEW, ProductOperands
from engine.compute.kernels.rows import Outputs, finish_block, finish_vector
from engine.compute.simd.memory import (
    FLOAT,
    Address,
    atomic_add,
    atomic_load,
    copy_bytes,
    load_f32,
    load_i64,
    store_f32,
    store_i64,
)
from engine.compute.simd.vectors import (
    VECTOR,
    Vector,
    vexp,
    vfma,
    vload,
    vsplat,
    vstore,
    vtop,
)

SOFTMAX, SIGMOID, SOFTMAX_USED, MIXER = range(4)  # gatings, as operands
GATINGS = {"softmax": SOFTMAX, "sigmoid": SIGMOID, "softmax_used": SOFTMAX_USED, "mixer": MIXER}


@declared
class RouteOperands(Operands):
    """Of route_rows."""

    logits: Place
    logits_stride: int  # bytes
    out: Place
    out_stride: int
    experts: int
    used: int
    gating: int
    normalized: int
    scale: float
    bias: int  # address of float32 [whole vectors of the experts], or 0
    groups: int
    groups_used: int
    group_top: int
    probs: int  # where they begin in a row of `out`, in bytes
    choice: int
    scales: int = 0  # address of float32 [experts], or 0
    margin: float = 0.0


@declared
class ArrangeOperands(Operands):
    """Of arrange."""

    route: Place
    route_stride: int  # bytes
    table: Place
    sources: int  # where they begin in the table, in bytes
    places: int
    experts: int
    used: int


@declared
class DispatchOperands(Outputs):
    """Of dispatch_rows."""

    x: Place
    x_stride: int  # bytes
    vectors: int  # of 16 floats in a row
    route: Place
    route_stride: int
    table: Place
    sources: int
    used: int
    weighted: int


@declared
class CombineOperands(Outputs):
    """Of combine_rows."""

    x: Place
    x_stride: int  # bytes
    vectors: int
    route: Place
    route_stride: int
    table: Place
    places: int
    used: int
    weighted: int


@declared
class ExpertOperands(ProductOperands):
    """Of all products by expert: those of a product with the matrix of expert 0, and"""

    table: Place
    rows: Place  # room for a row of operands for each thread
    expert_bytes: int  # from matrix to matrix
    bias_bytes: int  # from bias to bias
    rows_of_x: int  # that lie together: GROUP, floats: 1


ROUTE, ARRANGE = RouteOperands.offsets(), ArrangeOperands.offsets()
DISPATCH, COMBINE, AT = (
    DispatchOperands.offsets(),
    CombineOperands.offsets(),
    ExpertOperands.offsets(),
)
ACTIVE, SLOTS, EXPERTS = 0, WORD, 2 * WORD  # of the table
NUMBER, FIRST, ROWS, ENTRY = 0, WORD, 2 * WORD, 3 * WORD  # of an expert in it
TILE_ROWS = 2 * GROUP  # that the widest tile may write, and so where experts with more rows begin

_ZERO, _ONE, _TINY = np.float32(0), np.float32(1), np.float32(1e-20)
_LEAST, _NONE = np.float32(-np.inf), np.float32(np.nan)


def table_bytes(experts: int, used: int, most_tokens: int) -> tuple[int, int, int]:
    """Where sources and places begin in a table, and its size."""
    sources = EXPERTS + ENTRY * experts
    places = sources + WORD * most_slots(experts, used, most_tokens)
    return sources, places, places + WORD * used * most_tokens


def most_slots(experts: int, used: int, most_tokens: int) -> int:
    """Rows that so many tokens may need: each expert in use begins at a whole tile."""
    rows = used * most_tokens
    return rows + (TILE_ROWS - 1) * min(experts, rows)


# --- which experts -------------------------------------------------------------------------------
@kernel(RouteOperands)
def route_rows(row: Address, batch: Address, thread: int) -> None:
    """Weights and numbers of each token's experts."""
    n_tokens = load_i64(batch + load_i64(row + COUNT))
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        logits = load_i64(row + ROUTE.logits) + token * load_i64(row + ROUTE.logits_stride)
        out = load_i64(row + ROUTE.out) + token * load_i64(row + ROUTE.out_stride)
        spoilt = rate(row, logits, out)
        if load_i64(row + ROUTE.groups) > 1:
            keep_groups(row, out)
        choose(row, out, spoilt)


@inline
def rate(row: Address, logits: Address, out: Address) -> float:
    """Probabilities, and what is chosen by. Returns 0, or NaN where a logit is no number: of such
    a choice nothing is known."""
    experts, gating = load_i64(row + ROUTE.experts), load_i64(row + ROUTE.gating)
    probs, choice = out + load_i64(row + ROUTE.probs), out + load_i64(row + ROUTE.choice)
    vectors, bias = (experts + 15) // 16, load_i64(row + ROUTE.bias)
    top, spoilt = load_f32(logits), _ZERO
    for e in range(experts):
        x = load_f32(logits + FLOAT * e)
        top = max(top, x)
        spoilt = spoilt if x == x else _NONE
    one, total = vsplat(_ONE), _ZERO
    for i in range(vectors):
        x = vload(logits + VECTOR * i)
        if gating == SOFTMAX:
            x = vexp(x - vsplat(top))
        elif gating == SIGMOID:
            x = one / (one + vexp(vsplat(_ZERO) - x))
        vstore(x, probs + VECTOR * i)
    if gating == SOFTMAX:
        for e in range(experts):
            total += load_f32(probs + FLOAT * e)
        for i in range(vectors):
            vstore(vload(probs + VECTOR * i) * vsplat(_ONE / total), probs + VECTOR * i)
    for i in range(vectors):
        x = vload(probs + VECTOR * i)
        if bias:
            x = x + vload(bias + VECTOR * i)
        vstore(x, choice + VECTOR * i)
    return spoilt


@inline
def keep_groups(row: Address, out: Address) -> None:
    """What is chosen by becomes as little as can be in all but the best groups. How good each is
    stands behind it."""
    experts, groups = load_i64(row + ROUTE.experts), load_i64(row + ROUTE.groups)
    choice, each = out + load_i64(row + ROUTE.choice), experts // groups
    good = choice + FLOAT * ((experts + 15) // 16 * 16)
    for i in range(groups):
        first, second = _LEAST, _LEAST
        for e in range(i * each, (i + 1) * each):
            x = load_f32(choice + FLOAT * e)
            if x > first:
                first, second = x, first
            elif x > second:
                second = x
        store_f32(
            good + FLOAT * i, first + second if load_i64(row + ROUTE.group_top) > 1 else first
        )
    for _ in range(load_i64(row + ROUTE.groups_used)):
        store_f32(good + FLOAT * largest(good, groups), _LEAST)
    for i in range(groups):
        if load_f32(good + FLOAT * i) != _LEAST:
            for e in range(i * each, (i + 1) * each):
                store_f32(choice + FLOAT * e, _LEAST)


@inline
def largest(at: Address, count: int) -> int:
    """The first of the largest of `count` floats; 0 where none is a number."""
    best, found = _LEAST, 0
    for i in range(count):
        x = load_f32(at + FLOAT * i)
        if x > best:
            best, found = x, i
    return found


@inline
def share(row: Address, probs: Address, choice: Address, own: float) -> float:
    """What an expert with that logit counts beside those near it that were not chosen before."""
    margin, total = load_f32(row + ROUTE.margin), _ZERO
    for e in range(load_i64(row + ROUTE.experts)):
        x = load_f32(probs + FLOAT * e)
        near = own - x <= margin * max(abs(x), own)
        if near and load_f32(choice + FLOAT * e) > _LEAST:
            total += vtop(vexp(vsplat(x - own)))
    return _ONE / total


@inline
def choose(row: Address, out: Address, spoilt: float) -> None:
    """The best ones in turn, with their weights."""
    experts, used = load_i64(row + ROUTE.experts), load_i64(row + ROUTE.used)
    probs, choice = out + load_i64(row + ROUTE.probs), out + load_i64(row + ROUTE.choice)
    gating, total = load_i64(row + ROUTE.gating), _ZERO
    top = _ZERO
    for j in range(used):
        e = largest(choice, experts)
        weight = load_f32(probs + FLOAT * e)
        if gating == MIXER:
            weight = share(row, probs, choice, weight)
        store_f32(choice + FLOAT * e, _LEAST)
        if gating == SOFTMAX_USED:
            top = weight if j == 0 else top
            weight = vtop(vexp(vsplat(weight - top)))
        total += weight
        store_f32(out + FLOAT * j, weight)
        store_f32(out + FLOAT * (used + j), np.float32(e))
    factor = load_f32(row + ROUTE.scale) + spoilt
    if gating == SOFTMAX_USED:
        factor = factor / total
    elif load_i64(row + ROUTE.normalized):
        factor = factor / (total + _TINY)
    scales = load_i64(row + ROUTE.scales)
    for j in range(used):
        weight = load_f32(out + FLOAT * j) * factor
        if scales:
            weight *= load_f32(scales + FLOAT * int(load_f32(out + FLOAT * (used + j))))
        store_f32(out + FLOAT * j, weight)


# --- rows by expert ------------------------------------------------------------------------------
@kernel(ArrangeOperands)
def arrange(row: Address, batch: Address, thread: int) -> None:
    """The table, by whichever thread comes first: a sort by counting."""
    if atomic_add(load_i64(row + COUNTER), 1):
        return
    n_tokens, table = load_i64(batch + load_i64(row + COUNT)), load_i64(row + ARRANGE.table)
    experts, used = load_i64(row + ARRANGE.experts), load_i64(row + ARRANGE.used)
    for e in range(experts):
        store_i64(table + EXPERTS + ENTRY * e + ROWS, 0)
    most = 0
    for pair in range(n_tokens * used):
        at = table + EXPERTS + ENTRY * expert_of(row, pair, used) + ROWS
        rows = load_i64(at) + 1
        store_i64(at, rows)
        most = max(most, rows)
    slots = begin_experts(table, experts, GROUP if most <= GROUP else TILE_ROWS)
    sources, places = table + load_i64(row + ARRANGE.sources), load_i64(row + ARRANGE.places)
    for slot in range(slots):
        store_i64(sources + WORD * slot, -1)
    for pair in range(n_tokens * used):
        at = table + EXPERTS + ENTRY * expert_of(row, pair, used) + FIRST
        slot = load_i64(at)
        store_i64(at, slot + 1)
        store_i64(sources + WORD * slot, pair)
        store_i64(table + places + WORD * pair, slot)
    store_i64(table + ACTIVE, drop_idle(table, experts))
    store_i64(table + SLOTS, slots)
    store_i64(batch + N_SLOTS, slots)


@inline
def expert_of(row: Address, pair: int, used: int) -> int:
    """Number of the expert; pair: token * used + which of its experts."""
    route = load_i64(row + ARRANGE.route) + pair // used * load_i64(row + ARRANGE.route_stride)
    return int(load_f32(route + FLOAT * (used + pair % used)))


@inline
def begin_experts(table: Address, experts: int, step: int) -> int:
    """Each one's first row, at a multiple of `step`; how many rows there are."""
    slots = 0
    for e in range(experts):
        store_i64(table + EXPERTS + ENTRY * e + FIRST, slots)
        rows = load_i64(table + EXPERTS + ENTRY * e + ROWS)
        slots += (rows + step - 1) // step * step
    return slots


@inline
def drop_idle(table: Address, experts: int) -> int:
    """Moves those in use to the front, each with its number and its first row, behind whose rows
    the count has gone; how many they are."""
    active = 0
    for e in range(experts):
        entry = table + EXPERTS + ENTRY * e
        rows, end = load_i64(entry + ROWS), load_i64(entry + FIRST)
        if rows:
            to = table + EXPERTS + ENTRY * active
            store_i64(to + NUMBER, e)
            store_i64(to + FIRST, end - rows)
            store_i64(to + ROWS, rows)
            active += 1
    return active


@kernel(DispatchOperands)
def dispatch_rows(row: Address, batch: Address, thread: int) -> None:
    """Each row of an expert from its token's; rows that only fill up are zeros."""
    n_slots, vectors = load_i64(batch + load_i64(row + COUNT)), load_i64(row + DISPATCH.vectors)
    sources = load_i64(row + DISPATCH.table) + load_i64(row + DISPATCH.sources)
    used, weighted = load_i64(row + DISPATCH.used), load_i64(row + DISPATCH.weighted)
    while True:
        slot = atomic_add(load_i64(row + COUNTER), 1)
        if slot >= n_slots:
            return
        pair = load_i64(sources + WORD * slot)
        token, factor = pair // used if pair >= 0 else 0, _ONE if pair >= 0 else _ZERO
        if weighted and pair >= 0:
            route = load_i64(row + DISPATCH.route) + token * load_i64(row + DISPATCH.route_stride)
            factor = load_f32(route + FLOAT * (pair % used))
        x, times = (
            load_i64(row + DISPATCH.x) + token * load_i64(row + DISPATCH.x_stride),
            vsplat(factor),
        )
        for block in range(vectors >> 1):
            at = x + 2 * VECTOR * block
            finish_block(row, slot, block, vload(at) * times, vload(at + VECTOR) * times)
        if vectors & 1:
            finish_vector(row, slot, vectors - 1, vload(x + VECTOR * (vectors - 1)) * times)


@kernel(CombineOperands)
def combine_rows(row: Address, batch: Address, thread: int) -> None:
    """Each token's row from those of its experts, in the order in which it chose them. Units of
    work are a token and two vectors."""
    n_tokens, vectors = load_i64(batch + load_i64(row + COUNT)), load_i64(row + COMBINE.vectors)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        for block in range(vectors >> 1):
            low = summed(row, token, 2 * VECTOR * block)
            finish_block(row, token, block, low, summed(row, token, 2 * VECTOR * block + VECTOR))
        if vectors & 1:
            last = summed(row, token, VECTOR * (vectors - 1))
            finish_vector(row, token, vectors - 1, last)


@inline
def summed(row: Address, token: int, at: int) -> Vector:
    """The vector at `at` of a token's sum."""
    used, weighted = load_i64(row + COMBINE.used), load_i64(row + COMBINE.weighted)
    places = load_i64(row + COMBINE.table) + load_i64(row + COMBINE.places) + WORD * used * token
    route = load_i64(row + COMBINE.route) + token * load_i64(row + COMBINE.route_stride)
    x, stride = load_i64(row + COMBINE.x) + at, load_i64(row + COMBINE.x_stride)
    total = vsplat(_ZERO)
    for j in range(used):
        factor = load_f32(route + FLOAT * j) if weighted else _ONE
        total = vfma(vload(x + load_i64(places + WORD * j) * stride), vsplat(factor), total)
    return total


# --- products ------------------------------------------------------------------------------------
def panels_by_expert(one: Inlined) -> Inlined:
    """As matmul.panels_of, for the matrices of all experts in use.

    A thread has a row of operands of its own, in which it writes where an expert's weights, its
    rows and what comes of them are; `one` finds them as in any product.
    """

    def panels(kind: int, form: int, row: Address, batch: Address, thread: int) -> None:
        literally(kind)
        literally(form)
        table, n_panels = load_i64(row + AT.table), load_i64(row + AT.n_panels)
        total = load_i64(table + ACTIVE) * n_panels
        own = load_i64(row + AT.rows) + thread * ROW_BYTES
        copy_bytes(own, row, ROW_BYTES)
        few = load_i64(table + SLOTS) <= FEW * load_i64(table + ACTIVE)
        now, n_rows = -1, 0
        while True:
            left = total - atomic_load(load_i64(row + COUNTER))
            grain = max(1, left // load_i64(row + AT.shares)) if few else 1
            first = atomic_add(load_i64(row + COUNTER), grain)
            if first >= total:
                return
            for index in range(first, min(first + grain, total)):
                if index // n_panels != now:
                    now = index // n_panels
                    n_rows = turn_to(row, own, table + EXPERTS + ENTRY * now)
                one(kind, form, own, index - now * n_panels, n_rows, thread)

    # Symbols are made of it: two kernels from different processes must not share one.
    panels.__qualname__ = f"panels_by_expert_{one.__name__}"
    return inline(panels)


@inline
def turn_to(row: Address, own: Address, entry: Address) -> int:
    """Writes what belongs to an expert into the thread's own row; how many rows it has."""
    number, first = load_i64(entry + NUMBER), load_i64(entry + FIRST)
    weights = load_i64(row + AT.weights) + number * load_i64(row + AT.expert_bytes)
    groups = first // load_i64(row + AT.rows_of_x)
    bias = load_i64(row + AT.bias)
    store_i64(own + AT.weights, weights)
    store_i64(own + AT.x, load_i64(row + AT.x) + groups * load_i64(row + AT.x_stride))
    store_i64(own + AT.out, load_i64(row + AT.out) + first * load_i64(row + AT.out_stride))
    store_i64(own + AT.bias, bias + number * load_i64(row + AT.bias_bytes) if bias else 0)
    return load_i64(entry + ROWS)
