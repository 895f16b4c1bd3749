"""The rows of ops that take a row head by head: parts of all heads, and products of each."""

from typing import Any

from engine.compute.backends.cpu_program import Program, Rows
from engine.compute.backends.cpu_values import Values
from engine.compute.backends.cpu_weights import Matrix
from engine.compute.graph import ops as g
from engine.compute.kernels import elementwise, heads, panels
from engine.compute.kernels.activations import BLOCK_BYTES, COLUMNS

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
    a_bytes = 4 * op.a.width // (1 if op.shared else op.groups)
    out = program.rows(a_bytes // 4 * op.groups + op.b.width, name)
    operands = heads.JoinOperands(
        a=a,
        a_stride=a.row_bytes,
        a_bytes=a_bytes,
        a_step=0 if op.shared else a_bytes,
        b=b,
        b_stride=b.row_bytes,
        b_bytes=4 * op.b.width // op.groups,
        out=out,
        out_stride=out.row_bytes,
        groups=op.groups,
    )
    program.emit(heads.join_rows, operands, [a, b], [out])
    return out


def whole_rows(matrix: Matrix) -> int:
    """Columns of what all heads' products make, in whole panels."""
    return matrix.count * matrix.n_panels * panels.ROWS


def head_words(op: g.HeadLinear, matrix: Matrix, form: str) -> dict[str, Any]:
    """The words of ProductOperands that are other than in a product with one matrix."""
    n_in = op.x.width // op.heads
    return {
        "n_panels": op.heads * matrix.n_panels,
        "head_panels": matrix.n_panels,
        "x_head": n_in * _ITEM[form] if form in _ITEM else n_in // COLUMNS * BLOCK_BYTES[form],
    }


def without_gaps(program: Program, out: Rows, matrix: Matrix) -> Rows:
    """What products made, without the columns between heads that are no whole panels."""
    whole = matrix.n_panels * panels.ROWS
    if whole == matrix.rows:
        return out
    return _parts(program, out, matrix.count, whole, 0, matrix.rows, "heads")
