"""Matrix products: out[token, row] (+)= Σ weight[row, column] · x[token, column] (+ bias[row]).

One panel of 16 rows is one piece of work. For one to a few tokens the packed weights are unpacked
in registers (memory is the bound then); for many, a panel is unpacked once into a scratch that
stays in the cache and multiplied with all tokens (the integer units are the bound).
"""

from dataclasses import dataclass

from engine.compute.kernels.abi import COUNT, COUNTER, Address, Operands
from engine.compute.kernels.float_tiles import plain_rows
from engine.compute.kernels.jit import inline, literally
from engine.compute.kernels.tiles import (
    Q16,
    TILE_TOKENS,
    packed_pair_tile,
    packed_tile,
    scratch_tile,
    unpack_panel,
)
from engine.compute.simd.memory import atomic_add, atomic_load, load_i64


@dataclass(frozen=True, kw_only=True)
class ProductOperands(Operands):
    """Of all products."""

    weights: Address
    panel_bytes: int
    n_panels: int
    size: int  # blocks of 32 columns (float weights: columns)
    x: Address
    x_stride: int  # bytes from group to group (floats: from row to row)
    out: Address
    out_stride: int
    add: int  # not 0: add to what `out` holds (the residual stream)
    bias: int  # address of float32 [16 · n_panels], or 0
    scratch: Address
    scratch_bytes: int  # per thread
    shares: int  # into how many parts a claim divides what is left; it takes one
    step: int  # float weights: bytes from column to column


AT = ProductOperands.offsets()

FEW = 12  # up to so many tokens, unpacking twice is cheaper than a scratch


@inline
def piece(row, n_tokens, n_panels):
    """How many panels to claim next. Few tokens are bound by memory, which is fastest read in long
    runs: many panels while much is left, one at the end. With many tokens a panel is long work."""
    left = n_panels - atomic_load(load_i64(row + COUNTER))
    return max(1, left // load_i64(row + AT.shares)) if n_tokens <= FEW else 1


@inline
def packed(kind, form, row, batch, thread):
    """All panels this thread can get; `kind` (a TensorType) and `form` are literals."""
    literally(kind)
    literally(form)
    n_tokens = load_i64(batch + load_i64(row + COUNT))
    n_panels = load_i64(row + AT.n_panels)
    while n_tokens > 0:
        grain = piece(row, n_tokens, n_panels)
        first = atomic_add(load_i64(row + COUNTER), grain)
        if first >= n_panels:
            return
        for panel in range(first, min(first + grain, n_panels)):
            if n_tokens <= FEW:
                few_tokens(kind, form, row, panel, n_tokens)
            else:
                many_tokens(kind, form, row, panel, n_tokens, thread)


@inline
def few_tokens(kind, form, row, panel, n_tokens):
    literally(kind)
    literally(form)
    weights = load_i64(row + AT.weights) + panel * load_i64(row + AT.panel_bytes)
    size, x, xs = load_i64(row + AT.size), load_i64(row + AT.x), load_i64(row + AT.x_stride)
    out, os = load_i64(row + AT.out) + 64 * panel, load_i64(row + AT.out_stride)
    add, bias = load_i64(row + AT.add), load_i64(row + AT.bias)
    if bias:
        bias += 64 * panel
    if n_tokens == 1:
        packed_tile(kind, form, 1, weights, size, 0, x, xs, out, os, add, bias)
    elif n_tokens == 2:
        packed_tile(kind, form, 2, weights, size, 0, x, xs, out, os, add, bias)
    else:
        t = 0
        while n_tokens - t > 4 and TILE_TOKENS > 4:  # unpacked once for two groups
            at, to = x + (t >> 2) * xs, out + t * os
            packed_tile(kind, form, TILE_TOKENS, weights, size, 0, at, xs, to, os, add, bias)
            t += TILE_TOKENS
        while t < n_tokens:
            at, to = x + (t >> 2) * xs, out + t * os
            packed_tile(kind, form, 4, weights, size, 0, at, xs, to, os, add, bias)
            t += 4


@inline
def many_tokens(kind, form, row, panel, n_tokens, thread):
    literally(kind)
    literally(form)
    weights = load_i64(row + AT.weights) + panel * load_i64(row + AT.panel_bytes)
    size, x, xs = load_i64(row + AT.size), load_i64(row + AT.x), load_i64(row + AT.x_stride)
    out, os = load_i64(row + AT.out) + 64 * panel, load_i64(row + AT.out_stride)
    add, bias = load_i64(row + AT.add), load_i64(row + AT.bias)
    if bias:
        bias += 64 * panel
    scratch = load_i64(row + AT.scratch) + thread * load_i64(row + AT.scratch_bytes)
    unpack_panel(kind, weights, size, scratch)
    for t in range(0, n_tokens, TILE_TOKENS):
        at, to = x + (t >> 2) * xs, out + t * os
        scratch_tile(kind, form, TILE_TOKENS, scratch, size, 0, at, xs, to, os, add, bias)


@inline
def wide(kind, row, batch, thread):
    """As `packed`, with 16-bit activations: for the few tokens whose logits are wanted, where an
    error goes straight into the result and more work costs nothing."""
    literally(kind)
    n_tokens, n_panels = load_i64(batch + load_i64(row + COUNT)), load_i64(row + AT.n_panels)
    size, x, xs = load_i64(row + AT.size), load_i64(row + AT.x), load_i64(row + AT.x_stride)
    os, add = load_i64(row + AT.out_stride), load_i64(row + AT.add)
    while n_tokens > 0:
        grain = piece(row, n_tokens, n_panels)
        first = atomic_add(load_i64(row + COUNTER), grain)
        if first >= n_panels:
            return
        for panel in range(first, min(first + grain, n_panels)):
            weights = load_i64(row + AT.weights) + panel * load_i64(row + AT.panel_bytes)
            out, bias = load_i64(row + AT.out) + 64 * panel, load_i64(row + AT.bias)
            if bias:
                bias += 64 * panel
            if n_tokens == 1:
                packed_tile(kind, Q16, 1, weights, size, 0, x, xs, out, os, add, bias)
            else:
                for t in range(0, n_tokens, 2):
                    at, to = x + (t >> 2) * xs, out + t * os
                    packed_tile(kind, Q16, 2, weights, size, t & 3, at, xs, to, os, add, bias)


@inline
def pairs(kind, row, batch, thread):
    """Panels in pairs with 16-bit activations: little to unpack, so no scratch."""
    literally(kind)
    n_tokens = load_i64(batch + load_i64(row + COUNT))
    n_panels = load_i64(row + AT.n_panels)
    size, x, xs = load_i64(row + AT.size), load_i64(row + AT.x), load_i64(row + AT.x_stride)
    os, add = load_i64(row + AT.out_stride), load_i64(row + AT.add)
    while n_tokens > 0:
        grain = piece(row, n_tokens, n_panels)
        first = atomic_add(load_i64(row + COUNTER), grain)
        if first >= n_panels:
            return
        for panel in range(first, min(first + grain, n_panels)):
            weights = load_i64(row + AT.weights) + panel * load_i64(row + AT.panel_bytes)
            out, bias = load_i64(row + AT.out) + 64 * panel, load_i64(row + AT.bias)
            if bias:
                bias += 64 * panel
            if n_tokens == 1:
                packed_pair_tile(kind, 1, weights, size, 0, x, xs, out, os, add, bias)
            elif n_tokens == 2:
                packed_pair_tile(kind, 2, weights, size, 0, x, xs, out, os, add, bias)
            else:
                for t in range(0, n_tokens, 4):
                    at = x + (t >> 2) * xs
                    packed_pair_tile(kind, 4, weights, size, 0, at, xs, out + t * os, os, add, bias)


@inline
def plain(kind, row, batch, thread):
    """Float weights and activations; `kind` is a literal TensorType."""
    literally(kind)
    n_tokens = load_i64(batch + load_i64(row + COUNT))
    n_panels = load_i64(row + AT.n_panels)
    size, x, xs = load_i64(row + AT.size), load_i64(row + AT.x), load_i64(row + AT.x_stride)
    os, add, step = load_i64(row + AT.out_stride), load_i64(row + AT.add), load_i64(row + AT.step)
    while n_tokens > 0:
        grain = piece(row, n_tokens, n_panels)
        first = atomic_add(load_i64(row + COUNTER), grain)
        if first >= n_panels:
            return
        for panel in range(first, min(first + grain, n_panels)):
            weights = load_i64(row + AT.weights) + panel * load_i64(row + AT.panel_bytes)
            out, bias = load_i64(row + AT.out) + 64 * panel, load_i64(row + AT.bias)
            if bias:
                bias += 64 * panel
            plain_rows(kind, n_tokens, weights, size, step, x, xs, out, os, add, bias)
