"""Tiny random models as Hugging Face stores them: config.json, weights, tokenizer.json.

Weights come from NumPy's legacy generator, whose stream never changes, so that logits made once by
transformers (tests/engine/workshop/make_golden.py) stay true.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.float32]]
N_VOCAB = 300
IDS = [3, 17, 42, 5, 299, 8, 8, 120, 64, 33, 7, 256]

_DECODER = {
    "vocab_size": N_VOCAB,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": False,
    "hidden_act": "silu",
    "bos_token_id": 0,
    "eos_token_id": 1,
    "pad_token_id": None,
}
_LLAMA3_ROPE = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
_YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32}
_LONG = {
    "type": "longrope",
    "short_factor": [1.0, 1.1, 1.3, 1.5],
    "long_factor": [1.0, 2.0, 4.0, 8.0],
}


def _of(kind: str, model_type: str, **values: Any) -> dict[str, Any]:
    return _DECODER | {"architectures": [kind], "model_type": model_type} | values


_GELU = {"hidden_act": "gelu_pytorch_tanh", "hidden_activation": "gelu_pytorch_tanh"}
CONFIGS: dict[str, dict[str, Any]] = {
    "llama": _of("LlamaForCausalLM", "llama", rope_theta=10000.0),
    "llama3_rope": _of("LlamaForCausalLM", "llama", rope_theta=500.0, rope_scaling=_LLAMA3_ROPE),
    "llama_biases": _of("LlamaForCausalLM", "llama", attention_bias=True, mlp_bias=True),
    "mistral": _of("MistralForCausalLM", "mistral", sliding_window=5, head_dim=12),
    "qwen2": _of("Qwen2ForCausalLM", "qwen2", tie_word_embeddings=True, use_sliding_window=False),
    "qwen2_yarn": _of("Qwen2ForCausalLM", "qwen2", rope_theta=1e4, rope_scaling=_YARN),
    "qwen3": _of("Qwen3ForCausalLM", "qwen3", head_dim=16, tie_word_embeddings=True),
    "gemma": _of("GemmaForCausalLM", "gemma", head_dim=16, tie_word_embeddings=True, **_GELU),
    "gemma2": _of(
        "Gemma2ForCausalLM",
        "gemma2",
        head_dim=16,
        tie_word_embeddings=True,
        sliding_window=5,
        query_pre_attn_scalar=24,
        attn_logit_softcapping=5.0,
        final_logit_softcapping=3.0,
        **_GELU,
    ),
    "phi3": _of("Phi3ForCausalLM", "phi3", sliding_window=6, rope_theta=10000.0),
    "phi3_long": _of(
        "Phi3ForCausalLM",
        "phi3",
        sliding_window=None,
        original_max_position_embeddings=64,
        rope_scaling=_LONG,
    ),
    "gpt2": {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "vocab_size": N_VOCAB,
        "n_positions": 64,
        "n_embd": 32,
        "n_layer": 2,
        "n_head": 4,
        "layer_norm_epsilon": 1e-5,
        "activation_function": "gelu_new",
        "bos_token_id": 0,
        "eos_token_id": 1,
    },
}


def shapes_of(config: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor that transformers saves for this configuration."""
    return _gpt2(config) if config["model_type"] == "gpt2" else _decoder(config)


def _decoder(c: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    embd, ff, vocab = c["hidden_size"], c["intermediate_size"], c["vocab_size"]
    dim = c.get("head_dim", embd // c["num_attention_heads"])
    q, kv = c["num_attention_heads"] * dim, c["num_key_value_heads"] * dim
    kind = c["model_type"]
    out: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (vocab, embd)}
    for i in range(c["num_hidden_layers"]):
        layer: dict[str, tuple[int, ...]] = {
            "input_layernorm": (embd,),
            "post_attention_layernorm": (embd,),
            "self_attn.o_proj": (embd, q),
            "mlp.down_proj": (embd, ff),
        }
        if kind == "phi3":
            layer |= {"self_attn.qkv_proj": (q + 2 * kv, embd), "mlp.gate_up_proj": (2 * ff, embd)}
        else:
            layer |= {"self_attn.q_proj": (q, embd), "mlp.gate_proj": (ff, embd)}
            layer |= {"self_attn.k_proj": (kv, embd), "mlp.up_proj": (ff, embd)}
            layer |= {"self_attn.v_proj": (kv, embd)}
        if kind == "qwen3":
            layer |= {"self_attn.q_norm": (dim,), "self_attn.k_norm": (dim,)}
        if kind == "gemma2":
            layer |= {"pre_feedforward_layernorm": (embd,), "post_feedforward_layernorm": (embd,)}
        for name, shape in layer.items():
            out[f"model.layers.{i}.{name}.weight"] = shape
            if _has_bias(c, name):
                out[f"model.layers.{i}.{name}.bias"] = shape[:1]
    out["model.norm.weight"] = (embd,)
    if not c["tie_word_embeddings"]:
        out["lm_head.weight"] = (vocab, embd)
    return out


def _has_bias(c: Mapping[str, Any], name: str) -> bool:
    if c["model_type"] == "qwen2":
        return name in ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
    return bool(c.get("attention_bias")) and name.endswith("_proj")


def _gpt2(c: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    embd, out = c["n_embd"], {}
    out["transformer.wte.weight"] = (c["vocab_size"], embd)
    out["transformer.wpe.weight"] = (c["n_positions"], embd)
    for i in range(c["n_layer"]):
        h = f"transformer.h.{i}."
        for name, shape in (
            ("attn.c_attn", (embd, 3 * embd)),
            ("attn.c_proj", (embd, embd)),
            ("mlp.c_fc", (embd, 4 * embd)),
            ("mlp.c_proj", (4 * embd, embd)),
        ):
            out |= {f"{h}{name}.weight": shape, f"{h}{name}.bias": shape[1:]}
        for name in ("ln_1", "ln_2"):
            out |= {f"{h}{name}.weight": (embd,), f"{h}{name}.bias": (embd,)}
    return out | {"transformer.ln_f.weight": (embd,), "transformer.ln_f.bias": (embd,)}


def weights_of(name: str) -> Arrays:
    """The weights of one of CONFIGS; the same for ever."""
    config = CONFIGS[name]
    random = np.random.RandomState(zlib.crc32(name.encode()))
    out: Arrays = {}
    for tensor, shape in shapes_of(config).items():
        values = random.standard_normal(shape)
        if "norm" in tensor or ".ln_" in tensor:
            # Gemma stores what is added to one.
            centre = 0.0 if "gemma" in name or tensor.endswith("bias") else 1.0
            values = centre + 0.2 * values
        elif tensor.endswith(".bias"):
            values = 0.2 * values
        elif "embed" not in tensor and "wte" not in tensor and "wpe" not in tensor:
            values = 1.5 * values / np.sqrt(shape[-1])
        out[tensor] = values.astype(np.float32)
    return out


def write_safetensors(path: Path, arrays: Mapping[str, NDArray[Any]]) -> Path:
    """A .safetensors file of the types that the arrays have; uint16 stands for bfloat16."""
    kinds = {"float32": "F32", "float16": "F16", "uint16": "BF16", "float64": "F64"}
    kinds |= {"int8": "I8", "int32": "I32", "int64": "I64", "uint8": "U8"}
    table: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, values in arrays.items():
        span = [at, at + values.nbytes]
        table[name] = {
            "dtype": kinds[values.dtype.name],
            "shape": list(values.shape),
            "data_offsets": span,
        }
        at += values.nbytes
    head = json.dumps(table).encode()
    head += b" " * (-len(head) % 8)
    data = b"".join(np.ascontiguousarray(values).tobytes() for values in arrays.values())
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)
    return path


def write_tokenizer(folder: Path, n_vocab: int = N_VOCAB) -> None:
    """A byte-level BPE of GPT-2's kind: two special tokens, the bytes, some merges."""
    from engine.text.tokenizer_bpe import printable_bytes

    letters = printable_bytes()
    tokens = ["<s>", "</s>", *(letters[byte] for byte in range(256))]
    merges: list[list[str]] = []
    for word in ("the", "and", "was", "little", "girl", "there", "upon", "time", "once"):
        for size in range(2, len(word) + 1):
            if word[:size] not in tokens and len(tokens) < n_vocab:
                tokens.append(word[:size])
                merges.append([word[: size - 1], word[size - 1]])
    tokenizer = {
        "added_tokens": [
            {"id": i, "content": text, "special": True} for i, text in enumerate(tokens[:2])
        ],
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True},
        "model": {
            "type": "BPE",
            "vocab": {text: i for i, text in enumerate(tokens)},
            "merges": merges,
        },
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    settings = {"bos_token": "<s>", "eos_token": {"content": "</s>"}, "chat_template": "{{ 'hi' }}"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")


def write_folder(folder: Path, name: str, **changes: Any) -> Path:
    """One of CONFIGS as a folder with safetensors; `changes` replace keys of config.json."""
    folder.mkdir(parents=True, exist_ok=True)
    config = CONFIGS[name] | changes
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    write_safetensors(folder / "model.safetensors", weights_of(name))
    write_tokenizer(folder)
    return folder
