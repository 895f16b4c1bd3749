"""Llama 1-3, Mistral 7B, open_llama, Vicuna, Yi, SmolLM: one architecture under many names."""

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


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_act", "silu")
    found = decoder_settings(config, out)
    found.extra = convert_rope(config, out, found.dims["head_dim"], found.notices)
    if config.values.get("model_type") == "mistral":
        out.own(attention__sliding_window=config.int("sliding_window", None))
    return found


FAMILY = Family(
    "llama",
    llama_rules(permuted=True, extra=(layer_norm("post_attention_layernorm", "ffn_norm"),)),
    settings,
)
