"""Builds a graph op by op and remembers which tensors it needs. No loops over tokens, no NumPy."""

from collections.abc import Sequence

from engine.compute.graph import fading, ops
from engine.compute.graph.ops import Activation, Gating, Op, Pooling, Value, WeightSpec, Xielu
from engine.compute.graph.rope import RopeSpec
from engine.compute.graph.state import Fixed, Grows, Spec, State, StateRef
from engine.compute.graph.temper import TemperSpec


class Graph:
    """A list of ops in order, and which of their values are what the model gives.

    `outputs` names them: "logits" [n_wanted, n_vocab], or of a model that embeds texts "embedding"
    [n_wanted, width]. A graph that names none gives its last value as logits.
    """

    def __init__(self) -> None:
        self.ops: list[Op] = []
        self.widths: list[int] = []
        self.weights: dict[str, WeightSpec] = {}
        self.outputs: dict[str, Value] = {}
        self._kept = 0  # states that were declared

    @property
    def result(self) -> Value:
        """What a pass gives the rows of."""
        last = Value(len(self.ops) - 1, self.widths[-1])
        return self.outputs.get("logits") or self.outputs.get("embedding") or last

    @property
    def embeds(self) -> bool:
        """Whether it makes vectors of texts, instead of predicting what comes next."""
        return "embedding" in self.outputs

    @property
    def needs_whole(self) -> bool:
        """Whether a text must be read in one pass: tokens see what comes after them, or are summed
        up."""
        return not self.causal or any(isinstance(op, ops.Pool) for op in self.ops)

    def batch(self, wanted: int, n_ctx: int) -> int:
        """Most tokens of a pass: as many as are wanted, or a whole text."""
        return n_ctx if self.needs_whole else min(wanted, n_ctx)

    def give(self, name: str, value: Value) -> None:
        """`value` is what the model gives under this name."""
        self.outputs[name] = value

    @property
    def attentions(self) -> list[ops.Attention]:
        """The attention ops in order."""
        return [op for op in self.ops if isinstance(op, ops.Attention)]

    @property
    def causal(self) -> bool:
        """Whether no token sees what comes after it, so that a text may go on."""
        return all(op.causal for op in self.attentions)

    @property
    def states(self) -> dict[int, State]:
        """What a sequence remembers, by the indexes of their references."""
        named = (ref for op in self.ops for ref in op.states)
        found: dict[int, State] = {ref.index: ref.spec for ref in named}
        return dict(sorted(found.items()))

    @property
    def position_limit(self) -> int | None:
        """The longest sequence that learned positions allow; None where there is no limit."""
        tables = [op.weight for op in self.ops if isinstance(op, ops.EmbedPosition)]
        return min((self.weights[name].shape[0] for name in tables), default=None)

    def append(self, op: Op, width: int) -> Value:
        """An op as it is; whoever appends it has seen to its weights."""
        self.ops.append(op)
        self.widths.append(width)
        return Value(len(self.ops) - 1, width)

    def _weight(self, name: str | None, *shape: int) -> str | None:
        if name is not None:
            self.weights[name] = WeightSpec(name, shape)
        return name

    def embed(self, weight: str, n_vocab: int, width: int) -> Value:
        self._weight(weight, n_vocab, width)
        return self.append(ops.Embed(weight), width)

    def embed_position(self, weight: str, n_positions: int, width: int) -> Value:
        self._weight(weight, n_positions, width)
        return self.append(ops.EmbedPosition(weight), width)

    def embed_segment(self, weight: str, n_segments: int, width: int) -> Value:
        self._weight(weight, n_segments, width)
        return self.append(ops.EmbedSegment(weight), width)

    def slice(self, x: Value, start: int, width: int) -> Value:
        return self.append(ops.Slice(x, start, width), width)

    def head_slice(self, x: Value, group: int, start: int, width: int) -> Value:
        """Of each `group` columns those from `start` on."""
        return self.append(ops.HeadSlice(x, group, start, width), x.width // group * width)

    def head_join(self, a: Value, b: Value, groups: int, *, shared: bool = False) -> Value:
        """Head by head the columns of a (all of them, if shared), then those of b."""
        width = a.width * (groups if shared else 1) + b.width
        return self.append(ops.HeadJoin(a, b, groups, shared), width)

    def head_linear(self, x: Value, weight: str, heads: int, n_out: int) -> Value:
        """`n_out` columns for each of `heads` heads."""
        self._weight(weight, heads, n_out, x.width // heads)
        return self.append(ops.HeadLinear(x, weight, heads), heads * n_out)

    def linear(
        self,
        x: Value,
        weight: str,
        n_out: int,
        bias: str | None = None,
        *,
        part: int = 0,
        parts: int = 1,
    ) -> Value:
        """parts: how many matrices `weight` is a stack of; part: the one that is taken."""
        self._weight(weight, *((parts,) if parts > 1 else ()), n_out, x.width)
        self._weight(bias, n_out)
        return self.append(ops.Linear(x, weight, bias, part), n_out)

    def rms_norm(self, x: Value, weight: str | None, eps: float, group: int = 0) -> Value:
        self._weight(weight, group or x.width)
        return self.append(ops.Norm(x, weight, eps, group=group), x.width)

    def layer_norm(self, x: Value, weight: str | None, eps: float, bias: str | None) -> Value:
        self._weight(weight, x.width)
        self._weight(bias, x.width)
        return self.append(ops.Norm(x, weight, eps, kind="layer", bias=bias), x.width)

    def layer_norm_heads(self, x: Value, weight: str, eps: float, group: int) -> Value:
        """Layer norm of each `group` columns, each with weights of its own, [heads, group]."""
        normed = self.append(ops.Norm(x, None, eps, kind="layer", group=group), x.width)
        self._weight(weight, x.width // group, group)
        return self.append(ops.MulVector(normed, weight), x.width)

    def rope(self, x: Value, head_dim: int, spec: RopeSpec) -> Value:
        for name in (spec.factors, spec.factors_long):
            self._weight(name, spec.n_dims // 2)
        return self.append(ops.Rope(x, head_dim, spec), x.width)

    def take_states(self, other: "Graph") -> None:
        """Ops of another graph are appended here, with the states that they name."""
        self._kept = other._kept

    def keep(self, spec: Spec) -> StateRef[Spec]:
        """Declares a state."""
        self._kept += 1
        return StateRef(self._kept - 1, spec)

    def keep_rows(self, k: Value, v: Value, state: StateRef[Grows]) -> Value:
        """Adds keys and values to a state."""
        return self.append(ops.Append(k, v, state), 0)

    def attention(
        self,
        q: Value,
        state: StateRef[Grows],
        n_head: int,
        scale: float,
        *,
        window: int = 0,
        softcap: float = 0.0,
        alibi: float = 0.0,
        sinks: str | None = None,
        causal: bool = True,
        chunked: bool = False,
    ) -> Value:
        """`sinks` is [n_head]."""
        self._weight(sinks, n_head)
        op = ops.Attention(q, state, n_head, scale, window, softcap, alibi, sinks, causal, chunked)
        return self.append(op, n_head * op.head_dim_v)

    def conv(self, x: Value, weight: str, state: StateRef[Fixed], bias: str | None = None) -> Value:
        """`state` is [taps - 1, width]."""
        self._weight(weight, x.width, state.spec.shape[0] + 1)
        self._weight(bias, x.width)
        return self.append(ops.Conv(x, weight, state, bias), x.width)

    def delta_rule(
        self,
        q: Value,
        k: Value,
        v: Value,
        decay: Value,
        beta: Value,
        state: StateRef[Fixed],
        *,
        tiled: bool = False,
    ) -> Value:
        """`state` is [heads, key, value]."""
        return self.append(ops.DeltaRule(q, k, v, decay, beta, state, tiled), v.width)

    def scan(
        self, x: Value, dt: Value, b: Value, c: Value, a: str, d: str, state: StateRef[Fixed]
    ) -> Value:
        """`state` is [heads, state, value] or [state, channels]."""
        op = ops.Scan(x, dt, b, c, a, d, state)
        self._weight(a, dt.width, 1 if op.by_head else op.size)
        self._weight(d, *((dt.width, 1) if op.by_head else (dt.width,)))
        return self.append(op, x.width)

    def gated(self, gate: Value, up: Value, act: Activation) -> Value:
        return self.append(ops.Gated(gate, up, act), gate.width)

    def clamped_gate(self, gate: Value, up: Value, alpha: float, limit: float) -> Value:
        return self.append(ops.ClampedGate(gate, up, alpha, limit), gate.width)

    def activate(self, x: Value, act: Activation | Xielu) -> Value:
        return self.append(ops.Activate(x, act), x.width)

    def add(self, a: Value, b: Value) -> Value:
        return self.append(ops.Add(a, b), a.width)

    def mul(self, a: Value, b: Value) -> Value:
        return self.append(ops.Mul(a, b), a.width)

    def mul_column(self, x: Value, column: Value) -> Value:
        return self.append(ops.MulColumn(x, column), x.width)

    def add_vector(self, x: Value, vector: str) -> Value:
        self._weight(vector, x.width)
        return self.append(ops.AddVector(x, vector), x.width)

    def mul_vector(self, x: Value, vector: str, shape: tuple[int, ...] = ()) -> Value:
        """shape: of the tensor, where it is not one row."""
        self._weight(vector, *(shape or (x.width,)))
        return self.append(ops.MulVector(x, vector), x.width)

    def scale(self, x: Value, factor: float) -> Value:
        return x if factor == 1.0 else self.append(ops.Scale(x, factor), x.width)

    def scale_by(self, x: Value, weight: str) -> Value:
        """`weight` holds one number."""
        self._weight(weight, 1)
        return self.append(ops.ScaleBy(x, weight), x.width)

    def temper(self, x: Value, spec: TemperSpec | None) -> Value:
        return x if spec is None else self.append(ops.Temper(x, spec), x.width)

    def softcap(self, x: Value, cap: float) -> Value:
        return self.append(ops.Softcap(x, cap), x.width) if cap else x

    def clamp(self, x: Value, most: float) -> Value:
        return self.append(ops.Clamp(x, most), x.width) if most else x

    def select(self, x: Value) -> Value:
        return self.append(ops.Select(x), x.width)

    # --- experts ----------------------------------------------------------------------------------
    def route(
        self,
        logits: Value,
        used: int,
        gating: Gating = "softmax",
        *,
        normalized: bool = True,
        scale: float = 1.0,
        bias: str | None = None,
        groups: int = 1,
        groups_used: int = 1,
        group_top: int = 1,
        scales: str | None = None,
        margin: float = 0.0,
    ) -> Value:
        """Each token's experts; `logits` has a column for each expert there is."""
        self._weight(bias, logits.width)
        self._weight(scales, logits.width)
        limits = groups, groups_used, group_top
        op = ops.Route(logits, used, gating, normalized, scale, bias, *limits, scales, margin)
        return self.append(op, 2 * used)

    def dispatch(self, x: Value, route: Value, *, weighted: bool = False) -> Value:
        return self.append(ops.Dispatch(x, route, weighted), x.width)

    def expert_linear(
        self, x: Value, route: Value, weight: str, n_out: int, bias: str | None = None
    ) -> Value:
        experts = self.experts(route)
        self._weight(weight, experts, n_out, x.width)
        self._weight(bias, experts, n_out)
        return self.append(ops.ExpertLinear(x, route, weight, bias), n_out)

    def combine(self, x: Value, route: Value, *, weighted: bool = True) -> Value:
        return self.append(ops.Combine(x, route, weighted), x.width)

    def experts(self, route: Value) -> int:
        """How many there are."""
        op = self.ops[route.index]
        assert isinstance(op, ops.Route)
        return op.logits.width

    def pool(self, x: Value, kind: Pooling) -> Value:
        return self.append(ops.Pool(x, kind), x.width)

    # --- streams ----------------------------------------------------------------------------------
    def blend(
        self, streams: Sequence[Value], coefs: Value, start: int, *, plus: float = 0.0
    ) -> Value:
        """Of one to four streams."""
        a, b, c, d = (*streams, None, None, None)[:4]
        assert a is not None
        return self.append(ops.Blend(a, b, c, d, coefs, start, plus), a.width)

    def resized(self, x: Value, like: Value, least: float) -> Value:
        return self.append(ops.Resized(x, like, least), x.width)

    def sparse(self, x: Value, above: float) -> Value:
        return self.append(ops.Sparse(x, above), x.width)

    # --- RWKV -------------------------------------------------------------------------------------
    def before(self, x: Value) -> Value:
        """The row of the token before."""
        return self.append(fading.Before(x, self.keep(Fixed((1, x.width)))), x.width)

    def lerp(
        self,
        a: Value,
        b: Value,
        weight: str | None = None,
        *,
        more: Value | None = None,
        part: int = 0,
        parts: int = 1,
    ) -> Value:
        """parts: how many rows `weight` is a stack of; part: the one that is taken."""
        self._weight(weight, *((parts, 1, 1) if parts > 1 else ()), a.width)
        return self.append(fading.Lerp(a, b, weight, more, part), a.width)

    def bonus(
        self, a: Value, b: Value, v: Value, weight: str, heads: int, shape: tuple[int, ...] = ()
    ) -> Value:
        """shape: of the tensor, where it is not one row."""
        self._weight(weight, *(shape or (v.width,)))
        return self.append(fading.Bonus(a, b, v, weight, heads), v.width)

    def wkv6(self, r: Value, w: Value, k: Value, v: Value, state: StateRef[Fixed]) -> Value:
        """`state` is [heads, key, value]."""
        return self.append(fading.Wkv6(r, w, k, v, state), v.width)

    def wkv7(
        self, r: Value, w: Value, k: Value, v: Value, a: Value, b: Value, state: StateRef[Fixed]
    ) -> Value:
        """`state` is [heads, key, value]."""
        return self.append(fading.Wkv7(r, w, k, v, a, b, state), v.width)

    def group_norm(self, x: Value, weight: str, bias: str, eps: float, group: int) -> Value:
        """Layer norm of each `group` columns, weights and biases for the whole row."""
        normed = self.append(ops.Norm(x, None, eps, kind="layer", group=group), x.width)
        return self.add_vector(self.mul_vector(normed, weight), bias)
