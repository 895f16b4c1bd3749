"""Dot products of small integers, 16 rows at a time, lowered to what the CPU has.

`ByteDot`: acc[row] += Σ over 4 columns of u8 weight · s8 activation. `PairDot`: the same over 2
columns of s16 weight · s16 activation, for CPUs whose byte products would saturate with 8-bit
weights. `WideDot`: quads of u8 weights · s16 activations.

    quad        r0c0 r0c1 r0c2 r0c3 | r1c0 r1c1 r1c2 r1c3 | ... | r15c3     64 numbers
    pair        r0c0 r0c1 | r1c0 r1c1 | ... | r15c0 r15c1                   32 numbers
    activations      c0 c1 c2 c3 or c0 c1 of one token, 16 times
    acc         r0 | r1 | ... | r15     int32, over as many registers as the CPU needs
"""

from llvmlite import ir

from engine.compute.simd.emit import I8, I16, I32, I32X16, I64, Emit, vec
from engine.compute.simd.isa import Isa

_MADDUBS = {
    "maddubs512": ("llvm.x86.avx512.pmaddubs.w.512", "llvm.x86.avx512.pmaddw.d.512", 1),
    "maddubs256": ("llvm.x86.avx2.pmadd.ub.sw", "llvm.x86.avx2.pmadd.wd", 2),
    "maddubs128": ("llvm.x86.ssse3.pmadd.ub.sw.128", "llvm.x86.sse2.pmadd.wd", 4),
}
_MAX_ACTIVATION = 127


class ByteDot:
    """Sums one block of quads. `most` is the largest weight value: it bounds the int16 sums."""

    def __init__(self, e: Emit, isa: Isa, most: int) -> None:
        self.e, self.isa, self._most = e, isa, most
        # How many products of two columns fit into an int16 before it must be widened.
        self._room = 32767 // (2 * most * _MAX_ACTIVATION) if isa.dot in _MADDUBS else 1
        assert self._room >= 1, "weights of this size need PairDot on this CPU"
        self._narrow: list[ir.Value] = []
        self._held = 0
        self._wide: list[ir.Value] = []

    def add(self, weights: ir.Value, activations: ir.Value) -> None:
        """weights <64 x i8> unsigned, activations <64 x i8> signed (4 columns, 16 times)."""
        if self.isa.dot in _MADDUBS:
            self._add_maddubs(weights, activations)
            return
        if not self._wide:
            parts = {"vnni512": 1, "vnni256": 2, "sdot": 4, "generic": 1}[self.isa.dot]
            zero = self.e.constant(vec(I32, 16 // parts), 0)
            self._wide = [zero] * parts
        n = len(self._wide)
        w, a = self.e.halves(weights, n), self.e.halves(activations, n)
        self._wide = [self._step(acc, w[i], a[i]) for i, acc in enumerate(self._wide)]

    @property
    def held(self) -> list[ir.Value]:
        """The registers that carry the sums between two steps."""
        return self._narrow if self._held else self._wide

    @held.setter
    def held(self, values: list[ir.Value]) -> None:
        if self._held:
            self._narrow = values
        else:
            self._wide = values

    def shift(self, bits: int) -> None:
        """The sums so far times 2^bits."""
        self._widen()
        self._wide = [self.e.b.shl(x, self.e.constant(x.type, bits)) for x in self._wide]

    def total(self) -> ir.Value:
        """The sums, <16 x i32>."""
        self._widen()
        return self.e.join(self._wide)

    def _step(self, acc: ir.Value, w: ir.Value, a: ir.Value) -> ir.Value:
        e = self.e
        if self.isa.dot == "vnni512":
            return e.call("llvm.x86.avx512.vpdpbusd.512", acc.type, acc, *self._words(w, a))
        if self.isa.dot == "vnni256":
            return e.call("llvm.x86.avx512.vpdpbusd.256", acc.type, acc, *self._words(w, a))
        if self.isa.dot == "sdot":
            return self._signed_dot(acc, w, a)
        wide = vec(I32, 64)
        product = e.b.mul(e.b.zext(w, wide), e.b.sext(a, wide))
        for lane in range(4):
            acc = e.b.add(acc, e.shuffle(product, range(lane, 64, 4)))
        return acc

    def _signed_dot(self, acc: ir.Value, w: ir.Value, a: ir.Value) -> ir.Value:
        """Arm's sdot: weights below 128 are the same signed; larger ones shift by 128 and back."""
        e, name = self.e, "llvm.aarch64.neon.sdot.v4i32.v16i8"
        if self._most < 128:
            return e.call(name, acc.type, acc, w, a)
        flipped = e.b.xor(w, e.constant(w.type, 0x80))
        acc = e.call(name, acc.type, acc, flipped, a)
        half = e.constant(w.type, 64)
        for _ in range(2):
            acc = e.call(name, acc.type, acc, half, a)
        return acc

    def _words(self, w: ir.Value, a: ir.Value) -> tuple[ir.Value, ir.Value]:
        words = vec(I32, w.type.count // 4)
        return self.e.b.bitcast(w, words), self.e.b.bitcast(a, words)

    def _add_maddubs(self, weights: ir.Value, activations: ir.Value) -> None:
        name, _, parts = _MADDUBS[self.isa.dot]
        e = self.e
        w, a = e.halves(weights, parts), e.halves(activations, parts)
        kind = vec(I16, 32 // parts)
        sums = [e.call(name, kind, w[i], a[i]) for i in range(parts)]
        if self._held:
            sums = [e.b.add(x, y) for x, y in zip(self._narrow, sums, strict=True)]
        self._narrow, self._held = sums, self._held + 1
        if self._held == self._room:
            self._widen()

    def _widen(self) -> None:
        if not self._held:
            return
        _, name, parts = _MADDUBS[self.isa.dot]
        e = self.e
        ones, kind = e.constant(vec(I16, 32 // parts), 1), vec(I32, 16 // parts)
        sums = [e.call(name, kind, x, ones) for x in self._narrow]
        if self._wide:
            sums = [e.b.add(x, y) for x, y in zip(self._wide, sums, strict=True)]
        self._wide, self._held = sums, 0


class PairDot:
    """Sums one block of pairs: s16 weights and activations, in int32 throughout."""

    def __init__(self, e: Emit, isa: Isa) -> None:
        self.e, self.isa = e, isa
        self._wide: list[ir.Value] = []

    def add(self, weights: ir.Value, activations: ir.Value) -> None:
        """weights and activations <32 x i16>."""
        e = self.e
        if self.isa.dot == "generic":
            wide = vec(I32, 32)
            product = e.b.mul(e.b.sext(weights, wide), e.b.sext(activations, wide))
            sums = [
                e.b.add(e.shuffle(product, range(0, 32, 2)), e.shuffle(product, range(1, 32, 2)))
            ]
        else:
            _, name, parts = _MADDUBS[self.isa.dot]
            w, a = e.halves(weights, parts), e.halves(activations, parts)
            sums = [e.call(name, vec(I32, 16 // parts), w[i], a[i]) for i in range(parts)]
        if self._wide:
            sums = [e.b.add(x, y) for x, y in zip(self._wide, sums, strict=True)]
        self._wide = sums

    @property
    def held(self) -> list[ir.Value]:
        """The registers that carry the sums between two steps."""
        return self._wide

    @held.setter
    def held(self, values: list[ir.Value]) -> None:
        self._wide = values

    def total(self) -> ir.Value:
        """The sums, <16 x i32>."""
        return self.e.join(self._wide)


class WideDot:
    """u8 weights in quads · s16 activations: twice the work of ByteDot, 1/16 of its error."""

    def __init__(self, e: Emit, isa: Isa) -> None:
        self.e, self.isa = e, isa
        self._name, self._parts = {
            "vnni512": ("llvm.x86.avx512.pmaddw.d.512", 2),
            "maddubs512": ("llvm.x86.avx512.pmaddw.d.512", 2),
            "vnni256": ("llvm.x86.avx2.pmadd.wd", 4),
            "maddubs256": ("llvm.x86.avx2.pmadd.wd", 4),
            "maddubs128": ("llvm.x86.sse2.pmadd.wd", 8),
        }.get(isa.dot, ("", 1))
        self.held: list[ir.Value] = []

    def add(self, weights: ir.Value, activations: ir.Value) -> None:
        """weights <64 x i8> unsigned, activations <64 x i16> (4 columns, 16 times)."""
        e, n = self.e, self._parts
        w = e.b.zext(weights, vec(I16, 64))
        if self._name:
            pieces = zip(e.halves(w, n), e.halves(activations, n), strict=True)
            sums = [e.call(self._name, vec(I32, 32 // n), a, b) for a, b in pieces]
        else:
            wide = vec(I32, 64)
            product = e.b.mul(e.b.zext(w, wide), e.b.sext(activations, wide))
            sums = [
                e.b.add(e.shuffle(product, range(0, 64, 2)), e.shuffle(product, range(1, 64, 2)))
            ]
        if self.held:
            sums = [e.b.add(x, y) for x, y in zip(self.held, sums, strict=True)]
        self.held = sums

    def total(self) -> ir.Value:
        """The sums, <16 x i32>: each row's two halves are neighbours."""
        both = self.e.join(self.held)
        low, high = (self.e.shuffle(both, range(first, 32, 2)) for first in (0, 1))
        return self.e.b.add(low, high)


def pin_all(e: Emit, isa: Isa, dots: "list[ByteDot] | list[PairDot] | list[WideDot]") -> None:
    """Finish this step of all sums before LLVM may begin the next one."""
    values = [v for dot in dots for v in dot.held]
    if isa.register_class is None or isa.dot == "generic" or not values:
        return
    values = e.pin(values, isa.register_class)
    each = len(values) // len(dots)
    for i, dot in enumerate(dots):
        dot.held = values[i * each : (i + 1) * each]


def broadcast_quad(e: Emit, base: ir.Value, offset: int | ir.Value) -> ir.Value:
    """4 int8 activations repeated for 16 rows: <64 x i8>."""
    return e.b.bitcast(e.splat(e.load(I32, base, offset), 16), vec(I8, 64))


def broadcast_wide_quad(e: Emit, base: ir.Value, offset: int | ir.Value) -> ir.Value:
    """4 int16 activations repeated for 16 rows: <64 x i16>."""
    return e.b.bitcast(e.splat(e.load(I64, base, offset), 16), vec(I16, 64))


def broadcast_pair(e: Emit, base: ir.Value, offset: int | ir.Value) -> ir.Value:
    """2 int16 activations repeated for 16 rows: <32 x i16>."""
    return e.b.bitcast(e.splat(e.load(I32, base, offset), 16), vec(I16, 32))


__all__ = [
    "I32X16",
    "ByteDot",
    "PairDot",
    "WideDot",
    "broadcast_pair",
    "broadcast_quad",
    "broadcast_wide_quad",
    "pin_all",
]
