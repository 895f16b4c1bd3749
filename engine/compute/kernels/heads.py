"""Puts parts of heads beside each other.

a      token 0: head 0 | head 1 | ...     a head: a_bytes, to the next one a_step
b      token 0: head 0 | head 1 | ...     a head: b_bytes
out    token 0: a 0 | b 0 | a 1 | b 1 | ...
"""

from engine.compute.kernels.abi import COUNT, COUNTER, Operands, Place, declared
from engine.compute.kernels.jit import kernel
from engine.compute.simd.memory import Address, atomic_add, copy_bytes, load_i64


@declared
class JoinOperands(Operands):
    """Of join_rows; out is neither a nor b."""

    a: Place
    a_stride: int  # bytes from token to token, as all strides
    a_bytes: int
    a_step: int  # bytes from one head to the next; 0: all take the same
    b: Place
    b_stride: int
    b_bytes: int
    out: Place
    out_stride: int
    groups: int


AT = JoinOperands.offsets()


@kernel(JoinOperands)
def join_rows(row: Address, batch: Address, thread: int) -> None:
    n_tokens, groups = load_i64(batch + load_i64(row + COUNT)), load_i64(row + AT.groups)
    a_bytes, b_bytes = load_i64(row + AT.a_bytes), load_i64(row + AT.b_bytes)
    a_step = load_i64(row + AT.a_step)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        a = load_i64(row + AT.a) + token * load_i64(row + AT.a_stride)
        b = load_i64(row + AT.b) + token * load_i64(row + AT.b_stride)
        out = load_i64(row + AT.out) + token * load_i64(row + AT.out_stride)
        for i in range(groups):
            to = out + i * (a_bytes + b_bytes)
            copy_bytes(to, a + i * a_step, a_bytes)
            copy_bytes(to + a_bytes, b + i * b_bytes, b_bytes)
