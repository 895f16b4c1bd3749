"""Rows times a factor of their own, which whoever runs the pass has made from their positions.

a       token 0: vector 0 | vector 1 | ...      a token: a_stride
b       factor of token 0 | of token 1 | ...    a token: b_stride
"""

from engine.compute.kernels.abi import COUNT, COUNTER
from engine.compute.kernels.elementwise import AT, RowOperands
from engine.compute.kernels.jit import kernel
from engine.compute.kernels.rows import finish_block, finish_vector
from engine.compute.simd.memory import Address, atomic_add, load_f32, load_i64
from engine.compute.simd.vectors import VECTOR, vload, vsplat


@kernel(RowOperands)
def temper_rows(row: Address, batch: Address, thread: int) -> None:
    n_tokens, vectors = load_i64(batch + load_i64(row + COUNT)), load_i64(row + AT.vectors)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        a = load_i64(row + AT.a) + token * load_i64(row + AT.a_stride)
        factor = vsplat(load_f32(load_i64(row + AT.b) + token * load_i64(row + AT.b_stride)))
        for block in range(vectors >> 1):
            at = a + 2 * VECTOR * block
            finish_block(row, token, block, vload(at) * factor, vload(at + VECTOR) * factor)
        if vectors & 1:
            last = vload(a + VECTOR * (vectors - 1)) * factor
            finish_vector(row, token, vectors - 1, last)
