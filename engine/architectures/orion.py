"""Orion 14B: a llama with layer norms, and biases of these (StableLM's first graph, all columns of
whose heads turn). Its checkpoints call the norms' figure that of RMS norms."""

from engine.architectures import llama, stablelm
from engine.architectures.shared.decoder import (
    EMBEDDING,
    OUTPUT,
    attention_rules,
    decoder_settings,
    expect_silu,
    gated_rules,
    norm_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.weights.formats.config import Config


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    config.expect("attention_bias", False)
    found = decoder_settings(config, out, norm="layer", eps="rms_norm_eps")
    found.biased = r"\w+_layernorm"
    return found


RULES = (
    EMBEDDING,
    *norm_rules("layers.{i}.input_layernorm", "blk.{i}.attn_norm"),
    *attention_rules(),
    *norm_rules("layers.{i}.post_attention_layernorm", "blk.{i}.ffn_norm"),
    *gated_rules(),
    *norm_rules("norm", "output_norm"),
    OUTPUT,
)
DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 84608,
    "intermediate_size": 15360,
    "num_hidden_layers": 40,
    "num_attention_heads": 40,
    "num_key_value_heads": 40,
    "max_position_embeddings": 4096,
    "rms_norm_eps": 1e-5,
}
FAMILY = Family(
    stablelm.build,
    (
        Source(
            "orion",
            ("OrionForCausalLM",),
            RULES,
            settings,
            DEFAULTS,
            neutral=("max_sequence_length",),
        ),
    ),
)
