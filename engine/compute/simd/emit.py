"""A small pen for LLVM IR: addresses are int64 values, loops are closures.

Python loops around these calls run at code-generation time: that is how tiles get unrolled.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from llvmlite import ir

# What numba hands to the writer of an instruction.
TypingContext: TypeAlias = Any
Context: TypeAlias = Any
Signature: TypeAlias = Any
NumbaType: TypeAlias = Any
Builder: TypeAlias = ir.IRBuilder
Value: TypeAlias = ir.Value
Args: TypeAlias = Sequence[ir.Value]

I8, I16, I32, I64 = (ir.IntType(n) for n in (8, 16, 32, 64))
F16, F32 = ir.HalfType(), ir.FloatType()
POINTER = ir.PointerType()


def vec(element: ir.Type, lanes: int) -> ir.VectorType:
    return ir.VectorType(element, lanes)


F32X16, I32X16 = vec(F32, 16), vec(I32, 16)


class Emit:
    """Writes instructions at the builder's position. Offsets are bytes."""

    def __init__(self, builder: ir.IRBuilder) -> None:
        self.b = builder

    # --- constants and addresses -------------------------------------------------------------
    def i64(self, value: int) -> ir.Constant:
        return ir.Constant(I64, value)

    def constant(self, kind: ir.VectorType, value: float | int) -> ir.Constant:
        """A vector with `value` in every lane."""
        return ir.Constant(kind, [ir.Constant(kind.element, value)] * kind.count)

    def at(self, base: ir.Value, offset: int | ir.Value = 0) -> ir.Value:
        """base + offset."""
        if isinstance(offset, int):
            if offset == 0:
                return base
            offset = self.i64(offset)
        return self.b.add(base, offset)

    def times(self, value: ir.Value, factor: int) -> ir.Value:
        return value if factor == 1 else self.b.mul(value, self.i64(factor))

    # --- memory --------------------------------------------------------------------------------
    def load(self, kind: ir.Type, base: ir.Value, offset: int | ir.Value = 0) -> ir.Value:
        pointer = self.b.inttoptr(self.at(base, offset), POINTER)
        return self.b.load(pointer, align=1, typ=kind)

    def store(self, value: ir.Value, base: ir.Value, offset: int | ir.Value = 0) -> None:
        self.b.store(value, self.b.inttoptr(self.at(base, offset), POINTER), align=1)

    def room(self, kind: ir.Type, count: int) -> ir.Value:
        """Address (int64) of `count` values on the stack, taken once at function entry."""
        with self.b.goto_entry_block():
            slot = self.b.alloca(ir.ArrayType(kind, count))
            slot.align = 64
        return self.b.ptrtoint(slot, I64)

    # --- vectors -------------------------------------------------------------------------------
    def splat(self, scalar: ir.Value, lanes: int) -> ir.Value:
        kind = vec(scalar.type, lanes)
        one = self.b.insert_element(ir.Constant(kind, ir.Undefined), scalar, ir.Constant(I32, 0))
        return self.shuffle(one, [0] * lanes)

    def shuffle(
        self, value: ir.Value, lanes: Sequence[int], other: ir.Value | None = None
    ) -> ir.Value:
        mask = ir.Constant(vec(I32, len(lanes)), [ir.Constant(I32, i) for i in lanes])
        if other is None:
            other = ir.Constant(value.type, ir.Undefined)
        return self.b.shuffle_vector(value, other, mask)

    def halves(self, value: ir.Value, parts: int) -> list[ir.Value]:
        """The vector cut into `parts` equal pieces, lowest lanes first."""
        n = value.type.count // parts
        return [self.shuffle(value, range(i * n, (i + 1) * n)) for i in range(parts)]

    def join(self, pieces: Sequence[ir.Value]) -> ir.Value:
        """The pieces one after the other; their number is a power of two."""
        row = list(pieces)
        while len(row) > 1:
            n = row[0].type.count
            row = [
                self.shuffle(a, range(2 * n), b) for a, b in zip(row[::2], row[1::2], strict=True)
            ]
        return row[0]

    def call(self, name: str, result: ir.Type, *args: ir.Value) -> ir.Value:
        """An LLVM intrinsic by its full name."""
        signature = ir.FunctionType(result, [a.type for a in args])
        module = self.b.module
        known = module.globals.get(name)
        return self.b.call(known or ir.Function(module, signature, name), args)

    def fma(self, a: ir.Value, b: ir.Value, c: ir.Value) -> ir.Value:
        """a · b + c in one rounding where the CPU can, else in two."""
        suffix = f"v{a.type.count}f32" if isinstance(a.type, ir.VectorType) else "f32"
        return self.call(f"llvm.fmuladd.{suffix}", a.type, a, b, c)

    def prefetch(self, base: ir.Value, offset: int | ir.Value = 0, *, nearest: bool = True) -> None:
        """Ask for a cache line, into the nearest cache or only into the second."""
        pointer = self.b.inttoptr(self.at(base, offset), POINTER)
        flags = [ir.Constant(I32, x) for x in (0, 3 if nearest else 2, 1)]  # read, how near, data
        self.call("llvm.prefetch.p0", ir.VoidType(), pointer, *flags)

    def pin(self, values: Sequence[ir.Value], constraint: str) -> list[ir.Value]:
        """The same values, but LLVM may not move their making past this point.

        Left alone, LLVM reorders a tile token by token, keeps all weights alive and spills them:
        pinned after each step, the 4-token tile on AVX2 runs twice as fast.
        """
        kinds = [v.type for v in values]
        if len(kinds) == 1:
            form = ir.FunctionType(kinds[0], kinds)
            return [self.b.asm(form, "", f"={constraint},0", values, side_effect=True)]
        form = ir.FunctionType(ir.LiteralStructType(kinds), kinds)
        outs = ",".join([f"={constraint}"] * len(kinds) + [str(i) for i in range(len(kinds))])
        held = self.b.asm(form, "", outs, values, side_effect=True)
        return [self.b.extract_value(held, i) for i in range(len(kinds))]

    # --- control -------------------------------------------------------------------------------
    def loop(
        self,
        count: ir.Value,
        carried: Sequence[ir.Value],
        body: Callable[[ir.Value, list[ir.Value]], Sequence[ir.Value]],
    ) -> list[ir.Value]:
        """for i in range(count): carried = body(i, carried). Returns the final values."""
        start = self.b.block
        head = self.b.append_basic_block("loop")
        inside = self.b.append_basic_block("body")
        after = self.b.append_basic_block("after")
        self.b.branch(head)
        self.b.position_at_end(head)
        index = self.b.phi(I64)
        index.add_incoming(self.i64(0), start)
        values = []
        for value in carried:
            phi = self.b.phi(value.type)
            phi.add_incoming(value, start)
            values.append(phi)
        self.b.cbranch(self.b.icmp_signed("<", index, count), inside, after)
        self.b.position_at_end(inside)
        results = body(index, list(values))
        index.add_incoming(self.b.add(index, self.i64(1)), self.b.block)
        for phi, result in zip(values, results, strict=True):
            phi.add_incoming(result, self.b.block)
        self.b.branch(head)
        self.b.position_at_end(after)
        return values
