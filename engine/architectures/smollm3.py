"""SmolLM 3: a llama of which every fourth layer turns no heads (Yang et al. 2025,
arXiv:2501.18795)."""

from engine.architectures import llama
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    ATTENTION,
    FULL,
    MLP,
    biases,
    decoder_settings,
    expect_silu,
    layer_types,
    llama_rules,
    turning_layers,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rotation, Settings, Source
from engine.base.catalogue import Words
from engine.base.errors import UnsupportedError
from engine.compute.graph import Graph
from engine.weights.formats.config import Config

PERIOD = 4  # of layers without rope; GGUF has no key for it


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer."""
    keys.refuse("attention.sliding_window", 0, Words("a sliding window"))
    common = read_common(keys)
    rope = read_rope(keys, common, "normal")
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        turned = rope if (L.i + 1) % PERIOD else None
        x = L.add(x, L.attention(L.norm(x, "attn_norm"), rope=turned))
        x = L.add(x, L.gated(L.norm(x, "ffn_norm")))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    found.biased = biases(config, ("attention_bias", ATTENTION), ("mlp_bias", MLP))
    turns = turning_layers(config, found.dims["n_layer"])
    if turns != [(i + 1) % PERIOD != 0 for i in range(len(turns))]:
        raise UnsupportedError(
            "{file}: other layers than every fourth do without rope (keys no_rope_layers, "
            "no_rope_layer_interval); the architecture has no key for it",
            file=config.name,
        )
    if _windowed(config, turns):
        raise UnsupportedError(
            "{file}: some layers look through a sliding window (keys use_sliding_window, "
            "layer_types); no published model of this family does so, and the architecture has "
            "no key for it",
            file=config.name,
        )
    return found


def _windowed(config: Config, turns: list[bool]) -> bool:
    """Does any layer use a window? layer_types says so, else those without rope do."""
    kinds = layer_types(config, len(turns))
    used = config.bool("use_sliding_window", False) and config.has("sliding_window")
    config.int("sliding_window", None)
    if kinds is not None:
        return any(kind != FULL for kind in kinds)
    return used and not all(turns)


DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 128256,
    "hidden_size": 2048,
    "num_hidden_layers": 36,
    "num_attention_heads": 16,
    "num_key_value_heads": 4,
    "max_position_embeddings": 32768,
    "tie_word_embeddings": True,
    "no_rope_layer_interval": 4,
}
SOURCE = Source(
    "smollm3",
    ("SmolLM3ForCausalLM",),
    llama_rules(permuted=True),
    settings,
    DEFAULTS,
    Rotation(base=2e6),
    neutral=("max_window_layers",),
)
FAMILY = Family(build, (SOURCE,))
