"""Gemma 1: norms are 1 + w (folded in here), the output matrix is the embedding."""

from engine.workshop.convert.config import Config
from engine.workshop.convert.families.family import (
    ATTENTION,
    Family,
    Settings,
    biases,
    decoder_settings,
    layer_norm,
    llama_rules,
)
from engine.workshop.convert.plan import Metadata
from engine.workshop.convert.rope import convert_rope

TANH = ("gelu_pytorch_tanh", "gelu_new", "gelu_fast", "gelu_python_tanh")  # all the same


def settings(config: Config, out: Metadata) -> Settings:
    # The first files said "gelu" and meant the tanh form, and transformers reads them so.
    config.expect("hidden_act", *TANH, "gelu")
    config.get("hidden_activation")  # never read by the class; files of 2024 have it
    return decoder(config, out)


def decoder(config: Config, out: Metadata) -> Settings:
    """What Gemma 1 and 2 share."""
    found = decoder_settings(config, out)
    found.biased = biases(config, ("attention_bias", ATTENTION))
    head_dim = found.dims["head_dim"]
    out.own(attention__key_length=head_dim, attention__value_length=head_dim)
    found.extra = convert_rope(config, out, head_dim, found.notices)
    return found


FAMILY = Family(
    "gemma",
    llama_rules(
        permuted=False,
        norm="plus_one",
        extra=(layer_norm("post_attention_layernorm", "ffn_norm", "plus_one"),),
    ),
    settings,
)
