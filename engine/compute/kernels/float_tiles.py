"""The innermost loops over float weights: one vector of 16 rows, or a pair of them, at a time.

As in tiles.py one output is summed in the same order whatever the tile's size, and a tile is told
the same; `step` is its word for the bytes from column to column:

    panel    column 0: 16 rows | column 1: 16 rows | ...        `step` apart, float32 or narrower
    pairs    columns 0 and 1: r0c0 r0c1 | r1c0 r1c1 | ... | r15c1       bfloat16
    x        of one token: column 0 | column 1 | ...            float32; with pairs bfloat16
"""

from collections.abc import Callable

from llvmlite import ir

from engine.compute.kernels.jit import inline, literally
from engine.compute.kernels.tiles import N_TILE_ARGS, OUTPUTS, TILE, Outputs
from engine.compute.simd.bfloat import pair_dot, widened
from engine.compute.simd.emit import (
    F32,
    F32X16,
    I32,
    I32X16,
    Args,
    Builder,
    Context,
    Emit,
    NumbaType,
    Signature,
    TypingContext,
    Value,
)
from engine.compute.simd.floats import load_bfloat, load_bytes, load_half
from engine.compute.simd.intrinsics import int64, intrinsic_of_literals, void
from engine.compute.simd.isa import isa
from engine.compute.simd.memory import FLOAT, Address, Instruction
from engine.compute.simd.vectors import VECTOR
from engine.weights.types import TensorType

_I = int64
PAIR = 4  # bytes of two bfloat16
FLOAT_TOKENS = 12 if isa().registers > 16 else 6  # tokens of the widest tile

# What weights are, as literals: a TensorType, or beyond their numbers pairs of BF16 columns, with
# pairs of bfloat16 activations or with float32 ones.
F32_WEIGHTS, F16_WEIGHTS, BF16_WEIGHTS, I8_WEIGHTS = (
    int(kind) for kind in (TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.I8)
)
BF16_PAIRS, BF16_EXACT = 1000 + BF16_WEIGHTS, 1001 + BF16_WEIGHTS
_FLOAT_LOADS: dict[int, Callable[[Emit, Value], Value]] = {
    F32_WEIGHTS: lambda e, at: e.load(F32X16, at),
    F16_WEIGHTS: lambda e, at: load_half(e, at, 0),
    BF16_WEIGHTS: lambda e, at: load_bfloat(e, at, 0),
    I8_WEIGHTS: lambda e, at: load_bytes(e, at, 0, signed=True),  # scaled by the caller
    BF16_PAIRS: lambda e, at: e.load(I32X16, at),
    BF16_EXACT: lambda e, at: e.load(I32X16, at),
}


def float_tile(e: Emit, kind: int, tokens: int, args: Args) -> None:
    """Float weights: one vector of 16 rows per column (or pair of them), `step` bytes apart."""
    panel, columns, step, x, x_stride = args[: OUTPUTS.start]
    output = Outputs(e, tokens, args)
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
        return pair_dot(e, weights, e.splat(e.load(I32, row, e.times(index, PAIR)), 16), acc)
    if kind == BF16_EXACT:
        at = e.at(row, e.times(index, 2 * FLOAT))
        for i, column in enumerate(widened(e, weights)):
            acc = e.fma(column, e.splat(e.load(F32, at, FLOAT * i), 16), acc)
        return acc
    return e.fma(weights, e.splat(e.load(F32, row, e.times(index, FLOAT)), 16), acc)


@intrinsic_of_literals
def plain_tile(
    typingctx: TypingContext,
    kind: NumbaType,
    tokens: NumbaType,
    panel: Address,
    columns: int,
    step: int,
    x: Address,
    x_stride: int,
    out: Address,
    out_stride: int,
    add: int,
    bias: Address,
) -> Instruction:
    """Float panel · `tokens` rows; kind (one of _FLOAT_LOADS) and tokens are literals."""
    number, count = kind.literal_value, tokens.literal_value

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        float_tile(Emit(builder), number, count, args[-N_TILE_ARGS:])
        return context.get_dummy_value()

    return void(kind, tokens, *TILE), codegen


@intrinsic_of_literals
def plain_span(
    typingctx: TypingContext,
    kind: NumbaType,
    vectors: NumbaType,
    panel: Address,
    columns: int,
    step: int,
    apart: int,
    x: Address,
    out: Address,
    add: int,
) -> Instruction:
    """One row times `vectors` panels that lie `apart` bytes from one to the next: enough sums at
    once to hide the latency of each. kind and vectors are literals."""
    number, count = kind.literal_value, vectors.literal_value

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        e = Emit(builder)
        panel, columns, step, apart, x, out, add = args[2:]
        load = _FLOAT_LOADS[number]

        def one_column(index: ir.Value, acc: list[ir.Value]) -> list[ir.Value]:
            value = e.splat(e.load(F32, x, e.times(index, FLOAT)), 16)
            at = e.at(panel, e.b.mul(index, step))
            places = [e.at(at, e.times(apart, i)) for i in range(count)]
            return [e.fma(load(e, place), value, a) for place, a in zip(places, acc, strict=True)]

        zero = [e.constant(F32X16, 0.0)] * count
        sums = e.loop(columns, zero, one_column)
        adding = e.b.icmp_signed("!=", add, e.i64(0))
        for i, total in enumerate(sums):
            before = e.load(F32X16, out, VECTOR * i)
            e.store(e.b.select(adding, e.b.fadd(before, total), total), out, VECTOR * i)
        return context.get_dummy_value()

    return void(kind, vectors, *(_I,) * 7), codegen


@inline
def plain_rows(
    kind: int,
    count: int,
    panel: Address,
    columns: int,
    step: int,
    x: Address,
    x_stride: int,
    out: Address,
    out_stride: int,
    add: int,
    bias: Address,
) -> None:
    """One float panel · any number of rows, in tiles as large as the registers allow."""
    literally(kind)
    t = 0
    # Seven or eight rows go as 4 + ...: a tile of two would wait for its own sums.
    while count - t == FLOAT_TOKENS or count - t > FLOAT_TOKENS + 2:
        at, to = x + t * x_stride, out + t * out_stride
        plain_tile(
            kind, FLOAT_TOKENS, panel, columns, step, at, x_stride, to, out_stride, add, bias
        )
        t += FLOAT_TOKENS
    while t + 4 <= count:
        at, to = x + t * x_stride, out + t * out_stride
        plain_tile(kind, 4, panel, columns, step, at, x_stride, to, out_stride, add, bias)
        t += 4
    while t + 2 <= count:
        at, to = x + t * x_stride, out + t * out_stride
        plain_tile(kind, 2, panel, columns, step, at, x_stride, to, out_stride, add, bias)
        t += 2
    if t < count:
        at, to = x + t * x_stride, out + t * out_stride
        plain_tile(kind, 1, panel, columns, step, at, x_stride, to, out_stride, add, bias)
