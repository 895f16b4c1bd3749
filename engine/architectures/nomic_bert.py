"""Nomic BERT (nomic-embed-text): BERT with rope instead of learned positions, and a gate."""

from typing import Any

from engine.architectures.bert import NEUTRAL
from engine.architectures.shared.common import Common, read_common, read_rope
from engine.architectures.shared.decoder import decoder_settings, expect_silu, norm_rules
from engine.architectures.shared.encoder import (
    attended,
    both_ways,
    embedded,
    encoder_settings,
    ended,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Model
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.base.catalogue import Words
from engine.compute.graph import Graph
from engine.weights.formats.config import Config

BASE = 1000.0  # of the rope


def build(keys: Keys) -> tuple[Common, Graph]:
    """Post-norm, as BERT."""
    both_ways(keys)
    keys.refuse("moe_every_n_layers", 0, Words("a mixture of experts"))
    common = read_common(keys, norm="layer")
    rope = read_rope(keys, common, "neox")
    model = Model(keys, common)
    x = embedded(model, positions=False)
    for L in model.layers():
        x = L.norm(L.add(x, attended(L, x, rope=rope)), "attn_output_norm")
        x = L.norm(L.add(x, L.gated(x)), "layer_output_norm")
    return ended(model, x)


# What files call it that were made for Nomic's own code, beside their fixed habits.
OWN_NAMES = {
    "hidden_size": "n_embd",
    "num_hidden_layers": "n_layer",
    "num_attention_heads": "n_head",
    "intermediate_size": "n_inner",
    "layer_norm_eps": "layer_norm_epsilon",
    "max_position_embeddings": "max_trained_positions",
}


def settings(config: Config, out: Metadata) -> Settings:
    named = config
    if "n_embd" in config.given:
        _expect_usual(config)
        own = {key: config.get(name) for key, name in OWN_NAMES.items() if config.has(name)}
        named = Config(config.values | own, config.name)
        named.asked = config.asked
    expect_silu(named)
    found = decoder_settings(named, out, norm="layer", eps="layer_norm_eps")
    found.biased = r"post_\w+"
    return encoder_settings(named, out, found)


def _expect_usual(config: Config) -> None:
    config.expect("activation_function", "swiglu")
    for key in ("prenorm", "causal", "qkv_proj_bias", "mlp_fc1_bias", "mlp_fc2_bias"):
        config.expect(key, False)
    config.expect("rotary_emb_fraction", 1.0, 1)
    config.expect("rotary_emb_base", 1000, 1000.0)
    config.expect("rotary_emb_interleaved", False)
    config.expect("rotary_emb_scale_base", None)
    config.expect("moe_every_n_layers", 0, None)
    for key in ("n_positions", "rotary_scaling_factor", *USUAL):
        config.get(key)


# How Nomic's code computes the same.
USUAL = (
    "use_flash_attn", "fused_bias_fc", "fused_dropout_add_ln", "use_rms_norm", "use_xentropy",
    "pad_vocab_size_multiple", "dense_seq_output", "parallel_block", "parallel_block_tied_norm",
    "last_layer_subset", "scale_attn_by_inverse_layer_idx", "scale_attn_weights",
)  # fmt: skip
_AT = "layers.{i}."
RULES = (
    Rule("embeddings.word_embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    Rule("embeddings.token_type_embeddings.weight", "token_types.weight", ("types", "embd")),
    *norm_rules("embeddings.LayerNorm", "token_embd_norm"),
    Rule(f"{_AT}attn.Wqkv.weight", "blk.{i}.attn_qkv.weight", ("qkv", "embd"), optional=True),
    *(
        Rule(f"{_AT}self_attn.{k}_proj.weight", f"blk.{{i}}.attn_{k}.weight", (n, "embd"), "", True)
        for k, n in (("q", "q"), ("k", "kv"), ("v", "kv"))
    ),
    Rule(f"{_AT}self_attn.o_proj.weight", "blk.{i}.attn_output.weight", ("embd", "q")),
    *norm_rules(f"{_AT}post_attention_layernorm", "blk.{i}.attn_output_norm"),
    Rule(f"{_AT}mlp.gate_proj.weight", "blk.{i}.ffn_gate.weight", ("ff", "embd")),
    Rule(f"{_AT}mlp.up_proj.weight", "blk.{i}.ffn_up.weight", ("ff", "embd")),
    Rule(f"{_AT}mlp.down_proj.weight", "blk.{i}.ffn_down.weight", ("embd", "ff")),
    *norm_rules(f"{_AT}post_mlp_layernorm", "blk.{i}.layer_output_norm"),
)
DEFAULTS: dict[str, Any] = {
    "vocab_size": 30528,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "hidden_act": "silu",
    "max_position_embeddings": 2048,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
}
FAMILY = Family(
    build,
    (
        Source(
            "nomic_bert",
            ("NomicBertModel", "NomicBertForMaskedLM"),
            RULES,
            settings,
            DEFAULTS,
            Rotation(base=BASE),
            prefix="nomic_bert.",
            ignored=r"(^|\.)(position_ids|token_type_ids|inv_freq)$|^cls\.|^lm_head\.|^pooler\.",
            neutral=NEUTRAL,
            renamed=(
                (r"^(bert\.)?encoder\.layers\.", "layers."),
                (r"^(bert\.)?emb_ln\.", "embeddings.LayerNorm."),
                (r"^bert\.embeddings\.", "embeddings."),
                (r"\.attn\.out_proj\.", ".self_attn.o_proj."),
                (r"\.mlp\.fc11\.", ".mlp.up_proj."),
                (r"\.mlp\.fc12\.", ".mlp.gate_proj."),
                (r"\.mlp\.fc2\.", ".mlp.down_proj."),
                (r"\.norm1\.", ".post_attention_layernorm."),
                (r"\.norm2\.", ".post_mlp_layernorm."),
            ),
        ),
    ),
)
