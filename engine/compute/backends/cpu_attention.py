"""The rows of attention: queries and keys are turned, keys and values kept, then come the sums."""

from engine.compute.backends.cpu_program import Program, Rows
from engine.compute.backends.cpu_values import Values
from engine.compute.cache import StatePlace
from engine.compute.cache.full import F16, F32, Q8_0
from engine.compute.graph import Graph, RopeSpec, alibi_slopes
from engine.compute.graph import ops as g
from engine.compute.kernels import attention, rope

_KERNELS = {
    F32: attention.attention_f32,
    F16: attention.attention_f16,
    Q8_0: attention.attention_q8_0,
}  # by the cache's type
_WITHIN = {
    F32: attention.within_f32,
    F16: attention.within_f16,
    Q8_0: attention.within_q8_0,
}  # the same where values are a part of keys
MOST_PARTS, LEAST_HEADS = 8, 4  # of the queries of one token


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
    angles = None if turn is None else program.plan.angles[turn]
    how = turn or RopeSpec(n_dims=0)
    operands = rope.KeepOperands(
        q=q,
        q_stride=q.row_bytes,
        k=k,
        k_stride=k.row_bytes,
        v=v,
        v_stride=v.row_bytes,
        n_head=0 if reader is None else reader.n_head,
        n_head_kv=spec.heads,
        head_dim=spec.key,
        head_dim_v=spec.value,
        k_dim=place.k_dim,
        n_dims=how.n_dims,
        neox=int(how.style == "neox"),
        angles=angles or 0,
        angles_stride=angles.row_bytes if angles else 0,
        layer=place.start,
        k_head_bytes=place.k_head_bytes,
        v_start=place.v_start,
        v_head_bytes=place.v_head_bytes,
        v_row=place.v_row,
        kind=place.kind,
        k_panel_bytes=place.k_panel_bytes,
        v_scales=place.v_scales,
        capacity=place.positions,
    )
    read: list[Rows] = [k, v, *([angles] if angles else [])]
    written = [] if turn is None else [q, k]
    program.emit(rope.rope_and_keep, operands, read, written, keeps=place.start)


def attention_rows(
    program: Program,
    values: Values,
    op: g.Attention,
    place: StatePlace,
    threads: int,
    at_once: int,
    sinks: int = 0,
) -> Rows:
    """Adds the row of one attention's sums; returns where its outputs will be.

    at_once: most tokens of one piece; sinks: the address of its sinks, if it has such.
    """
    q = values.floats[op.q.index]
    out = program.rows(op.n_head * op.head_dim_v, "attended")
    parts = parts_of(op)
    group = op.n_head // op.n_head_kv // parts
    queries = group * at_once
    within = op.state.spec.within
    q_row = place.k_dim + place.v_row if within else op.head_dim
    each = attention.scratch_bytes(queries, q_row, place.v_row) // 64 * 64 + 64
    work = program.buffer("attention", each * threads, 0)
    operands = attention.AttentionOperands(
        q=q,
        q_stride=q.row_bytes,
        out=out,
        out_stride=out.row_bytes,
        group=group,
        n_head_kv=op.n_head_kv * parts,
        head_dim=op.head_dim,
        head_dim_v=op.head_dim_v,
        k_dim=place.k_dim,
        q_row=q_row,
        scale=op.scale,
        window=op.window,
        softcap=op.softcap,
        layer=place.start,
        k_head_bytes=place.k_head_bytes if parts == 1 else 0,
        v_start=place.v_start,
        v_head_bytes=place.v_head_bytes if parts == 1 else 0,
        v_row=place.v_row,
        scratch=work,
        scratch_bytes=each,
        k_panel_bytes=place.k_panel_bytes,
        v_scales=place.v_scales,
        capacity=place.positions,
        alibi=_slopes(program, op) if op.alibi else 0,
        sinks=sinks,
        both_ways=int(not op.causal),
        chunked=int(op.chunked),
    )
    kernel = (_WITHIN if within else _KERNELS)[place.kind]
    program.emit(kernel, operands, [q], [out, work], looks=place.start)
    return out


def _slopes(program: Program, op: g.Attention) -> int:
    """The address of ALiBi's slopes."""
    slopes = alibi_slopes(op.n_head, op.alibi)
    program.plan.keep.append(slopes)
    return int(slopes.ctypes.data)


def tokens_at_once(graph: Graph) -> int:
    """How many neighbouring tokens one piece of attention takes: about 32 queries in all."""
    groups = (a.n_head // a.n_head_kv // parts_of(a) for a in graph.attentions)
    return max(1, 32 // max(groups, default=1))


def parts_of(op: g.Attention) -> int:
    """Into how many pieces the queries of one token go, where all share one key/value head and a
    single piece would leave the other threads without work: each has four heads at least. The
    kernel sees as many key/value heads, which lie in the same place."""
    if op.n_head_kv > 1:
        return 1
    return max(n for n in range(1, MOST_PARTS + 1) if n == 1 or _cuts(op.n_head, n))


def _cuts(n_head: int, parts: int) -> bool:
    return n_head % parts == 0 and n_head // parts >= LEAST_HEADS
