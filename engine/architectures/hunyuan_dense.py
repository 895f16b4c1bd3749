"""Hunyuan, dense: a llama in neox order whose query and key heads are normed after they have
turned; an alpha stretches the base of its rope."""

from collections.abc import Callable

from engine.architectures import llama
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import (
    ATTENTION,
    biases,
    decoder_settings,
    expect_silu,
    llama_rules,
    rope_part,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config

LONG, LONG_ALPHA = 1 << 18, 1000.0  # the context that the models with this alpha were trained on


def build(keys: Keys) -> tuple[Common, Graph]:
    return decoder(keys, read_common(keys), lambda L, x: L.gated(x))


def decoder(
    keys: Keys, common: Common, feed: Callable[[Layer, Value], Value]
) -> tuple[Common, Graph]:
    """Pre-norm transformer; feed: the feed-forward of each layer."""
    rope = read_rope(keys, common, "neox")
    model = Model(keys, common)
    x = model.embed()
    for L in model.layers():
        q, k, v = L.qkv(L.norm(x, "attn_norm"))
        q, k = (L.graph.rope(each, L.heads.key, rope) for each in (q, k))
        q = L.norm(q, "attn_q_norm", group=L.heads.key)
        k = L.norm(k, "attn_k_norm", group=L.heads.key)
        x = L.add(x, L.attend(q, k, v))
        x = L.add(x, feed(L, L.norm(x, "ffn_norm")))
    return model.finished(model.logits(x))


def settings(config: Config, out: Metadata) -> Settings:
    """Configurations with the large alpha speak of an eighth of the context."""
    expect_silu(config)
    found = decoder_settings(config, out)
    found.biased = biases(config, ("attention_bias", ATTENTION))
    if rope_part(config).get("alpha") == LONG_ALPHA:
        out.own(context_length=max(LONG, config.int("max_position_embeddings")))
    return found


_AT = "layers.{i}.self_attn."
NORMS = (
    Rule(f"{_AT}query_layernorm.weight", "blk.{i}.attn_q_norm.weight", ("head_dim",)),
    Rule(f"{_AT}key_layernorm.weight", "blk.{i}.attn_k_norm.weight", ("head_dim",)),
)
RULES = llama_rules(extra=NORMS)
DEFAULTS = llama.DEFAULTS | {"vocab_size": 290943, "rms_norm_eps": 1e-5}
SOURCE = Source(
    "hunyuan_v1_dense",
    ("HunYuanDenseV1ForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    Rotation(alpha=True),
    neutral=("eod_token_id",),
)
FAMILY = Family(build, (SOURCE,))
