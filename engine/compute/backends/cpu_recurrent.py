"""The rows of ops whose states have a fixed size: short convolutions and the delta rule."""

from engine.compute.backends.cpu_buffers import Buffer
from engine.compute.backends.cpu_program import Operand, Program
from engine.compute.backends.cpu_values import Values
from engine.compute.backends.cpu_weights import PackedWeights
from engine.compute.graph import ops as g
from engine.compute.kernels import recurrent


def conv_row(
    program: Program, values: Values, weights: PackedWeights, op: g.Conv, start: int
) -> Buffer:
    """start: of the state within a block, in bytes. Returns where the outputs will be."""
    x, out = values.floats[op.x.index], program.rows(op.x.width, "convolved")
    bias = weights.vector(op.bias) if op.bias else 0
    operands: list[Operand] = [
        x, x.row_bytes, out, out.row_bytes,
        (op.x.width + 15) // 16, op.taps, weights.vector(op.weight), bias, start,
    ]  # fmt: skip
    program.emit(recurrent.conv_rows, operands, [x], [out])
    return out


def delta_row(program: Program, values: Values, op: g.DeltaRule, start: int) -> Buffer:
    """The same for a delta rule."""
    out = program.rows(op.v.width, "recalled")
    read = [values.floats[v.index] for v in (op.q, op.k, op.v, op.decay, op.beta)]
    operands: list[Operand] = []
    for rows in (*read, out):
        operands += [rows, rows.row_bytes]
    operands += [op.heads, op.heads // op.key_heads, op.key, op.value, start]
    program.emit(recurrent.delta_rows, operands, read, [out])
    return out
