"""The innermost loop over rows: sums of products along them, where a vector is columns of one row.

A tile is a few rows times a few tokens. One sum is made in the same order whatever the tile's size:
columns go into lanes, and these are folded at the end, for four sums at once:

    rows     row 0: column 0 | column 1 | ...      `step` apart, float32, float16 or int8
    scales   of int8: block 0: row 0 | row 1 ...   float32, blocks of 32 columns `apart`
    x        of one token: column 0 | column 1 | ...                float32
    out      of one token: row 0 | row 1 | ...     float32, what is there is added to
"""

from llvmlite import ir

from engine.compute.kernels.float_tiles import F16_WEIGHTS, I8_WEIGHTS
from engine.compute.kernels.jit import inline, literally
from engine.compute.simd.emit import (
    F32,
    Args,
    Builder,
    Context,
    Emit,
    NumbaType,
    Signature,
    TypingContext,
    Value,
    vec,
)
from engine.compute.simd.floats import load_bytes, load_half
from engine.compute.simd.intrinsics import int64, intrinsic_of_literals, void
from engine.compute.simd.isa import isa
from engine.compute.simd.memory import FLOAT, Address, Instruction

_I = int64
COLUMNS, SUMS = 16, 4  # of one step of a tile; folded at once
# All sums of a tile have to stay in registers. What a row is widened for, four tokens share.
LANES, ROWS = (16, {4: 4, 1: 4}) if isa().registers > 16 else (8, {4: 2, 1: 4})  # by tokens
TOKENS = 4
WIDE = ROWS[TOKENS]
_BYTES = {F16_WEIGHTS: 2, I8_WEIGHTS: 1}  # of a number; others have those of a float


def _loaded(e: Emit, kind: int, at: ir.Value, offset: int) -> ir.Value:
    """LANES columns of a row as float32."""
    if kind == F16_WEIGHTS:
        return load_half(e, at, offset, LANES)
    if kind == I8_WEIGHTS:
        return load_bytes(e, at, offset, signed=True, lanes=LANES)
    return e.load(vec(F32, LANES), at, offset)


def _folded(e: Emit, sums: list[ir.Value]) -> ir.Value:
    """The lanes of four vectors folded, as floats.reduce does it, into one vector of four."""
    while sums[0].type.count > SUMS:
        sums = [e.b.fadd(*e.halves(each, 2)) for each in sums]
    pairs = [
        e.b.fadd(e.shuffle(a, (0, 1, 4, 5), b), e.shuffle(a, (2, 3, 6, 7), b))
        for a, b in (sums[:2], sums[2:])
    ]
    even, odd = (e.shuffle(pairs[0], lanes, pairs[1]) for lanes in ((0, 2, 4, 6), (1, 3, 5, 7)))
    return e.b.fadd(even, odd)


@intrinsic_of_literals
def row_tile(
    typingctx: TypingContext,
    kind: NumbaType,
    tokens: NumbaType,
    rows: Address,
    steps: int,
    step: int,
    scales: Address,
    apart: int,
    x: Address,
    x_stride: int,
    out: Address,
    out_stride: int,
) -> Instruction:
    """Rows of `steps` times 16 columns · `tokens` rows of x, 4 or 1; kind (F32_WEIGHTS, F16_WEIGHTS
    or I8_WEIGHTS) and tokens are literals."""
    number, count = kind.literal_value, tokens.literal_value
    n_rows = ROWS[count]

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        e = Emit(builder)
        rows, steps, step, scales, apart, x, x_stride, out, out_stride = args[2:]
        starts = [e.at(rows, e.times(step, r)) for r in range(n_rows)]
        tokens = [e.at(x, e.times(x_stride, t)) for t in range(count)]
        size = _BYTES.get(number, FLOAT)

        def one_step(index: ir.Value, acc: list[ir.Value]) -> list[ir.Value]:
            factors = []
            if number == I8_WEIGHTS:
                block = e.b.mul(e.b.lshr(index, e.i64(1)), apart)
                at = e.at(scales, block)
                factors = [e.splat(e.load(F32, at, FLOAT * r), LANES) for r in range(n_rows)]
            for lane in range(0, COLUMNS, LANES):
                here = e.times(index, FLOAT * COLUMNS)
                columns = [
                    e.load(vec(F32, LANES), e.at(token, here), FLOAT * lane) for token in tokens
                ]
                for r, start in enumerate(starts):
                    place = e.at(start, e.times(index, size * COLUMNS))
                    row = _loaded(e, number, place, size * lane)
                    if factors:
                        row = e.b.fmul(row, factors[r])
                    for t, column in enumerate(columns):
                        at = n_rows * t + r
                        acc[at] = e.fma(row, column, acc[at])
            return acc

        zero = [e.constant(vec(F32, LANES), 0.0)] * (n_rows * count)
        sums = e.loop(steps, zero, one_step)
        for first in range(0, n_rows * count, SUMS):
            parts = e.halves(_folded(e, sums[first : first + SUMS]), SUMS // n_rows)
            for i, total in enumerate(parts):
                at = e.at(out, e.times(out_stride, first // n_rows + i))
                e.store(e.b.fadd(e.load(total.type, at), total), at)
        return context.get_dummy_value()

    return void(kind, tokens, *(_I,) * 9), codegen


@inline
def add_row_sums(
    kind: int,
    count: int,
    n_rows: int,
    rows: Address,
    steps: int,
    step: int,
    scales: Address,
    apart: int,
    x: Address,
    x_stride: int,
    out: Address,
    out_stride: int,
) -> None:
    """`n_rows` rows (a multiple of four) · any number of tokens."""
    literally(kind)
    t = 0
    while t + TOKENS <= count:
        of, to = x + t * x_stride, out + t * out_stride
        for r in range(0, n_rows, WIDE):
            row, scale, at = rows + r * step, scales + FLOAT * r, to + FLOAT * r
            row_tile(kind, TOKENS, row, steps, step, scale, apart, of, x_stride, at, out_stride)
        t += TOKENS
    while t < count:
        of, to = x + t * x_stride, out + t * out_stride
        for r in range(0, n_rows, SUMS):
            row, scale, at = rows + r * step, scales + FLOAT * r, to + FLOAT * r
            row_tile(kind, 1, row, steps, step, scale, apart, of, x_stride, at, out_stride)
        t += 1
