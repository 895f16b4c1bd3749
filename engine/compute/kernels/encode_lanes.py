"""Vector tools of the encoders: lane r of every vector belongs to sub-block r, so that a whole
search needs no sum across lanes; groups of lanes are the sub-blocks of one block.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from engine.compute.simd.emit import (
    F32X16,
    I64,
    Args,
    Builder,
    Context,
    Emit,
    Signature,
    TypingContext,
    Value,
)
from engine.compute.simd.floats import load_bytes, maximum, minimum
from engine.compute.simd.intrinsics import f32x16, int64, intrinsic, void
from engine.compute.simd.memory import Address, Instruction
from engine.compute.simd.vectors import LANES, VECTOR, Vector


def _unary(name: str) -> Any:
    @intrinsic
    def function(typingctx: TypingContext, x: Vector) -> Instruction:
        def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
            return Emit(builder).call(name, F32X16, args[0])

        return f32x16(f32x16), codegen

    return function


vsqrt = _unary("llvm.sqrt.v16f32")
vtrunc = _unary("llvm.trunc.v16f32")
vfloor = _unary("llvm.floor.v16f32")
vround_away = _unary("llvm.round.v16f32")  # C's roundf: halves go away from zero


@intrinsic
def vchoose(typingctx: TypingContext, a: Vector, b: Vector, yes: Vector, no: Vector) -> Instruction:
    """Lanes of `yes` where a < b, of `no` elsewhere (also where a is NaN)."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        a, b, yes, no = args
        return builder.select(builder.fcmp_ordered("<", a, b), yes, no)

    return f32x16(f32x16, f32x16, f32x16, f32x16), codegen


def _across(merge: Callable[[Emit, Value, Value], Value], width: int) -> Any:
    """Each lane becomes the fold of its group of `width` lanes."""

    @intrinsic
    def function(typingctx: TypingContext, x: Vector) -> Instruction:
        def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
            e, value, step = Emit(builder), args[0], 1
            while step < width:
                other = e.shuffle(value, [lane ^ step for lane in range(LANES)])
                value = merge(e, value, other)
                step *= 2
            return value

        return f32x16(f32x16), codegen

    return function


def _add(e: Emit, a: Value, b: Value) -> Value:
    return e.b.fadd(a, b)


vsum8, vsum16 = _across(_add, 8), _across(_add, 16)
vtop8, vtop16 = _across(maximum, 8), _across(maximum, 16)


@intrinsic
def transpose(typingctx: TypingContext, source: Address, target: Address) -> Instruction:
    """Turns the 16 vectors at `source` into their columns at `target`; may be the same place."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        e = Emit(builder)
        rows = [e.load(F32X16, args[0], VECTOR * i) for i in range(LANES)]
        for i, column in enumerate(_transposed(e, rows)):
            e.store(column, args[1], VECTOR * i)
        return context.get_dummy_value()

    return void(int64, int64), codegen


def _transposed(e: Emit, rows: list[ir.Value]) -> list[ir.Value]:
    """Four rounds: in each, pairs of rows swap the halves of ever smaller squares."""
    step = LANES // 2
    while step:
        low = [(lane & ~step) + LANES * bool(lane & step) for lane in range(LANES)]
        high = [lane + step for lane in low]
        for i in range(LANES):
            if not i & step:
                a, b = rows[i], rows[i + step]
                rows[i], rows[i + step] = e.shuffle(a, low, b), e.shuffle(a, high, b)
        step //= 2
    return rows


vsum4 = _across(_add, 4)
vleast16 = _across(minimum, 16)


@intrinsic
def vload_i8(typingctx: TypingContext, address: Address) -> Instruction:
    """Sixteen signed bytes as floats."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        return load_bytes(Emit(builder), args[0], 0, signed=True)

    return f32x16(int64), codegen


@intrinsic
def vbelow(typingctx: TypingContext, a: Vector, b: Vector) -> Instruction:
    """A bit for each lane where a < b."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        mask = builder.bitcast(builder.fcmp_ordered("<", *args), ir.IntType(LANES))
        return builder.zext(mask, I64)

    return int64(f32x16, f32x16), codegen


@intrinsic
def vfirst(typingctx: TypingContext, a: Vector, b: Vector) -> Instruction:
    """The number of the first lane where a equals b, 0 if there is none."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        same = builder.bitcast(builder.fcmp_ordered("==", *args), ir.IntType(LANES))
        wide = builder.zext(same, I64)
        first = builder.cttz(wide, ir.Constant(ir.IntType(1), 0))
        return builder.and_(first, ir.Constant(I64, LANES - 1))

    return int64(f32x16, f32x16), codegen


@intrinsic
def count_ones(typingctx: TypingContext, x: int) -> Instruction:
    """Set bits of an int64."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        return builder.ctpop(args[0])

    return int64(int64), codegen
