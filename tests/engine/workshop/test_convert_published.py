"""Folders as they are published: every key that the makers write into config.json, shards with an
index, and all the small files beside them. Nothing is refused, and nothing is told that nobody
needs to know."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.interrupted import notices
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import CONFIGS, weights_of, write_folder, write_safetensors

from engine.base.events import Event
from engine.text.template import make_template
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert

USUAL = {
    "transformers_version": "4.57.1", "torch_dtype": "bfloat16", "use_cache": True,
    "initializer_range": 0.02, "attention_dropout": 0.0, "_name_or_path": "maker/model",
}  # fmt: skip
QWEN = {"max_window_layers": 36, "sliding_window": None, "use_sliding_window": False}
ROUTER = {"output_router_logits": False, "router_aux_loss_coef": 0.001}
LFM = (
    "auto_adjust_ff_dim ffn_dim_multiplier mlp_init_scale multiple_of norm_eps out_init_scale "
    "use_swiglu use_xavier_init"
)
# By what it is known as: a tiny checkpoint, the further keys of config.json, and of the text's
# part of it.
PUBLISHED: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "Qwen 3": ("qwen3", QWEN | {"attention_bias": False, "rope_scaling": None}, {}),
    "Qwen 3, unsloth": ("qwen3", QWEN | {"unsloth_fixed": True, "unsloth_version": "2026.2"}, {}),
    "Qwen 3 30B-A3B": ("qwen3moe", QWEN | ROUTER | {"rope_scaling": None}, {}),
    "Qwen 2.5": ("qwen2", QWEN | {"use_mrope": False, "rope_scaling": None}, {}),
    "Llama 3.2": ("llama", {"attention_bias": False, "mlp_bias": False, "pretraining_tp": 1}, {}),
    "Mistral 7B": ("mistral", {"rope_scaling": None}, {}),
    "Phi 4 mini": (
        "phi3_long",
        {
            "auto_map": {"AutoConfig": "configuration_phi3.Phi3Config"}, "embd_pdrop": 0.0,
            "resid_pdrop": 0.0, "full_attn_mod": 1, "interpolate_factor": 1, "mlp_bias": False,
            "lm_head_bias": False, "attention_bias": False,
        },
        {},
    ),
    "gpt-oss 20B": (
        "gpt-oss",
        ROUTER | {"experts_per_token": 4, "initial_context_length": 4096, "swiglu_limit": 7.0},
        {},
    ),
    "SmolLM 3": (
        "smollm3", QWEN | {"mlp_bias": False, "pretraining_tp": 2, "rope_scaling": None}, {},
    ),
    "LFM 2": (
        "lfm2",
        {f"block_{name}": CONFIGS["lfm2"].get(f"block_{name}", True) for name in LFM.split()}
        | {"block_dim": 32, "conv_dim": 32, "conv_dim_out": 32, "conv_use_xavier_init": True}
        | {"num_heads": 4, "use_pos_enc": True, "theta": 1e6, "block_multiple_of": 16}
        | {"block_norm_eps": 1e-5, "block_ffn_dim_multiplier": 1.0, "block_mlp_init_scale": 1.0},
        {},
    ),
    "Granite 4 H": (
        "granitehybrid",
        ROUTER | {"init_method": "mup", "normalization_function": "rmsnorm", "rope_scaling": None},
        {},
    ),
    "Ling mini 2": (
        "ling2",
        {
            "model_type": "bailing_moe", "auto_map": {"AutoConfig": "x"}, "norm_topk_prob": True,
            "use_bias": False, "use_rmsnorm": True, "use_qkv_bias": False, "rope_scaling": None,
            "embedding_dropout": 0.0, "output_dropout": 0.0, "router_dtype": "fp32",
            "moe_router_enable_expert_bias": True, "score_function": "sigmoid",
            "moe_shared_expert_intermediate_size": 24, "num_nextn_predict_layers": 0,
            "max_window_layers": 20,
        },
        {},
    ),
    "MiniCPM 2B": ("minicpm", {"auto_map": {"AutoConfig": "x"}, "rope_scaling": None}, {}),
    "ChatGLM 3": (
        "chatglm3",
        {
            "auto_map": {"AutoConfig": "x"}, "add_bias_linear": False,
            "apply_query_key_layer_scaling": True, "attention_softmax_in_fp32": True,
            "apply_residual_connection_post_layernorm": False, "bias_dropout_fusion": True,
            "fp32_residual_connection": False, "hidden_dropout": 0.0, "post_layer_norm": True,
            "rmsnorm": True, "num_hidden_layers": 2, "classifier_dropout": None,
        },
        {},
    ),
    "RWKV 7 World": (
        "rwkv7",
        {
            "_attn_implementation_autoset": True, "attn": None, "attn_mode": "chunk",
            "auto_map": {"AutoConfig": "modeling_rwkv7.RWKV7Config"}, "fuse_norm": True,
            "fuse_cross_entropy": True, "hidden_act": "sqrelu", "max_position_embeddings": 2048,
            "norm_bias": True, "norm_first": True, "num_heads": None,
        },
        {},
    ),
    "Gemma 3": (
        "gemma3_whole",
        {
            "boi_token_index": 5, "eoi_token_index": 6, "image_token_index": 7,
            "mm_tokens_per_image": 256, "eos_token_id": [1, 106],
        },
        {"cache_implementation": "hybrid", "attn_logit_softcapping": None},
    ),
    "Gemma 4": (
        "gemma4_whole",
        {
            "audio_token_id": 1, "boa_token_id": 2, "boi_token_id": 3, "eoi_token_id": 4,
            "image_token_id": 5, "video_token_id": 6, "vision_soft_tokens_per_image": 280,
        },
        {},
    ),
    "Ministral 3": (
        "mistral_whole",
        {
            "image_token_index": 10, "multimodal_projector_bias": False, "spatial_merge_size": 2,
            "projector_hidden_act": "gelu", "vision_feature_layer": -1,
        },
        {},
    ),
    "Qwen 3.5": (
        "qwen35_whole",
        {
            "image_token_id": 5, "video_token_id": 6, "vision_start_token_id": 7,
            "vision_end_token_id": 8, "language_model_only": False,
        },
        {
            "mtp_num_hidden_layers": 1, "mtp_use_dedicated_embeddings": False,
            "mlp_only_layers": [], "mamba_ssm_dtype": "float32", "attn_output_gate": True,
        },
    ),
}  # fmt: skip
TEMPLATE = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"


def write_published(folder: Path, name: str) -> Path:
    base, outer, inner = PUBLISHED[name]
    folder = write_folder(folder, base)
    config = CONFIGS[base] | USUAL | outer
    if "text_config" in config:
        config["text_config"] = config["text_config"] | inner
    _write(folder / "config.json", config)
    (folder / "model.safetensors").unlink()
    arrays = list(weights_of(base).items())
    half = len(arrays) // 2
    places = {}
    for no, part in enumerate((arrays[:half], arrays[half:]), 1):
        file = f"model-{no:05d}-of-00002.safetensors"
        write_safetensors(folder / file, dict(part))
        places |= {tensor: file for tensor, _ in part}
    index = {"metadata": {"total_size": 1, "total_parameters": 1}, "weight_map": places}
    _write(folder / "model.safetensors.index.json", index)
    flags = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False}
    special = {text: {"content": text, **flags} for text in ("<s>", "</s>")}
    settings: dict[str, Any] = {
        "add_bos_token": False, "add_prefix_space": False, "clean_up_tokenization_spaces": False,
        "added_tokens_decoder": {
            str(i): each | {"special": True} for i, each in enumerate(special.values())
        },
        "additional_special_tokens": [], "bos_token": None, "eos_token": "</s>",
        "errors": "replace", "model_max_length": 131072, "pad_token": "<s>", "unk_token": None,
        "split_special_tokens": False, "tokenizer_class": "PreTrainedTokenizerFast",
        "extra_special_tokens": {}, "padding_side": "left",
    }  # fmt: skip
    _write(folder / "tokenizer_config.json", settings)
    _write(folder / "special_tokens_map.json", {"eos_token": special["</s>"], "pad_token": "<s>"})
    _write(folder / "added_tokens.json", {"</s>": 1, "<s>": 0})
    sampling = {"do_sample": True, "temperature": 0.6, "top_k": 20, "top_p": 0.95}
    _write(folder / "generation_config.json", sampling | {"eos_token_id": [1, 0]})
    _write(folder / "preprocessor_config.json", {"image_size": 896})
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    for beside in ("README.md", "LICENSE", ".gitattributes", "merges.txt", "USE_POLICY.md"):
        (folder / beside).write_text("# words\n")
    (folder / "original").mkdir()
    (folder / "original" / "consolidated.00.pth").write_bytes(b"another form of the same")
    return folder


def _write(path: Path, values: Any) -> None:
    path.write_text(json.dumps(values, indent=2), encoding="utf-8")


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_folders_are_taken_as_they_are(name: str, tmp_path: Path) -> None:
    base, out, plain = PUBLISHED[name][0], tmp_path / "a.gguf", tmp_path / "b.gguf"
    events: list[Event] = []
    folder = write_published(tmp_path / "model", name)
    drive(convert(folder, out), events)
    told = [line for line in notices(events).split("\n") if line]
    assert not [line for line in told if "left aside" in line or "takes for" in line], told
    assert len(told) <= 1, told
    drive(convert(write_folder(tmp_path / "plain" / "model", base), plain))
    with open_gguf(out) as file, open_gguf(plain) as other:
        assert file.tensors.keys() == other.tensors.keys()
        for tensor in other.tensors:
            np.testing.assert_array_equal(file.raw(tensor), other.raw(tensor), err_msg=tensor)
        own = f"{file.architecture}."
        found, wanted = (
            {key: str(value) for key, value in each.metadata.items() if key.startswith(own)}
            for each in (file, other)
        )
        assert found == wanted
        assert file.metadata["tokenizer.chat_template"] == TEMPLATE
        assert make_template(file.metadata).source == "file"
        assert file.metadata["tokenizer.ggml.eos_token_id"] == 1


DRAFTING = {
    "qwen35": "mtp.layers.0.input_layernorm.weight",
    "glm45_air": "model.layers.46.x.weight",
}


@pytest.mark.parametrize("name", DRAFTING)
def test_layers_that_draft_are_told_as_such(name: str, tmp_path: Path) -> None:
    folder, events = write_folder(tmp_path / "hf", name), list[Event]()
    arrays: dict[str, Any] = dict(weights_of(name))
    arrays[DRAFTING[name]] = np.zeros(4, np.float32)
    write_safetensors(folder / "model.safetensors", arrays)
    drive(convert(folder, tmp_path / "a.gguf"), events)
    assert "they draft tokens ahead, which is not used here" in notices(events)
