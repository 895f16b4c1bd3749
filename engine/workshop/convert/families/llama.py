"""Llama 1-3, Mistral 7B, open_llama, Vicuna, Yi, SmolLM: one architecture under many names."""

from engine.base.catalogue import Words
from engine.workshop.convert.config import Config
from engine.workshop.convert.families.family import (
    ATTENTION,
    MLP,
    Family,
    Settings,
    biases,
    decoder_settings,
    expect_silu,
    layer_norm,
    llama_rules,
)
from engine.workshop.convert.plan import Metadata
from engine.workshop.convert.rope import convert_rope


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    found.extra = convert_rope(config, out, found.dims["head_dim"], found.notices)
    found.biased = biases(config, ("attention_bias", ATTENTION), ("mlp_bias", MLP))
    return found


def mistral_settings(config: Config, out: Metadata) -> Settings:
    """No biases, whatever a key says; all layers look through a window, if there is one."""
    expect_silu(config)
    found = decoder_settings(config, out)
    found.extra = convert_rope(config, out, found.dims["head_dim"], found.notices)
    window = config.int("sliding_window", None)
    out.own(attention__sliding_window=window)
    if "sliding_window" not in config.given:
        found.notices.append(
            Words(
                "{file} does not say sliding_window; {window}, which transformers takes for "
                "mistral then, was taken",
                file=config.name,
                window=window,
            )
        )
    return found


RULES = llama_rules(permuted=True, extra=(layer_norm("post_attention_layernorm", "ffn_norm"),))
FAMILY = Family("llama", RULES, settings)
MISTRAL = Family("llama", RULES, mistral_settings)
