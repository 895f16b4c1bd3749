"""The rows of ops on several streams beside each other, and of sparse activations."""

from engine.compute.backends.cpu_program import Program
from engine.compute.backends.cpu_values import Values
from engine.compute.graph import ops as g
from engine.compute.kernels import streams


def blend_row(program: Program, values: Values, index: int, op: g.Blend) -> None:
    """The sum of streams by figures of each token."""
    read = [values.floats[v.index] for v in op.streams]
    a, b, c, d = (*read, None, None, None)[:4]
    coefs, outputs = values.floats[op.coefs.index], values.outputs(index, op.a.width)
    assert a is not None
    operands = streams.BlendOperands(
        **values.output_operands(index),
        a=a,
        a_stride=a.row_bytes,
        b=b or 0,
        b_stride=b.row_bytes if b else 0,
        c=c or 0,
        c_stride=c.row_bytes if c else 0,
        d=d or 0,
        d_stride=d.row_bytes if d else 0,
        coefs=coefs,
        coefs_stride=coefs.row_bytes,
        start=4 * op.start,
        plus=op.plus,
        vectors=(op.a.width + 15) // 16,
    )
    program.emit(streams.blend_rows, operands, [*read, coefs], outputs)


def resized_row(program: Program, values: Values, index: int, op: g.Resized) -> None:
    """A row with the size of another one."""
    x, like = values.floats[op.x.index], values.floats[op.like.index]
    outputs = values.outputs(index, op.x.width)
    operands = streams.MeasureOperands(
        **values.output_operands(index),
        x=x,
        x_stride=x.row_bytes,
        like=like,
        like_stride=like.row_bytes,
        width=op.x.width,
        figure=op.least,
    )
    program.emit(streams.resized_rows, operands, [x, like], outputs)


def sparse_row(program: Program, values: Values, index: int, op: g.Sparse) -> None:
    """What stands far above its row's mean."""
    x, outputs = values.floats[op.x.index], values.outputs(index, op.x.width)
    operands = streams.MeasureOperands(
        **values.output_operands(index),
        x=x,
        x_stride=x.row_bytes,
        width=op.x.width,
        figure=op.above,
    )
    program.emit(streams.sparse_rows, operands, [x], outputs)
