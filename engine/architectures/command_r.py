"""Command R, R+ and Aya: attention and feed-forward read the same layer norm and are added at once;
scaled logits, and in the large ones a norm for each query and key head."""

from typing import Any

from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    ATTENTION,
    biases,
    decoder_settings,
    expect_silu,
    layer_norm,
    llama_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.compute.graph import Graph, RopeSpec, Value
from engine.weights.formats.config import Config

MOST = 1e6  # of the logits' scale; that of models is near 0.1


def build(keys: Keys) -> tuple[Common, Graph]:
    common = read_common(keys, norm="layer")
    rope = read_rope(keys, common, "normal")
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        normed = L.norm(x, "attn_norm")
        mixed = _attention(L, normed, rope)
        x = L.add(L.add(x, mixed), L.gated(normed))
    return model.finished(model.graph.scale(model.logits(x), read_logit_scale(keys)))


def read_logit_scale(keys: Keys) -> float:
    """Absent or 0: not scaled."""
    return keys.positive("logit_scale", 0.0, MOST, low=0.0) or 1.0


def _attention(L: Layer, x: Value, rope: RopeSpec) -> Value:
    """Each head has weights of its own in the norms of queries and keys."""
    q, k, v = L.qkv(x)
    if L.has("attn_q_norm"):
        norm, eps, head = L.graph.layer_norm_heads, L.common.eps, L.heads.key
        q = norm(q, f"{L.prefix}attn_q_norm.weight", eps, head)
        k = norm(k, f"{L.prefix}attn_k_norm.weight", eps, head)
    return L.attend(q, k, v, rope=rope)


def settings(config: Config, out: Metadata) -> Settings:
    found = decoder(config, out)
    # Of models that were trained on more than what they say there.
    out.own(context_length=config.int("model_max_length", config.int("max_position_embeddings")))
    dims = found.dims
    dims["n_normed"] = dims["n_layer"] if config.bool("use_qk_norm", False) else 0
    found.layers = {"normed": range(dims["n_normed"])}
    return found


def decoder(config: Config, out: Metadata) -> Settings:
    """What Command R and its follower share."""
    expect_silu(config)
    found = decoder_settings(config, out, norm="layer", eps="layer_norm_eps")
    out.own(logit_scale=config.float("logit_scale"))
    found.biased = biases(config, ("attention_bias", ATTENTION))
    return found


_AT = "layers.{i}.self_attn."
RULES = llama_rules(layer_norm("input_layernorm", "attn_norm"))
_NORMS = (
    Rule(
        f"{_AT}q_norm.weight",
        "blk.{i}.attn_q_norm.weight",
        ("n_head", "head_dim"),
        layers="normed",
    ),
    Rule(
        f"{_AT}k_norm.weight",
        "blk.{i}.attn_k_norm.weight",
        ("n_head_kv", "head_dim"),
        layers="normed",
    ),
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 256000,
    "hidden_size": 8192,
    "intermediate_size": 22528,
    "logit_scale": 0.0625,
    "num_hidden_layers": 40,
    "num_attention_heads": 64,
    "hidden_act": "silu",
    "max_position_embeddings": 8192,
    "layer_norm_eps": 1e-5,
    "tie_word_embeddings": True,
}
SOURCE = Source(
    "cohere",
    ("CohereForCausalLM",),
    (*RULES, *_NORMS),
    settings,
    DEFAULTS,
    Rotation(base=5e5),
)
FAMILY = Family(build, (SOURCE,))
