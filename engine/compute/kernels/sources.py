"""Reads weights out of panels, one block of 32 columns at a time, as IR: quads, scales, minimums.

A source gives eight vectors of unsigned bytes (a quad: 16 rows x 4 columns) and, for each group of
16 or 32 columns, the factor of every row: weight = (quant + offset) · factor. The few types that
have minimums give an addend in place of the offset: weight = quant · factor + addend.

    PackedSource     a panel as panels.py has it: parts qs, qh, d, sc, … of each block
    ScratchSource    the same unpacked, n blocks:

        quants     block 0: quads 0 to 7, 64 bytes each | block 1 | …      512 bytes a block
        factors    block 0: 16 float32 for each group | block 1 | …        64 or 128 bytes a block
        addends    as the factors; types with minimums alone
"""

from math import log2

from llvmlite import ir

from engine.compute.kernels import panels
from engine.compute.kernels.activations import SUMS
from engine.compute.kernels.packed import LAYOUTS
from engine.compute.kernels.panels import Layout
from engine.compute.simd.emit import F32X16, I8, I16, Emit, vec
from engine.compute.simd.floats import load_bfloat, load_bytes, load_half
from engine.compute.simd.isa import isa
from engine.compute.simd.lookup import lookup

U8X64, S8X32 = vec(I8, 64), vec(I8, 32)
# Bytes ahead: far into the second cache, which may wait for many lines at once, and near into the
# first. Either alone leaves some type at half its speed (the second Q4_K, the first Q4_0).
FAR, NEAR = 32768, 2048


class PackedSource:
    """Unpacks nibbles, high bits and scales of a packed panel."""

    def __init__(self, e: Emit, layout: Layout, panel: ir.Value) -> None:
        self.e, self.layout = e, layout
        self.most, self.halves, self.offset = layout.most, layout.halves, _offset(layout)
        self._panel = panel
        self._here: dict[str, ir.Value] = {}

    def block(self, index: ir.Value) -> None:
        """Move to block `index`."""
        e, layout = self.e, self.layout
        chunk, within = index, e.i64(0)
        if layout.chunk_blocks == 8:
            chunk, within = e.b.lshr(index, e.i64(3)), e.b.and_(index, e.i64(7))
        base = e.at(self._panel, e.times(chunk, layout.chunk_bytes))
        self._here = {}
        for name, size in layout.parts:
            part = e.at(base, layout.start(name))
            whole = layout.chunk_blocks == 1 or size == panels.SHARED
            self._here[name] = part if whole else e.at(part, e.times(within, layout.record_bytes))

    def fetch_ahead(self, *, near: bool = True) -> None:
        """Ask for the block some way further on: the parts of a block are not read in the order
        of their addresses, which the core's own prefetchers do not follow."""
        for line in range(0, self.layout.record_bytes, 64):
            self.e.prefetch(self._here["qs"], FAR + line, nearest=False)
            if near:
                self.e.prefetch(self._here["qs"], NEAR + line)

    def quad(self, j: int) -> ir.Value:
        e, bits = self.e, self.layout.bits
        if bits == 8:
            return e.load(U8X64, self._here["qs"], 64 * j)
        if bits == 2:
            four = e.load(U8X64, self._here["qs"], 64 * (j // 4))
            return e.b.and_(e.b.lshr(four, e.constant(U8X64, 2 * (j % 4))), e.constant(U8X64, 3))
        quants = e.load(U8X64, self._here["qs"], 64 * (j % 4))
        if j < 4:
            quants = e.b.and_(quants, e.constant(U8X64, 15))
        else:
            quants = e.b.lshr(quants, e.constant(U8X64, 4))
        if "qh" in self._here:
            quants = e.b.or_(quants, self._high(j))
        levels = self.layout.levels
        return lookup(e, isa(), quants, [x - min(levels) for x in levels]) if levels else quants

    def pairs(self) -> list[int]:
        """All pairs of columns, in the order in which they are best read."""
        vectors = 2 * self.layout.bits
        return sorted(range(16), key=lambda p: p % vectors)

    def pair(self, p: int) -> ir.Value:
        """Two columns as <32 x i16>, for layouts in pairs; codes give lifted levels."""
        e, levels = self.e, self.layout.levels
        if not levels:
            return e.b.sext(e.load(S8X32, self._here["qs"], 32 * p), vec(I16, 32))
        codes = e.load(S8X32, self._here["qs"], 32 * (p % 8))
        if p < 8:
            codes = e.b.and_(codes, e.constant(S8X32, 15))
        else:
            codes = e.b.lshr(codes, e.constant(S8X32, 4))
        lifted = lookup(e, isa(), codes, [x - min(levels) for x in levels])
        # Zeros between the bytes: with rows in these slots none crosses the halves of a register.
        order = [2 * panels.slot(i // 4) + i // 2 % 2 + 32 * (i % 2) for i in range(64)]
        both = e.shuffle(lifted, order, e.constant(S8X32, 0))
        return e.b.bitcast(both, vec(I16, 32))

    def _high(self, j: int) -> ir.Value:
        """Bits above the nibble, already in place (bit 4, or bits 4 and 5)."""
        e, two_bits = self.e, self.layout.most == 63
        plane = e.load(U8X64, self._here["qh"], 64 * (j // 4) if two_bits else 0)
        at = 2 * (j % 4) if two_bits else j  # where quad j's bits begin
        if at < 4:
            plane = e.b.shl(plane, e.constant(U8X64, 4 - at))
        elif at > 4:
            plane = e.b.lshr(plane, e.constant(U8X64, at - 4))
        return e.b.and_(plane, e.constant(U8X64, 0x30 if two_bits else 0x10))

    def scales(self) -> list[tuple[ir.Value, ir.Value | None]]:
        """(factor, addend in units of SUMS) of each group of columns, <16 x float> each."""
        e, here = self.e, self._here
        groups = (0, 1) if self.halves else (0,)
        if "b" in here:
            return [(load_bfloat(e, here["b"], 32 * g), None) for g in groups]
        d = load_half(e, here["d"], 0)
        if self.layout.step != 1:
            d = e.b.fmul(d, e.constant(F32X16, self.layout.step))
        if self.halves and "mn" in here:
            return [self._small_scale(d, half) for half in (0, 1)]
        if self.offset is not None and "sc" in here:
            scales = [load_bytes(e, here["sc"], 16 * g, signed=True) for g in groups]
            return [(e.b.fmul(d, scale), None) for scale in scales]
        if self.offset is not None:
            return [(d, None)]
        if "m" in here:
            return [(d, self._addend(load_half(e, here["m"], 0)))]
        factor = e.b.fmul(d, load_bytes(e, here["sc"], 0, signed=False))
        least = e.b.fmul(load_half(e, here["dmin"], 0), load_bytes(e, here["mn"], 0, signed=False))
        return [(factor, self._addend(e.b.fneg(least)))]

    def _small_scale(self, d: ir.Value, half: int) -> tuple[ir.Value, ir.Value]:
        """Of Q2_K: bytes for each 16 columns times the superblock's two scales."""
        e, here = self.e, self._here
        factor = e.b.fmul(d, load_bytes(e, here["sc"], 16 * half, signed=False))
        least = load_bytes(e, here["mn"], 16 * half, signed=False)
        return factor, self._addend(e.b.fneg(e.b.fmul(load_half(e, here["dmin"], 0), least)))

    def _addend(self, value: ir.Value) -> ir.Value:
        return self.e.b.fmul(value, self.e.constant(F32X16, 1 / SUMS))


class ScratchSource:
    """Reads a panel that was unpacked to whole bytes and float scales (panels.WHOLE or HALVES)."""

    def __init__(self, e: Emit, layout: Layout, panel: ir.Value, n_blocks: ir.Value) -> None:
        self.e, self.most, self.halves = e, layout.most, layout.halves
        self.offset, self._shift = _raised(layout)
        self._groups = 2 if layout.halves else 1
        self._panel, self._n = panel, n_blocks
        self._quants = self._factors = self._addends = panel

    def block(self, index: ir.Value) -> None:
        e, each = self.e, 64 * self._groups
        self._quants = e.at(self._panel, e.times(index, 512))
        factors = e.at(self._panel, e.times(self._n, 512))
        self._factors = e.at(factors, e.times(index, each))
        self._addends = e.at(self._factors, e.times(self._n, each))

    def quad(self, j: int) -> ir.Value:
        return self.e.load(U8X64, self._quants, 64 * j)

    def scales(self) -> list[tuple[ir.Value, ir.Value | None]]:
        e, none = self.e, self.offset is not None
        return [
            (
                e.load(F32X16, self._factors, 64 * g),
                None if none else e.load(F32X16, self._addends, 64 * g),
            )
            for g in range(self._groups)
        ]

    def write(self, index: ir.Value, packed: PackedSource) -> None:
        """Store one unpacked block; `packed` stands at the same block."""
        e, shift = self.e, self._shift
        self.block(index)
        for j in range(8):
            quants = packed.quad(j)
            if shift:
                quants = e.b.shl(quants, e.constant(U8X64, shift))
            e.store(quants, self._quants, 64 * j)
        for g, (factor, addend) in enumerate(packed.scales()):
            if shift:
                factor = e.b.fmul(factor, e.constant(F32X16, 0.5**shift))
            e.store(factor, self._factors, 64 * g)
            if addend is not None:
                e.store(addend, self._addends, 64 * g)


def _offset(layout: Layout) -> float | None:
    """What the quants were lifted by, in units of SUMS; None for types with minimums."""
    return None if layout.offset is None else layout.offset / SUMS


def _raised(layout: Layout) -> tuple[float | None, int]:
    """The offset of unpacked quants, and the bits they are shifted up by. Where nothing can
    saturate, they fill their bytes: an offset of one needs no multiplication, and powers of two
    change no bit of a result."""
    offset = _offset(layout)
    if offset is None or not isa().dot.startswith("vnni"):
        return offset, 0
    shift = -round(log2(offset))
    if offset * 2**shift != 1 or layout.most << shift > 255:
        return offset, 0
    return 1.0, shift


__all__ = ["LAYOUTS", "PackedSource", "ScratchSource"]
