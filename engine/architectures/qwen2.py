"""Qwen 2 and 2.5: a llama with rotated halves (neox order) and biases on query, key and value."""

from engine.architectures import llama
from engine.architectures.shared.decoder import (
    FULL,
    decoder_settings,
    expect_silu,
    layer_types,
    llama_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.architectures.shared.usual import usual
from engine.base.errors import UnsupportedError
from engine.weights.formats.config import Config


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


DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 151936,
    "intermediate_size": 22016,
    "num_key_value_heads": 32,
    "max_position_embeddings": 32768,
    "sliding_window": 4096,
    "max_window_layers": 28,
}
FAMILY = Family(usual, (Source("qwen2", ("Qwen2ForCausalLM",), llama_rules(), settings, DEFAULTS),))
