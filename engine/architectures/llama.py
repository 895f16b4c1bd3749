"""Llama 1-3, Mistral 7B, TinyLlama, Yi, SmolLM, Vicuna and the many others of this shape."""

from typing import Any

from engine.architectures.shared.common import Common, read_common, read_windows
from engine.architectures.shared.decoder import (
    ATTENTION,
    MLP,
    biases,
    decoder_settings,
    expect_silu,
    llama_rules,
)
from engine.architectures.shared.encoder import written
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.rope import read_rope
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.base.catalogue import Words
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer: attention and feed-forward, each added to the residual stream."""
    keys.refuse("expert_count", 0, Words("a mixture of experts"))
    common = read_common(keys)
    rope, windows = read_rope(keys, common, "normal"), read_windows(keys, common)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        if L.heads.n:
            normed = L.norm(x, "attn_norm")
            x = L.add(x, L.attention(normed, rope=rope, window=windows[L.i]))
        if L.n_ff:
            x = L.add(x, L.gated(L.norm(x, "ffn_norm")))
    return written(model, x)


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out)
    found.biased = biases(config, ("attention_bias", ATTENTION), ("mlp_bias", MLP))
    return found


def mistral_settings(config: Config, out: Metadata) -> Settings:
    """No biases, whatever a key says; all layers look through a window, if there is one."""
    expect_silu(config)
    found = decoder_settings(config, out)
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


DEFAULTS: dict[str, Any] = {
    "vocab_size": 32000,
    "hidden_size": 4096,
    "intermediate_size": 11008,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "hidden_act": "silu",
    "max_position_embeddings": 2048,
    "rms_norm_eps": 1e-6,
    "tie_word_embeddings": False,
}
_MISTRAL = DEFAULTS | {
    "intermediate_size": 14336,
    "num_key_value_heads": 8,
    "max_position_embeddings": 131072,
    "sliding_window": 4096,
}
_RULES = llama_rules(permuted=True)
_CLASSES = ("LlamaForCausalLM", "LLaMAForCausalLM", "YiForCausalLM")
FAMILY = Family(
    build,
    (
        Source("llama", _CLASSES, _RULES, settings, DEFAULTS),
        Source("mistral", ("MistralForCausalLM",), _RULES, mistral_settings, _MISTRAL),
    ),
)
