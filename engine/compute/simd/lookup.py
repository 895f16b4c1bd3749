"""A table of sixteen bytes, looked up for every byte of a vector at once.

Table and vector stay in registers: one instruction where the CPU shuffles bytes, else a tree of
selections by the bits of the code.
"""

from collections.abc import Sequence

from llvmlite import ir

from engine.compute.simd.emit import I8, Emit, vec
from engine.compute.simd.isa import Isa

_SHUFFLES = (  # feature, instruction (table, codes), bytes it takes
    ("avx512bw", "llvm.x86.avx512.pshuf.b.512", 64),
    ("avx2", "llvm.x86.avx2.pshuf.b", 32),
    ("ssse3", "llvm.x86.ssse3.pshuf.b.128", 16),
    ("neon", "llvm.aarch64.neon.tbl1.v16i8", 16),
)


def lookup(e: Emit, isa: Isa, codes: ir.Value, table: Sequence[int]) -> ir.Value:
    """codes <n x i8>, all of 0 to 15, as the bytes at those places of `table`."""
    count = codes.type.count
    for feature, name, lanes in _SHUFFLES:
        if feature in isa.features and lanes <= count:
            return _shuffled(e, name, lanes, codes, table)
    found = [e.constant(codes.type, value & 0xFF) for value in table]
    for bit in (1, 2, 4, 8):
        here = e.b.and_(codes, e.constant(codes.type, bit))
        is_set = e.b.icmp_unsigned("!=", here, e.constant(codes.type, 0))
        pairs = zip(found[::2], found[1::2], strict=True)
        found = [e.b.select(is_set, odd, even) for even, odd in pairs]
    return found[0]


def _shuffled(e: Emit, name: str, lanes: int, codes: ir.Value, table: Sequence[int]) -> ir.Value:
    kind = vec(I8, lanes)
    repeated = [ir.Constant(I8, table[i % 16] & 0xFF) for i in range(lanes)]
    constant = ir.Constant(kind, repeated)
    pieces = e.halves(codes, codes.type.count // lanes)
    return e.join([e.call(name, kind, constant, piece) for piece in pieces])
