"""A feed-forward of many experts, of which each token goes to a few; for all that have one."""

from dataclasses import dataclass

from engine.architectures.shared.common import Common
from engine.architectures.shared.keys import MAX_EXPERTS, MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer
from engine.base.errors import FormatError, UnsupportedError
from engine.compute.graph import Activation, Gating, Value

# `expert_gating_func` of GGUF; 0 stands for a file that leaves it to its family.
GATINGS: dict[int, Gating] = {1: "softmax", 2: "sigmoid", 3: "softmax_used"}


@dataclass(frozen=True)
class Experts:
    """The figures of a model's experts; ff: columns inside of one. For the rest see ops.Route."""

    n: int
    used: int
    ff: int
    gating: Gating
    normalized: bool
    scale: float
    groups: int
    groups_used: int
    group_top: int


def read_experts(
    keys: Keys,
    common: Common,
    *,
    gating: Gating = "softmax",
    normalized: bool = True,
    group_top: int = 2,
) -> Experts:
    """gating, normalized: the family's, where a file has no key for it."""
    n = keys.int("expert_count", 1, MAX_EXPERTS)
    used = keys.int("expert_used_count", 1, n)
    number = keys.int("expert_gating_func", 0, MAX_EXPERTS, default=0)
    if number and number not in GATINGS:
        raise UnsupportedError(
            "{file}: key {key} is {number}; known are 1 (softmax), 2 (sigmoid) and 3 (softmax of "
            "those that were chosen)",
            file=keys.file.path.name,
            key=keys.name("expert_gating_func"),
            number=number,
        )
    ff = keys.int("expert_feed_forward_length", 1, MAX_WIDTH, default=max(common.n_ff))
    groups = keys.int("expert_group_count", 1, n, default=1)
    groups_used = keys.int("expert_group_used_count", 1, groups, default=groups)
    if n % groups or used > groups_used * (n // groups):
        raise FormatError(
            "{file}: {n} experts cannot stand in {groups} groups of which {groups_used} give "
            "{used} (key {key})",
            file=keys.file.path.name,
            n=n,
            groups=groups,
            groups_used=groups_used,
            used=used,
            key=keys.name("expert_group_count"),
        )
    return Experts(
        n,
        used,
        ff,
        GATINGS.get(number, gating),
        keys.bool("expert_weights_norm", normalized),
        keys.positive("expert_weights_scale", 1.0) or 1.0,
        groups,
        groups_used,
        min(group_top, n // groups),
    )


def is_routed(L: Layer) -> bool:
    """Whether this layer has experts; files say so by their tensors."""
    return L.has("ffn_gate_inp")


def route(L: Layer, x: Value, e: Experts, scales: str | None = None, margin: float = 0.0) -> Value:
    """Which experts the rows of x go to; scales, margin: see ops.Route."""
    choice = L.keys.tensor(f"{L.prefix}exp_probs_b.bias")
    return L.graph.route(
        L.linear(x, "ffn_gate_inp", e.n),
        e.used,
        e.gating,
        normalized=e.normalized,
        scale=e.scale,
        bias=choice,
        groups=e.groups,
        groups_used=e.groups_used,
        group_top=e.group_top,
        scales=scales,
        margin=margin,
    )


def routed(
    L: Layer,
    x: Value,
    e: Experts,
    act: Activation = "silu",
    *,
    before: bool = False,
    margin: float = 0.0,
) -> Value:
    """down(act(gate(x)) * up(x)) of each token's experts, and their sum; before: what an expert
    counts is multiplied with what it reads, not with what it gives; margin: see ops.Route."""
    g, way = L.graph, route(L, x, e, margin=margin)
    rows = g.dispatch(x, way, weighted=before)
    gate, up = gate_and_up(L, rows, way, e.ff)
    down = expert_linear(L, g.gated(gate, up, act), way, "ffn_down_exps", L.common.n_embd)
    return g.combine(down, way, weighted=not before)


def gate_and_up(L: Layer, rows: Value, way: Value, ff: int) -> tuple[Value, Value]:
    """Of each row's expert: two matrices, or one that holds both in a row."""
    if not L.has("ffn_gate_up_exps"):
        gate = expert_linear(L, rows, way, "ffn_gate_exps", ff)
        return gate, expert_linear(L, rows, way, "ffn_up_exps", ff)
    both, cut = expert_linear(L, rows, way, "ffn_gate_up_exps", 2 * ff), L.graph.slice
    return cut(both, 0, ff), cut(both, ff, ff)


def expert_linear(L: Layer, rows: Value, way: Value, name: str, width: int) -> Value:
    """The matrix `name` of each row's expert, and its bias where the file has one."""
    weight, bias = f"{L.prefix}{name}.weight", L.keys.tensor(f"{L.prefix}{name}.bias")
    return L.graph.expert_linear(rows, way, weight, width, bias)


def shared_expert(L: Layer, x: Value, ff: int, act: Activation = "silu") -> Value:
    """The feed-forward that all tokens go through beside their experts."""
    gate, up = L.linear(x, "ffn_gate_shexp", ff), L.linear(x, "ffn_up_shexp", ff)
    return L.linear(L.graph.gated(gate, up, act), "ffn_down_shexp", L.common.n_embd)


def weighed_shared_expert(L: Layer, x: Value, ff: int) -> Value:
    """The same times a sigmoid of one figure for each token (Qwen)."""
    weight = L.graph.activate(L.linear(x, "ffn_gate_inp_shexp", 1), "sigmoid")
    return L.graph.mul_column(shared_expert(L, x, ff), weight)
