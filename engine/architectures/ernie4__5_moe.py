"""ERNIE 4.5 with experts (21B-A3B): beside them one that all tokens go to; a bias chooses
experts but does not count; the first layers, and in some models others, have a single one.
"""

from engine.architectures import ernie4__5
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    dense_rules,
    expert_rules,
    expert_settings,
    llama_rules,
    shared_expert_rules,
)
from engine.architectures.shared.experts import (
    Experts,
    is_routed,
    read_experts,
    routed,
    shared_expert,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_WIDTH, Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import (
    BUFFERS,
    Metadata,
    Rotation,
    Rule,
    Settings,
    Source,
)
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """Which layers have experts is said by their tensors, whatever the keys say of a step."""
    common = read_common(keys)
    rope, experts = read_rope(keys, common, "normal"), read_experts(keys, common)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        x = L.add(x, L.attention(L.norm(x, "attn_norm"), rope=rope))
        x = L.add(x, _feed(L, L.norm(x, "ffn_norm"), experts))
    return model.finished(model.logits(x))


def _feed(L: Layer, x: Value, e: Experts) -> Value:
    if not is_routed(L):
        return L.gated(x)
    found = routed(L, x, e)
    if not L.has("ffn_gate_shexp"):
        return found
    ff = L.keys.int("expert_shared_feed_forward_length", 1, MAX_WIDTH)
    return L.add(found, shared_expert(L, x, ff))


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("use_bias", False)
    config.expect("moe_norm_min", 1e-12)
    found = ernie4__5.settings(config, out)
    names = {"n": "moe_num_experts", "used": "moe_k", "ff": "moe_intermediate_size"}
    expert_settings(config, out, found, **names)
    n_layer, n = found.dims["n_layer"], config.int("moe_num_shared_experts", 0, low=0)
    config.expect("moe_layer_end_index", -1, n_layer - 1)
    start, step = config.int("moe_layer_start_index", low=0), config.int("moe_layer_interval")
    out.own(
        expert_shared_count=n,
        expert_shared_feed_forward_length=n * found.dims["expert_ff"] or None,
        leading_dense_block_count=min(start, n_layer),
        interleave_moe_layer_step=step,
    )
    sparse = {i for i in range(start, n_layer) if (i + 1) % step == 0}
    dense = set(range(n_layer)) - sparse
    found.layers = {"routed": sparse, "dense": dense, "shared": sparse if n else ()}
    found.dims["shared_ff"] = n * found.dims["expert_ff"]
    return found


_AT = "layers.{i}.mlp."
RULES = llama_rules(
    feed=(
        *expert_rules(layers="routed"),
        Rule(
            f"{_AT}moe_statics.e_score_correction_bias",
            "blk.{i}.exp_probs_b.bias",
            ("expert",),
            "row",
            layers="routed",
        ),
        *shared_expert_rules(f"{_AT}shared_experts.", layers="shared"),
        *dense_rules(),
    )
)
DEFAULTS = {key: x for key, x in ernie4__5.DEFAULTS.items() if key != "head_dim"} | {
    "hidden_size": 2560,
    "intermediate_size": 12288,
    "num_hidden_layers": 28,
    "num_attention_heads": 20,
    "num_key_value_heads": 4,
    "use_bias": False,
    "moe_intermediate_size": 1536,
    "moe_k": 6,
    "moe_num_experts": 64,
    "moe_num_shared_experts": 2,
    "moe_layer_start_index": 1,
    "moe_layer_interval": 1,
    "moe_norm_min": 1e-12,
}
FAMILY = Family(
    build,
    (
        Source(
            "ernie4_5_moe",
            ("Ernie4_5_MoeForCausalLM", "Ernie4_5_MoEForCausalLM"),
            RULES,
            settings,
            DEFAULTS,
            Rotation(base=5e5),
            ignored=f"{BUFFERS}|^mtp_",
        ),
    ),
)
