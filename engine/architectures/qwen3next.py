"""Qwen 3 Next (80B-A3B): Qwen 3.5's layers and experts, before these had their names.

Values of a key head lie beside each other, and what makes beta and decay is one matrix: of each key
head its betas, then its decays. Older files have all that a delta rule reads in one matrix, too.
"""

from engine.architectures import qwen2moe, qwen35, qwen35moe
from engine.architectures.shared.common import Common
from engine.architectures.shared.experts import is_routed
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer
from engine.architectures.shared.source import BUFFERS, Metadata, Rotation, Rule, Settings, Source
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    return qwen35.build(keys, feed=_feed, inputs=_inputs, tiled=False)


def _feed(L: Layer, x: Value) -> Value:
    return qwen35moe.feed(L, x) if is_routed(L) else L.gated(x)


def _inputs(L: Layer, x: Value, r: qwen35.Rules) -> tuple[Value, Value, Value, Value]:
    cut, each = L.graph.head_slice, r.heads // r.key_heads
    both = L.linear(x, "ssm_ba", 2 * r.heads)
    beta, fade = cut(both, 2 * each, 0, each), cut(both, 2 * each, each, each)
    if not L.has("ssm_in"):
        keys, values = r.key_heads * r.key, r.heads * r.value
        whole = L.linear(x, "attn_qkv", 2 * keys + values)
        return whole, L.linear(x, "attn_gate", values), beta, fade
    width = each * r.value
    group = 2 * r.key + 2 * width
    old = L.linear(x, "ssm_in", r.key_heads * group)
    q, k = cut(old, group, 0, r.key), cut(old, group, r.key, r.key)
    v, gate = cut(old, group, 2 * r.key, width), cut(old, group, 2 * r.key + width, width)
    join = L.graph.head_join
    return join(join(q, k, 1), v, 1), gate, beta, fade


def settings(config: Config, out: Metadata) -> Settings:
    found = qwen35.settings(config, out)
    qwen2moe.moe_settings(config, out, found)
    if not config.bool("norm_topk_prob", True):
        out.own(expert_weights_norm=False)
    dims = found.dims
    groups = dims["k_heads"]
    dims |= {"groups": groups, "keys": groups * dims["value"], "ba": 2 * dims["v_heads"]}
    dims["k_heads"] = dims["v_heads"]  # so that no head comes to another place
    return found


_AT = "layers.{i}.linear_attn."
INPUTS = (
    Rule(f"{_AT}in_proj_qkvz.weight", "blk.{i}.attn_qkv.weight", ("qkv", "embd"), "by_key"),
    Rule(f"{_AT}in_proj_qkvz.weight", "blk.{i}.attn_gate.weight", ("v", "embd"), "by_key_gates"),
    Rule(f"{_AT}in_proj_ba.weight", "blk.{i}.ssm_ba.weight", ("ba", "embd")),
)
RULES = qwen35.rules(INPUTS, qwen2moe.FEED)
DEFAULTS = qwen35.DEFAULTS | {
    "vocab_size": 151936,
    "hidden_size": 2048,
    "intermediate_size": 5632,
    "num_hidden_layers": 48,
    "num_key_value_heads": 2,
    "num_experts": 512,
    "num_experts_per_tok": 10,
    "moe_intermediate_size": 512,
    "shared_expert_intermediate_size": 512,
    "decoder_sparse_step": 1,
    "norm_topk_prob": True,
}
FAMILY = Family(
    build,
    (
        Source(
            "qwen3_next",
            ("Qwen3NextForCausalLM",),
            RULES,
            settings,
            DEFAULTS,
            Rotation(partial=0.25),
            ignored=f"{BUFFERS}|^mtp\\.",
        ),
    ),
)
