"""Raw memory for compiled Python: typed loads and stores at int64 addresses, atomics, calls.

Kernels get addresses, not arrays: no reference counts, no bounds, one signature for all.
"""

from typing import Any, TypeAlias

from llvmlite import ir

from engine.compute.simd import floats
from engine.compute.simd.emit import (
    F32,
    I8,
    I16,
    I32,
    I64,
    POINTER,
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
from engine.compute.simd.intrinsics import float32, int64, intrinsic, void
from engine.compute.simd.isa import isa

Address: TypeAlias = int  # in compiled Python: the address of a byte
Instruction: TypeAlias = tuple[Any, Any]  # its signature, and who writes it
FLOAT = 4  # bytes of a float32
_ADDRESS = int64


def _loader(kind: ir.Type, result: NumbaType, widen: ir.Type | None = None) -> Any:
    @intrinsic
    def load(typingctx: TypingContext, address: Address) -> Instruction:
        def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
            value = Emit(builder).load(kind, args[0])
            return builder.sext(value, widen) if widen is not None else value

        return result(_ADDRESS), codegen

    return load


def _storer(kind: ir.Type, source: NumbaType, narrow: bool = False) -> Any:
    @intrinsic
    def store(typingctx: TypingContext, address: Address, value: float) -> Instruction:
        def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
            out = builder.trunc(args[1], kind) if narrow else args[1]
            Emit(builder).store(out, args[0])
            return context.get_dummy_value()

        return void(_ADDRESS, source), codegen

    return store


load_i8 = _loader(I8, int64, I64)
load_i64 = _loader(I64, int64)
load_f32 = _loader(F32, float32)
store_i8 = _storer(I8, int64, narrow=True)
store_i16 = _storer(I16, int64, narrow=True)
store_i32 = _storer(I32, int64, narrow=True)
store_i64 = _storer(I64, int64)
store_f32 = _storer(F32, float32)


@intrinsic
def load_u32(typingctx: TypingContext, address: Address) -> Instruction:
    """The 32 bits at an address, zero-extended."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        return builder.zext(Emit(builder).load(I32, args[0]), I64)

    return int64(_ADDRESS), codegen


@intrinsic
def load_u16(typingctx: TypingContext, address: Address) -> Instruction:
    """The 16 bits at an address, zero-extended."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        return builder.zext(Emit(builder).load(I16, args[0]), I64)

    return int64(_ADDRESS), codegen


@intrinsic
def store_f16(typingctx: TypingContext, address: Address, value: float) -> Instruction:
    """A float32 rounded to float16 (nearest even)."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        e = Emit(builder)
        alone = builder.insert_element(e.constant(vec(F32, 4), 0.0), args[1], ir.Constant(I32, 0))
        half = floats.half_bits(e, alone)
        e.store(builder.extract_element(half, ir.Constant(I32, 0)), args[0])
        return context.get_dummy_value()

    return void(_ADDRESS, float32), codegen


@intrinsic
def prefetch(typingctx: TypingContext, address: Address) -> Instruction:
    """Ask for a cache line that will be read soon; harmless wherever it points."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        Emit(builder).prefetch(args[0])
        return context.get_dummy_value()

    return void(_ADDRESS), codegen


@intrinsic
def copy_bytes(
    typingctx: TypingContext, target: Address, source: Address, count: int
) -> Instruction:
    """memcpy; the ranges must not overlap."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        e = Emit(builder)
        to, of = (builder.inttoptr(a, POINTER) for a in args[:2])
        plain = ir.Constant(ir.IntType(1), 0)
        e.call("llvm.memcpy.p0.p0.i64", ir.VoidType(), to, of, args[2], plain)
        return context.get_dummy_value()

    return void(_ADDRESS, _ADDRESS, int64), codegen


@intrinsic
def atomic_add(typingctx: TypingContext, address: Address, amount: int) -> Instruction:
    """Adds to the int64 at an address and returns what was there before."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        pointer = builder.inttoptr(args[0], POINTER)
        return builder.atomic_rmw("add", pointer, args[1], "seq_cst")

    return int64(_ADDRESS, int64), codegen


@intrinsic
def atomic_load(typingctx: TypingContext, address: Address) -> Instruction:
    """The int64 at an address, with everything its writer wrote before it."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        pointer = builder.inttoptr(args[0], POINTER)
        return builder.load_atomic(pointer, "seq_cst", align=8, typ=I64)

    return int64(_ADDRESS), codegen


@intrinsic
def atomic_store(typingctx: TypingContext, address: Address, value: int) -> Instruction:
    """Writes an int64 so that everything written before is seen with it (an exchange)."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        pointer = builder.inttoptr(args[0], POINTER)
        builder.atomic_rmw("xchg", pointer, args[1], "seq_cst")
        return context.get_dummy_value()

    return void(_ADDRESS, int64), codegen


@intrinsic
def pause(typingctx: TypingContext) -> Instruction:
    """Tells the core that this is a spin loop."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        if "sse2" in isa().features:
            Emit(builder).call("llvm.x86.sse2.pause", ir.VoidType())
        elif "neon" in isa().features:
            Emit(builder).call("llvm.aarch64.hint", ir.VoidType(), ir.Constant(I32, 1))
        return context.get_dummy_value()

    return void(), codegen


@intrinsic
def call_plain(typingctx: TypingContext, function: Address) -> Instruction:
    """Calls int function(void) at an address: sched_yield and its like."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        pointer = builder.inttoptr(args[0], POINTER)
        builder.call(_Callee(pointer, ir.FunctionType(I32, [])), [])
        return context.get_dummy_value()

    return void(_ADDRESS), codegen


@intrinsic
def call_with_number(typingctx: TypingContext, function: Address, number: int) -> Instruction:
    """Calls int function(int number) at an address: usleep and its like."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        pointer = builder.inttoptr(args[0], POINTER)
        kind = ir.FunctionType(I32, [I32])
        builder.call(_Callee(pointer, kind), [builder.trunc(args[1], I32)])
        return context.get_dummy_value()

    return void(_ADDRESS, int64), codegen


@intrinsic
def call_kernel(
    typingctx: TypingContext, function: Address, row: Address, batch: Address, thread: int
) -> Instruction:
    """Calls void kernel(row, batch, thread) at an address (see kernels/abi.py)."""

    def codegen(context: Context, builder: Builder, signature: Signature, args: Args) -> Value:
        pointer = builder.inttoptr(args[0], POINTER)
        kind = ir.FunctionType(ir.VoidType(), [I64, I64, I64])
        builder.call(_Callee(pointer, kind), args[1:])
        return context.get_dummy_value()

    return void(_ADDRESS, _ADDRESS, _ADDRESS, int64), codegen


class _Callee:
    """A function pointer with its type: llvmlite asks callees for both."""

    def __init__(self, pointer: ir.Value, kind: ir.FunctionType) -> None:
        self._pointer, self.function_type = pointer, kind
        self.type = pointer.type
        self.ftype = kind

    def get_reference(self) -> str:
        return self._pointer.get_reference()
