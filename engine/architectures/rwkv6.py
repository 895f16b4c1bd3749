"""RWKV-6 "Finch": every layer remembers by keys that fade, each as the token says; no attention.

Peng et al. 2024, arXiv:2404.05892. How much of the token before goes into each input depends on
both tokens, through matrices of low rank. Older files have the shares of the inputs one by one.
"""

from dataclasses import dataclass

from engine.architectures.shared.common import Common
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_LAYERS, Keys
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
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config

INPUTS = "wkvrg"  # decay, key, value, receptance, gate


@dataclass(frozen=True)
class Ranks:
    """Columns of a head, and ranks of the matrices that bend."""

    size: int
    shares: int
    decay: int


def build(keys: Keys) -> tuple[Common, Graph]:
    common, size = read_rwkv(keys)
    ranks = Ranks(
        size, read_rank(keys, "time_mix_extra_dim"), read_rank(keys, "time_decay_extra_dim")
    )
    every = keys.int("rescale_every_n_layers", 0, MAX_LAYERS, default=0)
    model = Model(keys, common)
    x = embedded(model)
    for L in model.layers():
        x = L.add(x, _mix_times(L, L.norm(x, "attn_norm"), ranks))
        x = L.add(x, _mix_channels(L, L.norm(x, "attn_norm_2")))
        if every and (L.i + 1) % every == 0:  # what is added behind is as much smaller in the file
            x = L.graph.scale(x, 0.5)
    return model.finished(model.logits(x))


def _mix_times(L: Layer, x: Value, ranks: Ranks) -> Value:
    g, at, width = L.graph, f"{L.prefix}time_mix_", L.common.n_embd
    w, k, v, r, gate = _inputs(L, x, ranks.shares)
    k, v, r, gate = (
        L.linear(each, f"time_mix_{name}", width)
        for each, name in ((k, "key"), (v, "value"), (r, "receptance"), (gate, "gate"))
    )
    low = tanh(L, L.linear(w, "time_mix_decay_w1", ranks.decay))
    fade = g.linear(low, f"{at}decay_w2.weight", width, f"{at}decay.weight")
    decay = g.activate(g.scale(g.activate(fade, "exp"), -1.0), "exp")
    heads = width // ranks.size
    own = g.bonus(r, k, v, f"{at}first.weight", heads, shape=(heads, ranks.size))
    out = g.add(g.wkv6(r, decay, k, v, heads_state(L, ranks.size)), own)
    out = g.gated(gate, recalled(L, out, ranks.size), "silu")
    return L.linear(out, "time_mix_output", width)


def _inputs(L: Layer, x: Value, rank: int) -> list[Value]:
    """For each of INPUTS its share of the token before."""
    g, at, n = L.graph, f"{L.prefix}time_mix_", len(INPUTS)
    before = g.before(x)
    mixed = g.lerp(x, before, f"{at}lerp_x.weight")
    low = tanh(L, L.linear(mixed, "time_mix_w1", n * rank))
    found, fused = list[Value](), L.has("time_mix_lerp_fused")
    for i, name in enumerate(INPUTS):
        part = g.slice(low, i * rank, rank)
        more = g.linear(part, f"{at}w2.weight", L.common.n_embd, part=i, parts=n)
        weight = f"{at}lerp_fused.weight" if fused else f"{at}lerp_{name}.weight"
        stacked = {"part": i, "parts": n} if fused else {}
        found.append(g.lerp(x, before, weight, more=more, **stacked))
    return found


def _mix_channels(L: Layer, x: Value) -> Value:
    g, at = L.graph, f"{L.prefix}channel_mix_lerp_"
    before = g.before(x)
    k, r = (g.lerp(x, before, f"{at}{name}.weight") for name in "kr")
    up = g.activate(L.linear(k, "channel_mix_key", L.n_ff), "relu2")
    gate = L.linear(r, "channel_mix_receptance", L.common.n_embd)
    return g.gated(gate, L.linear(up, "channel_mix_value", L.common.n_embd), "sigmoid")


def settings(config: Config, out: Metadata) -> Settings:
    """`time_mix_extra_dim` and `time_decay_extra_dim` stand in no config.json: the class goes by
    the width. Nothing is halved here, which a class does for float16's sake."""
    n_embd = config.int("hidden_size")
    config.expect("attention_hidden_size", None, n_embd)
    divisor = config.int("head_size_divisor")
    expect_group_epsilon(config, 1e-5 * divisor**2)
    ff = config.int("intermediate_size", None) or max(1, int(n_embd * 3.5) // 32) * 32
    size, eps = config.int("head_size"), config.float("layer_norm_epsilon")
    found = rwkv_settings(config, out, size=size, ff=ff, eps=eps, inputs=INPUTS)
    extra = config.int("time_mix_extra_dim", 64 if n_embd == LARGE else 32)
    decay = config.int("time_decay_extra_dim", 128 if n_embd == LARGE else 64)
    out.own(time_mix_extra_dim=extra, time_decay_extra_dim=decay, rescale_every_n_layers=0)
    found.dims |= {"extra": extra, "extras": len(INPUTS) * extra, "decay": decay}
    return found


LARGE = 4096  # columns of the models whose low matrices are wider
SQUARE, ROW = ("embd", "embd"), ("embd",)
RULES = (
    *rwkv_rules("time_maa"),
    layer_rule("att.time_maa_x", "time_mix_lerp_x", ROW, "flat"),
    layer_rule("att.time_maa_w1", "time_mix_w1", ("extras", "embd"), "turned"),
    layer_rule("att.time_maa_w2", "time_mix_w2", ("inputs", "embd", "extra"), "turned"),
    layer_rule("att.time_decay", "time_mix_decay", ROW, "flat"),
    layer_rule("att.time_decay_w1", "time_mix_decay_w1", ("decay", "embd"), "turned"),
    layer_rule("att.time_decay_w2", "time_mix_decay_w2", ("embd", "decay"), "turned"),
    layer_rule("att.time_faaaa", "time_mix_first", ("heads", "head_dim")),
    layer_rule("att.gate.weight", "time_mix_gate", SQUARE),
    layer_rule("ffn.time_maa_r", "channel_mix_lerp_r", ROW, "flat"),
    layer_rule("ffn.receptance.weight", "channel_mix_receptance", SQUARE),
)
DEFAULTS = {
    "vocab_size": 65536,
    "hidden_size": 768,
    "num_hidden_layers": 24,
    "head_size": 64,
    "head_size_divisor": 8,
    "layer_norm_epsilon": 1e-5,
    "tie_word_embeddings": False,
}
SOURCE = Source(
    "rwkv6",
    ("Rwkv6ForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    rotation=None,
    prefix="rwkv.",
    neutral=("rescale_every", "num_attention_heads", "model_version"),
    renamed=(
        (r"\.attention\.", ".att."),
        (r"\.feed_forward\.", ".ffn."),
        (r"(^|\.)embeddings\.", r"\1emb."),
        (r"\.pre_ln\.", ".ln0."),
        *numbered("time_maa", INPUTS),
    ),
)
FAMILY = Family(build, (SOURCE,), template="rwkv")
