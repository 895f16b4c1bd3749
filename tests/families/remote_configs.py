"""Configurations of classes that the library does not have: what each one's own file says, with its
defaults. The library finds them by their model types."""

from typing import Any

from transformers import AutoConfig, PreTrainedConfig

Fields = dict[str, Any]


def _config(kind: str, fields: Fields) -> type[PreTrainedConfig]:
    told = {"model_type": kind, "__annotations__": dict.fromkeys(fields, Any)}
    made: type[PreTrainedConfig] = type(f"{kind}_config", (PreTrainedConfig,), told | fields)
    AutoConfig.register(kind, made)
    return made


COMMON: Fields = {
    "hidden_size": 4096,
    "intermediate_size": 11008,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "hidden_act": "silu",
    "rms_norm_eps": 1e-6,
    "initializer_range": 0.02,
    "use_cache": True,
    "tie_word_embeddings": False,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
ROPE: Fields = {
    "num_key_value_heads": None,
    "max_position_embeddings": 2048,
    "rope_theta": 10000.0,
    "rope_scaling": None,
}
USUAL = COMMON | ROPE | {"attention_dropout": 0.0, "pad_token_id": None}

# configuration_baichuan.py of the larger ones; the smaller have positions.
BAICHUAN = _config(
    "baichuan",
    COMMON
    | {
        "vocab_size": 64000,
        "hidden_size": 5120,
        "intermediate_size": 13696,
        "num_hidden_layers": 40,
        "num_attention_heads": 40,
        "model_max_length": 4096,
        "max_position_embeddings": None,
        "z_loss_weight": None,
    },
)
INTERN_LM2 = _config(
    "internlm2", COMMON | ROPE | {"vocab_size": 103168, "bias": True, "pretraining_tp": 1}
)
# DeepSeek MoE.
DEEPSEEK = _config(
    "deepseek",
    USUAL
    | {
        "vocab_size": 102400,
        "attention_bias": False,
        "moe_intermediate_size": 1407,
        "num_hidden_layers": 30,
        "n_shared_experts": None,
        "n_routed_experts": None,
        "num_experts_per_tok": None,
        "moe_layer_freq": 1,
        "first_k_dense_replace": 0,
        "norm_topk_prob": False,
        "scoring_func": "softmax",
        "aux_loss_alpha": 0.001,
        "seq_aux": True,
        "pretraining_tp": 1,
    },
)
# Ling 2.
BAILING_MOE_V2 = _config(
    "bailing_moe_v2",
    USUAL
    | {
        "vocab_size": 157184,
        "hidden_size": 2048,
        "intermediate_size": 5120,
        "num_hidden_layers": 20,
        "num_attention_heads": 16,
        "num_key_value_heads": 4,
        "head_dim": 128,
        "max_position_embeddings": 32768,
        "rope_theta": 600000.0,
        "use_qkv_bias": False,
        "use_bias": False,
        "embedding_dropout": 0.0,
        "output_dropout": 0.0,
        "max_window_layers": 20,
        "num_experts": 256,
        "num_shared_experts": 1,
        "num_experts_per_tok": 8,
        "n_group": 8,
        "topk_group": 4,
        "moe_intermediate_size": 512,
        "first_k_dense_replace": 1,
        "output_router_logits": False,
        "use_qk_norm": True,
        "num_nextn_predict_layers": 0,
        "mtp_loss_scaling_factor": 0,
        "moe_router_enable_expert_bias": True,
        "routed_scaling_factor": 1.0,
        "partial_rotary_factor": None,
    },
)
MINI_CPM = _config(
    "minicpm",
    USUAL
    | {
        "vocab_size": 32000,
        "attention_bias": False,
        "tie_word_embeddings": True,
        "pretraining_tp": 1,
        "scale_emb": 1,
        "dim_model_base": 1,
        "scale_depth": 1,
    },
)
ORION = _config(
    "orion",
    USUAL
    | {
        "vocab_size": 84608,
        "intermediate_size": 15360,
        "num_hidden_layers": 40,
        "num_attention_heads": 40,
        "num_key_value_heads": 40,
        "max_position_embeddings": 4096,
        "max_sequence_length": 4096,
        "rms_norm_eps": 1e-5,
        "attention_bias": False,
        "pretraining_tp": 1,
        "pad_token_id": 0,
    },
)
# GLM 4 of 2024.
CHAT_GLM = _config(
    "chatglm",
    {
        "num_layers": 28,
        "padded_vocab_size": 65024,
        "hidden_size": 4096,
        "ffn_hidden_size": 13696,
        "kv_channels": 128,
        "num_attention_heads": 32,
        "seq_length": 2048,
        "hidden_dropout": 0.0,
        "classifier_dropout": None,
        "attention_dropout": 0.0,
        "layernorm_epsilon": 1e-5,
        "rmsnorm": True,
        "apply_residual_connection_post_layernorm": False,
        "post_layer_norm": True,
        "add_bias_linear": False,
        "add_qkv_bias": False,
        "bias_dropout_fusion": True,
        "multi_query_attention": False,
        "multi_query_group_num": 1,
        "rope_ratio": 1,
        "original_rope": True,
        "apply_query_key_layer_scaling": True,
        "attention_softmax_in_fp32": True,
        "fp32_residual_connection": False,
        "use_cache": True,
        "tie_word_embeddings": False,
    },
)
