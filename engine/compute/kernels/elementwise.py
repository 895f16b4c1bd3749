"""Kernels that work on one token's row at a time: copy, gate, activate, add, scale, softcap.

Rows are whole vectors of 16; what lies past the width is zero and stays harmless.

    a, b    token 0: vector 0 | vector 1 | ...      a token: a_stride, b_stride
            two vectors are a block of the integer forms (rows.py); an odd last one stands alone
"""

import numpy as np

from engine.compute.kernels.abi import COUNT, COUNTER, WANTED, WORD, Operands, Place, declared
from engine.compute.kernels.jit import Inlined, inline, kernel, literally
from engine.compute.kernels.rows import Outputs, finish_block, finish_vector
from engine.compute.simd.memory import Address, atomic_add, copy_bytes, load_f32, load_i64
from engine.compute.simd.vectors import VECTOR, Vector, vabs, vexp, vfma, vload, vmax, vmin, vsplat


@declared
class RowOperands(Outputs):
    """Of all kernels here."""

    a: Place
    a_stride: int  # bytes
    b: Place = 0  # of those that take two
    b_stride: int = 0
    vectors: int  # of 16 floats in a row
    factor: float = 0.0  # of scale, softcap and clamp; of clamped_gate before the sigmoid
    limit: float = 0.0  # of clamped_gate


@declared
class PartOperands(Operands):
    """Of part_rows; x and out are not the same."""

    x: Place
    x_stride: int  # bytes
    out: Place
    out_stride: int
    groups: int
    group_bytes: int
    start: int  # bytes within a group
    part_bytes: int


AT, PART = RowOperands.offsets(), PartOperands.offsets()

_ONE, _TWO, _ZERO = np.float32(1), np.float32(2), np.float32(0)
_GELU, _CUBIC = np.float32(0.7978845608028654), np.float32(0.044715)
_HALF = np.float32(0.5)
COPY, ADD, SCALE, SOFTCAP, SILU, GELU, GELU_TANH, RELU, RELU2, SIGMOID, SOFTPLUS = range(11)
CLAMP, EXP = 11, 12


@inline
def sigmoid(x: Vector) -> Vector:
    one = vsplat(_ONE)
    return one / (one + vexp(vsplat(_ZERO) - x))


@inline
def tanh(x: Vector) -> Vector:
    one = vsplat(_ONE)
    return one - vsplat(_TWO) / (vexp(x + x) + one)


@inline
def erf(x: Vector) -> Vector:
    """Abramowitz & Stegun 7.1.26, to 1.5e-7, made odd by hand."""
    size = vmax(x, vsplat(_ZERO) - x)
    t = vsplat(_ONE) / vfma(size, vsplat(np.float32(0.3275911)), vsplat(_ONE))
    p = vfma(t, vsplat(np.float32(1.061405429)), vsplat(np.float32(-1.453152027)))
    p = vfma(t, p, vsplat(np.float32(1.421413741)))
    p = vfma(t, p, vsplat(np.float32(-0.284496736)))
    p = vfma(t, p, vsplat(np.float32(0.254829592)))
    y = vsplat(_ONE) - t * p * vexp(vsplat(_ZERO) - size * size)
    return y * (x / vmax(size, vsplat(np.float32(1e-30))))


@inline
def softplus(x: Vector) -> Vector:
    """log(1 + e^x) = max(x, 0) + log(1 + u), u = e^-|x|; log(1 + u) = 2 artanh(u / (2 + u)), whose
    series has eight terms for arguments up to a third: to 2e-9."""
    u = vexp(vsplat(_ZERO) - vabs(x))
    z = u / (vsplat(_TWO) + u)
    square = z * z
    p = vsplat(np.float32(2 / 15))
    p = vfma(p, square, vsplat(np.float32(2 / 13)))
    p = vfma(p, square, vsplat(np.float32(2 / 11)))
    p = vfma(p, square, vsplat(np.float32(2 / 9)))
    p = vfma(p, square, vsplat(np.float32(2 / 7)))
    p = vfma(p, square, vsplat(np.float32(2 / 5)))
    p = vfma(p, square, vsplat(np.float32(2 / 3)))
    p = vfma(p, square, vsplat(_TWO))
    return vmax(vsplat(_ZERO), x) + p * z


@inline
def apply(what: int, a: Vector, factor: float) -> Vector:
    """One function of the table above on a vector; `what` is a literal."""
    literally(what)
    if what == SILU:
        return a * sigmoid(a)
    if what == GELU:
        return a * vsplat(_HALF) * (vsplat(_ONE) + erf(a * vsplat(np.float32(0.7071067811865476))))
    if what == GELU_TANH:
        inner = vsplat(_GELU) * vfma(a * a * a, vsplat(_CUBIC), a)
        return a * vsplat(_HALF) * (vsplat(_ONE) + tanh(inner))
    if what == RELU:
        return vmax(vsplat(_ZERO), a)  # in this order NaN stays
    if what == RELU2:
        positive = vmax(vsplat(_ZERO), a)
        return positive * positive
    if what == SIGMOID:
        return sigmoid(a)
    if what == SOFTPLUS:
        return softplus(a)
    if what == SCALE:
        return a * vsplat(factor)
    if what == SOFTCAP:
        return vsplat(factor) * tanh(a / vsplat(factor))
    if what == EXP:
        return vexp(a)
    if what == CLAMP:  # in this order NaN stays
        return vmin(vsplat(factor), vmax(vsplat(-factor), a))
    return a


@inline
def each_token(what: int, gated: bool, row: Address, batch: Address) -> None:
    """act(a) or, gated, act(a) * b, for all tokens this thread can get."""
    literally(what)
    literally(gated)
    n_tokens, vectors = load_i64(batch + load_i64(row + COUNT)), load_i64(row + AT.vectors)
    factor = load_f32(row + AT.factor)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        a = load_i64(row + AT.a) + token * load_i64(row + AT.a_stride)
        b = load_i64(row + AT.b) + token * load_i64(row + AT.b_stride)
        for block in range(vectors >> 1):
            at = 2 * VECTOR * block
            low, high = (
                apply(what, vload(a + at), factor),
                apply(what, vload(a + at + VECTOR), factor),
            )
            if gated:
                low, high = low * vload(b + at), high * vload(b + at + VECTOR)
            finish_block(row, token, block, low, high)
        if vectors & 1:
            at = VECTOR * (vectors - 1)
            last = apply(what, vload(a + at), factor)
            if gated:
                last = last * vload(b + at)
            finish_vector(row, token, vectors - 1, last)


@kernel(RowOperands)
def copy_rows(row: Address, batch: Address, thread: int) -> None:
    """Only changes the form: float32 rows to q8 or q16."""
    each_token(COPY, False, row, batch)


@kernel(RowOperands)
def scale_rows(row: Address, batch: Address, thread: int) -> None:
    each_token(SCALE, False, row, batch)


@kernel(RowOperands)
def softcap_rows(row: Address, batch: Address, thread: int) -> None:
    each_token(SOFTCAP, False, row, batch)


@kernel(RowOperands)
def clamp_rows(row: Address, batch: Address, thread: int) -> None:
    each_token(CLAMP, False, row, batch)


@kernel(RowOperands)
def silu_rows(row: Address, batch: Address, thread: int) -> None:
    each_token(SILU, False, row, batch)


@kernel(RowOperands)
def gelu_rows(row: Address, batch: Address, thread: int) -> None:
    each_token(GELU, False, row, batch)


@kernel(RowOperands)
def gelu_tanh_rows(row: Address, batch: Address, thread: int) -> None:
    each_token(GELU_TANH, False, row, batch)


@kernel(RowOperands)
def relu_rows(row: Address, batch: Address, thread: int) -> None:
    each_token(RELU, False, row, batch)


@kernel(RowOperands)
def relu2_rows(row: Address, batch: Address, thread: int) -> None:
    each_token(RELU2, False, row, batch)


@kernel(RowOperands)
def sigmoid_rows(row: Address, batch: Address, thread: int) -> None:
    each_token(SIGMOID, False, row, batch)


@kernel(RowOperands)
def softplus_rows(row: Address, batch: Address, thread: int) -> None:
    each_token(SOFTPLUS, False, row, batch)


@kernel(RowOperands)
def exp_rows(row: Address, batch: Address, thread: int) -> None:
    each_token(EXP, False, row, batch)


@kernel(RowOperands)
def mul_rows(row: Address, batch: Address, thread: int) -> None:
    each_token(COPY, True, row, batch)


@kernel(RowOperands)
def silu_gated(row: Address, batch: Address, thread: int) -> None:
    each_token(SILU, True, row, batch)


@kernel(RowOperands)
def gelu_gated(row: Address, batch: Address, thread: int) -> None:
    each_token(GELU, True, row, batch)


@kernel(RowOperands)
def gelu_tanh_gated(row: Address, batch: Address, thread: int) -> None:
    each_token(GELU_TANH, True, row, batch)


@kernel(RowOperands)
def relu_gated(row: Address, batch: Address, thread: int) -> None:
    each_token(RELU, True, row, batch)


@kernel(RowOperands)
def relu2_gated(row: Address, batch: Address, thread: int) -> None:
    each_token(RELU2, True, row, batch)


@kernel(RowOperands)
def sigmoid_gated(row: Address, batch: Address, thread: int) -> None:
    each_token(SIGMOID, True, row, batch)


@kernel(RowOperands)
def softplus_gated(row: Address, batch: Address, thread: int) -> None:
    each_token(SOFTPLUS, True, row, batch)


@kernel(RowOperands)
def exp_gated(row: Address, batch: Address, thread: int) -> None:
    each_token(EXP, True, row, batch)


def rows_of(one: Inlined) -> Inlined:
    """All tokens that a thread can get, of two values, as an inline function (row, batch).

    one: an inline function (row, a, b, at), which makes the vector at `at` bytes of a token's row.
    """

    def rows(row: Address, batch: Address) -> None:
        n_tokens, vectors = load_i64(batch + load_i64(row + COUNT)), load_i64(row + AT.vectors)
        while True:
            token = atomic_add(load_i64(row + COUNTER), 1)
            if token >= n_tokens:
                return
            a = load_i64(row + AT.a) + token * load_i64(row + AT.a_stride)
            b = load_i64(row + AT.b) + token * load_i64(row + AT.b_stride)
            for block in range(vectors >> 1):
                at = 2 * VECTOR * block
                low, high = one(row, a, b, at), one(row, a, b, at + VECTOR)
                finish_block(row, token, block, low, high)
            if vectors & 1:
                last = VECTOR * (vectors - 1)
                finish_vector(row, token, vectors - 1, one(row, a, b, last))

    # Symbols are made of it: two kernels from different processes must not share one.
    rows.__qualname__ = f"rows_of_{one.__name__}"
    return inline(rows)


@inline
def clamped(row: Address, a: Address, b: Address, at: int) -> Vector:
    """Of a clamped gate; a is the gate."""
    limit, one = vsplat(load_f32(row + AT.limit)), vsplat(_ONE)
    low, gate, up = vsplat(_ZERO) - limit, vload(a + at), vload(b + at)
    gate, up = vmin(limit, gate), vmin(limit, vmax(low, up))
    return gate * sigmoid(vsplat(load_f32(row + AT.factor)) * gate) * (up + one)


@inline
def times_column(row: Address, a: Address, b: Address, at: int) -> Vector:
    """b has one figure for each token."""
    return vload(a + at) * vsplat(load_f32(b))


@inline
def sum_of(row: Address, a: Address, b: Address, at: int) -> Vector:
    return vload(a + at) + vload(b + at)


_clamped_rows, _column_rows, _sum_rows = rows_of(clamped), rows_of(times_column), rows_of(sum_of)


@kernel(RowOperands)
def clamped_gate(row: Address, batch: Address, thread: int) -> None:
    _clamped_rows(row, batch)


@kernel(RowOperands)
def mul_column_rows(row: Address, batch: Address, thread: int) -> None:
    _column_rows(row, batch)


@kernel(RowOperands)
def add_rows(row: Address, batch: Address, thread: int) -> None:
    _sum_rows(row, batch)


@kernel(RowOperands)
def select_rows(row: Address, batch: Address, thread: int) -> None:
    """Gather the rows whose logits are wanted."""
    n_tokens, vectors = load_i64(batch + load_i64(row + COUNT)), load_i64(row + AT.vectors)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        source = load_i64(load_i64(batch + WANTED) + WORD * token)
        a = load_i64(row + AT.a) + source * load_i64(row + AT.a_stride)
        for block in range(vectors >> 1):
            finish_block(
                row,
                token,
                block,
                vload(a + 2 * VECTOR * block),
                vload(a + 2 * VECTOR * block + VECTOR),
            )
        if vectors & 1:
            finish_vector(row, token, vectors - 1, vload(a + VECTOR * (vectors - 1)))


@kernel(PartOperands)
def part_rows(row: Address, batch: Address, thread: int) -> None:
    """The same columns of each group, one group after the other."""
    n_tokens, groups = load_i64(batch + load_i64(row + COUNT)), load_i64(row + PART.groups)
    group_bytes, part_bytes = load_i64(row + PART.group_bytes), load_i64(row + PART.part_bytes)
    while True:
        token = atomic_add(load_i64(row + COUNTER), 1)
        if token >= n_tokens:
            return
        x = load_i64(row + PART.x) + load_i64(row + PART.start)
        x = x + token * load_i64(row + PART.x_stride)
        out = load_i64(row + PART.out) + token * load_i64(row + PART.out_stride)
        for i in range(groups):
            copy_bytes(out + i * part_bytes, x + i * group_bytes, part_bytes)
