"""ERNIE 4.5, dense: a llama whose checkpoints turn neighbours, as GGUF does."""

from engine.architectures import llama
from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import (
    ATTENTION,
    MLP,
    biases,
    decoder_settings,
    expect_silu,
    llama_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.source import Metadata, Rotation, Settings, Source
from engine.base.catalogue import Words
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    keys.refuse("expert_count", 0, Words("a mixture of experts"))
    return llama.build(keys)


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    found.biased = biases(config, ("use_bias", f"{ATTENTION}|{MLP}"))
    return found


DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 103424,
    "hidden_size": 1024,
    "intermediate_size": 3072,
    "num_hidden_layers": 18,
    "num_attention_heads": 16,
    "num_key_value_heads": 2,
    "head_dim": 128,
    "max_position_embeddings": 131072,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": True,
}
SOURCE = Source(
    "ernie4_5",
    ("Ernie4_5ForCausalLM", "Ernie4_5_ForCausalLM"),
    llama_rules(),
    settings,
    DEFAULTS,
    Rotation(base=5e5),
)
FAMILY = Family(build, (SOURCE,))
