"""Qwen 2 and 2.5: rope in halves, so nothing is permuted; biases on query, key and value."""

from engine.base.errors import UnsupportedError
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
    if config.bool("use_sliding_window", False) and _windowed(config, found.dims["n_layer"]):
        raise UnsupportedError(
            f"{config.name}: key use_sliding_window is true; no published Qwen model sets it, and "
            "the architecture has no key for it"
        )
    found.extra = convert_rope(config, out, found.dims["head_dim"], found.notices)
    return found


def _windowed(config: Config, n_layer: int) -> bool:
    """Does any layer use the window? Those from max_window_layers on do."""
    return int(config.int("max_window_layers", 28, low=0)) < n_layer


FAMILY = Family(
    "qwen2",
    llama_rules(permuted=False, extra=(layer_norm("post_attention_layernorm", "ffn_norm"),)),
    settings,
)
