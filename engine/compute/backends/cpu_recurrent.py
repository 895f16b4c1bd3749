"""The rows of ops whose states have a fixed size: short convolutions, the delta rule, scans."""

from engine.compute.backends.cpu_program import Buffer, Program
from engine.compute.backends.cpu_values import Values
from engine.compute.backends.cpu_weights import PackedWeights
from engine.compute.graph import ops as g
from engine.compute.kernels import recurrent, scan


def conv_row(
    program: Program, values: Values, weights: PackedWeights, op: g.Conv, start: int
) -> Buffer:
    """start: of the state within a block, in bytes. Returns where the outputs will be."""
    x, out = values.floats[op.x.index], program.rows(op.x.width, "convolved")
    operands = recurrent.ConvOperands(
        x=x,
        x_stride=x.row_bytes,
        out=out,
        out_stride=out.row_bytes,
        vectors=(op.x.width + 15) // 16,
        taps=op.taps,
        weight=weights.vector(op.weight),
        bias=weights.vector(op.bias) if op.bias else 0,
        state=start,
    )
    program.emit(recurrent.conv_rows, operands, [x], [out])
    return out


def delta_row(program: Program, values: Values, op: g.DeltaRule, start: int) -> Buffer:
    """The same for a delta rule."""
    out = program.rows(op.v.width, "recalled")
    read = [values.floats[v.index] for v in (op.q, op.k, op.v, op.decay, op.beta)]
    q, k, v, decay, beta = read
    operands = recurrent.RuleOperands(
        q=q,
        q_stride=q.row_bytes,
        k=k,
        k_stride=k.row_bytes,
        v=v,
        v_stride=v.row_bytes,
        decay=decay,
        decay_stride=decay.row_bytes,
        beta=beta,
        beta_stride=beta.row_bytes,
        out=out,
        out_stride=out.row_bytes,
        heads=op.heads,
        group=op.heads // op.key_heads,
        tiles=op.key_heads if op.tiled else 0,
        key=op.key,
        value=op.value,
        state=start,
    )
    program.emit(recurrent.delta_rows, operands, read, [out])
    return out


def scan_row(
    program: Program, values: Values, weights: PackedWeights, op: g.Scan, start: int
) -> Buffer:
    """The same for a selective scan."""
    out = program.rows(op.x.width, "scanned")
    read = [values.floats[v.index] for v in (op.x, op.dt, op.b, op.c)]
    x, dt, b, c = read
    shape = op.state.spec.shape
    operands = scan.ScanOperands(
        x=x,
        x_stride=x.row_bytes,
        dt=dt,
        dt_stride=dt.row_bytes,
        b=b,
        b_stride=b.row_bytes,
        c=c,
        c_stride=c.row_bytes,
        out=out,
        out_stride=out.row_bytes,
        a=weights.vector(op.a),
        a_row=4 * shape[-1],
        d=weights.vector(op.d),
        heads=shape[0] if op.by_head else 1,
        group=shape[0] // op.groups if op.by_head else 1,
        blocks=shape[-1] // 16,
        size=op.size,
        state=start,
    )
    kernel = scan.scan_heads if op.by_head else scan.scan_channels
    program.emit(kernel, operands, read, [out])
    return out
