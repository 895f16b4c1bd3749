"""Qwen 2 and 2.5: rope in halves, so nothing is permuted; biases on query, key and value."""

from engine.base.errors import UnsupportedError
from engine.workshop.convert.config import Config
from engine.workshop.convert.families.family import (
    Family,
    Settings,
    decoder_settings,
    expect_silu,
    layer_norm,
    llama_rules,
)
from engine.workshop.convert.families.windows import FULL, layer_types
from engine.workshop.convert.plan import Metadata
from engine.workshop.convert.rope import convert_rope


def settings(config: Config, out: Metadata) -> Settings:
    found = decoder(config, out)
    found.biased = r"self_attn\.[qkv]_proj"
    return found


def decoder(config: Config, out: Metadata) -> Settings:
    """What Qwen 2 and 3 share."""
    expect_silu(config)
    found = decoder_settings(config, out)
    if _windowed(config, found.dims["n_layer"]):
        raise UnsupportedError(
            "{file}: some layers look through a sliding window (keys use_sliding_window, "
            "max_window_layers, layer_types); no published Qwen model does so, and the "
            "architecture has no key for it",
            file=config.name,
        )
    found.extra = convert_rope(config, out, found.dims["head_dim"], found.notices)
    return found


def _windowed(config: Config, n_layer: int) -> bool:
    """Does any layer use the window? layer_types says so, else those from max_window_layers on."""
    kinds = layer_types(config, n_layer)
    begin = int(config.int("max_window_layers", n_layer, low=0))
    window = config.has("sliding_window")
    used = window and config.bool("use_sliding_window", False)
    if kinds is not None:  # without a window, transformers does not open such a model
        return any(kind != FULL for kind in kinds)
    return used and begin < n_layer


FAMILY = Family(
    "qwen2",
    llama_rules(permuted=False, extra=(layer_norm("post_attention_layernorm", "ffn_norm"),)),
    settings,
)
