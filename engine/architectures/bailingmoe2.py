"""Ling 2 (mini, flash, Sarvam) and Ring 2: GLM 4.5's graph, query, key and value in one matrix.

A checkpoint of these brings code of its own, which is never run: its names and settings are read.
"""

from engine.architectures import deepseek, llama
from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import (
    OUTPUT,
    biases,
    both,
    decoder_settings,
    dense_rules,
    expect_silu,
    expert_rules,
    layer_norm,
    shared_expert_rules,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.leading import SIGMOID, grouped, leading_dense, some_routed
from engine.architectures.shared.source import Metadata, Rotation, Rule, Settings, Source
from engine.compute.graph import Graph
from engine.weights.formats.config import Config


def build(keys: Keys) -> tuple[Common, Graph]:
    return deepseek.build(keys, style="neox", gating="sigmoid")


def settings(config: Config, out: Metadata) -> Settings:
    """The class scales what experts say by their sum wherever a token goes to more than one."""
    expect_silu(config)
    config.expect("score_function", "sigmoid")
    config.expect("scoring_func", "sigmoid")
    config.expect("norm_head", False)
    found = decoder_settings(config, out)
    dims = found.dims
    keys = (("use_qkv_bias", r"attention\.query_key_value"), ("use_bias", r"attention\.dense"))
    found.biased = biases(config, *keys)
    some_routed(config, out, found, n="num_experts", shared="num_shared_experts")
    dims |= {"qkv": dims["q"] + 2 * dims["kv"]}
    dims["shared_ff"] = config.int("moe_shared_expert_intermediate_size", dims["shared_ff"], low=0)
    groups, used = grouped(config, "num_experts")
    out.own(expert_gating_func=SIGMOID, expert_weights_scale=config.float("routed_scaling_factor"))
    out.own(expert_weights_norm=config.int("num_experts_per_tok") > 1)
    if dims["shared_ff"]:
        each = dims["shared_ff"] // config.int("num_shared_experts")
        out.own(expert_shared_feed_forward_length=each)
    if groups > 1:
        out.own(expert_group_count=groups, expert_group_used_count=used)
    leading_dense(out, found, config.int("first_k_dense_replace", 0, low=0))
    normed = config.bool("use_qk_norm", False)
    found.layers = {**found.layers, "normed": range(dims["n_layer"]) if normed else ()}
    out.own(attention__key_length=dims["head_dim"], attention__value_length=dims["head_dim"])
    return found


AT = "layers.{i}.attention."
RULES = (
    Rule("word_embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    layer_norm("input_layernorm", "attn_norm"),
    *both(f"{AT}query_key_value", "attn_qkv", ("qkv", "embd")),
    Rule(
        f"{AT}query_layernorm.weight", "blk.{i}.attn_q_norm.weight", ("head_dim",), layers="normed"
    ),
    Rule(f"{AT}key_layernorm.weight", "blk.{i}.attn_k_norm.weight", ("head_dim",), layers="normed"),
    *both(f"{AT}dense", "attn_output", ("embd", "q")),
    layer_norm("post_attention_layernorm", "ffn_norm"),
    *dense_rules(),
    *expert_rules(layers="routed"),
    Rule(
        "layers.{i}.mlp.gate.expert_bias", "blk.{i}.exp_probs_b.bias", ("expert",), layers="routed"
    ),
    *shared_expert_rules("layers.{i}.mlp.shared_experts.", layers="shared"),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
DEFAULTS = llama.DEFAULTS | {
    "vocab_size": 157184,
    "hidden_size": 2048,
    "intermediate_size": 5120,
    "num_hidden_layers": 20,
    "num_attention_heads": 16,
    "num_key_value_heads": 4,
    "head_dim": 128,
    "max_position_embeddings": 32768,
    "rope_theta": 600000.0,
    "num_experts": 256,
    "num_shared_experts": 1,
    "num_experts_per_tok": 8,
    "n_group": 8,
    "topk_group": 4,
    "moe_intermediate_size": 512,
    "first_k_dense_replace": 1,
    "use_qk_norm": True,
    "routed_scaling_factor": 1.0,
}
NEUTRAL = (
    *("embedding_dropout", "output_dropout", "max_window_layers", "num_nextn_predict_layers"),
    *("mtp_loss_scaling_factor", "moe_router_enable_expert_bias", "router_dtype", "topk_method"),
    *("norm_topk_prob", "rotary_dim", "seq_aux", "use_rmsnorm"),
)
SOURCE = Source(
    "bailing_moe_v2",
    ("BailingMoeV2ForCausalLM",),
    RULES,
    settings,
    DEFAULTS,
    Rotation(partial=1.0),
    neutral=NEUTRAL,
    also=("bailing_moe",),
)
FAMILY = Family(build, (SOURCE,))
