"""RWKV-7 "Goose": every layer remembers by a general delta rule; no attention at all.

Peng et al. 2025, arXiv:2503.14456. Decay, learning rate, gate and how much of the first layer's
value is taken are made of each token through matrices of low rank.
"""

import math
from dataclasses import dataclass, replace

from engine.architectures.shared.common import Common
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.rwkv import (
    embedded,
    expect_group_epsilon,
    heads_state,
    layer_rule,
    numbered,
    read_rank,
    read_rwkv,
    recalled,
    rwkv_rules,
    rwkv_settings,
    tanh,
)
from engine.architectures.shared.source import Bend, Metadata, Rule, Settings, Source
from engine.base.errors import FormatError
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config

LEAST_DECAY = -math.exp(-0.5)  # of what remains of a key; its logarithm
LENGTH_EPSILON = 1e-24  # what a square of a key's length counts at least
INPUTS = 6  # receptance, decay, key, value, learning rate, gate


@dataclass(frozen=True)
class Ranks:
    """Columns of a head, and ranks of the matrices that bend."""

    size: int
    decay: int
    rate: int
    value: int
    gate: int


def build(keys: Keys) -> tuple[Common, Graph]:
    common, size = read_rwkv(keys)
    names = ("decay", "iclr", "value_residual_mix", "gate")
    ranks = Ranks(size, *(read_rank(keys, f"attention.{name}_lora_rank") for name in names))
    model = Model(keys, common)
    x, first = embedded(model), None
    for L in model.layers():
        y, first = _mix_times(L, L.norm(x, "attn_norm"), ranks, first)
        x = L.add(x, y)
        x = L.add(x, _mix_channels(L, L.norm(x, "attn_norm_2")))
    return model.finished(model.logits(x))


def _mix_times(L: Layer, x: Value, ranks: Ranks, first: Value | None) -> tuple[Value, Value]:
    """What comes out, and the value of the first layer."""
    g, at, width = L.graph, f"{L.prefix}time_mix_", L.common.n_embd
    r, w, k, v, a, gate = _inputs(L, x)
    r, k, own = (
        L.linear(each, f"time_mix_{name}", width)
        for each, name in ((r, "receptance"), (k, "key"), (v, "value"))
    )
    if first is not None:
        own = g.lerp(own, first, more=g.activate(_bend(L, v, "v", ranks.value), "sigmoid"))
    fade = g.activate(_bend(L, w, "w", ranks.decay, bent=True), "sigmoid")
    decay = g.activate(g.scale(fade, LEAST_DECAY), "exp")
    rate = g.activate(_bend(L, a, "a", ranks.rate), "sigmoid")
    removed = _of_length_one(L, g.mul_vector(k, f"{at}k_k.weight"), ranks.size)
    k = g.lerp(k, g.mul(k, rate), f"{at}k_a.weight")
    found, back = g.scale(removed, -1.0), g.mul(removed, rate)
    out = g.wkv7(r, decay, k, own, found, back, heads_state(L, ranks.size))
    out = recalled(L, out, ranks.size)
    out = g.add(out, g.bonus(r, k, own, f"{at}r_k.weight", width // ranks.size))
    opened = g.activate(g.linear(gate, f"{at}g1.weight", ranks.gate), "sigmoid")
    out = g.mul(out, g.linear(opened, f"{at}g2.weight", width))
    return L.linear(out, "time_mix_output", width), own if first is None else first


def _inputs(L: Layer, x: Value) -> list[Value]:
    """For each of INPUTS its share of the token before."""
    g, weight = L.graph, f"{L.prefix}time_mix_lerp_fused.weight"
    before = g.before(x)
    return [g.lerp(x, before, weight, part=i, parts=INPUTS) for i in range(INPUTS)]


def _bend(L: Layer, x: Value, name: str, rank: int, *, bent: bool = False) -> Value:
    """Two matrices of low rank, tanh between them if `bent`, and a vector."""
    g, at = L.graph, f"{L.prefix}time_mix_{name}"
    low = g.linear(x, f"{at}1.weight", rank)
    low = tanh(L, low) if bent else low
    return g.linear(low, f"{at}2.weight", L.common.n_embd, f"{at}0.weight")


def _of_length_one(L: Layer, x: Value, size: int) -> Value:
    """Each head divided by its length: an RMS norm, but for the root of its columns."""
    return L.graph.scale(L.graph.rms_norm(x, None, LENGTH_EPSILON / size, group=size), size**-0.5)


def _mix_channels(L: Layer, x: Value) -> Value:
    g = L.graph
    mixed = g.lerp(x, g.before(x), f"{L.prefix}channel_mix_lerp_k.weight")
    up = g.activate(L.linear(mixed, "channel_mix_key", L.n_ff), "relu2")
    return L.linear(up, "channel_mix_value", L.common.n_embd)


def settings(config: Config, out: Metadata) -> Settings:
    """Of a folder of the library fla's kind, or of what the shapes of RWKV's own files tell."""
    for key, value in FIXED.items():
        config.expect(key, value)
    n_embd, layers = config.int("hidden_size"), config.int("num_hidden_layers")
    config.expect("value_dim", None, n_embd, [n_embd] * layers)
    size, eps = _head_size(config, n_embd), config.float("norm_eps")
    expect_group_epsilon(config, size * eps)
    usual = _usual_ff(config, n_embd)
    ff = config.int("intermediate_size", None) or usual
    found = rwkv_settings(config, out, size=size, ff=ff, eps=eps, inputs=LETTERS)
    for key, name, word, factor in RANKS:
        wide = 1.0 if key == "gate_low_rank_dim" else size / 64
        rank = max(32, round(factor * n_embd**0.5 * wide / 32) * 32)
        found.dims[name] = config.int(key, None) or rank
        out.own(**{f"attention__{word}_lora_rank": found.dims[name]})
    found.layers = {"first": range(1), "later": range(1, layers)}
    found.left_out = UNUSED
    return found


def _head_size(config: Config, n_embd: int) -> int:
    """Columns of a head; where their number is said, too, both must agree."""
    heads = config.int("num_heads", None)
    size: int = config.int("head_dim", None) or n_embd // (heads or n_embd)
    if heads is not None and heads * size != n_embd:
        raise FormatError(
            "{file}: {heads} heads of {size} columns make no width of {n_embd} (keys num_heads, "
            "head_dim)",
            file=config.name,
            heads=heads,
            size=size,
            n_embd=n_embd,
        )
    return size


def _usual_ff(config: Config, n_embd: int) -> int:
    ratio = config.float("hidden_ratio", 4.0)
    if not 0 < ratio <= MOST_RATIO:
        raise FormatError(
            "{file}: key hidden_ratio is {ratio}, not above 0 to {most}",
            file=config.name,
            ratio=ratio,
            most=MOST_RATIO,
        )
    return -(-int(n_embd * ratio) // 32) * 32 or 32


LETTERS = "rwkvag"  # the inputs, in the order of their shares
MOST_RATIO = 64
# Key of config.json, name here, name in GGUF's keys, and what the usual rank goes by.
RANKS = (
    ("decay_low_rank_dim", "decay", "decay", 2.5),
    ("a_low_rank_dim", "rate", "iclr", 2.5),
    ("v_low_rank_dim", "value", "value_residual_mix", 1.7),
    ("gate_low_rank_dim", "gate", "gate", 5.0),
)
FIXED = {"attn": None, "norm_first": True, "norm_bias": True, "hidden_act": "sqrelu"}
UNUSED = r"^blocks\.0\.att\.v[012](\.weight)?$"  # the first layer has no value to be mixed with
ROW = ("embd",)


def _low(name: str, rank: str, source: str = "", layers: str = "") -> tuple[Rule, ...]:
    """Two low matrices, turned in RWKV's own files, and their vector. source: whose they are, if
    not their own."""
    source = source or name
    inner, outer = (rank, "embd"), ("embd", rank)
    forms: tuple[tuple[str, str, tuple[str, ...], Bend], ...] = (
        (f"{source}1", f"{name}1", inner, "turned"),
        (f"{source}1.weight", f"{name}1", inner, ""),
        (f"{source}2", f"{name}2", outer, "turned"),
        (f"{source}2.weight", f"{name}2", outer, ""),
    )
    rules = tuple(
        Rule(f"blocks.{{i}}.att.{at}", f"blk.{{i}}.time_mix_{to}.weight", shape, bend, True, layers)
        for at, to, shape, bend in forms
    )
    if name == "g":
        return rules
    vector = layer_rule(f"att.{source}0", f"time_mix_{name}0", ROW, "flat")
    return (*rules, replace(vector, layers=layers))


RULES = (
    *rwkv_rules("x"),
    *_low("w", "decay"),
    *_low("a", "rate"),
    *_low("v", "rate", "a", "first"),  # not used, but other programs want something there
    *_low("v", "value", layers="later"),
    *_low("g", "gate"),
    *(layer_rule(f"att.{name}", f"time_mix_{name}", ROW, "flat") for name in ("k_k", "k_a", "r_k")),
)
DEFAULTS = {
    "vocab_size": 32000,
    "hidden_size": 2048,
    "num_hidden_layers": 24,
    "head_dim": 64,
    "norm_eps": 1e-5,
    "tie_word_embeddings": False,
}
SOURCE = Source(
    "rwkv7",
    ("RWKV7ForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    rotation=None,
    neutral=(
        *("attn_mode", "fuse_norm", "fuse_cross_entropy", "fuse_linear_cross_entropy"),
        *("max_position_embeddings", "use_l2warp"),
    ),
    renamed=(
        (r"(^|\.)layers\.", r"\1blocks."),
        (r"(^|\.)embeddings\.", r"\1emb."),
        (r"(^|\.)norm\.", r"\1ln_out."),
        (r"^lm_head\.", "head."),
        (r"\.pre_norm\.", ".ln0."),
        (r"\.attn_norm\.", ".ln1."),
        (r"\.ffn_norm\.", ".ln2."),
        (r"\.attn\.", ".att."),
        (r"\.g_norm\.", ".ln_x."),
        (r"\.r_proj\.", ".receptance."),
        (r"\.k_proj\.", ".key."),
        (r"\.v_proj\.", ".value."),
        (r"\.o_proj\.", ".output."),
        (r"_lora\.lora\.0\.", "1."),
        (r"_lora\.lora\.2\.weight$", "2.weight"),
        (r"_lora\.lora\.2\.bias$", "0"),
        *numbered("x", LETTERS),
    ),
)
FAMILY = Family(build, (SOURCE,), template="rwkv")
