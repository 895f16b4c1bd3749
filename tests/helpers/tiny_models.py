"""Tiny random llama models, written through our own GGUF writer, so that no test needs a download.

Weights are scaled so that activations stay near one. Rows of quantized tensors must be a multiple
of the type's block: for the K types choose n_embd and n_ff as multiples of 256.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from helpers.encoded import encoded
from numpy.typing import NDArray

from engine.weights.formats.gguf_values import MetaValue
from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType

WORDS = ("the", "and", "was", "little", "girl", "named", "once", "upon", "time", "there", "play")
LETTERS = "▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?'-:"
NORMAL, UNKNOWN, CONTROL, UNUSED, BYTE = 1, 2, 3, 5, 6
MIN_VOCAB = 3 + 256

Types = TensorType | Mapping[str, TensorType]


def tiny_vocabulary(n_vocab: int | None = None) -> tuple[list[str], list[float], list[int]]:
    """An SPM vocabulary: <unk> <s> </s>, 256 bytes, letters and the prefixes of some words."""
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    kinds = [UNKNOWN, CONTROL, CONTROL] + [BYTE] * 256
    scores = [0.0] * len(tokens)
    pieces = [f"▁{word}"[:n] for word in WORDS for n in range(2, len(word) + 2)]
    pieces = [*dict.fromkeys(pieces), *LETTERS]
    tokens += pieces
    kinds += [NORMAL] * len(pieces)
    scores += [-float(rank) for rank in range(len(pieces))]
    if n_vocab is None:
        n_vocab = -(-len(tokens) // 32) * 32
    assert n_vocab >= MIN_VOCAB, f"a tiny vocabulary has at least {MIN_VOCAB} tokens"
    extra = range(n_vocab - len(tokens))
    tokens = (tokens + [f"<unused{i}>" for i in extra])[:n_vocab]
    kinds = (kinds + [UNUSED for _ in extra])[:n_vocab]
    scores = (scores + [0.0 for _ in extra])[:n_vocab]
    return tokens, scores, kinds


def write_tiny_llama(
    path: str | Path,
    *,
    type: Types = TensorType.F32,
    n_embd: int = 64,
    n_head: int | list[int] = 4,
    n_head_kv: int | list[int] = 2,
    n_layer: int = 2,
    n_ff: int = 96,
    n_vocab: int | None = None,
    n_ctx: int = 512,
    head_dim: int | None = None,
    rope: Mapping[str, Any] | None = None,
    extra_metadata: Mapping[str, Any] | None = None,
    extra_tensors: Mapping[str, NDArray[np.float32]] | None = None,
    tied: bool = False,
    biases: bool = False,
    architecture: str = "llama",
    byte_order: str = "little",
    version: int = 3,
    seed: int = 0,
) -> Path:
    """Writes the model and returns its path.

    `type` is for all matrices, or per tensor name (others F32). `rope` holds keys such as
    "freq_base" or "scaling.type", written as "<architecture>.rope.<key>"; factor tensors
    ("rope_freqs.weight") go into `extra_tensors`. `n_head` and `n_head_kv` may be per layer.
    """
    tokens, scores, kinds = tiny_vocabulary(n_vocab)
    most_heads = n_head if isinstance(n_head, int) else max(n_head)
    dim = head_dim or n_embd // most_heads
    path = Path(path)
    with GGUFWriter(path, byte_order=byte_order, version=version) as writer:  # type: ignore[arg-type]
        metadata: dict[str, MetaValue] = {
            "general.architecture": architecture,
            "general.name": "tiny",
            f"{architecture}.context_length": n_ctx,
            f"{architecture}.embedding_length": n_embd,
            f"{architecture}.block_count": n_layer,
            f"{architecture}.feed_forward_length": n_ff,
            f"{architecture}.attention.head_count": n_head,
            f"{architecture}.attention.head_count_kv": n_head_kv,
            f"{architecture}.attention.layer_norm_rms_epsilon": 1e-5,
            "tokenizer.ggml.model": "llama",
            "tokenizer.ggml.tokens": tokens,
            "tokenizer.ggml.scores": scores,
            "tokenizer.ggml.token_type": kinds,
            "tokenizer.ggml.unknown_token_id": 0,
            "tokenizer.ggml.bos_token_id": 1,
            "tokenizer.ggml.eos_token_id": 2,
        }
        if head_dim is not None:
            metadata[f"{architecture}.attention.key_length"] = dim
            metadata[f"{architecture}.attention.value_length"] = dim
        metadata |= {f"{architecture}.rope.{key}": value for key, value in (rope or {}).items()}
        writer.set_all(metadata | dict(extra_metadata or {}))
        heads = [_per_layer(n, n_layer) for n in (n_head, n_head_kv)]
        shapes = _shapes(n_embd, n_layer, n_ff, len(tokens), dim, heads, tied, biases)
        _write_tensors(writer, shapes, type, dict(extra_tensors or {}), seed)
    return path


def _per_layer(value: int | list[int], n_layer: int) -> list[int]:
    return [value] * n_layer if isinstance(value, int) else value


def _shapes(
    n_embd: int,
    n_layer: int,
    n_ff: int,
    n_vocab: int,
    dim: int,
    heads: list[list[int]],
    tied: bool,
    biases: bool,
) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {"token_embd.weight": (n_vocab, n_embd)}
    for i in range(n_layer):
        query, shared = heads[0][i] * dim, heads[1][i] * dim
        layer: dict[str, tuple[int, ...]] = {
            "attn_norm": (n_embd,),
            "attn_q": (query, n_embd),
            "attn_k": (shared, n_embd),
            "attn_v": (shared, n_embd),
            "attn_output": (n_embd, query),
            "ffn_norm": (n_embd,),
            "ffn_gate": (n_ff, n_embd),
            "ffn_up": (n_ff, n_embd),
            "ffn_down": (n_embd, n_ff),
        }
        for name, shape in layer.items():
            if 0 in shape:  # a layer without attention has no tensors for it
                continue
            shapes[f"blk.{i}.{name}.weight"] = shape
            if biases and name in ("attn_q", "attn_k", "attn_v", "attn_output"):
                shapes[f"blk.{i}.{name}.bias"] = shape[:1]
    shapes["output_norm.weight"] = (n_embd,)
    if not tied:
        shapes["output.weight"] = (n_vocab, n_embd)
    return shapes


def _write_tensors(
    writer: GGUFWriter,
    shapes: dict[str, tuple[int, ...]],
    type: Types,
    extra: dict[str, NDArray[np.float32]],
    seed: int,
) -> None:
    for name, shape in shapes.items():
        writer.declare(name, shape, _type_of(name, shape, type))
    for name, values in extra.items():
        writer.declare(name, values.shape, TensorType.F32)
    random = np.random.default_rng(seed)
    for name, shape in shapes.items():
        writer.write(name, encoded(_type_of(name, shape, type), _values(name, shape, random)))
    for name, values in extra.items():
        writer.write(name, values.astype(np.float32))


def _type_of(name: str, shape: tuple[int, ...], type: Types) -> TensorType:
    if len(shape) == 1:
        return TensorType.F32
    return type if isinstance(type, TensorType) else type.get(name, TensorType.F32)


def _values(name: str, shape: tuple[int, ...], random: np.random.Generator) -> NDArray[np.float32]:
    values = random.standard_normal(shape, np.float32)
    if name.endswith("norm.weight"):
        return 1 + np.float32(0.1) * values
    if name.endswith(".bias"):
        return np.float32(0.1) * values
    if name == "token_embd.weight":
        return values
    return values / np.float32(math.sqrt(shape[-1]))
