"""Turns a graph into a program of the cpu backend: rows of (kernel, operands) with barriers.

What is fused lives here and nowhere else: norms and gates write the quantized form that the next
matrix product reads; a product whose only use is to be added to the residual stream adds itself;
rope writes keys straight into the cache.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.compute.backends.cpu_buffers import Buffer, View
from engine.compute.backends.cpu_weights import Matrix, PackedWeights
from engine.compute.cache import CacheLayout
from engine.compute.graph import Graph, RopeSpec
from engine.compute.graph import ops as g
from engine.compute.kernels import abi, attention, collect, elementwise, norm, rope
from engine.compute.kernels.activations import GROUP, buffer_bytes, group_bytes, row_floats
from engine.compute.kernels.jit import Kernel
from engine.compute.kernels.panels import scratch_bytes
from engine.compute.kernels.rows import FORMS

Rows = Buffer | View
Operand = int | Buffer | View

_GATED = {
    "silu": elementwise.silu_gated,
    "gelu": elementwise.gelu_gated,
    "gelu_tanh": elementwise.gelu_tanh_gated,
    "relu": elementwise.relu_gated,
    "relu2": elementwise.relu2_gated,
}
_ACTIVATE = {
    "silu": elementwise.silu_rows,
    "gelu": elementwise.gelu_rows,
    "gelu_tanh": elementwise.gelu_tanh_rows,
    "relu": elementwise.relu_rows,
    "relu2": elementwise.relu2_rows,
}


@dataclass
class Row:
    """One step: its kernel, its operands, and whether all threads must meet before it."""

    kernel: Kernel
    operands: list[Operand]
    count: int = abi.N_TOKENS
    barrier: bool = True


@dataclass
class Plan:
    """A program whose buffers have no addresses yet."""

    rows: list[Row] = field(default_factory=list)
    buffers: list[Buffer] = field(default_factory=list)
    tables: list[tuple[str, Buffer, bool]] = field(default_factory=list)
    # (embedding, where its rows go before a pass, looked up by position instead of token)
    result: Buffer | None = None  # the logits; has memory of its own
    angles: dict[RopeSpec, Buffer] = field(default_factory=dict)
    keep: list[object] = field(default_factory=list)  # what operands point into
    sums: dict[int, NDArray[np.float32]] = field(default_factory=dict)
    # by value that a product reads: squares per column of the last pass, where they are collected
    inputs: dict[str, tuple[int, int]] = field(default_factory=dict)
    # by weight: the value its product reads, and which count of tokens that has


def float_bits(value: float) -> int:
    """A float32 as the low half of an operand."""
    return int(np.float32(value).view(np.uint32))


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
        self.max_tokens = (max_batch + GROUP - 1) // GROUP * GROUP
        self.threads = threads
        self.plan = Plan()
        self._float: dict[int, Rows] = {}  # value index -> its float32 rows
        self._forms: dict[tuple[int, str], Buffer] = {}
        self._phase, self._attention = 0, 0
        self._dirty: set[int] = set()  # buffers written or read since the last barrier
        self._used: set[int] = set()
        self._count = abi.N_TOKENS
        self._uses = _count_uses(graph)
        self._logits = max(i for i, op in enumerate(graph.ops) if isinstance(op, g.Linear))
        self._after: dict[int, list[g.Op]] = _users(graph)
        self._scratch = self._shared("scratch", self._matmul_scratch() * threads)
        for index, op in enumerate(graph.ops):
            self._step(index, op)

    # --- buffers -------------------------------------------------------------------------------
    def _buffer(self, name: str, size: int, row_bytes: int) -> Buffer:
        buffer = Buffer(size, row_bytes, name=name)
        self.plan.buffers.append(buffer)
        return buffer

    def _shared(self, name: str, size: int) -> Buffer:
        """Scratch that belongs to no value: alive all the time."""
        buffer = self._buffer(name, size, 0)
        buffer.first, buffer.last = 0, 1 << 30
        return buffer

    def _rows(self, width: int, name: str = "") -> Buffer:
        return self._buffer(
            name, buffer_bytes("f32", width, self.max_tokens), 4 * row_floats(width)
        )

    def _matmul_scratch(self) -> int:
        widths = [op.x.width for op in self.graph.ops if isinstance(op, g.Linear)]
        return scratch_bytes(max(widths, default=32)) // 64 * 64 + 128

    # --- rows ----------------------------------------------------------------------------------
    def _emit(
        self,
        kernel: Kernel,
        operands: list[Operand],
        reads: Sequence[Rows],
        writes: Sequence[Rows],
    ) -> None:
        """Add a row; a barrier goes before it if it touches what this phase wrote, or writes what
        this phase read."""
        read, written = {id(b.base) for b in reads}, {id(b.base) for b in writes}
        barrier = bool(read & self._dirty or written & (self._dirty | self._used))
        if barrier:
            self._phase += 1
            self._dirty, self._used = set(), set()
        self._dirty |= written
        self._used |= read
        for rows in (*reads, *writes):
            if rows.base is not self._scratch:
                rows.base.touch(self._phase)
        self.plan.rows.append(Row(kernel, operands, self._count, barrier))

    def _wanted_forms(self, index: int) -> list[str]:
        """The forms in which the users of a value read it."""
        forms: list[str] = []
        for user in self._after[index]:
            form = "f32"
            if isinstance(user, g.Linear):
                form, _ = self._way(user)
            if form not in forms:
                forms.append(form)
        if self.collect and forms and "f32" not in forms:
            forms.append("f32")
        return forms

    def _way(self, op: g.Linear) -> tuple[str, Kernel]:
        """The form of activations a product reads, and its kernel.

        Products for the logits take 16-bit activations: they are few, and their errors go straight
        into the result. What comes out of a gate has outliers: four fifths of all rounding errors
        arose there, so it gets a scale for each 16 columns.
        """
        kind = self.weights.matrices[op.weight].kind
        if kind.wide is not None and self._count == abi.N_WANTED:
            return "q16", kind.wide
        source = self.graph.ops[op.x.index]
        if kind.fine is not None and isinstance(source, g.Gated | g.Activate):
            return "q8f", kind.fine
        return kind.layout.activations, kind.matmul

    def _outputs(self, index: int, width: int, out: Rows | None = None) -> list[Rows]:
        """Buffers for a value's forms, as the first operands of an elementwise kernel."""
        forms = self._wanted_forms(index) or ["f32"]
        made: list[Rows] = []
        for form in forms:
            buffer: Rows
            if form == "f32":
                buffer = out or self._rows(width, f"v{index}")
                self._float[index] = buffer
            else:
                size = buffer_bytes(form, width, self.max_tokens)
                self._forms[index, form] = self._buffer(
                    f"v{index}:{form}", size, group_bytes(form, width)
                )
                buffer = self._forms[index, form]
            made.append(buffer)
        return made

    def _output_operands(self, index: int) -> list[Operand]:
        operands: list[Operand] = []
        for form in FORMS:
            buffer = self._float.get(index) if form == "f32" else self._forms.get((index, form))
            operands += [buffer, buffer.row_bytes] if buffer else [0, 0]
        return operands

    def _form(self, value: g.Value, form: str) -> Rows:
        """A value in the form asked for; made from its float rows where nobody made it before."""
        if form == "f32":
            return self._float[value.index]
        found = self._forms.get((value.index, form))
        if found is not None:
            return found
        source = self._float[value.index]
        size = buffer_bytes(form, value.width, self.max_tokens)
        target = self._buffer(f"v{value.index}:{form}", size, group_bytes(form, value.width))
        self._forms[value.index, form] = target
        places: list[Operand] = [0] * (2 * len(FORMS))
        at = 2 * FORMS.index(form)
        places[at : at + 2] = [target, target.row_bytes]
        vectors = (value.width + 15) // 16
        self._emit(
            elementwise.copy_rows,
            [*places, source, source.row_bytes, 0, 0, vectors, 0],
            [source],
            [target],
        )
        return target

    # --- ops -----------------------------------------------------------------------------------
    def _step(self, index: int, op: g.Op) -> None:
        handler: dict[type, Callable[[int, g.Op], None]] = {
            g.Embed: self._embed,
            g.EmbedPosition: self._embed,
            g.Slice: self._slice,
            g.Linear: self._linear,
            g.Norm: self._norm,
            g.Rope: self._rope,
            g.Attention: self._attend,
            g.Gated: self._gated,
            g.Activate: self._activate,
            g.Add: self._add,
            g.Scale: self._scale,
            g.Softcap: self._softcap,
            g.Select: self._select,
        }
        handler[type(op)](index, op)

    def _embed(self, index: int, op: g.Op) -> None:
        """Rows that the backend looks up before the pass begins."""
        assert isinstance(op, g.Embed | g.EmbedPosition)
        buffer = self._rows(self.graph.widths[index], "embedded")
        buffer.touch(0)
        self._float[index] = buffer
        self.plan.tables.append((op.weight, buffer, isinstance(op, g.EmbedPosition)))
        self._dirty.add(id(buffer))

    def _slice(self, index: int, op: g.Op) -> None:
        assert isinstance(op, g.Slice)
        whole = self._float[op.x.index]
        before = whole.start if isinstance(whole, View) else 0
        self._float[index] = View(whole.base, before + 4 * op.start)

    def _linear(self, index: int, op: g.Op) -> None:
        assert isinstance(op, g.Linear)
        matrix = self.weights.matrices[op.weight]
        form, kernel = self._way(op)
        x = self._form(op.x, form)
        if self.collect:
            self._sum_up(op)
        residual = self._residual(index)
        if residual is not None:
            self._float[index] = self._float[residual]
        elif index == self._logits:
            row_bytes = 4 * row_floats(self.graph.widths[index])
            self.plan.result = Buffer(0, row_bytes, name="logits")
            self._float[index] = self.plan.result
        else:
            self._float[index] = self._rows(self.graph.widths[index], f"v{index}")
        out = self._float[index]
        bias = self.weights.vectors[op.bias].ctypes.data if op.bias else 0
        operands = self._matmul_operands(matrix, x, out, residual is not None, bias)
        self._emit(kernel, operands, [x], [out])

    def _sum_up(self, op: g.Linear) -> None:
        """Squares of the product's input, once for all products that share it."""
        self.plan.inputs[op.weight] = op.x.index, self._count
        if op.x.index in self.plan.sums:
            return
        x, vectors = self._float[op.x.index], (op.x.width + 15) // 16
        sums = self.plan.sums[op.x.index] = np.zeros(16 * vectors, np.float32)
        self._emit(collect.sum_squares, [x, x.row_bytes, vectors, sums.ctypes.data], [x], [])

    def _matmul_operands(
        self, matrix: Matrix, x: Rows, out: Rows, add: bool, bias: int
    ) -> list[Operand]:
        layout = matrix.kind.layout
        panel = layout.panel_bytes(matrix.columns)
        size = matrix.columns if matrix.kind.is_float else matrix.columns // 32
        step = 16 * layout.item if matrix.kind.is_float else 0  # type: ignore[union-attr]
        scratch = self._matmul_scratch()
        return [
            matrix.address,
            panel,
            matrix.n_panels,
            size,
            x,
            x.row_bytes,
            out,
            out.row_bytes,
            int(add),
            bias,
            self._scratch,
            scratch,
            2 * self.threads,  # half a thread's fair share at first, then less and less
            step,
        ]

    def _residual(self, index: int) -> int | None:
        """The other operand, if this product is only ever added to a value that ends there."""
        users = self._after[index]
        if len(users) != 1 or not isinstance(users[0], g.Add) or self._uses[index] != 1:
            return None
        add = users[0]
        other = add.a if add.b.index == index else add.b
        at = self.graph.ops.index(add)
        last_use = max(self.graph.ops.index(u) for u in self._after[other.index])
        if other.index == index or other.index > index or last_use > at:
            return None
        return other.index if other.index in self._float else None

    def _add(self, index: int, op: g.Op) -> None:
        assert isinstance(op, g.Add)
        a, b = self._float[op.a.index], self._float[op.b.index]
        if a is b:  # the product has added itself already
            self._float[index] = a
            return
        outputs = self._outputs(index, self.graph.widths[index])
        self._elementwise(elementwise.add_rows, index, outputs, a, b)

    def _elementwise(
        self,
        kernel: Kernel,
        index: int,
        outputs: list[Rows],
        a: Rows,
        b: Rows | None = None,
        factor: float = 0.0,
    ) -> None:
        vectors = (self.graph.widths[index] + 15) // 16
        second: list[Operand] = [b, b.row_bytes] if b is not None else [0, 0]
        operands = [
            *self._output_operands(index),
            a,
            a.row_bytes,
            *second,
            vectors,
            float_bits(factor),
        ]
        self._emit(kernel, operands, [a] if b is None else [a, b], outputs)

    def _gated(self, index: int, op: g.Op) -> None:
        assert isinstance(op, g.Gated)
        outputs = self._outputs(index, self.graph.widths[index])
        gate, up = self._float[op.gate.index], self._float[op.up.index]
        self._elementwise(_GATED[op.act], index, outputs, gate, up)

    def _activate(self, index: int, op: g.Op) -> None:
        assert isinstance(op, g.Activate)
        outputs = self._outputs(index, self.graph.widths[index])
        self._elementwise(_ACTIVATE[op.act], index, outputs, self._float[op.x.index])

    def _scale(self, index: int, op: g.Op) -> None:
        assert isinstance(op, g.Scale)
        source = self._float[op.x.index]
        outputs = self._outputs(index, self.graph.widths[index], self._in_place(index, source))
        self._elementwise(elementwise.scale_rows, index, outputs, source, None, op.factor)

    def _softcap(self, index: int, op: g.Op) -> None:
        assert isinstance(op, g.Softcap)
        source = self._float[op.x.index]
        outputs = self._outputs(index, self.graph.widths[index], self._in_place(index, source))
        self._elementwise(elementwise.softcap_rows, index, outputs, source, None, op.cap)

    def _in_place(self, index: int, source: Rows) -> Rows | None:
        """What bends the logits does so where they are: they have memory of their own."""
        return source if index > self._logits else None

    def _select(self, index: int, op: g.Op) -> None:
        assert isinstance(op, g.Select)
        self._count = abi.N_WANTED
        outputs = self._outputs(index, self.graph.widths[index])
        self._elementwise(elementwise.select_rows, index, outputs, self._float[op.x.index])

    def _norm(self, index: int, op: g.Op) -> None:
        assert isinstance(op, g.Norm)
        x, width = self._float[op.x.index], op.x.width
        weight = self._norm_vector(op.weight, op.group or width)
        bias = self.weights.vectors[op.bias].ctypes.data if op.bias else 0
        layer = int(op.kind == "layer")
        tail = [width, op.group or width, weight, bias, float_bits(op.eps), layer]
        if op.group:
            self._float[index] = x if self._uses[op.x.index] == 1 else self._rows(width)
            out = self._float[index]
            places: list[Operand] = [out, out.row_bytes, *[0] * (2 * len(FORMS) - 2)]
            self._emit(norm.norm_heads, [*places, x, x.row_bytes, *tail], [x], [out])
            return
        outputs = self._outputs(index, width)
        operands = [*self._output_operands(index), x, x.row_bytes, *tail]
        self._emit(norm.norm_rows, operands, [x], outputs)

    def _norm_vector(self, name: str | None, width: int) -> int:
        if name is not None:
            return int(self.weights.vectors[name].ctypes.data)
        ones = np.zeros((width + 31) // 16 * 16, np.float32)
        ones[:width] = 1.0
        self.plan.keep.append(ones)
        return int(ones.ctypes.data)

    def _rope(self, index: int, op: g.Op) -> None:
        """Nothing yet: attention turns its queries and keys on their way into the cache."""
        assert isinstance(op, g.Rope)
        self._float[index] = self._float[op.x.index]
        if op.spec not in self.plan.angles:
            size = 4 * op.spec.n_dims * self.max_tokens
            buffer = self._buffer("angles", size, 4 * op.spec.n_dims)
            buffer.first, buffer.last = 0, 1 << 30
            self.plan.angles[op.spec] = buffer

    def _attend(self, index: int, op: g.Op) -> None:
        assert isinstance(op, g.Attention)
        place = self.layout.layers[self._attention]
        self._attention += 1
        q, k, v = (self._float[x.index] for x in (op.q, op.k, op.v))
        turned = self.graph.ops[op.q.index]
        angles: Operand = 0
        spec = RopeSpec(n_dims=0)
        if isinstance(turned, g.Rope):
            spec, angles = turned.spec, self.plan.angles[turned.spec]
        keep: list[Operand] = [
            q, q.row_bytes, k, k.row_bytes, v, v.row_bytes,
            op.n_head, op.n_head_kv, op.head_dim, op.head_dim_v,
            spec.n_dims, int(spec.style == "neox"),
            angles, angles.row_bytes if isinstance(angles, Buffer) else 0,
            place.start, place.k_head_bytes, place.v_start, place.v_head_bytes, place.v_row,
            place.kind, place.k_panel_bytes, place.v_scales, place.positions,
        ]  # fmt: skip
        self._emit(rope.rope_and_keep, keep, [k, v], [q])
        self._attention_row(index, op, q)

    def _attention_row(self, index: int, op: g.Attention, q: Rows) -> None:
        place = self.layout.layers[self._attention - 1]
        out = self._rows(self.graph.widths[index], f"v{index}")
        self._float[index] = out
        queries = (op.n_head // op.n_head_kv) * tokens_at_once(self.graph)
        each = attention.scratch_bytes(queries, op.head_dim, place.v_row) // 64 * 64 + 64
        work = self._buffer("attention", each * self.threads, 0)
        operands: list[Operand] = [
            q, q.row_bytes, out, out.row_bytes,
            op.n_head // op.n_head_kv, op.n_head_kv, op.head_dim, op.head_dim_v,
            float_bits(op.scale), op.window, float_bits(op.softcap),
            place.start, place.k_head_bytes, place.v_start, place.v_head_bytes, place.v_row,
            work, each, place.k_panel_bytes, place.v_scales, place.positions,
        ]  # fmt: skip
        kernel = {
            0: attention.attention_f32,
            1: attention.attention_f16,
            8: attention.attention_q8_0,
        }[place.kind]
        self._emit(kernel, operands, [q], [out, work])


def tokens_at_once(graph: Graph) -> int:
    """How many neighbouring tokens one piece of attention takes: about 32 queries in all."""
    group = max((a.n_head // a.n_head_kv for a in graph.attentions), default=1)
    return max(1, 32 // group)


def _users(graph: Graph) -> dict[int, list[g.Op]]:
    users: dict[int, list[g.Op]] = {i: [] for i in range(len(graph.ops))}
    for op in graph.ops:
        for value in op.inputs:
            users[value.index].append(op)
    return users


def _count_uses(graph: Graph) -> dict[int, int]:
    return {index: len(users) for index, users in _users(graph).items()}
