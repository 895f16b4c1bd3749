"""GLM 4.5, 4.6 and 4.7 (Air among them): half of each head turns; experts as DeepSeek 3 has them.

Layers that draft tokens (`nextn`) stand behind the others and are not used.
"""

from dataclasses import replace

from engine.architectures import deepseek, llama
from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import (
    biases,
    decoder_settings,
    expect_silu,
    head_norms,
    layer_norm,
    llama_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.leading import (
    NEUTRAL,
    leading_dense,
    routed_rules,
    sigmoid_settings,
)
from engine.architectures.shared.source import (
    BUFFERS,
    Metadata,
    Rotation,
    Settings,
    Source,
)
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    return deepseek.build(keys, style="neox", gating="sigmoid", ffn_norm="post_attention_norm")


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    found.biased = biases(config, ("attention_bias", r"self_attn\.[qkv]_proj"))
    sigmoid_settings(config, out, found)
    leading_dense(out, found, config.int("first_k_dense_replace", 0, low=0))
    normed = config.bool("use_qk_norm", False)
    found.layers = {**found.layers, "normed": range(found.dims["n_layer"]) if normed else ()}
    head_dim = found.dims["head_dim"]
    out.own(attention__key_length=head_dim, attention__value_length=head_dim)
    return found


_NORMS = head_norms("head_dim", "head_dim")
RULES = llama_rules(
    layer_norm("input_layernorm", "attn_norm"),
    layer_norm("post_attention_layernorm", "post_attention_norm"),
    extra=tuple(replace(rule, layers="normed") for rule in _NORMS),
    feed=routed_rules(),
)
DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 151552,
    "intermediate_size": 10944,
    "num_hidden_layers": 46,
    "num_attention_heads": 96,
    "num_key_value_heads": 8,
    "max_position_embeddings": 131072,
    "rms_norm_eps": 1e-5,
    "moe_intermediate_size": 1408,
    "num_experts_per_tok": 8,
    "n_shared_experts": 1,
    "n_routed_experts": 128,
    "routed_scaling_factor": 1.0,
    "n_group": 1,
    "topk_group": 1,
    "first_k_dense_replace": 1,
    "norm_topk_prob": True,
    "use_qk_norm": False,
}
FAMILY = Family(
    build,
    (
        Source(
            "glm4_moe",
            ("Glm4MoeForCausalLM",),
            RULES,
            settings,
            DEFAULTS,
            Rotation(partial=0.5),
            ignored=rf"{BUFFERS}|^layers\.(46|92)\.",
            neutral=(*NEUTRAL, "num_nextn_predict_layers", "num_mtp_layers"),
        ),
    ),
)
