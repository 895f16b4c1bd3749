"""Llama 1-3, Mistral 7B, TinyLlama, Yi, SmolLM, Vicuna and the many others of this shape; Mixtral,
whose feed-forward is many experts."""

from typing import Any

from engine.architectures.shared.common import Common, read_common, read_rope, read_windows
from engine.architectures.shared.decoder import (
    ATTENTION,
    MLP,
    biases,
    decoder_settings,
    expect_silu,
    expert_rules,
    expert_settings,
    llama_rules,
)
from engine.architectures.shared.encoder import written
from engine.architectures.shared.experts import read_experts, routed
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import MAX_EXPERTS, Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rotation, Settings, Source
from engine.base.catalogue import Words
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer: attention and feed-forward, each added to the residual stream."""
    common = read_common(keys)
    many = keys.int("expert_count", 0, MAX_EXPERTS, default=0)
    experts = read_experts(keys, common) if many else None
    rope, windows = read_rope(keys, common, "normal"), read_windows(keys, common)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        if L.heads.n:
            normed = L.norm(x, "attn_norm")
            x = L.add(x, L.attention(normed, rope=rope, window=windows[L.i]))
        if L.n_ff:
            normed = L.norm(x, "ffn_norm")
            x = L.add(x, routed(L, normed, experts) if experts else L.gated(normed))
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


def mixtral_settings(config: Config, out: Metadata) -> Settings:
    found = mistral_settings(config, out)
    names = {"n": "num_local_experts", "used": "num_experts_per_tok", "ff": "intermediate_size"}
    expert_settings(config, out, found, **names)
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
_MIXTRAL = _MISTRAL | {
    "rms_norm_eps": 1e-5,
    "sliding_window": None,
    "num_local_experts": 8,
    "num_experts_per_tok": 2,
}
_RULES = llama_rules(permuted=True)
_EXPERTS = expert_rules("layers.{i}.block_sparse_moe.", ("w1", "w3", "w2"))
_CLASSES = ("LlamaForCausalLM", "LLaMAForCausalLM", "YiForCausalLM")
FAMILY = Family(
    build,
    (
        Source("llama", _CLASSES, _RULES, settings, DEFAULTS),
        Source(
            "mixtral",
            ("MixtralForCausalLM",),
            llama_rules(permuted=True, feed=_EXPERTS),
            mixtral_settings,
            _MIXTRAL,
            Rotation(base=1e6),
        ),
        Source(
            "mistral",
            ("MistralForCausalLM",),
            _RULES,
            mistral_settings,
            _MISTRAL,
            within={"mistral3": "Mistral3ForConditionalGeneration"},
        ),
    ),
)
