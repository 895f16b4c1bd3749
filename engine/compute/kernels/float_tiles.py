"""The innermost loops over float weights: one vector of 16 rows, or a pair of them, at a time.

As in tiles.py one output is summed in the same order whatever the tile's size.
"""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from engine.compute.kernels.jit import inline, literally
from engine.compute.kernels.tiles import TILE, Outputs
from engine.compute.simd.bfloat import pair_dot, widened
from engine.compute.simd.emit import F32, F32X16, I32, I32X16, Emit
from engine.compute.simd.floats import load_bfloat, load_bytes, load_half
from engine.compute.simd.isa import isa

_I = types.int64
FLOAT_TOKENS = 12 if isa().registers > 16 else 6  # tokens of the widest tile

_FLOAT_LOADS = {0: lambda e, at: e.load(F32X16, at), 1: lambda e, at: load_half(e, at, 0)}
_FLOAT_LOADS[30] = lambda e, at: load_bfloat(e, at, 0)
_FLOAT_LOADS[24] = lambda e, at: load_bytes(e, at, 0, signed=True)  # I8, scaled by the caller
# Pairs of BF16 columns: with pairs of bfloat16 activations, or with float32 ones.
BF16_PAIRS, BF16_EXACT = 1030, 1031
_FLOAT_LOADS[BF16_PAIRS] = _FLOAT_LOADS[BF16_EXACT] = lambda e, at: e.load(I32X16, at)


def float_tile(e: Emit, kind: int, tokens: int, args) -> None:
    """Float weights: one vector of 16 rows per column (or pair of them), `step` bytes apart."""
    panel, columns, step, x, x_stride = args[:5]
    output = Outputs(e, tokens, args[5:])
    rows = [e.at(x, e.times(x_stride, t)) for t in range(tokens)]

    def one_step(index: ir.Value, acc: list[ir.Value]) -> list[ir.Value]:
        weights = _FLOAT_LOADS[kind](e, e.at(panel, e.b.mul(index, step)))
        for t, row in enumerate(rows):
            acc[t] = _added(e, kind, weights, row, index, acc[t])
        return acc

    output.end(e.loop(columns, output.begin(), one_step))


def _added(
    e: Emit, kind: int, weights: ir.Value, row: ir.Value, index: ir.Value, acc: ir.Value
) -> ir.Value:
    """acc + the products of step `index` with one row of activations."""
    if kind == BF16_PAIRS:
        return pair_dot(e, weights, e.splat(e.load(I32, row, e.times(index, 4)), 16), acc)
    if kind == BF16_EXACT:
        at = e.at(row, e.times(index, 8))
        for i, column in enumerate(widened(e, weights)):
            acc = e.fma(column, e.splat(e.load(F32, at, 4 * i), 16), acc)
        return acc
    return e.fma(weights, e.splat(e.load(F32, row, e.times(index, 4)), 16), acc)


@intrinsic(prefer_literal=True)
def plain_tile(typingctx, kind, tokens, p, n, s, x, xs, o, os, add, bias):
    """Float panel · `tokens` rows; kind (F32 0, F16 1, BF16 30, pairs) and tokens are literals."""
    number, count = kind.literal_value, tokens.literal_value

    def codegen(context, builder, signature, args):
        float_tile(Emit(builder), number, count, list(args[2:]))
        return context.get_dummy_value()

    return types.void(kind, tokens, *TILE), codegen


@intrinsic(prefer_literal=True)
def plain_span(typingctx, kind, vectors, p, n, s, apart, x, o, add):
    """One row times `vectors` panels that lie `apart` bytes from one to the next: enough sums at
    once to hide the latency of each. kind and vectors are literals."""
    number, count = kind.literal_value, vectors.literal_value

    def codegen(context, builder, signature, args):
        e = Emit(builder)
        panel, columns, step, apart, x, out, add = args[2:]
        load = _FLOAT_LOADS[number]

        def one_column(index: ir.Value, acc: list[ir.Value]) -> list[ir.Value]:
            value = e.splat(e.load(F32, x, e.times(index, 4)), 16)
            at = e.at(panel, e.b.mul(index, step))
            places = [e.at(at, e.times(apart, i)) for i in range(count)]
            return [e.fma(load(e, place), value, a) for place, a in zip(places, acc, strict=True)]

        zero = [e.constant(F32X16, 0.0)] * count
        sums = e.loop(columns, zero, one_column)
        adding = e.b.icmp_signed("!=", add, e.i64(0))
        for i, total in enumerate(sums):
            before = e.load(F32X16, out, 64 * i)
            e.store(e.b.select(adding, e.b.fadd(before, total), total), out, 64 * i)
        return context.get_dummy_value()

    return types.void(kind, vectors, *(_I,) * 7), codegen


@inline
def plain_rows(kind, count, panel, columns, step, x, xs, out, os, add, bias):
    """One float panel · any number of rows, in tiles as large as the registers allow."""
    literally(kind)
    t = 0
    # Seven or eight rows go as 4 + ...: a tile of two would wait for its own sums.
    while count - t == FLOAT_TOKENS or count - t > FLOAT_TOKENS + 2:
        at, to = x + t * xs, out + t * os
        plain_tile(kind, FLOAT_TOKENS, panel, columns, step, at, xs, to, os, add, bias)
        t += FLOAT_TOKENS
    while t + 4 <= count:
        plain_tile(kind, 4, panel, columns, step, x + t * xs, xs, out + t * os, os, add, bias)
        t += 4
    while t + 2 <= count:
        plain_tile(kind, 2, panel, columns, step, x + t * xs, xs, out + t * os, os, add, bias)
        t += 2
    if t < count:
        plain_tile(kind, 1, panel, columns, step, x + t * xs, xs, out + t * os, os, add, bias)
