"""The rows of attention: queries and keys are turned, keys and values kept, then come the sums."""

from engine.compute.backends.cpu_buffers import Buffer
from engine.compute.backends.cpu_program import Operand, Program, Rows, float_bits
from engine.compute.backends.cpu_values import Values
from engine.compute.cache import StatePlace
from engine.compute.graph import Graph, RopeSpec
from engine.compute.graph import ops as g
from engine.compute.kernels import attention, rope

_KERNELS = {
    0: attention.attention_f32,
    1: attention.attention_f16,
    8: attention.attention_q8_0,
}  # by the cache's type


def keep_rows(
    program: Program,
    values: Values,
    op: g.Append,
    place: StatePlace,
    reader: g.Attention | None = None,
    turn: RopeSpec | None = None,
) -> None:
    """Adds the row that keeps keys and values.

    reader, turn: the attention whose queries and keys are turned in place on the way; where nothing
    turns they are as they should be.
    """
    k, v, spec = values.floats[op.k.index], values.floats[op.v.index], op.state.spec
    q = k if reader is None else values.floats[reader.q.index]
    angles: Operand = 0 if turn is None else program.plan.angles[turn]
    how = turn or RopeSpec(n_dims=0)
    operands: list[Operand] = [
        q, q.row_bytes, k, k.row_bytes, v, v.row_bytes,
        0 if reader is None else reader.n_head, spec.heads, spec.key, spec.value,
        how.n_dims, int(how.style == "neox"),
        angles, angles.row_bytes if isinstance(angles, Buffer) else 0,
        place.start, place.k_head_bytes, place.v_start, place.v_head_bytes, place.v_row,
        place.kind, place.k_panel_bytes, place.v_scales, place.positions,
    ]  # fmt: skip
    read: list[Rows] = [k, v]
    if isinstance(angles, Buffer):
        read.append(angles)
    written = [] if turn is None else [q, k]
    program.emit(rope.rope_and_keep, operands, read, written, keeps=place.start)


def attention_rows(
    program: Program, values: Values, op: g.Attention, place: StatePlace, threads: int, at_once: int
) -> Rows:
    """Adds the row of one attention's sums; returns where its outputs will be.

    at_once: most tokens of one piece.
    """
    q = values.floats[op.q.index]
    out = program.rows(op.n_head * op.head_dim_v, "attended")
    queries = (op.n_head // op.n_head_kv) * at_once
    each = attention.scratch_bytes(queries, op.head_dim, place.v_row) // 64 * 64 + 64
    work = program.buffer("attention", each * threads, 0)
    operands: list[Operand] = [
        q, q.row_bytes, out, out.row_bytes,
        op.n_head // op.n_head_kv, op.n_head_kv, op.head_dim, op.head_dim_v,
        float_bits(op.scale), op.window, float_bits(op.softcap),
        place.start, place.k_head_bytes, place.v_start, place.v_head_bytes, place.v_row,
        work, each, place.k_panel_bytes, place.v_scales, place.positions,
    ]  # fmt: skip
    program.emit(_KERNELS[place.kind], operands, [q], [out, work], looks=place.start)
    return out


def tokens_at_once(graph: Graph) -> int:
    """How many neighbouring tokens one piece of attention takes: about 32 queries in all."""
    group = max((a.n_head // a.n_head_kv for a in graph.attentions), default=1)
    return max(1, 32 // group)
