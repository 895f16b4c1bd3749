"""Sixteen floats as one value in compiled Python: +, -, *, / and the functions below.

LLVM splits the 16 lanes over as many registers as the CPU needs (one AVX-512, two AVX2, four NEON).
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from llvmlite import ir

from engine.compute.simd import bfloat, floats
from engine.compute.simd.emit import (
    F32X16,
    I8,
    I16,
    I32,
    I32X16,
    Args,
    Builder,
    Context,
    Emit,
    Signature,
    TypingContext,
    Value,
    vec,
)
from engine.compute.simd.intrinsics import f32x16, float32, int64, intrinsic, void
from engine.compute.simd.memory import Address, Instruction

LANES = 16
VECTOR = 64  # bytes of sixteen float32, as vload and vstore step through a row
Vector: TypeAlias = Any  # in compiled Python: sixteen float32 in registers
Writer: TypeAlias = Callable[..., Value | None]


def _unary(write: Writer) -> Any:
    @intrinsic
    def function(typingctx: TypingContext, x: Vector) -> Instruction:
        def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
            return write(Emit(builder), args[0])

        return f32x16(f32x16), codegen

    return function


def _binary(write: Writer) -> Any:
    @intrinsic
    def function(typingctx: TypingContext, a: Vector, b: Vector) -> Instruction:
        def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
            return write(Emit(builder), *args)

        return f32x16(f32x16, f32x16), codegen

    return function


def _fold(step: str) -> Any:
    @intrinsic
    def function(typingctx: TypingContext, x: Vector) -> Instruction:
        def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
            return floats.reduce(Emit(builder), args[0], step)

        return float32(f32x16), codegen

    return function


def _load(write: Writer) -> Any:
    @intrinsic
    def function(typingctx: TypingContext, address: Address) -> Instruction:
        def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
            return write(Emit(builder), args[0])

        return f32x16(int64), codegen

    return function


def _store(write: Writer) -> Any:
    @intrinsic
    def function(typingctx: TypingContext, value: Vector, address: Address) -> Instruction:
        def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
            write(Emit(builder), *args)
            return context.get_dummy_value()

        return void(f32x16, int64), codegen

    return function


def _store_int(kind: ir.Type) -> Writer:
    def write(e: Emit, value: ir.Value, address: ir.Value) -> None:
        whole = e.b.fptosi(value, I32X16)
        e.store(whole if kind is I32 else e.b.trunc(whole, vec(kind, 16)), address)

    return write


vmax = _binary(floats.maximum)
vmin = _binary(floats.minimum)
vexp = _unary(floats.exp)
vabs = _unary(lambda e, x: e.call("llvm.fabs.v16f32", F32X16, x))
vround = _unary(lambda e, x: e.call("llvm.rint.v16f32", F32X16, x))  # halves to even
vsum = _fold("add")
vtop = _fold("max")
vload = _load(lambda e, address: e.load(F32X16, address))
vload_half = _load(lambda e, address: floats.load_half(e, address, 0))
vload_bfloat = _load(lambda e, address: floats.load_bfloat(e, address, 0))
vstore = _store(lambda e, value, address: e.store(value, address))
vstore_half = _store(lambda e, value, address: floats.store_half(e, value, address, 0))
vstore_bfloat = _store(lambda e, value, address: bfloat.store_bfloat(e, value, address))
vstore_i8 = _store(_store_int(I8))
vstore_i16 = _store(_store_int(I16))


@intrinsic
def vlargest(typingctx: TypingContext, a: Vector, b: Vector) -> Instruction:
    """The largest magnitude in two vectors; NaN if a lane is NaN, which vtop would pass over."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        return floats.largest(Emit(builder), *args)

    return float32(f32x16, f32x16), codegen


@intrinsic
def vfma(typingctx: TypingContext, a: Vector, b: Vector, c: Vector) -> Instruction:
    """a · b + c."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        return Emit(builder).fma(*args)

    return f32x16(f32x16, f32x16, f32x16), codegen


@intrinsic
def vsplat(typingctx: TypingContext, x: float) -> Instruction:
    """One float32 in all lanes."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        return Emit(builder).splat(args[0], 16)

    return f32x16(float32), codegen


@intrinsic
def vsteps(typingctx: TypingContext) -> Instruction:
    """The numbers of the lanes: 0 .. 15."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        return ir.Constant(F32X16, [ir.Constant(F32X16.element, float(i)) for i in range(16)])

    return f32x16(), codegen


@intrinsic
def vmask_below(typingctx: TypingContext, value: Vector, count: int, other: Vector) -> Instruction:
    """Lanes 0 .. count-1 of value, the rest from other (count is int64)."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        e = Emit(builder)
        lanes = ir.Constant(I32X16, [ir.Constant(I32, i) for i in range(16)])
        limit = e.splat(builder.trunc(args[1], I32), 16)
        return builder.select(builder.icmp_signed("<", lanes, limit), args[0], args[2])

    return f32x16(f32x16, int64, f32x16), codegen


@intrinsic
def vpositive(typingctx: TypingContext, x: Vector, a: Vector, b: Vector) -> Instruction:
    """Lanes of a where those of x are above zero, else of b; b, too, where x is no number."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        above = builder.fcmp_ordered(">", args[0], Emit(builder).constant(F32X16, 0.0))
        return builder.select(above, args[1], args[2])

    return f32x16(f32x16, f32x16, f32x16), codegen
