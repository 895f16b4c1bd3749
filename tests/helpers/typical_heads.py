"""Heads of GGUF files without the files: real models' shapes, for what a header alone foretells."""

from pathlib import Path
from typing import Any

import numpy as np

from engine.hardware.typical import Typical
from engine.weights.formats.gguf import GGUFFile
from engine.weights.formats.gguf_header import GgufHeader, TensorInfo
from engine.weights.types import TensorType

T = TensorType


def head_of(model: Typical) -> GGUFFile:
    """A llama of these sizes at Q4_K_M: half of attn_v and ffn_down, and the logits, are Q6_K."""
    query, shared = model.n_head * model.head_dim, model.n_head_kv * model.head_dim
    large = T.Q6_K if model.is_tied else T.Q4_K
    shapes: dict[str, tuple[TensorType, tuple[int, ...]]] = {
        "token_embd.weight": (large, (model.n_vocab, model.n_embd)),
        "output_norm.weight": (T.F32, (model.n_embd,)),
    }
    if not model.is_tied:
        shapes["output.weight"] = (T.Q6_K, (model.n_vocab, model.n_embd))
    for i in range(model.n_layer):
        down = T.Q6_K if i % 2 else T.Q4_K
        layer: dict[str, tuple[TensorType, tuple[int, ...]]] = {
            "attn_norm": (T.F32, (model.n_embd,)),
            "attn_q": (T.Q4_K, (query, model.n_embd)),
            "attn_k": (T.Q4_K, (shared, model.n_embd)),
            "attn_v": (down, (shared, model.n_embd)),
            "attn_output": (T.Q4_K, (model.n_embd, query)),
            "ffn_norm": (T.F32, (model.n_embd,)),
            "ffn_gate": (T.Q4_K, (model.n_ff, model.n_embd)),
            "ffn_up": (T.Q4_K, (model.n_ff, model.n_embd)),
            "ffn_down": (down, (model.n_embd, model.n_ff)),
        }
        shapes |= {f"blk.{i}.{name}.weight": spec for name, spec in layer.items()}
    infos = {}
    for name, (kind, shape) in shapes.items():
        rows = shape[0] if len(shape) > 1 else 1
        infos[name] = TensorInfo(name, shape, kind, 0, rows * kind.row_bytes(shape[-1]))
    return GGUFFile(
        [Path(f"{model.name}.gguf")], [], [GgufHeader(3, "little", _keys(model), {}, infos)]
    )


def _keys(model: Typical) -> dict[str, Any]:
    return {
        "general.architecture": "llama",
        "llama.context_length": 32768,
        "llama.embedding_length": model.n_embd,
        "llama.block_count": model.n_layer,
        "llama.feed_forward_length": model.n_ff,
        "llama.attention.head_count": model.n_head,
        "llama.attention.head_count_kv": model.n_head_kv,
        "llama.attention.key_length": model.head_dim,
        "llama.attention.value_length": model.head_dim,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "tokenizer.ggml.tokens": np.zeros(model.n_vocab, np.uint8),
        "tokenizer.ggml.merges": np.zeros(model.n_vocab, np.uint8),
    }
