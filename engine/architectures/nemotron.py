"""Nemotron 3 and 4, Minitron: layer norms with biases, half of each head turns, and a feed-forward
without a gate squares what is above zero.

Its norms are 1 + w: added at conversion, so the graph has plain norms.
"""

from typing import Any

from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import (
    ATTENTION,
    EMBEDDING,
    OUTPUT,
    attention_rules,
    biases,
    decoder_settings,
    plain_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.architectures.shared.usual import squared, usual
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    return usual(keys, norm="layer", feed=squared)


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_act", "relu2")
    found = decoder_settings(config, out, norm="layer", eps="norm_eps")
    mlp = ("mlp_bias", r"mlp\.(up|down)_proj")
    found.biased = r"\w+_layernorm|" + biases(config, ("attention_bias", ATTENTION), mlp)
    return found


def _norm(source: str, target: str) -> tuple[Rule, Rule]:
    return (
        Rule(f"{source}.weight", f"{target}.weight", ("embd",), "plus_one"),
        Rule(f"{source}.bias", f"{target}.bias", ("embd",)),
    )


RULES = (
    EMBEDDING,
    *_norm("layers.{i}.input_layernorm", "blk.{i}.attn_norm"),
    *attention_rules(),
    *_norm("layers.{i}.post_attention_layernorm", "blk.{i}.ffn_norm"),
    *plain_rules(),
    *_norm("norm", "output_norm"),
    OUTPUT,
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 256000,
    "hidden_size": 6144,
    "intermediate_size": 24576,
    "num_hidden_layers": 32,
    "num_attention_heads": 48,
    "hidden_act": "relu2",
    "max_position_embeddings": 4096,
    "norm_eps": 1e-5,
    "tie_word_embeddings": False,
}
SOURCE = Source(
    "nemotron", ("NemotronForCausalLM",), RULES, settings, DEFAULTS, Rotation(partial=0.5)
)
FAMILY = Family(build, (SOURCE,))
