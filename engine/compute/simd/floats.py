"""Float vectors: widening of half floats, exp and tanh as polynomials, sums across lanes."""

from llvmlite import ir

from engine.compute.simd.emit import F16, F32, I8, I16, I32, Emit, vec
from engine.compute.simd.isa import isa


def load_half(e: Emit, base: ir.Value, offset: int | ir.Value, lanes: int = 16) -> ir.Value:
    """`lanes` float16 values as float32."""
    if isa().f16:
        return e.b.fpext(e.load(vec(F16, lanes), base, offset), vec(F32, lanes))
    return _half_bits_to_float(e, e.load(vec(I16, lanes), base, offset))


def load_bfloat(e: Emit, base: ir.Value, offset: int | ir.Value, lanes: int = 16) -> ir.Value:
    """`lanes` bfloat16 values as float32: the upper half of the bits."""
    bits = e.b.zext(e.load(vec(I16, lanes), base, offset), vec(I32, lanes))
    return e.b.bitcast(e.b.shl(bits, e.constant(bits.type, 16)), vec(F32, lanes))


def load_bytes(
    e: Emit, base: ir.Value, offset: int | ir.Value, *, signed: bool, lanes: int = 16
) -> ir.Value:
    """`lanes` 8-bit integers as float32."""
    raw = e.load(vec(I8, lanes), base, offset)
    wide = (e.b.sext if signed else e.b.zext)(raw, vec(I32, lanes))
    return e.b.sitofp(wide, vec(F32, lanes))


def store_half(e: Emit, value: ir.Value, base: ir.Value, offset: int | ir.Value) -> None:
    """float32 lanes rounded to float16 (nearest even)."""
    e.store(half_bits(e, value), base, offset)


def half_bits(e: Emit, value: ir.Value) -> ir.Value:
    """float32 lanes as the bits (int16) of the nearest float16."""
    n = value.type.count
    if isa().f16:
        return e.b.bitcast(e.b.fptrunc(value, vec(F16, n)), vec(I16, n))
    return _float_to_half_bits(e, value)


def _half_bits_to_float(e: Emit, bits: ir.Value) -> ir.Value:
    """Without F16C: shift exponent and mantissa into place, multiply by 2^112 to fix the bias."""
    n = bits.type.count
    word, real = vec(I32, n), vec(F32, n)
    wide = e.b.zext(bits, word)
    sign = e.b.shl(e.b.and_(wide, e.constant(word, 0x8000)), e.constant(word, 16))
    rest = e.b.shl(e.b.and_(wide, e.constant(word, 0x7FFF)), e.constant(word, 13))
    scaled = e.b.fmul(e.b.bitcast(rest, real), e.constant(real, 2.0**112))
    huge = e.b.fcmp_ordered(">=", scaled, e.constant(real, 65536.0))  # infinities and NaN
    exponent = e.b.or_(e.b.bitcast(scaled, word), e.constant(word, 0x7F800000))
    fixed = e.b.select(huge, exponent, e.b.bitcast(scaled, word))
    return e.b.bitcast(e.b.or_(fixed, sign), real)


def _float_to_half_bits(e: Emit, value: ir.Value) -> ir.Value:
    """Without F16C: round to 11 bits by adding a magic number of the same exponent."""
    n = value.type.count
    word, real = vec(I32, n), vec(F32, n)
    bits = e.b.bitcast(value, word)
    sign = e.b.and_(bits, e.constant(word, 0x80000000))
    size = e.b.bitcast(e.b.xor(bits, sign), real)
    size = minimum(e, size, e.constant(real, 65504.0))
    exponent = e.b.and_(e.b.bitcast(size, word), e.constant(word, 0x7F800000))
    low = e.constant(word, 113 << 23)  # below this the result is subnormal: a fixed step
    exponent = e.b.select(e.b.icmp_signed("<", exponent, low), low, exponent)
    magic = e.b.bitcast(e.b.add(exponent, e.constant(word, 13 << 23)), real)
    rounded = e.b.fsub(e.b.fadd(size, magic), magic)
    scaled = e.b.fmul(rounded, e.constant(real, 2.0**-112))
    half = e.b.or_(
        e.b.lshr(e.b.bitcast(scaled, word), e.constant(word, 13)),
        e.b.lshr(sign, e.constant(word, 16)),
    )
    return e.b.trunc(half, vec(I16, n))


def minimum(e: Emit, a: ir.Value, b: ir.Value) -> ir.Value:
    return e.b.select(e.b.fcmp_ordered("<", a, b), a, b)


def maximum(e: Emit, a: ir.Value, b: ir.Value) -> ir.Value:
    return e.b.select(e.b.fcmp_ordered(">", a, b), a, b)


def largest(e: Emit, a: ir.Value, b: ir.Value) -> ir.Value:
    """The largest magnitude of all lanes; no number if one of them is none.

    Without its sign a float is ordered as the whole number of its bits, and NaN is above infinity.
    """
    word = vec(I32, a.type.count)
    mask = e.constant(word, 0x7FFFFFFF)
    a, b = (e.b.and_(e.b.bitcast(x, word), mask) for x in (a, b))
    value = e.b.select(e.b.icmp_signed(">", a, b), a, b)
    return e.b.bitcast(e.call(f"llvm.vector.reduce.smax.v{word.count}i32", I32, value), F32)


def exp(e: Emit, x: ir.Value) -> ir.Value:
    """e^x to about 2 ulp for x in [-87, 88]; smaller x give 0, larger ones the largest value. What
    is no number stays none.

    Cephes' scheme: x = n·ln 2 + r with |r| <= ln 2 / 2, a polynomial of degree 6 for e^r.
    """
    real = x.type
    word = vec(I32, real.count)

    def c(value: float) -> ir.Value:
        return e.constant(real, value)

    tiny, given = e.b.fcmp_ordered("<", x, c(-87.0)), x
    x = minimum(e, maximum(e, x, c(-87.0)), c(88.0))
    magic = c(12582912.0)  # 1.5 · 2^23: adding it rounds to the nearest integer
    shifted = e.fma(x, c(1.44269504088896341), magic)
    n = e.b.fsub(shifted, magic)
    r = e.fma(n, c(-0.693359375), x)
    r = e.fma(n, c(2.12194440e-4), r)
    p = c(1.9875691500e-4)
    for k in (1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 0.5):
        p = e.fma(p, r, c(k))
    y = e.b.fadd(e.fma(p, e.b.fmul(r, r), r), c(1.0))
    exponent = e.b.shl(e.b.bitcast(shifted, word), e.constant(word, 23))
    result = e.b.bitcast(e.b.add(e.b.bitcast(y, word), exponent), real)
    known = e.b.select(tiny, c(0.0), result)
    return e.b.select(e.b.fcmp_unordered("uno", given, given), given, known)


def reduce(e: Emit, value: ir.Value, step: str) -> ir.Value:
    """All lanes folded into one by `step` ("add" or "max"), always in the same order."""
    while value.type.count > 1:
        n = value.type.count // 2
        low, high = e.halves(value, 2) if n > 1 else _two(e, value)
        value = e.b.fadd(low, high) if step == "add" else _larger(e, low, high)
        if n == 1:
            return value
    return value


def _two(e: Emit, value: ir.Value) -> tuple[ir.Value, ir.Value]:
    first = e.b.extract_element(value, ir.Constant(I32, 0))
    return first, e.b.extract_element(value, ir.Constant(I32, 1))


def _larger(e: Emit, a: ir.Value, b: ir.Value) -> ir.Value:
    return e.b.select(e.b.fcmp_ordered(">", a, b), a, b)
