"""Raw memory for compiled Python: typed loads and stores at int64 addresses, atomics, calls.

Kernels get addresses, not arrays: no reference counts, no bounds, one signature for all.
"""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from engine.compute.simd import floats
from engine.compute.simd.emit import F32, I8, I16, I32, I64, POINTER, Emit, vec
from engine.compute.simd.isa import isa

_ADDRESS = types.int64


def _loader(kind: ir.Type, result: types.Type, widen: ir.Type | None = None):
    @intrinsic
    def load(typingctx, address):
        def codegen(context, builder, signature, args):
            value = Emit(builder).load(kind, args[0])
            return builder.sext(value, widen) if widen is not None else value

        return result(_ADDRESS), codegen

    return load


def _storer(kind: ir.Type, source: types.Type, narrow: bool = False):
    @intrinsic
    def store(typingctx, address, value):
        def codegen(context, builder, signature, args):
            out = builder.trunc(args[1], kind) if narrow else args[1]
            Emit(builder).store(out, args[0])
            return context.get_dummy_value()

        return types.void(_ADDRESS, source), codegen

    return store


load_i8 = _loader(I8, types.int64, I64)
load_i32 = _loader(I32, types.int64, I64)
load_i64 = _loader(I64, types.int64)
load_f32 = _loader(F32, types.float32)
store_i8 = _storer(I8, types.int64, narrow=True)
store_i16 = _storer(I16, types.int64, narrow=True)
store_i32 = _storer(I32, types.int64, narrow=True)
store_i64 = _storer(I64, types.int64)
store_f32 = _storer(F32, types.float32)


@intrinsic
def load_u32(typingctx, address):
    """The 32 bits at an address, zero-extended."""

    def codegen(context, builder, signature, args):
        return builder.zext(Emit(builder).load(I32, args[0]), I64)

    return types.int64(_ADDRESS), codegen


@intrinsic
def load_u16(typingctx, address):
    """The 16 bits at an address, zero-extended."""

    def codegen(context, builder, signature, args):
        return builder.zext(Emit(builder).load(I16, args[0]), I64)

    return types.int64(_ADDRESS), codegen


@intrinsic
def store_f16(typingctx, address, value):
    """A float32 rounded to float16 (nearest even)."""

    def codegen(context, builder, signature, args):
        e = Emit(builder)
        alone = builder.insert_element(e.constant(vec(F32, 4), 0.0), args[1], ir.Constant(I32, 0))
        half = floats.half_bits(e, alone)
        e.store(builder.extract_element(half, ir.Constant(I32, 0)), args[0])
        return context.get_dummy_value()

    return types.void(_ADDRESS, types.float32), codegen


@intrinsic
def prefetch(typingctx, address):
    """Ask for a cache line that will be read soon; harmless wherever it points."""

    def codegen(context, builder, signature, args):
        Emit(builder).prefetch(args[0])
        return context.get_dummy_value()

    return types.void(_ADDRESS), codegen


@intrinsic
def copy_bytes(typingctx, target, source, count):
    """memcpy; the ranges must not overlap."""

    def codegen(context, builder, signature, args):
        e = Emit(builder)
        to, of = (builder.inttoptr(a, POINTER) for a in args[:2])
        plain = ir.Constant(ir.IntType(1), 0)
        e.call("llvm.memcpy.p0.p0.i64", ir.VoidType(), to, of, args[2], plain)
        return context.get_dummy_value()

    return types.void(_ADDRESS, _ADDRESS, types.int64), codegen


@intrinsic
def atomic_add(typingctx, address, amount):
    """Adds to the int64 at an address and returns what was there before."""

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], POINTER)
        return builder.atomic_rmw("add", pointer, args[1], "seq_cst")

    return types.int64(_ADDRESS, types.int64), codegen


@intrinsic
def atomic_load(typingctx, address):
    """The int64 at an address, with everything its writer wrote before it."""

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], POINTER)
        return builder.load_atomic(pointer, "seq_cst", align=8, typ=I64)

    return types.int64(_ADDRESS), codegen


@intrinsic
def atomic_store(typingctx, address, value):
    """Writes an int64 so that everything written before is seen with it (an exchange)."""

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], POINTER)
        builder.atomic_rmw("xchg", pointer, args[1], "seq_cst")
        return context.get_dummy_value()

    return types.void(_ADDRESS, types.int64), codegen


@intrinsic
def pause(typingctx):
    """Tells the core that this is a spin loop."""

    def codegen(context, builder, signature, args):
        if "sse2" in isa().features:
            Emit(builder).call("llvm.x86.sse2.pause", ir.VoidType())
        elif "neon" in isa().features:
            Emit(builder).call("llvm.aarch64.hint", ir.VoidType(), ir.Constant(I32, 1))
        return context.get_dummy_value()

    return types.void(), codegen


@intrinsic
def call_plain(typingctx, function):
    """Calls int function(void) at an address: sched_yield and its like."""

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], POINTER)
        builder.call(_Callee(pointer, ir.FunctionType(I32, [])), [])
        return context.get_dummy_value()

    return types.void(_ADDRESS), codegen


@intrinsic
def call_with_number(typingctx, function, number):
    """Calls int function(int number) at an address: usleep and its like."""

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], POINTER)
        kind = ir.FunctionType(I32, [I32])
        builder.call(_Callee(pointer, kind), [builder.trunc(args[1], I32)])
        return context.get_dummy_value()

    return types.void(_ADDRESS, types.int64), codegen


@intrinsic
def call_kernel(typingctx, function, row, batch, thread):
    """Calls void kernel(row, batch, thread) at an address (see kernels/abi.py)."""

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], POINTER)
        kind = ir.FunctionType(ir.VoidType(), [I64, I64, I64])
        builder.call(_Callee(pointer, kind), args[1:])
        return context.get_dummy_value()

    return types.void(_ADDRESS, _ADDRESS, _ADDRESS, types.int64), codegen


class _Callee:
    """A function pointer with its type: llvmlite asks callees for both."""

    def __init__(self, pointer: ir.Value, kind: ir.FunctionType) -> None:
        self._pointer, self.function_type = pointer, kind
        self.type = pointer.type
        self.ftype = kind

    def get_reference(self) -> str:
        return self._pointer.get_reference()
