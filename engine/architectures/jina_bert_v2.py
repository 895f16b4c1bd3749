"""Jina BERT v2 (jina-embeddings-v2): BERT with ALiBi instead of positions, and a gate.

Some of its models norm whole rows of queries and keys, or have a norm more behind attention.
"""

from engine.architectures import bert
from engine.architectures.shared.common import Common, read_common
from engine.architectures.shared.decoder import both, decoder_settings, norm_rules
from engine.architectures.shared.encoder import both_ways, embedded, encoder_settings, ended
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer, Model
from engine.architectures.shared.source import Metadata, Rule, Settings, Source
from engine.compute.graph import Graph, Value
from engine.weights.formats.config import Config

ALIBI = 8.0  # the largest exponent of the slopes


def build(keys: Keys) -> tuple[Common, Graph]:
    """Post-norm, as BERT; the first half of `ffn_up` is the gate."""
    both_ways(keys)
    common = read_common(keys, norm="layer")
    model = Model(keys, common)
    x = embedded(model, positions=False)
    for L in model.layers():
        mixed = L.norm(L.add(x, _attended(L, x)), "attn_output_norm")
        x = L.norm(L.add(mixed, x), "attn_norm_2") if L.has("attn_norm_2") else mixed
        x = L.norm(L.add(x, L.gated_fused(x, "gelu")), "layer_output_norm")
    return ended(model, x)


def _attended(L: Layer, x: Value) -> Value:
    q, k, v = L.qkv(x)
    q = L.norm(q, "attn_q_norm") if L.has("attn_q_norm") else q
    k = L.norm(k, "attn_k_norm") if L.has("attn_k_norm") else k
    return L.attend(q, k, v, alibi=ALIBI, causal=False)


def settings(config: Config, out: Metadata) -> Settings:
    config.expect("hidden_act", "gelu")
    config.expect("feed_forward_type", "geglu")
    config.expect("position_embedding_type", "alibi")
    config.expect("is_decoder", False, None)
    found = decoder_settings(config, out, norm="layer", eps="layer_norm_eps")
    found.dims |= {"both": 2 * found.dims["ff"]}
    found.biased = r".*"
    return encoder_settings(config, out, found)


def _optional(source: str, target: str) -> tuple[Rule, Rule]:
    return (
        Rule(f"{source}.weight", f"{target}.weight", ("q",), optional=True),
        Rule(f"{source}.bias", f"{target}.bias", ("q",), optional=True),
    )


_AT = "encoder.layer.{i}."
RULES = (
    Rule("embeddings.word_embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    Rule("embeddings.token_type_embeddings.weight", "token_types.weight", ("types", "embd")),
    *norm_rules("embeddings.LayerNorm", "token_embd_norm"),
    *both(f"{_AT}attention.self.query", "attn_q", ("q", "embd")),
    *_optional(f"{_AT}attention.self.layer_norm_q", "blk.{i}.attn_q_norm"),
    *both(f"{_AT}attention.self.key", "attn_k", ("kv", "embd")),
    *_optional(f"{_AT}attention.self.layer_norm_k", "blk.{i}.attn_k_norm"),
    *both(f"{_AT}attention.self.value", "attn_v", ("kv", "embd")),
    *both(f"{_AT}attention.output.dense", "attn_output", ("embd", "q")),
    *norm_rules(f"{_AT}attention.output.LayerNorm", "blk.{i}.attn_output_norm"),
    Rule(f"{_AT}mlp.gated_layers.weight", "blk.{i}.ffn_up.weight", ("both", "embd")),
    *both(f"{_AT}mlp.wo", "ffn_down", ("embd", "ff")),
    *norm_rules(f"{_AT}mlp.layernorm", "blk.{i}.layer_output_norm"),
)
SOURCE = Source(
    "bert:feed_forward_type",
    ("JinaBertModel", "JinaBertForMaskedLM"),
    RULES,
    settings,
    bert.DEFAULTS,
    rotation=None,
    prefix="bert.",
    ignored=bert.IGNORED + r"|^pooler\.",
    neutral=(*bert.NEUTRAL, "emb_pooler", "feed_forward_type", "position_embedding_type"),
)
FAMILY = Family(build, (SOURCE,))
