"""Models of real sizes with random weights: for figures of memory and speed, which do not depend on
what the weights say. Written as raw blocks, a few seconds a gigabyte.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from helpers.tiny_models import tiny_vocabulary
from numpy.typing import NDArray

from engine.weights.formats.gguf import open_gguf
from engine.weights.formats.gguf_values import MetaValue
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType

T = TensorType
# Where in a block a float16 stands that scales it, and what gives values of about 0.02.
SCALES = {
    T.Q4_0: {0: 4e-3},
    T.Q8_0: {0: 2.7e-4},
    T.Q4_K: {0: 1.3e-4, 2: 3.3e-4},
    T.Q6_K: {208: 1.5e-5},
    T.IQ4_XS: {0: 1.5e-5},
}
PIECE = 1 << 24  # bytes


@dataclass(frozen=True)
class Shape:
    """A llama of these sizes; `down`: the type of half of the `ffn_down` and `attn_v`; `window`:
    how far every second layer sees, as in Gemma 2."""

    n_layer: int
    n_embd: int
    n_ff: int
    n_head: int
    n_head_kv: int
    n_vocab: int = 32000
    n_ctx: int = 8192
    type: TensorType = T.Q8_0
    down: TensorType | None = None
    head_dim: int = 0
    tied: bool = False
    window: int = 0


SHAPES = {
    "stories15m": Shape(6, 288, 768, 6, 6, n_ctx=256),
    "stories110m": Shape(12, 768, 2048, 12, 12, n_ctx=1024, type=T.F16),
    "qwen-0.5b": Shape(24, 1024, 4864, 16, 2, 151936, type=T.Q4_K, down=T.Q6_K, tied=True),
    "tinyllama-1.1b": Shape(22, 2048, 5632, 32, 4, type=T.Q4_K, down=T.Q6_K),
}


def write_random(path: Path, shape: Shape, vocabulary: Path | None = None, seed: int = 0) -> Path:
    """vocabulary: a GGUF file whose tokenizer is taken; else words of a toy."""
    random = np.random.default_rng(seed)
    dim = shape.head_dim or shape.n_embd // shape.n_head
    metadata, n_vocab = tokenizer_metadata(shape.n_vocab, vocabulary)
    with GGUFWriter(path) as writer:
        writer.set_all(
            metadata
            | {
                "general.architecture": "llama",
                "general.name": path.stem,
                "llama.context_length": shape.n_ctx,
                "llama.embedding_length": shape.n_embd,
                "llama.block_count": shape.n_layer,
                "llama.feed_forward_length": shape.n_ff,
                "llama.attention.head_count": shape.n_head,
                "llama.attention.head_count_kv": shape.n_head_kv,
                "llama.attention.key_length": dim,
                "llama.attention.value_length": dim,
                "llama.attention.layer_norm_rms_epsilon": 1e-5,
            }
        )
        if shape.window:
            writer.set("llama.attention.sliding_window", shape.window)
            writer.set("llama.attention.sliding_window_pattern", 2)
        tensors = _tensors(shape, n_vocab, dim)
        for name, (kind, rows, columns) in tensors.items():
            writer.declare(name, (rows, columns) if rows else (columns,), kind)
        for name, (kind, rows, columns) in tensors.items():
            step = max(1, PIECE // kind.row_bytes(columns))
            for start in range(0, max(1, rows), step):
                n = min(step, max(1, rows) - start)
                writer.write_rows(name, blocks(kind, n, columns, random))
    return path


def tokenizer_metadata(n_vocab: int, vocabulary: Path | None) -> tuple[dict[str, MetaValue], int]:
    if vocabulary is not None:
        with open_gguf(vocabulary) as file:
            own = {k: v for k, v in file.metadata.items() if k.startswith("tokenizer.")}
        return own, len(file.metadata["tokenizer.ggml.tokens"])  # type: ignore[arg-type]
    tokens, scores, kinds = tiny_vocabulary(n_vocab)
    return {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.scores": scores,
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
    }, n_vocab


def _tensors(shape: Shape, n_vocab: int, dim: int) -> dict[str, tuple[TensorType, int, int]]:
    """(type, rows, columns) of each; no rows: a vector."""
    large = shape.down or shape.type
    found = {"token_embd.weight": (large if shape.tied else shape.type, n_vocab, shape.n_embd)}
    query, shared = shape.n_head * dim, shape.n_head_kv * dim
    for i in range(shape.n_layer):
        down = large if i % 2 else shape.type
        layer = {
            "attn_norm": (T.F32, 0, shape.n_embd),
            "attn_q": (shape.type, query, shape.n_embd),
            "attn_k": (shape.type, shared, shape.n_embd),
            "attn_v": (down, shared, shape.n_embd),
            "attn_output": (shape.type, shape.n_embd, query),
            "ffn_norm": (T.F32, 0, shape.n_embd),
            "ffn_gate": (shape.type, shape.n_ff, shape.n_embd),
            "ffn_up": (shape.type, shape.n_ff, shape.n_embd),
            "ffn_down": (down, shape.n_embd, shape.n_ff),
        }
        found |= {f"blk.{i}.{name}.weight": spec for name, spec in layer.items()}
    found["output_norm.weight"] = (T.F32, 0, shape.n_embd)
    if not shape.tied:
        found["output.weight"] = (large, n_vocab, shape.n_embd)
    return found


def blocks(
    kind: TensorType, rows: int, columns: int, random: np.random.Generator
) -> NDArray[np.uint8]:
    """uint8 [rows, row_bytes] of finite, small values."""
    if kind is T.F32:
        values = 1 + np.float32(0.1) * random.standard_normal((rows, columns), np.float32)
        return values.view(np.uint8)
    if kind in (T.F16, T.BF16):
        values = np.float32(0.02) * random.standard_normal((rows, columns), np.float32)
        half = values.astype(np.float16) if kind is T.F16 else _bf16(values)
        return half.view(np.uint8)
    raw = random.integers(0, 256, (rows * columns // kind.block, kind.block_bytes), np.uint8)
    for offset, scale in SCALES[kind].items():
        raw[:, offset : offset + 2] = np.full((len(raw), 1), scale, np.float16).view(np.uint8)
    return raw.reshape(rows, -1)


def _bf16(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    return (values.view(np.uint32) >> 16).astype(np.uint16)
