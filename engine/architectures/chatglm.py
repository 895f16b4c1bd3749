"""ChatGLM 2 and 3, GLM 4 of 2024: half of each head turns, in pairs; gate and up are one matrix.

Checkpoints come in two forms: transformers' (`glm`), and the older one that brings code of its own
(`chatglm`), which is never run: its names and settings are read.
"""

from dataclasses import replace

from engine.architectures import glm4
from engine.architectures.shared.common import Common
from engine.architectures.shared.decoder import (
    EMBEDDING,
    OUTPUT,
    attention_rules,
    biases,
    both,
    figures_settings,
    fused_rules,
    layer_norm,
)
from engine.architectures.shared.family import Family
from engine.architectures.shared.keys import Keys
from engine.architectures.shared.pen import Layer
from engine.architectures.shared.source import (
    BUFFERS,
    Metadata,
    Rotation,
    Rule,
    Settings,
    Source,
)
from engine.architectures.shared.usual import usual
from engine.compute.graph import Graph
from engine.weights.formats.config import Config

BASE = 10000.0  # of the rope; config.json says by how much it is longer


def build(keys: Keys) -> tuple[Common, Graph]:
    return usual(keys, style="normal", feed=Layer.gated_fused)


RULES = (
    EMBEDDING,
    layer_norm("input_layernorm", "attn_norm"),
    *attention_rules(),
    layer_norm("post_attention_layernorm", "ffn_norm"),
    *fused_rules(),
    Rule("norm.weight", "output_norm.weight", ("embd",)),
    OUTPUT,
)
SOURCE = Source(
    "glm", ("GlmForCausalLM",), RULES, glm4.settings, glm4.DEFAULTS, Rotation(partial=0.5)
)


def own_settings(config: Config, out: Metadata) -> Settings:
    """Of the older form: no other activation, norm or order than those of all its models."""
    for key, value in FIXED.items():
        config.expect(key, value)
    grouped, n_head = config.bool("multi_query_attention", False), config.int("num_attention_heads")
    shared = config.int("multi_query_group_num")
    found = figures_settings(
        config,
        out,
        n_ctx=config.int("seq_length"),
        n_embd=config.int("hidden_size"),
        n_layer=config.int("num_layers"),
        n_head=n_head,
        n_head_kv=shared if grouped else n_head,
        n_ff=config.int("ffn_hidden_size"),
        eps=config.float("layernorm_epsilon"),
        norm="rms",
        vocab="padded_vocab_size",
    )
    config.expect("kv_channels", found.dims["head_dim"])
    found.dims["gate_up"] = 2 * found.dims["ff"]
    layers = range(found.dims["n_layer"])
    found.layers = {"in_a_row": layers if grouped else (), "by_head": () if grouped else layers}
    every = r"self_attention\.(query_key_value|dense)|mlp\.dense_\w+"
    qkv = ("add_qkv_bias", r"self_attention\.query_key_value")
    found.biased = biases(config, ("add_bias_linear", every), qkv)
    config.values["rope_theta"] = BASE * config.float("rope_ratio", 1.0)
    return found


FIXED = {
    "rmsnorm": True,
    "post_layer_norm": True,
    "apply_residual_connection_post_layernorm": False,
    "original_rope": True,
    "pre_seq_len": None,
    "quantization_bit": 0,
}
AT = "encoder.layers.{i}."
QKV, INTO = f"{AT}self_attention.query_key_value", ("attn_qkv", ("qkv", "embd"))
OWN_RULES = (
    Rule("embedding.word_embeddings.weight", "token_embd.weight", ("vocab", "embd")),
    Rule(f"{AT}input_layernorm.weight", "blk.{i}.attn_norm.weight", ("embd",)),
    *(replace(rule, layers="in_a_row") for rule in both(QKV, *INTO)),
    *(replace(rule, layers="by_head") for rule in both(QKV, *INTO, "grouped")),
    *both(f"{AT}self_attention.dense", "attn_output", ("embd", "q")),
    Rule(f"{AT}post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight", ("embd",)),
    *both(f"{AT}mlp.dense_h_to_4h", "ffn_up", ("gate_up", "embd")),
    *both(f"{AT}mlp.dense_4h_to_h", "ffn_down", ("embd", "ff")),
    Rule("encoder.final_layernorm.weight", "output_norm.weight", ("embd",)),
    Rule("output_layer.weight", "output.weight", ("vocab", "embd"), optional=True),
)
OWN_DEFAULTS = {
    "num_layers": 28,
    "padded_vocab_size": 65024,
    "hidden_size": 4096,
    "ffn_hidden_size": 13696,
    "kv_channels": 128,
    "num_attention_heads": 32,
    "seq_length": 2048,
    "layernorm_epsilon": 1e-5,
    "multi_query_attention": False,
    "multi_query_group_num": 1,
    "tie_word_embeddings": False,
}
OWN_SOURCE = Source(
    "chatglm",
    ("ChatGLMForConditionalGeneration", "ChatGLMModel"),
    OWN_RULES,
    own_settings,
    OWN_DEFAULTS,
    Rotation(partial=0.5),
    prefix="transformer.",
    ignored=rf"{BUFFERS}|^rotary_pos_emb\.",
    neutral=(
        *("apply_query_key_layer_scaling", "attention_softmax_in_fp32", "bias_dropout_fusion"),
        *("fp32_residual_connection", "prefix_projection", "classifier_dropout", "vocab_size"),
        *("interleaved_qkv", "num_hidden_layers"),
    ),
)
FAMILY = Family(build, (SOURCE, OWN_SOURCE), template="chatglm2")
