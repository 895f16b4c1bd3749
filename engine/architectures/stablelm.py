"""StableLM 3B, 2 1.6B, Zephyr 3B and 2 12B: layer norms, a gate, and a part of each head turns.

The 12B has blocks side by side and a norm of its own for every query and key head.
"""

from dataclasses import replace

from engine.architectures import llama
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    EMBEDDING,
    OUTPUT,
    attention_rules,
    both,
    decoder_settings,
    expect_silu,
    gated_rules,
    norm_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    """Without an `ffn_norm` the feed-forward reads what attention reads."""
    common = read_common(keys, norm="layer")
    rope = read_rope(keys, common, "neox")
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        normed = L.norm(x, "attn_norm")
        q, k, v = L.qkv(normed)
        q, k = _norm_heads(L, q, "attn_q_norm"), _norm_heads(L, k, "attn_k_norm")
        x = L.add(x, L.attend(q, k, v, rope=rope))
        x = L.add(x, L.gated(L.norm(x, "ffn_norm") if L.has("ffn_norm") else normed))
    return model.finished(model.logits(x))


def _norm_heads(L: Layer, x: Value, name: str) -> Value:
    """Each head by weights of its own, where the file has such."""
    if not L.has(name):
        return x
    weight = f"{L.prefix}{name}.weight"
    return L.graph.layer_norm_heads(x, weight, L.common.eps, L.heads.key)


def settings(config: Config, out: Metadata) -> Settings:
    expect_silu(config)
    found = decoder_settings(config, out, norm="layer", eps="layer_norm_eps")
    beside = config.bool("use_parallel_residual", False)
    out.own(use_parallel_residual=beside)
    every = range(found.dims["n_layer"])
    found.layers = {
        "in a row": () if beside else every,
        "normed": every if config.bool("qk_layernorm", False) else (),
    }
    found.biased = r"\w+_layernorm"
    if config.bool("use_qkv_bias", False):
        found.biased += r"|self_attn\.[qkv]_proj"
    return found


def _head_norm(source: str, target: str, heads: str) -> Rule:
    """One tensor for each head."""
    at = f"layers.{{i}}.self_attn.{source}.norms.{{e}}.weight"
    shape = (heads, "head_dim")
    return Rule(at, f"blk.{{i}}.{target}.weight", shape, layers="normed", count=heads)


RULES = (
    EMBEDDING,
    *both("layers.{i}.input_layernorm", "attn_norm", ("embd",)),
    *attention_rules(),
    _head_norm("q_layernorm", "attn_q_norm", "n_head"),
    _head_norm("k_layernorm", "attn_k_norm", "n_head_kv"),
    *(
        replace(rule, layers="in a row")
        for rule in both("layers.{i}.post_attention_layernorm", "ffn_norm", ("embd",))
    ),
    *gated_rules(),
    *norm_rules("norm", "output_norm"),
    OUTPUT,
)
DEFAULTS = {key: value for key, value in llama.DEFAULTS.items() if key != "rms_norm_eps"} | {
    "vocab_size": 50304,
    "hidden_size": 2560,
    "intermediate_size": 6912,
    "num_key_value_heads": 32,
    "max_position_embeddings": 4096,
    "layer_norm_eps": 1e-5,
    "use_qkv_bias": False,
    "qk_layernorm": False,
    "use_parallel_residual": False,
}
CLASSES = ("StableLmForCausalLM", "StableLMEpochForCausalLM")
FAMILY = Family(
    build, (Source("stablelm", CLASSES, RULES, settings, DEFAULTS, Rotation(partial=0.25)),)
)
