"""Qwen 3.5 and 3.6 with experts (35B-A3B, 122B-A10B): Qwen 3.5's layers, Qwen 2's experts.

Files of the hub hold gates and ups of all experts in one tensor.
"""

from engine.architectures import qwen2moe, qwen35
from engine.architectures.shared.common import Common
from engine.architectures.shared.experts import read_experts, routed, weighed_shared_expert
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer
from engine.architectures.shared.source import BUFFERS, Metadata, Rotation, Settings, Source
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    return qwen35.build(keys, feed=feed)


def feed(L: Layer, x: Value) -> Value:
    """A few experts, and one that all tokens go to, weighed."""
    experts = read_experts(L.keys, L.common)
    shared = L.n_ff or experts.ff
    ff = L.keys.int("expert_shared_feed_forward_length", 1, MAX_WIDTH, default=shared)
    return L.add(routed(L, x, experts), weighed_shared_expert(L, x, ff))


def settings(config: Config, out: Metadata) -> Settings:
    found = qwen35.settings(config, out, ff="moe_intermediate_size")
    qwen2moe.moe_settings(config, out, found)
    return found


RULES = qwen35.rules(qwen35.INPUTS, qwen2moe.ROUTED)
DEFAULTS = {key: x for key, x in qwen35.DEFAULTS.items() if key != "intermediate_size"} | {
    "hidden_size": 2048,
    "num_hidden_layers": 40,
    "num_key_value_heads": 2,
    "num_experts": 256,
    "num_experts_per_tok": 8,
    "moe_intermediate_size": 512,
    "shared_expert_intermediate_size": 512,
}
FAMILY = Family(
    build,
    (
        Source(
            "qwen3_5_moe_text",
            ("Qwen3_5MoeForCausalLM",),
            RULES,
            settings,
            DEFAULTS,
            Rotation(partial=0.25, sections=True),
            ignored=f"{BUFFERS}|^mtp\\.",
            neutral=qwen35.NEUTRAL,
            within={"qwen3_5_moe": "Qwen3_5MoeForConditionalGeneration"},
        ),
    ),
)
