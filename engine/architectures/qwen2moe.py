"""Qwen 1.5 and 2 with experts (A2.7B, 57B-A14B): beside them one that all tokens go to, weighed."""

from engine.architectures import qwen2
from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import (
    biases,
    dense_rules,
    expert_rules,
    expert_settings,
    llama_rules,
    shared_expert_rules,
    sparse_layers,
)
from engine.architectures.shared.experts import (
    is_routed,
    read_experts,
    routed,
    weighed_shared_expert,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.architectures.shared.usual import usual
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """What its experts count is not made to have the sum 1."""

    def feed(L: Layer, x: Value) -> Value:
        if not is_routed(L):
            return L.gated(x)
        experts = read_experts(keys, L.common, normalized=False)
        ff = keys.int("expert_shared_feed_forward_length", 1, MAX_WIDTH, default=L.n_ff)
        return L.add(routed(L, x, experts), weighed_shared_expert(L, x, ff))

    return usual(keys, feed=feed)


def settings(config: Config, out: Metadata) -> Settings:
    found = qwen2.decoder(config, out)
    found.biased = biases(config, ("qkv_bias", r"self_attn\.[qkv]_proj"))
    moe_settings(config, out, found)
    if config.bool("norm_topk_prob", False):
        out.own(expert_weights_norm=True)
    return found


def moe_settings(config: Config, out: Metadata, found: Settings) -> None:
    """Experts, the one that all share, and which layers have them."""
    names = {"n": "num_experts", "used": "num_experts_per_tok", "ff": "moe_intermediate_size"}
    expert_settings(config, out, found, **names)
    shared = config.int("shared_expert_intermediate_size")
    out.own(expert_shared_feed_forward_length=shared)
    found.dims |= {"shared_ff": shared, "one": 1}
    sparse_layers(config, found)


ROUTED = (
    *expert_rules(layers="routed"),
    *shared_expert_rules(layers="routed"),
    Rule(
        "layers.{i}.mlp.shared_expert_gate.weight",
        "blk.{i}.ffn_gate_inp_shexp.weight",
        ("one", "embd"),
        layers="routed",
    ),
)
FEED = (*ROUTED, *dense_rules())
DEFAULTS = qwen2.DEFAULTS | {
    "hidden_size": 2048,
    "intermediate_size": 5632,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "num_key_value_heads": 16,
    "num_experts": 60,
    "num_experts_per_tok": 4,
    "moe_intermediate_size": 1408,
    "shared_expert_intermediate_size": 5632,
    "decoder_sparse_step": 1,
    "norm_topk_prob": False,
    "qkv_bias": True,
}
FAMILY = Family(
    build,
    (Source("qwen2_moe", ("Qwen2MoeForCausalLM",), llama_rules(feed=FEED), settings, DEFAULTS),),
)
