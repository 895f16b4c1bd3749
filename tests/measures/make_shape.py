"""Writes a GGUF of a known model's widths with random weights and fewer layers, for speed runs.

    python tests/measures/make_shape.py SHAPE OUT.gguf [--layers N] [--type Q4_K]

Speed does not depend on what weights say. Matrices that files usually keep better are Q6_K where
the others are Q4_K. Needs nothing but what the program has.
"""

import argparse
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType as T

Tensor = tuple[str, tuple[int, ...], str]  # name, shape, what it is: "", "better", "float", "ones"
VOCAB = 32000
OWN_CACHES = 6  # layers of Gemma 4 that keep keys and values; the others look at theirs


@dataclass(frozen=True)
class Shape:
    """Metadata of one architecture (without its prefix), and the tensors of each layer."""

    architecture: str
    layers: int
    embd: int
    keys: dict[str, Any]
    tensors: Callable[[int], Iterator[Tensor]]
    kind: str = "Q4_K"
    norm: str = "output_norm"
    around: tuple[Tensor, ...] = ()  # beside embedding, last norm and output


def _attention(embd: int, heads: int, kv: int, dim: int, *, norms: bool = False) -> Iterator[Tensor]:
    yield "attn_norm.weight", (embd,), "ones"
    yield "attn_q.weight", (heads * dim, embd), ""
    yield "attn_k.weight", (kv * dim, embd), ""
    yield "attn_v.weight", (kv * dim, embd), "better"
    yield "attn_output.weight", (embd, heads * dim), ""
    if norms:
        yield "attn_q_norm.weight", (dim,), "ones"
        yield "attn_k_norm.weight", (dim,), "ones"


def _feed(embd: int, ff: int, norm: str = "ffn_norm") -> Iterator[Tensor]:
    yield f"{norm}.weight", (embd,), "ones"
    yield "ffn_gate.weight", (ff, embd), ""
    yield "ffn_up.weight", (ff, embd), ""
    yield "ffn_down.weight", (embd, ff), "better"


def _experts(embd: int, ff: int, n: int, *, kind: str = "") -> Iterator[Tensor]:
    yield "ffn_gate_inp.weight", (n, embd), "float"
    yield "ffn_gate_exps.weight", (n, ff, embd), kind
    yield "ffn_up_exps.weight", (n, ff, embd), kind
    yield "ffn_down_exps.weight", (n, embd, ff), kind


def _qwen3_30b(i: int) -> Iterator[Tensor]:
    yield from _attention(2048, 32, 4, 128, norms=True)
    yield "ffn_norm.weight", (2048,), "ones"
    yield from _experts(2048, 768, 128)


def _gpt_oss_20b(i: int) -> Iterator[Tensor]:
    yield from _attention(2880, 64, 8, 64)
    for name, width in (("q", 4096), ("k", 512), ("v", 512), ("output", 2880)):
        yield f"attn_{name}.bias", (width,), "float"
    yield "attn_sinks.weight", (64,), "float"
    yield "post_attention_norm.weight", (2880,), "ones"
    yield from _experts(2880, 2880, 32, kind="experts")
    yield "ffn_gate_inp.bias", (32,), "float"
    for name in ("gate", "up", "down"):
        yield f"ffn_{name}_exps.bias", (32, 2880), "float"


def _qwen35_4b(i: int) -> Iterator[Tensor]:
    if i % 4 == 3:
        for name, shape, what in _attention(2560, 16, 4, 256, norms=True):
            yield name, (2 * shape[0], shape[1]) if name == "attn_q.weight" else shape, what
    else:
        yield "attn_norm.weight", (2560,), "ones"
        yield "attn_qkv.weight", (8192, 2560), ""
        yield "attn_gate.weight", (4096, 2560), ""
        yield "ssm_beta.weight", (32, 2560), "float"
        yield "ssm_alpha.weight", (32, 2560), "float"
        yield "ssm_conv1d.weight", (8192, 4), "float"
        yield "ssm_dt.bias", (32,), "float"
        yield "ssm_a", (32,), "decay"
        yield "ssm_norm.weight", (128,), "ones"
        yield "ssm_out.weight", (2560, 4096), ""
    yield from _feed(2560, 9216, "post_attention_norm")


def _lfm25_1b(i: int) -> Iterator[Tensor]:
    if i % 3 == 2:
        yield from _attention(2048, 32, 8, 64, norms=True)
    else:
        yield "attn_norm.weight", (2048,), "ones"
        yield "shortconv.in_proj.weight", (6144, 2048), ""
        yield "shortconv.conv.weight", (2048, 3), "float"
        yield "shortconv.out_proj.weight", (2048, 2048), ""
    yield from _feed(2048, 8192)


def _gemma4_e4b(i: int) -> Iterator[Tensor]:
    dim, embd = 512 if i % 6 == 5 else 256, 2560
    for name, shape, what in _attention(embd, 8, 2, dim, norms=True):
        if i < OWN_CACHES or "attn_k" not in name and "attn_v" not in name:
            yield name, shape, what
    yield from _feed(embd, 10240)
    for name in ("post_norm", "post_attention_norm", "post_ffw_norm"):
        yield f"{name}.weight", (embd,), "ones"
    yield "inp_gate.weight", (256, embd), ""
    yield "proj.weight", (embd, 256), ""
    yield "layer_output_scale.weight", (1,), "ones"


def _heads(n: int, kv: int, dim: int) -> dict[str, Any]:
    return {
        "attention.head_count": n,
        "attention.head_count_kv": kv,
        "attention.key_length": dim,
        "attention.value_length": dim,
    }


SHAPES = {
    "qwen3-30b-a3b": Shape(
        "qwen3moe",
        8,
        2048,
        _heads(32, 4, 128)
        | {
            "feed_forward_length": 6144,
            "expert_count": 128,
            "expert_used_count": 8,
            "expert_feed_forward_length": 768,
            "rope.freq_base": 1e6,
        },
        _qwen3_30b,
    ),
    "gpt-oss-20b": Shape(
        "gpt-oss",
        6,
        2880,
        _heads(64, 8, 64)
        | {
            "feed_forward_length": 2880,
            "expert_count": 32,
            "expert_used_count": 4,
            "expert_feed_forward_length": 2880,
            "rope.freq_base": 150000.0,
            "rope.scaling.type": "yarn",
            "rope.scaling.factor": 32.0,
            "rope.scaling.original_context_length": 4096,
            "attention.sliding_window": 128,
        },
        _gpt_oss_20b,
        "Q8_0",
    ),
    "qwen3.5-4b": Shape(
        "qwen35",
        12,
        2560,
        _heads(16, 4, 256)
        | {
            "feed_forward_length": 9216,
            "ssm.conv_kernel": 4,
            "ssm.state_size": 128,
            "ssm.group_count": 16,
            "ssm.time_step_rank": 32,
            "ssm.inner_size": 4096,
            "full_attention_interval": 4,
            "rope.dimension_count": 64,
            "rope.dimension_sections": [11, 11, 10, 0],
            "rope.freq_base": 1e7,
        },
        _qwen35_4b,
    ),
    "lfm2.5-1.2b": Shape(
        "lfm2",
        16,
        2048,
        _heads(32, 8, 64)
        | {
            "feed_forward_length": 8192,
            "shortconv.l_cache": 3,
            "attention.head_count_kv": [8 if i % 3 == 2 else 0 for i in range(16)],
            "rope.freq_base": 1e6,
        },
        _lfm25_1b,
        norm="token_embd_norm",
    ),
    "gemma4-e4b": Shape(
        "gemma4",
        12,
        2560,
        _heads(8, 2, 512)
        | {
            "feed_forward_length": 10240,
            "attention.key_length_swa": 256,
            "attention.value_length_swa": 256,
            "attention.sliding_window": 512,
            "attention.sliding_window_pattern": [i % 6 != 5 for i in range(12)],
            "attention.shared_kv_layers": 12 - OWN_CACHES,
            "embedding_length_per_layer_input": 256,
            "final_logit_softcapping": 30.0,
            "rope.dimension_count": 512,
            "rope.dimension_count_swa": 256,
            "rope.freq_base": 1e6,
            "rope.freq_base_swa": 1e4,
        },
        _gemma4_e4b,
        around=(
            ("per_layer_token_embd.weight", (VOCAB, 12 * 256), ""),
            ("per_layer_model_proj.weight", (12 * 256, 2560), ""),
            ("per_layer_proj_norm.weight", (256,), "ones"),
            ("rope_freqs.weight", (256,), "ones"),
        ),
    ),
}


def random_blocks(random: np.random.Generator, kind: T, rows: int, cols: int) -> NDArray[np.uint8]:
    """Raw rows of a type, whose values are finite and small (spread near 0.02)."""
    if kind is T.F32:
        return (random.standard_normal((rows, cols), np.float32) * 0.02).view(np.uint8)
    size, block_bytes = kind.block, kind.row_bytes(kind.block)
    raw = random.integers(0, 256, (rows * cols // size, block_bytes), np.uint8)
    for offset, value in {
        T.Q8_0: ((0, 0.02 / 74),),
        T.Q4_0: ((0, 0.02 / 5),),
        T.Q4_K: ((0, 0.02 / 5 / 31), (2, 0.02 / 60)),
        T.Q6_K: ((208, 0.02 / 18 / 74),),
        T.MXFP4: (),
    }[kind]:
        raw[:, offset : offset + 2] = np.full((len(raw), 1), value, np.float16).view(np.uint8)
    if kind is T.MXFP4:
        raw[:, 0] = 119  # 2^-8
    return raw.reshape(rows, -1)


def write(shape: Shape, path: Path, layers: int, kind: T) -> None:
    random, better = np.random.default_rng(0), T.Q6_K if kind is T.Q4_K else kind
    kinds = {"": kind, "better": better, "experts": T.MXFP4}
    tensors: list[Tensor] = [
        ("token_embd.weight", (VOCAB, shape.embd), ""),
        (f"{shape.norm}.weight", (shape.embd,), "ones"),
        ("output.weight", (VOCAB, shape.embd), "better"),
        *shape.around,
    ]
    for i in range(layers):
        tensors += [(f"blk.{i}.{name}", size, what) for name, size, what in shape.tensors(i)]
    with GGUFWriter(path) as writer:
        _describe(writer, shape, layers)
        for name, size, what in tensors:
            writer.declare(name, size, kinds.get(what, T.F32))
        for name, size, what in tensors:
            rows, cols = math.prod(size[:-1]), size[-1]
            if what in kinds:
                writer.write_rows(name, random_blocks(random, kinds[what], rows, cols))
                continue
            fixed = {"ones": 1.0, "decay": -0.5}.get(what)
            values = random.standard_normal(size, np.float32) * np.float32(0.02)
            writer.write(name, values if fixed is None else np.full(size, fixed, np.float32))


def _describe(writer: GGUFWriter, shape: Shape, layers: int) -> None:
    own = {
        "context_length": 8192,
        "embedding_length": shape.embd,
        "block_count": layers,
        "attention.layer_norm_rms_epsilon": 1e-6,
        "vocab_size": VOCAB,
    } | shape.keys
    writer.set("general.architecture", shape.architecture)
    for key, value in own.items():
        cut = value[:layers] if isinstance(value, list) and len(value) > 4 else value
        writer.set(f"{shape.architecture}.{key}", cut)
    letters = ["<unk>", "<s>", "</s>", *(f"<0x{i:02X}>" for i in range(256))]
    words = [f"w{i}" for i in range(VOCAB - len(letters))]
    writer.set("tokenizer.ggml.model", "llama")
    writer.set("tokenizer.ggml.tokens", letters + words)
    writer.set("tokenizer.ggml.scores", [0.0] * len(letters) + [-float(i) for i in range(len(words))])
    writer.set("tokenizer.ggml.token_type", [2, 3, 3, *[6] * 256, *[1] * len(words)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("out", type=Path)
    parser.add_argument("--layers", type=int, default=0)
    parser.add_argument("--type", default="")
    asked = parser.parse_args()
    chosen = SHAPES[asked.shape]
    write(chosen, asked.out, asked.layers or chosen.layers, T[asked.type or chosen.kind])
