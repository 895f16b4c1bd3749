"""GLM 4 of 2025: half of each head turns, in pairs; norms stand before and behind each block, and
gate and up are one matrix."""

from engine.architectures import llama
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    EMBEDDING,
    OUTPUT,
    attention_rules,
    biases,
    decoder_settings,
    expect_silu,
    fused_rules,
    layer_norm,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """Norms before and behind attention and feed-forward; what is behind is added."""
    common = read_common(keys)
    # Of models that see pictures the rows are sorted by halves; a text has one position for all.
    rope = read_rope(keys, common, "neox" if keys.has("rope.dimension_sections") else "normal")
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        mixed = L.attention(L.norm(x, "attn_norm"), rope=rope)
        x = L.add(x, L.norm(mixed, "post_attention_norm"))
        mixed = L.gated_fused(L.norm(x, "ffn_norm"))
        x = L.add(x, L.norm(mixed, "post_ffw_norm"))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    found.biased = biases(config, ("attention_bias", r"self_attn\.[qkv]_proj"))
    found.dims["gate_up"] = 2 * found.dims["ff"]
    return found


RULES = (
    EMBEDDING,
    layer_norm("input_layernorm", "attn_norm"),
    *attention_rules(),
    layer_norm("post_self_attn_layernorm", "post_attention_norm"),
    layer_norm("post_attention_layernorm", "ffn_norm"),
    *fused_rules(),
    layer_norm("post_mlp_layernorm", "post_ffw_norm"),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 151552,
    "intermediate_size": 13696,
    "num_hidden_layers": 40,
    "num_key_value_heads": 2,
    "head_dim": 128,
    "max_position_embeddings": 131072,
    "rms_norm_eps": 1.5625e-7,
    "attention_bias": True,
}
SOURCE = Source("glm4", ("Glm4ForCausalLM",), RULES, settings, DEFAULTS, Rotation(partial=0.5))
FAMILY = Family(build, (SOURCE,))
