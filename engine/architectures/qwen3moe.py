"""Qwen 3 with experts (30B-A3B, 235B-A22B): many feed-forwards, of which a token takes a few."""

from engine.architectures import qwen2, qwen3
from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import (
    dense_rules,
    expert_rules,
    expert_settings,
    head_norms,
    llama_rules,
    sparse_layers,
)
from engine.architectures.shared.experts import is_routed, read_experts, routed
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.architectures.shared.usual import usual
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """Layers without a router have a feed-forward as Qwen 3 has it."""

    def feed(L: Layer, x: Value) -> Value:
        return routed(L, x, read_experts(keys, L.common)) if is_routed(L) else L.gated(x)

    return usual(keys, head_norm=True, feed=feed)


def settings(config: Config, out: Metadata) -> Settings:
    found = qwen3.settings(config, out)
    names = {"n": "num_local_experts", "used": "num_experts_per_tok", "ff": "moe_intermediate_size"}
    expert_settings(config, out, found, **names)
    sparse_layers(config, found)
    if not config.bool("norm_topk_prob", False):
        out.own(expert_weights_norm=False)
    return found


RULES = llama_rules(
    extra=head_norms("head_dim", "head_dim"),
    feed=(*expert_rules(layers="routed"), *dense_rules()),
)
DEFAULTS = qwen2.DEFAULTS | {
    "hidden_size": 2048,
    "intermediate_size": 6144,
    "num_hidden_layers": 24,
    "num_key_value_heads": 4,
    "num_local_experts": 128,
    "num_experts_per_tok": 8,
    "moe_intermediate_size": 768,
    "decoder_sparse_step": 1,
    "norm_topk_prob": False,
}
FAMILY = Family(build, (Source("qwen3_moe", ("Qwen3MoeForCausalLM",), RULES, settings, DEFAULTS),))
