"""Turns a graph into a program of the cpu backend: rows of (kernel, operands) with barriers.

Norms and gates write the quantized form that the next matrix product reads; a product whose only
use is to be added to the residual stream adds itself; attention turns its queries and keys itself.
Where that is not possible (cpu_fusions.py says), each op has a row of its own.
"""

from functools import partial
from typing import Any

import numpy as np

from engine.compute.backends.cpu_attention import attention_rows, keep_rows, tokens_at_once
from engine.compute.backends.cpu_experts import Experts
from engine.compute.backends.cpu_fusions import Fusions, check_graph
from engine.compute.backends.cpu_heads import (
    head_words,
    join_row,
    part_row,
    whole_rows,
    without_gaps,
)
from engine.compute.backends.cpu_program import (
    Buffer,
    LookedUpBy,
    Plan,
    Product,
    Program,
    Rows,
    View,
)
from engine.compute.backends.cpu_recurrent import conv_row, delta_row, scan_row
from engine.compute.backends.cpu_squares import sum_row
from engine.compute.backends.cpu_streams import blend_row, resized_row, sparse_row
from engine.compute.backends.cpu_values import Values
from engine.compute.backends.cpu_weights import Matrix, PackedWeights
from engine.compute.backends.cpu_wkv import before_row, bonus_row, lerp_row, wkv_row
from engine.compute.cache import CacheLayout, StatePlace
from engine.compute.graph import Graph, fading, select_early
from engine.compute.graph import ops as g
from engine.compute.kernels import (
    abi,
    elementwise,
    matmul,
    norm,
    pooling,
    rope,
    xielu,
)
from engine.compute.kernels.activations import GROUP, row_floats
from engine.compute.kernels.jit import Kernel
from engine.compute.kernels.panels import scratch_bytes
from engine.compute.kernels.rows import outputs as outputs_of

_GATED = {
    "silu": elementwise.silu_gated,
    "gelu": elementwise.gelu_gated,
    "gelu_tanh": elementwise.gelu_tanh_gated,
    "relu": elementwise.relu_gated,
    "relu2": elementwise.relu2_gated,
    "sigmoid": elementwise.sigmoid_gated,
    "softplus": elementwise.softplus_gated,
    "exp": elementwise.exp_gated,
}
_ACTIVATE = {
    "silu": elementwise.silu_rows,
    "gelu": elementwise.gelu_rows,
    "gelu_tanh": elementwise.gelu_tanh_rows,
    "relu": elementwise.relu_rows,
    "relu2": elementwise.relu2_rows,
    "sigmoid": elementwise.sigmoid_rows,
    "softplus": elementwise.softplus_rows,
    "exp": elementwise.exp_rows,
}

_LOOKED_UP_BY: dict[type[g.Op], LookedUpBy] = {
    g.Embed: "token",
    g.EmbedPosition: "position",
    g.EmbedSegment: "segment",
}


def layout_of(graph: Graph, n_ctx: int, cache_type: str, max_batch: int) -> CacheLayout:
    """Where the states of a graph lie."""
    return CacheLayout(graph.states, n_ctx, cache_type, max_batch)


def planned(
    graph: Graph,
    weights: PackedWeights,
    layout: CacheLayout,
    *,
    max_batch: int,
    threads: int,
    collect: bool = False,
) -> Plan:
    """The program of a graph; its addresses are those that `weights` has at this moment.

    collect: squares of what goes into each product are summed, over all tokens.
    Raises UnsupportedError for a graph that cannot be run.
    """
    check_graph(graph)
    early = graph if collect else select_early(graph)
    options = {"max_batch": max_batch, "threads": threads}
    return Planner(early, weights, layout, collect=collect, **options).plan


class Planner:
    """Walks the graph once; `plan` is the result."""

    def __init__(
        self,
        graph: Graph,
        weights: PackedWeights,
        layout: CacheLayout,
        *,
        max_batch: int,
        threads: int,
        collect: bool = False,
    ) -> None:
        self.collect = collect  # whether inputs of products are summed up
        self.graph, self.weights, self.layout = graph, weights, layout
        self.threads = threads
        self.program = Program((max_batch + GROUP - 1) // GROUP * GROUP)
        self.fusions = Fusions(graph)
        self.values = Values(graph, weights, self.program, self.fusions, collect=collect)
        self._float = self.values.floats
        self._added: dict[int, int] = {}  # sums that a product has made, and where they are
        products = (
            op for op in graph.ops if isinstance(op, g.Linear | g.ExpertLinear | g.HeadLinear)
        )
        widths = [op.x.width for op in products]
        self._scratch_each = scratch_bytes(max(widths, default=32)) // 64 * 64 + 128
        self._scratch = self.program.shared("scratch", self._scratch_each * threads)
        self._at_once = tokens_at_once(graph)
        self._experts = Experts(self.program, self.values, weights, threads)
        for index, op in enumerate(graph.ops):
            self.fusions.settle(index)
            self._count_rows(index)
            self._step(index, op)
        if not self.fusions.tail:
            self.program.count = abi.N_WANTED
            self._hand_over(graph.result.index)

    def _count_rows(self, index: int) -> None:
        """Which count of rows a value has, and how many they may be."""
        few, route = index in self.fusions.few, self.fusions.routed.get(index)
        self.program.count = abi.N_WANTED if few else abi.N_TOKENS
        self.program.most_rows = self.program.max_tokens
        if route is not None:
            self.program.count = abi.N_SLOTS
            self.program.most_rows = self._experts.most_slots(route)

    @property
    def plan(self) -> Plan:
        return self.program.plan

    def _step(self, index: int, op: g.Op) -> None:
        match op:
            case g.Embed() | g.EmbedPosition() | g.EmbedSegment():
                self._embed(index, op)
            case g.Slice():
                self._slice(index, op)
            case g.HeadSlice():
                x = self._float[op.x.index]
                self._float[index] = part_row(self.program, x, op, f"v{index}")
            case g.HeadJoin():
                self._float[index] = join_row(self.program, self.values, op, f"v{index}")
            case g.HeadLinear():
                self._head_linear(index, op)
            case g.Linear():
                self._linear(index, op)
            case g.Norm():
                self._norm(index, op)
            case g.Rope():
                self._rope(index, op)
            case g.Append():
                self._append(index, op)
            case g.Attention():
                self._attend(index, op)
            case g.Conv():
                start = self.layout.fixed.starts[op.state.index]
                self._float[index] = conv_row(self.program, self.values, self.weights, op, start)
            case g.DeltaRule():
                start = self.layout.fixed.starts[op.state.index]
                self._float[index] = delta_row(self.program, self.values, op, start)
            case g.Scan():
                start = self.layout.fixed.starts[op.state.index]
                self._float[index] = scan_row(self.program, self.values, self.weights, op, start)
            case fading.Before():
                start = self.layout.fixed.starts[op.state.index]
                self._float[index] = before_row(self.program, self.values, op, start)
            case fading.Lerp():
                lerp_row(self.program, self.values, self.weights, index, op)
            case fading.Bonus():
                self._float[index] = bonus_row(self.program, self.values, self.weights, op)
            case fading.Wkv6() | fading.Wkv7():
                start = self.layout.fixed.starts[op.state.index]
                self._float[index] = wkv_row(self.program, self.values, op, start)
            case g.Gated():
                self._elementwise(_GATED[op.act], index, op.gate, op.up)
            case g.ClampedGate():
                kernel, words = elementwise.clamped_gate, (op.gate, op.up, op.alpha)
                self._elementwise(kernel, index, *words, limit=op.limit)
            case g.Activate(act=g.Xielu() as act):
                self._xielu(index, op.x, act)
            case g.Activate(act=str() as act):
                self._elementwise(_ACTIVATE[act], index, op.x)
            case g.Add():
                self._add(index, op)
            case g.Mul():
                self._elementwise(elementwise.mul_rows, index, op.a, op.b)
            case g.MulColumn():
                self._elementwise(elementwise.mul_column_rows, index, op.x, op.column)
            case g.AddVector():
                self._with_vector(elementwise.add_rows, index, op)
            case g.MulVector():
                self._with_vector(elementwise.mul_rows, index, op)
            case g.Scale():
                self._bend(elementwise.scale_rows, index, op.x, op.factor)
            case g.ScaleBy():
                self._bend(elementwise.scale_rows, index, op.x, self.weights.number(op.weight))
            case g.Temper():
                self._temper(index, op)
            case g.Softcap():
                self._bend(elementwise.softcap_rows, index, op.x, op.cap)
            case g.Clamp():
                self._elementwise(elementwise.clamp_rows, index, op.x, factor=op.most)
            case g.Select():
                self._elementwise(elementwise.select_rows, index, op.x)
            case g.Blend():
                blend_row(self.program, self.values, index, op)
            case g.Resized():
                resized_row(self.program, self.values, index, op)
            case g.Sparse():
                sparse_row(self.program, self.values, index, op)
            case g.Route():
                self._experts.route(index, op)
            case g.Dispatch():
                self._experts.dispatch(index, op)
            case g.ExpertLinear():
                self._expert_linear(index, op)
            case g.Combine():
                self._experts.combine(index, op)
            case g.Pool():
                self._pool(index, op)
            case _:
                raise AssertionError(f"the cpu backend has no row for {op}")

    def _pool(self, index: int, op: g.Pool) -> None:
        x, outputs = self._float[op.x.index], self.values.outputs(index, op.x.width)
        operands = pooling.PoolOperands(
            **self.values.output_operands(index),
            x=x,
            x_stride=x.row_bytes,
            vectors=(op.x.width + 15) // 16,
            first=int(op.kind == "first"),
        )
        self.program.emit(pooling.pool_rows, operands, [x], outputs)

    def _embed(self, index: int, op: g.Embed | g.EmbedPosition | g.EmbedSegment) -> None:
        """Rows that the backend looks up before the pass begins."""
        buffer = self.program.rows(self.graph.widths[index], "embedded")
        self._float[index] = buffer
        self.plan.tables.append((op.weight, buffer, _LOOKED_UP_BY[type(op)]))
        self.program.filled_before(buffer)

    def _slice(self, index: int, op: g.Slice) -> None:
        whole = self._float[op.x.index]
        before = whole.start if isinstance(whole, View) else 0
        self._float[index] = View(whole.base, before + 4 * op.start)
        self.fusions.settle_part(index, op.x.index, op.start)

    def _linear(self, index: int, op: g.Linear) -> None:
        matrix = self.weights.matrices[op.weight]
        form, kernel = self.values.way(op)
        x = self.values.form(op.x, form)
        self._sum_up(index, op)
        residual = self.fusions.residual(index)
        if residual is not None:
            self._float[index] = self._float[residual]
            self.fusions.settle(index, residual)
            self._added[self.fusions.readers[index][0]] = residual
        elif index in self.fusions.tail:
            self._float[index] = self._result(self.graph.widths[index])
        else:
            self._float[index] = self.program.rows(self.graph.widths[index], f"v{index}")
        out = self._float[index]
        bias = self.weights.vector(op.bias) if op.bias else 0
        words = self._product_words(matrix, x, out, bias=bias, add=residual is not None)
        words["weights"] += op.part * matrix.each
        self.program.emit(kernel, matmul.ProductOperands(**words), [x], [out])

    def _expert_linear(self, index: int, op: g.ExpertLinear) -> None:
        form, _ = self.values.way(op)
        x, out = self.values.form(op.x, form), self.program.rows(self.graph.widths[index])
        self._sum_up(index, op)
        self._float[index] = out
        matrix = self.weights.matrices[op.weight]
        bias = self.weights.vector(op.bias) if op.bias else 0
        words = self._product_words(matrix, x, out, bias=bias)
        self._experts.linear(op, words, matrix, out)

    def _head_linear(self, index: int, op: g.HeadLinear) -> None:
        matrix, (form, kernel) = self.weights.matrices[op.weight], self.values.way(op)
        x, out = self.values.form(op.x, form), self.program.rows(whole_rows(matrix), f"v{index}")
        self._sum_up(index, op)
        words = self._product_words(matrix, x, out, bias=0) | head_words(op, matrix, form)
        self.program.emit(kernel, matmul.ProductOperands(**words), [x], [out])
        self._float[index] = without_gaps(self.program, out, matrix)

    def _sum_up(self, index: int, op: Product) -> None:
        """Squares of what the product reads, where they are collected."""
        if not self.collect:
            return
        route, n = self.fusions.routed.get(index), 1
        if route is not None:
            router = self.graph.ops[route]
            assert isinstance(router, g.Route)
            n = router.logits.width
        x = self._float[op.x.index]
        sum_row(self.program, self._experts, op, x, n, route)

    def _product_words(
        self, matrix: Matrix, x: Rows, out: Rows, *, bias: int, add: bool = False
    ) -> dict[str, Any]:
        """The words of ProductOperands."""
        layout = matrix.kind.layout
        return dict(
            weights=matrix.address,
            panel_bytes=layout.panel_bytes(matrix.columns),
            n_panels=matrix.n_panels,
            size=matrix.kind.steps(matrix.columns),
            x=x,
            x_stride=x.row_bytes,
            out=out,
            out_stride=out.row_bytes,
            add=int(add),
            bias=bias,
            scratch=self._scratch,
            scratch_bytes=self._scratch_each,
            shares=2 * self.threads,  # half a thread's fair share at first, then less and less
            step=layout.chunk_bytes if matrix.kind.is_float else 0,
        )

    def _add(self, index: int, op: g.Add) -> None:
        if index in self._added:  # by the product
            self._float[index] = self._float[self._added[index]]
            self.fusions.settle(index, self._added[index])
        else:
            self._elementwise(elementwise.add_rows, index, op.a, op.b)

    def _elementwise(
        self,
        kernel: Kernel,
        index: int,
        a: g.Value,
        b: g.Value | None = None,
        factor: float = 0.0,
        out: Rows | None = None,
        limit: float = 0.0,
    ) -> None:
        """One row of one or two values; `out`: where it goes, if not to memory of its own."""
        outputs = self.values.outputs(index, self.graph.widths[index], out)
        first = self._float[a.index]
        second = None if b is None else self._float[b.index]
        operands = elementwise.RowOperands(
            **self.values.output_operands(index),
            a=first,
            a_stride=first.row_bytes,
            b=second or 0,
            b_stride=second.row_bytes if second else 0,
            vectors=(self.graph.widths[index] + 15) // 16,
            factor=factor,
            limit=limit,
        )
        self.program.emit(kernel, operands, [first, *([second] if second else [])], outputs)

    def _with_vector(self, kernel: Kernel, index: int, op: g.AddVector | g.MulVector) -> None:
        """The other operand is the same for all tokens: a row that is no step apart."""
        x, outputs = self._float[op.x.index], self.values.outputs(index, op.x.width)
        operands = elementwise.RowOperands(
            **self.values.output_operands(index),
            a=x,
            a_stride=x.row_bytes,
            b=self.weights.vector(op.vector),
            vectors=(op.x.width + 15) // 16,
        )
        self.program.emit(kernel, operands, [x], outputs)

    def _bend(self, kernel: Kernel, index: int, x: g.Value, factor: float) -> None:
        """What bends the logits does so where they are: they have memory of their own."""
        out = self._float[x.index] if index in self.fusions.tail else None
        self._elementwise(kernel, index, x, None, factor, out)

    def _xielu(self, index: int, value: g.Value, act: g.Xielu) -> None:
        x, outputs = self._float[value.index], self.values.outputs(index, value.width)
        operands = xielu.XieluOperands(
            **self.values.output_operands(index),
            a=x,
            a_stride=x.row_bytes,
            vectors=(value.width + 15) // 16,
            above=act.above,
            below=act.below,
            beta=act.beta,
            eps=act.eps,
        )
        self.program.emit(xielu.xielu_rows, operands, [x], outputs)

    def _temper(self, index: int, op: g.Temper) -> None:
        """The factors of a pass's positions are there before it begins."""
        if op.spec not in self.plan.tempers:
            size = 4 * self.program.max_tokens
            self.plan.tempers[op.spec] = self.program.shared("factors", size, 4)
        factors = self.plan.tempers[op.spec]
        x, outputs = self._float[op.x.index], self.values.outputs(index, op.x.width)
        operands = elementwise.RowOperands(
            **self.values.output_operands(index),
            a=x,
            a_stride=x.row_bytes,
            b=factors,
            b_stride=factors.row_bytes,
            vectors=(op.x.width + 15) // 16,
        )
        self.program.emit(elementwise.mul_column_rows, operands, [x, factors], outputs)

    def _norm(self, index: int, op: g.Norm) -> None:
        x, width = self._float[op.x.index], op.x.width
        operands = partial(
            norm.NormOperands,
            x=x,
            x_stride=x.row_bytes,
            width=width,
            group=op.group or width,
            weight=self._norm_vector(op.weight, op.group or width),
            bias=self.weights.vector(op.bias) if op.bias else 0,
            eps=op.eps,
            layer=int(op.kind == "layer"),
        )
        if op.group:
            alone = self.fusions.may_overwrite(op.x.index, index)
            self.fusions.settle(index, op.x.index if alone else None)
            out = self._float[index] = x if alone else self.program.rows(width)
            self.program.emit(norm.norm_heads, operands(**outputs_of({"f32": out})), [x], [out])
            return
        outputs = self.values.outputs(index, width)
        places = self.values.output_operands(index)
        self.program.emit(norm.norm_rows, operands(**places), [x], outputs)

    def _norm_vector(self, name: str | None, width: int) -> int:
        if name is not None:
            return self.weights.vector(name)
        ones = np.zeros((width + 31) // 16 * 16, np.float32)
        ones[:width] = 1.0
        self.plan.keep.append(ones)
        return int(ones.ctypes.data)

    def _rope(self, index: int, op: g.Rope) -> None:
        """A row of its own, unless attention can turn its queries and keys where they lie."""
        if op.spec not in self.plan.angles:
            each = 4 * op.spec.n_dims
            size = each * self.program.max_tokens
            self.plan.angles[op.spec] = self.program.shared("angles", size, each)
        if index in self.fusions.turned:
            self._float[index] = self._float[op.x.index]
            self.fusions.settle(index, op.x.index)
        else:
            self._turn(index, op)

    def _turn(self, index: int, op: g.Rope) -> None:
        x, out = self._float[op.x.index], self.program.rows(op.x.width, f"v{index}")
        self._float[index] = out
        self.fusions.settle(index)
        angles, spec = self.plan.angles[op.spec], op.spec
        operands = rope.TurnOperands(
            x=x,
            x_stride=x.row_bytes,
            out=out,
            out_stride=out.row_bytes,
            n_head=op.x.width // op.head_dim,
            head_dim=op.head_dim,
            n_dims=spec.n_dims,
            neox=int(spec.style == "neox"),
            angles=angles,
            angles_stride=angles.row_bytes,
        )
        self.program.emit(rope.rope_rows, operands, [x, angles], [out])

    def _append(self, index: int, op: g.Append) -> None:
        """A row of its own, unless the attention that follows keeps what it turns."""
        self._float[index] = View(self._float[op.k.index].base, 0)  # nobody reads it
        if index not in self.fusions.kept_late:
            keep_rows(self.program, self.values, op, self.layout.places[op.state.index])

    def _attend(self, index: int, op: g.Attention) -> None:
        place = self.layout.places[op.state.index]
        append = self.fusions.appended.get(index)
        if append is not None:
            self._keep(index, op, append, place)
        sinks = self.weights.vector(op.sinks) if op.sinks else 0
        self._float[index] = attention_rows(
            self.program, self.values, op, place, self.threads, self._at_once, sinks
        )

    def _keep(self, index: int, op: g.Attention, append: g.Append, place: StatePlace) -> None:
        """Queries and keys are turned where they lie, if they may be; keys and values kept."""
        turn = None
        if self.fusions.turns(index):
            q = self.graph.ops[op.q.index]
            assert isinstance(q, g.Rope)
            turn = q.spec
        elif op.q.index in self.fusions.turned:
            for value in (op.q.index, append.k.index):
                turned = self.graph.ops[value]
                assert isinstance(turned, g.Rope)
                self._turn(value, turned)
        keep_rows(self.program, self.values, append, place, op, turn)

    def _result(self, width: int) -> Buffer:
        """The logits, which have memory of their own."""
        self.plan.result = Buffer(0, 4 * row_floats(width), name="logits")
        return self.plan.result

    def _hand_over(self, index: int) -> None:
        """Copies the last value into the logits, where no product could write them itself."""
        source, out = self._float[index], self._result(self.graph.widths[index])
        operands = elementwise.RowOperands(
            **outputs_of({"f32": out}),
            a=source,
            a_stride=source.row_bytes,
            vectors=(self.graph.widths[index] + 15) // 16,
        )
        self.program.emit(elementwise.copy_rows, operands, [source], [out])
