"""Tiny checkpoints that say the same thing twice, not at all, or otherwise than their weights do.

What transformers makes of each was written down once (tests/engine/workshop/make_variants.py).
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from helpers.tiny_checkpoints import CONFIGS, Arrays, weights_of, write_safetensors, write_tokenizer

GONE = "gone"  # the key is not in the file at all
HEAD, EMBED = "lm_head.weight", "model.embed_tokens.weight"
_LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
_LONG = {"type": "longrope", "short_factor": [1.0, 1.1, 1.3, 1.5], "long_factor": [1, 2, 4, 8]}


class Variant(NamedTuple):
    """One of CONFIGS with other keys and other tensors."""

    base: str
    config: dict[str, Any] = {}
    change: Callable[[Arrays], None] = lambda arrays: None


def _some(seed: int, *shape: int) -> Any:
    return np.random.RandomState(seed).standard_normal(shape).astype(np.float32)


def renamed(old: str, new: str) -> Callable[[Arrays], None]:
    def change(arrays: Arrays) -> None:
        arrays[new] = arrays.pop(old)

    return change


def _with(**values: Any) -> Callable[[Arrays], None]:
    def change(arrays: Arrays) -> None:
        arrays |= {name.replace("__", "."): value for name, value in values.items()}

    return change


def _prefixed(prefix: str) -> Callable[[Arrays], None]:
    def change(arrays: Arrays) -> None:
        for name in list(arrays):
            arrays[prefix + name] = arrays.pop(name)

    return change


def _bare(arrays: Arrays) -> None:
    """As the model without a head saves itself."""
    for name in list(arrays):
        arrays[name.removeprefix("model.").removeprefix("transformer.")] = arrays.pop(name)


def _biased(arrays: Arrays) -> None:
    for name in ("q_proj", "k_proj"):
        rows = len(arrays[f"model.layers.0.self_attn.{name}.weight"])
        arrays[f"model.layers.0.self_attn.{name}.bias"] = _some(5, rows)


def _buffers(arrays: Arrays) -> None:
    arrays["model.layers.0.self_attn.rotary_emb.inv_freq"] = _some(1, 3)
    arrays["model.rotary_emb.cos_cached"] = _some(1, 2, 2)
    arrays["model.embed_tokens.extra"] = _some(1, 0, 4)
    arrays["v_head.summary.weight"] = _some(1, 1, 32)


def _mixed(arrays: Arrays) -> None:
    arrays[EMBED] = arrays[EMBED].astype(np.float16)
    for name in arrays:
        if "layers.0.mlp" in name or name == "model.norm.weight":
            arrays[name] = arrays[name].astype(np.float64)
        if "layers.1.input" in name or "layers.1.self_attn.o_proj" in name:
            arrays[name] = np.rint(3 * arrays[name]).astype(np.int32)


def _third_layer(arrays: Arrays) -> None:
    for name in [name for name in arrays if ".layers.1." in name]:
        arrays[name.replace(".layers.1.", ".layers.2.")] = arrays[name] * 0.5


VARIANTS: dict[str, Variant] = {
    "tied with another head": Variant(
        "llama", {"tie_word_embeddings": True}, _with(lm_head__weight=_some(2, 300, 32))
    ),
    "tied under the head's name": Variant("qwen2", {}, renamed(EMBED, HEAD)),
    "gemma tied under the head's name": Variant("gemma", {}, renamed(EMBED, HEAD)),
    "gemma with another head": Variant("gemma", {}, _with(lm_head__weight=_some(2, 300, 32))),
    "gpt2 under the head's name": Variant("gpt2", {}, renamed("transformer.wte.weight", HEAD)),
    "gpt2 with another head": Variant("gpt2", {}, _with(lm_head__weight=_some(2, 300, 32))),
    "no architectures": Variant("llama", {"architectures": GONE}),
    "two classes": Variant("mistral", {"architectures": ["LlamaForCausalLM"]}),
    "bare class": Variant("qwen2", {"architectures": ["Qwen2Model"]}, _bare),
    "bare gpt2": Variant("gpt2", {"architectures": ["GPT2Model"]}, _bare),
    "no figures said": Variant(
        "llama",
        {
            "max_position_embeddings": GONE,
            "rms_norm_eps": GONE,
            "tie_word_embeddings": GONE,
            "hidden_act": GONE,
        },
    ),
    "mistral without a window said": Variant("mistral", {"sliding_window": GONE}),
    "mistral without a window": Variant("mistral", {"sliding_window": None}),
    "mistral with biases": Variant("mistral", {"attention_bias": True}, _biased),
    "gemma2 without caps said": Variant(
        "gemma2", {"attn_logit_softcapping": GONE, "final_logit_softcapping": GONE}
    ),
    "gemma2 without caps": Variant(
        "gemma2", {"attn_logit_softcapping": None, "final_logit_softcapping": None}
    ),
    "gemma2 without tie said": Variant(
        "gemma2", {"tie_word_embeddings": GONE, "query_pre_attn_scalar": GONE}
    ),
    "gemma2 with its own turns": Variant(
        "gemma2", {"layer_types": ["full_attention", "sliding_attention"]}
    ),
    "gemma2 with another hidden_act": Variant("gemma2", {"hidden_act": "silu"}),
    "gemma that said gelu": Variant("gemma", {"hidden_act": "gelu", "hidden_activation": None}),
    "qwen2 without its window": Variant(
        "qwen2", {"use_sliding_window": False, "sliding_window": 4, "max_window_layers": 1}
    ),
    "qwen2 with layer types": Variant(
        "qwen2",
        {
            "use_sliding_window": True,
            "sliding_window": 4,
            "max_window_layers": 0,
            "layer_types": ["full_attention"] * 2,
        },
    ),
    "biases that are not said": Variant("llama", {}, _biased),
    "biases that are not there": Variant("llama", {"attention_bias": True, "mlp_bias": True}),
    "buffers and a value head": Variant("llama", {}, _buffers),
    "more layers than said": Variant("llama", {}, _third_layer),
    "unknown keys": Variant("llama", {"logit_scale": 4.0, "embedding_multiplier": 12}),
    "swish": Variant("llama", {"hidden_act": "swish"}),
    "rope parameters": Variant(
        "llama",
        {"rope_theta": GONE, "rope_parameters": {"rope_type": "default", "rope_theta": 77.0}},
    ),
    "rope scaling before parameters": Variant(
        "llama",
        {
            "rope_scaling": {"type": "linear", "factor": 4.0},
            "rope_parameters": {"rope_type": "default", "rope_theta": 50.0},
        },
    ),
    "theta within and beside": Variant(
        "llama",
        {"rope_theta": 100.0, "rope_parameters": {"rope_type": "default", "rope_theta": 900.0}},
    ),
    "llama3 without its context": Variant("llama", {"rope_scaling": _LLAMA3}),
    "llama3 with two contexts": Variant(
        "llama",
        {
            "rope_scaling": _LLAMA3 | {"original_max_position_embeddings": 16},
            "original_max_position_embeddings": 64,
        },
    ),
    "yarn with one mscale": Variant(
        "llama", {"rope_scaling": {"type": "yarn", "factor": 4.0, "mscale": 0.7}}
    ),
    "yarn with both": Variant(
        "llama",
        {
            "rope_scaling": {
                "type": "yarn",
                "factor": 4.0,
                "mscale": 0.7,
                "mscale_all_dim": 0.3,
                "original_max_position_embeddings": 32,
            }
        },
    ),
    "yarn without a factor": Variant(
        "qwen2",
        {
            "rope_scaling": {
                "type": "yarn",
                "factor": None,
                "beta_fast": 0,
                "original_max_position_embeddings": 32,
            }
        },
    ),
    "phi3 that says yarn": Variant(
        "phi3_long", {"rope_scaling": _LONG | {"type": "yarn"}, "attention_bias": True}
    ),
    "phi3 with its class's context": Variant(
        "phi3_long", {"original_max_position_embeddings": GONE, "max_position_embeddings": 8192}
    ),
    "gpt2 by other names": Variant(
        "gpt2",
        {
            "n_embd": GONE,
            "hidden_size": 32,
            "n_layer": GONE,
            "num_hidden_layers": 2,
            "n_positions": GONE,
            "max_position_embeddings": 64,
        },
    ),
    "mixed types": Variant("llama", {"dtype": "float32"}, _mixed),
}
# What transformers cannot open, or would open with other weights than the file's: ours alone.
WRAPPED = (
    "module.",
    "_orig_mod.",
    "module._orig_mod.",
    "base_model.model.",
    "model.",
    "transformer.",
)


def prefixed(prefix: str) -> Callable[[Arrays], None]:
    return _prefixed(prefix)


def write_variant(folder: Path, variant: Variant) -> Path:
    """The variant as a folder with safetensors and a tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    config = CONFIGS[variant.base] | variant.config
    kept = {key: value for key, value in config.items() if value != GONE}
    (folder / "config.json").write_text(json.dumps(kept), encoding="utf-8")
    arrays = weights_of(variant.base)
    variant.change(arrays)
    write_safetensors(folder / "model.safetensors", arrays)
    write_tokenizer(folder)
    return folder
