"""Phi 3.5 MoE: layer norms with biases and a rope with long and short factors; of two experts each
counts for itself (SparseMixer, Liu et al. 2024, arXiv:2409.12136)."""

from engine.architectures import llama
from engine.architectures.shared.common import (
    EPSILONS,
    Common,
    read_common,
    read_rope,
    read_windows,
)
from engine.architectures.shared.decoder import (
    ATTENTION,
    EMBEDDING,
    OUTPUT,
    attention_rules,
    biases,
    decoder_settings,
    expect_silu,
    expert_rules,
    expert_settings,
    norm_rules,
)
from engine.architectures.shared.experts import read_experts, routed
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.base.catalogue import Words
from engine.compute.graph import Graph
from engine.weights.formats.config import Config

USED = 2  # experts; more of them are no part of the method
JITTER = 0.01  # the half of how far experts are seen, where a file does not say
MOST = 1e3  # of it


def build(keys: Keys) -> tuple[Common, Graph]:
    """Pre-norm transformer. Its norms have the key of RMS norms, which they are not."""
    keys.refuse("expert_used_count", USED, Words("another number of experts for each token"))
    common = read_common(keys, norm="layer", eps=EPSILONS["rms"])
    rope, windows = read_rope(keys, common, "neox"), read_windows(keys, common)
    experts = read_experts(keys, common, gating="mixer", normalized=False)
    margin = 2 * keys.positive("expert_router_jitter", JITTER, MOST, low=0.0)
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        x = L.add(x, L.attention(L.norm(x, "attn_norm"), rope=rope, window=windows[L.i]))
        x = L.add(x, routed(L, L.norm(x, "ffn_norm"), experts, margin=margin))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    config.expect("num_experts_per_tok", USED)
    found = decoder_settings(config, out)
    found.biased = rf"\w+_layernorm|{biases(config, ('attention_bias', ATTENTION))}"
    names = {"n": "num_local_experts", "used": "num_experts_per_tok", "ff": "intermediate_size"}
    expert_settings(config, out, found, **names)
    found.layers = {**found.layers, "biased": (0,) if config.bool("lm_head_bias", False) else ()}
    out.own(attention__sliding_window=config.int("sliding_window", None))
    jitter = config.float("router_jitter_noise")
    out.own(expert_router_jitter=jitter if jitter != JITTER else None)  # a key of our own
    return found


RULES = (
    EMBEDDING,
    *norm_rules("layers.{i}.input_layernorm", "blk.{i}.attn_norm"),
    *attention_rules(),
    *norm_rules("layers.{i}.post_attention_layernorm", "blk.{i}.ffn_norm"),
    *expert_rules("layers.{i}.block_sparse_moe.", ("w1", "w3", "w2")),
    *norm_rules("norm", "output_norm"),
    OUTPUT,
    Rule("lm_head.bias", "output.bias", ("vocab",), layers="biased"),
)
DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 32064,
    "intermediate_size": 6400,
    "num_key_value_heads": 8,
    "max_position_embeddings": 131072,
    "rms_norm_eps": 1e-5,
    "num_experts_per_tok": 2,
    "num_local_experts": 16,
    "router_jitter_noise": JITTER,
    "attention_bias": False,
    "lm_head_bias": False,
}
SCALINGS = {"default": "default", "longrope": "longrope", "su": "longrope"}
FAMILY = Family(
    build,
    (
        Source(
            "phimoe",
            ("PhimoeForCausalLM", "PhiMoEForCausalLM"),
            RULES,
            settings,
            DEFAULTS,
            Rotation(SCALINGS, base=1e6, mscales=True),
            neutral=("input_jitter_noise",),
        ),
    ),
)
