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
    heads_state,
    read_rank,
    read_rwkv,
    recalled,
    tanh,
)
from engine.compute.graph import Graph, Value

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


FAMILY = Family(build, template="rwkv")
