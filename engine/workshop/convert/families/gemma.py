"""Gemma 1: norms are 1 + w (folded in here), the output matrix is the embedding."""

from engine.workshop.convert.config import Config
from engine.workshop.convert.families.family import (
    Family,
    Settings,
    decoder_settings,
    layer_norm,
    llama_rules,
)
from engine.workshop.convert.plan import Metadata
from engine.workshop.convert.rope import convert_rope

GELU = ("gelu_pytorch_tanh", "gelu")  # the first files said "gelu" and meant the tanh form


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_activation", *GELU)
    config.expect("hidden_act", *GELU)
    found = decoder_settings(config, out, tied=True)
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
