"""Phi 3, 3.5 and 4: a llama in neox order whose query, key, value and gate, up are one matrix."""

from engine.architectures import llama
from engine.architectures.shared.common import Common, read_common, read_rope, read_windows
from engine.architectures.shared.decoder import (
    EMBEDDING,
    OUTPUT,
    both,
    decoder_settings,
    expect_silu,
    fused_rules,
    layer_norm,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.base.catalogue import Words
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer."""
    keys.refuse("expert_count", 0, Words("a mixture of experts"))
    common = read_common(keys)
    rope, windows = read_rope(keys, common, "neox"), read_windows(keys, common)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        x = L.add(x, L.attention(L.norm(x, "attn_norm"), rope=rope, window=windows[L.i]))
        x = L.add(x, L.gated_fused(L.norm(x, "ffn_norm")))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    out.own(attention__sliding_window=config.int("sliding_window", 0, low=0))
    dims = found.dims
    dims |= {"qkv": dims["q"] + 2 * dims["kv"], "gate_up": 2 * dims["ff"]}
    return found


# What this class understands; it takes two old names for longrope.
SCALINGS = {"default": "default", "longrope": "longrope", "su": "longrope", "yarn": "longrope"}
RULES = (
    EMBEDDING,
    layer_norm("input_layernorm", "attn_norm"),
    *both("layers.{i}.self_attn.qkv_proj", "attn_qkv", ("qkv", "embd")),
    *both("layers.{i}.self_attn.o_proj", "attn_output", ("embd", "q")),
    layer_norm("post_attention_layernorm", "ffn_norm"),
    *fused_rules(),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 32064,
    "hidden_size": 3072,
    "intermediate_size": 8192,
    "max_position_embeddings": 4096,
    "original_max_position_embeddings": 4096,
    "rms_norm_eps": 1e-5,
}
ROTATION = Rotation(SCALINGS, partial=1.0)
# Of other models of the same code, which these have not.
NEUTRAL = ("full_attn_mod", "interpolate_factor")
SOURCE = Source("phi3", ("Phi3ForCausalLM",), RULES, settings, DEFAULTS, ROTATION, neutral=NEUTRAL)
FAMILY = Family(build, (SOURCE,))
