"""The rows of RWKV's ops: the token before, shares between two rows, and what WKV remembers."""

from engine.compute.backends.cpu_program import Buffer, Program
from engine.compute.backends.cpu_values import Values
from engine.compute.backends.cpu_weights import PackedWeights
from engine.compute.graph import fading
from engine.compute.kernels import shift, wkv


def before_row(program: Program, values: Values, op: fading.Before, start: int) -> Buffer:
    """start: of the state within a block, in bytes. Returns where the outputs will be."""
    x, out = values.floats[op.x.index], program.rows(op.x.width, "before")
    operands = shift.BeforeOperands(
        x=x,
        x_stride=x.row_bytes,
        out=out,
        out_stride=out.row_bytes,
        vectors=(op.x.width + 15) // 16,
        state=start,
    )
    program.emit(shift.before_rows, operands, [x], [out])
    return out


def lerp_row(
    program: Program, values: Values, weights: PackedWeights, index: int, op: fading.Lerp
) -> None:
    """Its outputs have all forms that are asked for."""
    a, b = values.floats[op.a.index], values.floats[op.b.index]
    more = values.floats[op.more.index] if op.more is not None else None
    width, outputs = op.a.width, values.outputs(index, op.a.width)
    operands = shift.LerpOperands(
        **values.output_operands(index),
        a=a,
        a_stride=a.row_bytes,
        b=b,
        b_stride=b.row_bytes,
        more=more or 0,
        more_stride=more.row_bytes if more else 0,
        weight=weights.vector(op.weight) + 4 * width * op.part if op.weight else 0,
        vectors=(width + 15) // 16,
    )
    program.emit(shift.lerp_rows, operands, [a, b, *([more] if more else [])], outputs)


def bonus_row(program: Program, values: Values, weights: PackedWeights, op: fading.Bonus) -> Buffer:
    """Returns where the outputs will be."""
    read = [values.floats[each.index] for each in (op.a, op.b, op.v)]
    (a, b, v), out = read, program.rows(op.v.width, "bonus")
    operands = wkv.BonusOperands(
        a=a,
        a_stride=a.row_bytes,
        b=b,
        b_stride=b.row_bytes,
        v=v,
        v_stride=v.row_bytes,
        out=out,
        out_stride=out.row_bytes,
        weight=weights.vector(op.weight),
        heads=op.heads,
        vectors=op.v.width // (16 * op.heads),
    )
    program.emit(wkv.bonus_rows, operands, read, [out])
    return out


def wkv_row(program: Program, values: Values, op: fading.Wkv6 | fading.Wkv7, start: int) -> Buffer:
    """start: of the state within a block, in bytes. Returns where the outputs will be."""
    out = program.rows(op.v.width, "recalled")
    read = [values.floats[each.index] for each in op.inputs]
    r, w, k, v, a, b = (*read, None, None)[:6]
    assert r
    assert w
    assert k
    assert v
    heads, key, value = op.state.spec.shape
    operands = wkv.WkvOperands(
        r=r,
        r_stride=r.row_bytes,
        w=w,
        w_stride=w.row_bytes,
        k=k,
        k_stride=k.row_bytes,
        v=v,
        v_stride=v.row_bytes,
        a=a or 0,
        a_stride=a.row_bytes if a else 0,
        b=b or 0,
        b_stride=b.row_bytes if b else 0,
        out=out,
        out_stride=out.row_bytes,
        heads=heads,
        key=key,
        value=value,
        state=start,
    )
    kernel = wkv.wkv6_rows if isinstance(op, fading.Wkv6) else wkv.wkv7_rows
    program.emit(kernel, operands, read, [out])
    return out
