"""RWKV-7 "Goose": every layer remembers by a general delta rule; no attention at all.

Peng et al. 2025, arXiv:2503.14456. Decay, learning rate, gate and how much of the first layer's
value is taken are made of each token through matrices of low rank.
"""

import math
from dataclasses import dataclass

from engine.architectures.shared.common import Common
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
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


FAMILY = Family(build, template="rwkv")
