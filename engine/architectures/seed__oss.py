"""Seed-OSS: a llama in neox order with biases on query, key and value; the norm before its
feed-forward is called that behind attention."""

from engine.architectures import llama
from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import (
    MLP,
    biases,
    decoder_settings,
    expect_silu,
    layer_norm,
    llama_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.architectures.shared.usual import usual
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    return usual(keys, ffn_norm="post_attention_norm")


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    found.biased = biases(
        config,
        ("attention_bias", r"self_attn\.[qkv]_proj"),
        ("attention_out_bias", r"self_attn\.o_proj"),
        ("mlp_bias", MLP),
    )
    return found


RULES = llama_rules(
    layer_norm("input_layernorm", "attn_norm"),
    layer_norm("post_attention_layernorm", "post_attention_norm"),
)
DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 155136,
    "intermediate_size": 27648,
    "num_hidden_layers": 64,
    "num_attention_heads": 80,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "max_position_embeddings": 524288,
    "attention_bias": True,
}
SOURCE = Source(
    "seed_oss",
    ("SeedOssForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    neutral=("residual_dropout",),
)
FAMILY = Family(build, (SOURCE,))
