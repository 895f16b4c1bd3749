"""bfloat16: rounding to it, and sums of two columns at a time where the CPU multiplies it itself.

A pair is 64 bytes: 16 rows of 2 columns, the first in the lower half of each word. AVX-512 BF16
(Intel's manual: VDPBF16PS) and Arm's BFDOT add both products of a pair to a float32 sum; elsewhere
the pair is widened and added column by column.
"""

from llvmlite import ir

from engine.compute.simd.emit import F32, I16, I32, Emit, vec
from engine.compute.simd.isa import isa


class _BFloat(ir.Type):
    """LLVM's bfloat; llvmlite has no name for it."""

    def _to_string(self) -> str:
        return "bfloat"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _BFloat)

    def __hash__(self) -> int:
        return hash(_BFloat)


def bfloat_bits(e: Emit, value: ir.Value) -> ir.Value:
    """float32 lanes as the bits (int16) of the nearest bfloat16, halves to even; NaN stays NaN."""
    n = value.type.count
    word = vec(I32, n)
    bits = e.b.bitcast(value, word)
    odd = e.b.and_(e.b.lshr(bits, e.constant(word, 16)), e.constant(word, 1))
    rounded = e.b.add(e.b.add(bits, e.constant(word, 0x7FFF)), odd)
    quiet = e.b.or_(bits, e.constant(word, 0x400000))  # else a small NaN becomes an infinity
    kept = e.b.select(e.b.fcmp_unordered("uno", value, value), quiet, rounded)
    return e.b.trunc(e.b.lshr(kept, e.constant(word, 16)), vec(I16, n))


def store_bfloat(e: Emit, value: ir.Value, base: ir.Value, offset: int | ir.Value = 0) -> None:
    """float32 lanes rounded to bfloat16."""
    e.store(bfloat_bits(e, value), base, offset)


def widened(e: Emit, pair: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Both columns of a pair, <16 x i32>, as float32."""
    kind, real = pair.type, vec(F32, pair.type.count)
    first = e.b.shl(pair, e.constant(kind, 16))
    second = e.b.and_(pair, e.constant(kind, 0xFFFF0000))
    return e.b.bitcast(first, real), e.b.bitcast(second, real)


def pair_dot(e: Emit, weights: ir.Value, activations: ir.Value, acc: ir.Value) -> ir.Value:
    """acc + the two products of each row; weights and activations <16 x i32>, acc <16 x float>."""
    name, parts = _NATIVE.get(isa().bfloat, ("", 1))
    if not name:
        (w0, w1), (a0, a1) = widened(e, weights), widened(e, activations)
        return e.fma(w1, a1, e.fma(w0, a0, acc))
    words, real = 32 // parts, vec(F32, 16 // parts)
    halves = [
        [e.b.bitcast(x, vec(_BFloat(), words)) for x in e.halves(whole, parts)]
        for whole in (weights, activations)
    ]
    sums = e.halves(acc, parts)
    return e.join([e.call(name, real, *each) for each in zip(sums, *halves, strict=True)])


_NATIVE = {
    "avx512bf16": ("llvm.x86.avx512bf16.dpbf16ps.512", 1),
    "bf16": ("llvm.aarch64.neon.bfdot.v4f32.v8bf16", 4),
}
