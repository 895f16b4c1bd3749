"""Qwen 3, dense: Qwen 2 with a norm on each query and key head, and heads of any width."""

from engine.workshop.convert.config import Config
from engine.workshop.convert.families import qwen2
from engine.workshop.convert.families.family import (
    ATTENTION,
    Family,
    Settings,
    biases,
    layer_norm,
    llama_rules,
)
from engine.workshop.convert.plan import Metadata, Rule

_HEAD_NORMS = tuple(
    Rule(
        f"layers.{{i}}.self_attn.{which}_norm.weight",
        f"blk.{{i}}.attn_{which}_norm.weight",
        ("head_dim",),
    )
    for which in ("q", "k")
)


def settings(config: Config, out: Metadata) -> Settings:
    found = qwen2.decoder(config, out)
    found.biased = biases(config, ("attention_bias", ATTENTION))
    head_dim = found.dims["head_dim"]
    out.own(attention__key_length=head_dim, attention__value_length=head_dim)
    return found


FAMILY = Family(
    "qwen3",
    llama_rules(
        permuted=False,
        extra=(*_HEAD_NORMS, layer_norm("post_attention_layernorm", "ffn_norm")),
    ),
    settings,
)
