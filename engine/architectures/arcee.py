"""Arcee's AFM: a llama whose feed-forward has no gate and squares what is above zero (So et al.
2021, arXiv:2109.08668)."""

from engine.architectures import llama
from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import (
    ATTENTION,
    EMBEDDING,
    OUTPUT,
    attention_rules,
    biases,
    decoder_settings,
    layer_norm,
    plain_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.architectures.shared.usual import squared, usual
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    return usual(keys, style="normal", feed=squared)


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_act", "relu2")
    found = decoder_settings(config, out)
    mlp = ("mlp_bias", r"mlp\.(up|down)_proj")
    found.biased = biases(config, ("attention_bias", ATTENTION), mlp)
    return found


RULES = (
    EMBEDDING,
    layer_norm("input_layernorm", "attn_norm"),
    *attention_rules(permuted=True),
    layer_norm("post_attention_layernorm", "ffn_norm"),
    *plain_rules(),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
DEFAULTS = llama.DEFAULTS | {
    "hidden_size": 2560,
    "intermediate_size": 18432,
    "hidden_act": "relu2",
    "max_position_embeddings": 4096,
    "rms_norm_eps": 1e-5,
}
FAMILY = Family(build, (Source("arcee", ("ArceeForCausalLM",), RULES, settings, DEFAULTS),))
