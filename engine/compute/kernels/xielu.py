"""xIELU of each token's row: an activation whose four parameters are the layer's.

a       token 0: vector 0 | vector 1 | ...      a token: a_stride
"""

import numpy as np

from engine.compute.kernels.abi import COUNT, COUNTER, declared
from engine.compute.kernels.elementwise import RowOperands
from engine.compute.kernels.jit import inline, kernel
from engine.compute.kernels.rows import finish_block, finish_vector
from engine.compute.simd.memory import Address, atomic_add, load_f32, load_i64
from engine.compute.simd.vectors import (
    VECTOR,
    Vector,
    vexp,
    vfma,
    vload,
    vmin,
    vpositive,
    vsplat,
)


@declared
class XieluOperands(RowOperands):
    """Numbers as in ops.Xielu."""

    above: float
    below: float
    beta: float
    eps: float


AT = XieluOperands.offsets()

_ONE = np.float32(1)


@inline
def xielu(x: Vector, row: Address) -> Vector:
    above, below = vsplat(load_f32(row + AT.above)), vsplat(load_f32(row + AT.below))
    beta, eps = vsplat(load_f32(row + AT.beta)), vsplat(load_f32(row + AT.eps))
    curved = below * (vexp(vmin(x, eps)) - vsplat(_ONE) - x)
    return vfma(beta, x, vpositive(x, above * x * x, curved))


@kernel(XieluOperands)
def xielu_rows(row: Address, batch: Address, thread: int) -> None:
    n_tokens, vectors = load_i64(batch + load_i64(row + COUNT)), load_i64(row + AT.vectors)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        a = load_i64(row + AT.a) + token * load_i64(row + AT.a_stride)
        for block in range(vectors >> 1):
            at = a + 2 * VECTOR * block
            low, high = xielu(vload(at), row), xielu(vload(at + VECTOR), row)
            finish_block(row, token, block, low, high)
        if vectors & 1:
            last = xielu(vload(a + VECTOR * (vectors - 1)), row)
            finish_vector(row, token, vectors - 1, last)
