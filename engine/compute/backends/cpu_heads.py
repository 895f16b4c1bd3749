"""The rows of ops that take a row head by head: parts of all heads, and products of each."""

from collections.abc import Callable
from typing import Any

from engine.compute.backends.cpu_program import Program, Rows
from engine.compute.backends.cpu_values import Values
from engine.compute.backends.cpu_weights import Matrix
from engine.compute.graph import ops as g
from engine.compute.kernels import elementwise, heads, matmul
from engine.compute.kernels.activations import BLOCK_BYTES, COLUMNS

Operands = Callable[..., matmul.ProductOperands]
_ITEM = {"f32": 4, "bf16": 2}  # bytes of a column, in forms of plain rows


def part_row(program: Program, x: Rows, op: g.HeadSlice, name: str) -> Rows:
    """Adds the row; returns where the parts will be."""
    return _parts(program, x, op.x.width // op.group, op.group, op.start, op.width, name)


def _parts(
    program: Program, x: Rows, groups: int, group: int, start: int, width: int, name: str
) -> Rows:
    out = program.rows(groups * width, name)
    operands = elementwise.PartOperands(
        x=x,
        x_stride=x.row_bytes,
        out=out,
        out_stride=out.row_bytes,
        groups=groups,
        group_bytes=4 * group,
        start=4 * start,
        part_bytes=4 * width,
    )
    program.emit(elementwise.part_rows, operands, [x], [out])
    return out


def join_row(program: Program, values: Values, op: g.HeadJoin, name: str) -> Rows:
    """Adds the row; returns where both will be."""
    a, b = (values.floats[v.index] for v in (op.a, op.b))
    out = program.rows(op.a.width + op.b.width, name)
    operands = heads.JoinOperands(
        a=a,
        a_stride=a.row_bytes,
        a_bytes=4 * op.a.width // op.groups,
        b=b,
        b_stride=b.row_bytes,
        b_bytes=4 * op.b.width // op.groups,
        out=out,
        out_stride=out.row_bytes,
        groups=op.groups,
    )
    program.emit(heads.join_rows, operands, [a, b], [out])
    return out


def head_product(
    program: Program, values: Values, op: g.HeadLinear, matrix: Matrix, made: Operands, name: str
) -> Rows:
    """Adds the product of each head, and what takes away the columns between heads where theirs
    are no whole panels. made: the operands of a product of (matrix, x, out)."""
    form, kernel = values.way(op)
    x, n_in = values.form(op.x, form), op.x.width // op.heads
    out = program.rows(matrix.rows, name)
    operands: Any = made(matrix, x, out)
    operands.head_panels = matrix.n_panels // op.heads
    operands.x_head = n_in * _ITEM[form] if form in _ITEM else n_in // COLUMNS * BLOCK_BYTES[form]
    program.emit(kernel, operands, [x], [out])
    width = matrix.part_rows
    whole = matrix.rows // op.heads
    return out if width == whole else _parts(program, out, op.heads, whole, 0, width, name)
