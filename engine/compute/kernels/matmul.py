"""Matrix products: out[token, row] (+)= Σ weight[row, column] · x[token, column] (+ bias[row]).

One panel of 16 rows is one piece of work. For one to a few tokens the packed weights are unpacked
in registers (memory is the bound then); for many, a panel is unpacked once into a scratch that
stays in the cache and multiplied with all tokens (the integer units are the bound).

    weights    panel 0: rows 0 .. 15 | panel 1: rows 16 .. 31 | ...      a panel: panel_bytes
    x          group 0: tokens 0 .. 3 | group 1: tokens 4 .. 7 | ...     a group: x_stride
               floats: token 0 | token 1 | ...                           a token: x_stride
    out        token 0: vector 0, of panel 0 | vector 1 | ...            a token: out_stride
    bias       vector 0, of panel 0 | vector 1 | ...
    scratch    of thread 0: an unpacked panel | of thread 1 | ...        a thread: scratch_bytes

Where each head has a matrix of its own, they lie one after another, and so do the heads of x:

    weights    head 0: panel 0 | panel 1 | ... | head 1: ...           a head: head_panels panels
    x          group 0: head 0 | head 1 | ...                          a head: x_head

What is in a panel, panels.py shows; in a group, activations.py.
"""

from typing import NamedTuple

from engine.compute.kernels.abi import COUNT, COUNTER, Operands, Place, declared
from engine.compute.kernels.activations import GROUP
from engine.compute.kernels.float_tiles import plain_rows
from engine.compute.kernels.jit import Inlined, inline, literally
from engine.compute.kernels.tiles import (
    TILE_TOKENS,
    packed_pair_tile,
    packed_tile,
    scratch_tile,
    unpack_panel,
)
from engine.compute.simd.memory import Address, atomic_add, atomic_load, load_i64
from engine.compute.simd.vectors import VECTOR


@declared
class ProductOperands(Operands):
    """Of all products."""

    weights: Place
    panel_bytes: int
    n_panels: int
    size: int  # blocks of 32 columns (float weights: columns)
    x: Place
    x_stride: int  # bytes from group to group (floats: from row to row)
    out: Place
    out_stride: int
    add: int  # not 0: add to what `out` holds (the residual stream)
    bias: int  # address of float32 [16 · n_panels], or 0
    scratch: Place
    scratch_bytes: int  # per thread
    shares: int  # into how many parts a claim divides what is left; it takes one
    step: int  # float weights: bytes from column to column
    head_panels: int = 0  # where each head has a matrix of its own: panels of one, and
    x_head: int = 0  # bytes from one head's activations to the next; else 0


AT = ProductOperands.offsets()

FEW = 12  # up to so many tokens, unpacking twice is cheaper than a scratch


class Panel(NamedTuple):
    """What a tile is told of one panel; see tiles.py."""

    weights: Address
    size: int
    x: Address
    x_stride: int
    out: Address
    out_stride: int
    add: int
    bias: Address  # or 0


@inline
def panel_at(row: Address, index: int) -> Panel:
    bias = load_i64(row + AT.bias)
    if bias:
        bias += VECTOR * index
    x, x_head = load_i64(row + AT.x), load_i64(row + AT.x_head)
    if x_head:
        x += index // load_i64(row + AT.head_panels) * x_head
    return Panel(
        load_i64(row + AT.weights) + index * load_i64(row + AT.panel_bytes),
        load_i64(row + AT.size),
        x,
        load_i64(row + AT.x_stride),
        load_i64(row + AT.out) + VECTOR * index,
        load_i64(row + AT.out_stride),
        load_i64(row + AT.add),
        bias,
    )


@inline
def piece(row: Address, n_tokens: int, n_panels: int) -> int:
    """How many panels to claim next. Few tokens are bound by memory, which is fastest read in long
    runs: many panels while much is left, one at the end. With many tokens a panel is long work."""
    left = n_panels - atomic_load(load_i64(row + COUNTER))
    return max(1, left // load_i64(row + AT.shares)) if n_tokens <= FEW else 1


def panels_of(one: Inlined) -> Inlined:
    """All panels that a thread can get, as an inline function (kind, form, row, batch, thread).

    one: an inline function (kind, form, row, index, n_tokens, thread), which multiplies one panel.
    kind (a TensorType) and form (see tiles.py) are literals in both.
    """

    def panels(kind: int, form: int, row: Address, batch: Address, thread: int) -> None:
        literally(kind)
        literally(form)
        n_tokens, n_panels = load_i64(batch + load_i64(row + COUNT)), load_i64(row + AT.n_panels)
        while n_tokens > 0:
            grain = piece(row, n_tokens, n_panels)
            first = atomic_add(load_i64(row + COUNTER), grain)
            if first >= n_panels:
                return
            for index in range(first, min(first + grain, n_panels)):
                one(kind, form, row, index, n_tokens, thread)

    # Symbols are made of it: two kernels from different processes must not share one.
    panels.__qualname__ = f"panels_of_{one.__name__}"
    return inline(panels)


@inline
def packed_panel(
    kind: int, form: int, row: Address, index: int, n_tokens: int, thread: int
) -> None:
    literally(kind)
    literally(form)
    if n_tokens <= FEW:
        few_tokens(kind, form, row, index, n_tokens)
    else:
        many_tokens(kind, form, row, index, n_tokens, thread)


@inline
def few_tokens(kind: int, form: int, row: Address, index: int, n_tokens: int) -> None:
    """Unpacked in registers, for one or two groups of tokens at a time."""
    literally(kind)
    literally(form)
    weights, size, x, x_stride, out, out_stride, add, bias = panel_at(row, index)
    if n_tokens == 1:
        packed_tile(kind, form, 1, weights, size, 0, x, x_stride, out, out_stride, add, bias)
    elif n_tokens == 2:
        packed_tile(kind, form, 2, weights, size, 0, x, x_stride, out, out_stride, add, bias)
    else:
        t = 0
        while n_tokens - t > GROUP and TILE_TOKENS > GROUP:  # unpacked once for two groups
            group, to = x + (t >> 2) * x_stride, out + t * out_stride
            packed_tile(
                kind,
                form,
                TILE_TOKENS,
                weights,
                size,
                0,
                group,
                x_stride,
                to,
                out_stride,
                add,
                bias,
            )
            t += TILE_TOKENS
        while t < n_tokens:
            group, to = x + (t >> 2) * x_stride, out + t * out_stride
            packed_tile(
                kind, form, GROUP, weights, size, 0, group, x_stride, to, out_stride, add, bias
            )
            t += GROUP


@inline
def many_tokens(kind: int, form: int, row: Address, index: int, n_tokens: int, thread: int) -> None:
    """Unpacked once, into this thread's scratch."""
    literally(kind)
    literally(form)
    weights, size, x, x_stride, out, out_stride, add, bias = panel_at(row, index)
    scratch = load_i64(row + AT.scratch) + thread * load_i64(row + AT.scratch_bytes)
    unpack_panel(kind, weights, size, scratch)
    for t in range(0, n_tokens, TILE_TOKENS):
        group, to = x + (t >> 2) * x_stride, out + t * out_stride
        scratch_tile(
            kind, form, TILE_TOKENS, scratch, size, 0, group, x_stride, to, out_stride, add, bias
        )


@inline
def wide_panel(kind: int, form: int, row: Address, index: int, n_tokens: int, thread: int) -> None:
    """As `packed`, with 16-bit activations: for the few tokens whose logits are wanted, where an
    error goes straight into the result and more work costs nothing."""
    literally(kind)
    literally(form)
    weights, size, x, x_stride, out, out_stride, add, bias = panel_at(row, index)
    if n_tokens == 1:
        packed_tile(kind, form, 1, weights, size, 0, x, x_stride, out, out_stride, add, bias)
    else:
        for t in range(0, n_tokens, 2):
            group, to, lane = x + (t >> 2) * x_stride, out + t * out_stride, t & 3
            packed_tile(
                kind, form, 2, weights, size, lane, group, x_stride, to, out_stride, add, bias
            )


@inline
def pairs_panel(kind: int, form: int, row: Address, index: int, n_tokens: int, thread: int) -> None:
    """Panels in pairs with 16-bit activations: little to unpack, so no scratch."""
    literally(kind)
    weights, size, x, x_stride, out, out_stride, add, bias = panel_at(row, index)
    if n_tokens == 1:
        packed_pair_tile(kind, 1, weights, size, 0, x, x_stride, out, out_stride, add, bias)
    elif n_tokens == 2:
        packed_pair_tile(kind, 2, weights, size, 0, x, x_stride, out, out_stride, add, bias)
    else:
        for t in range(0, n_tokens, GROUP):
            group, to = x + (t >> 2) * x_stride, out + t * out_stride
            packed_pair_tile(
                kind, GROUP, weights, size, 0, group, x_stride, to, out_stride, add, bias
            )


@inline
def plain_panel(kind: int, form: int, row: Address, index: int, n_tokens: int, thread: int) -> None:
    """Float weights and activations."""
    literally(kind)
    weights, size, x, x_stride, out, out_stride, add, bias = panel_at(row, index)
    step = load_i64(row + AT.step)
    plain_rows(kind, n_tokens, weights, size, step, x, x_stride, out, out_stride, add, bias)


packed, wide, pairs, plain = (
    panels_of(one) for one in (packed_panel, wide_panel, pairs_panel, plain_panel)
)
