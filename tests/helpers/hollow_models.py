"""Models of a well-known shape that take almost no room on the disk: F16 zeros as holes of the
file, with some rows of noise in every matrix.

To a program that reads them they are as large as real ones.
"""

import json
import math
import struct
from pathlib import Path
from typing import IO

import numpy as np
from helpers.tiny_checkpoints import CONFIGS, write_tokenizer

from engine.weights.formats.gguf_write import GGUFWriter
from engine.weights.types import TensorType

NOISY_ROWS = 64  # at the beginning of each matrix
SEVEN_B = {
    "hidden_size": 4096,
    "intermediate_size": 11008,
    "num_attention_heads": 32,
    "num_key_value_heads": 32,
    "vocab_size": 32000,
}


def write_hollow_folder(folder: Path, n_layer: int, shards: int = 1) -> int:
    """A Hugging Face folder of the 7B shape; returns the bytes that its weights seem to have."""
    folder.mkdir()
    config = CONFIGS["llama"] | SEVEN_B | {"num_hidden_layers": n_layer}
    (folder / "config.json").write_text(json.dumps(config))
    write_tokenizer(folder)
    shapes = _checkpoint_shapes(n_layer)
    homes = {name: i * shards // len(shapes) for i, name in enumerate(shapes)}
    files = {name: f"model-{no + 1:05d}-of-{shards:05d}.safetensors" for name, no in homes.items()}
    index = {"metadata": {}, "weight_map": files}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    for file in sorted({*files.values()}):
        own = {name: shape for name, shape in shapes.items() if files[name] == file}
        _write_shard(folder / file, own)
    return 2 * sum(map(math.prod, shapes.values()))


def _checkpoint_shapes(n_layer: int) -> dict[str, tuple[int, ...]]:
    embd, ff, vocab = (SEVEN_B[k] for k in ("hidden_size", "intermediate_size", "vocab_size"))
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens": (vocab, embd)}
    layer: dict[str, tuple[int, ...]] = {
        "input_layernorm": (embd,),
        "post_attention_layernorm": (embd,),
    }
    layer |= {f"self_attn.{name}_proj": (embd, embd) for name in "qkvo"}
    layer |= {f"mlp.{name}_proj": (ff, embd) for name in ("gate", "up")}
    layer["mlp.down_proj"] = (embd, ff)
    for i in range(n_layer):
        shapes |= {f"model.layers.{i}.{name}": shape for name, shape in layer.items()}
    shapes |= {"model.norm": (embd,), "lm_head": (vocab, embd)}
    return {f"{name}.weight": shape for name, shape in shapes.items()}


def _write_shard(path: Path, shapes: dict[str, tuple[int, ...]]) -> None:
    table, places, at = {}, {}, 0
    for name, shape in shapes.items():
        size = 2 * math.prod(shape)
        table[name] = {"dtype": "F16", "shape": shape, "data_offsets": [at, at + size]}
        places[name] = at
        at += size
    head = json.dumps(table).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(head)) + head)
        file.truncate(8 + len(head) + at)
        for name, shape in shapes.items():
            _make_noise(file, 8 + len(head) + places[name], shape)


def write_hollow_gguf(path: Path, n_layer: int) -> int:
    """A GGUF file of the 7B shape, without a vocabulary; returns its apparent size in bytes."""
    embd, ff, vocab = (SEVEN_B[k] for k in ("hidden_size", "intermediate_size", "vocab_size"))
    heads = SEVEN_B["num_attention_heads"]
    layer = {f"attn_{name}": (embd, embd) for name in ("q", "k", "v", "output")}
    layer |= {"ffn_gate": (ff, embd), "ffn_up": (ff, embd), "ffn_down": (embd, ff)}
    shapes = {"token_embd": (vocab, embd), "output": (vocab, embd)}
    for i in range(n_layer):
        shapes |= {f"blk.{i}.{name}": shape for name, shape in layer.items()}
    writer = GGUFWriter(path)
    writer.set("general.architecture", "llama")
    for key, value in (("block_count", n_layer), ("attention.head_count", heads)):
        writer.set(f"llama.{key}", value)
    for name, shape in shapes.items():
        writer.declare(f"{name}.weight", shape, TensorType.F16)
    layout = writer._layout()
    with path.open("wb") as file:
        file.write(layout.header)
        file.truncate(layout.ends[-1])
        for shape, start in zip(shapes.values(), layout.ends, strict=False):
            _make_noise(file, start, shape)
    return layout.ends[-1]


def _make_noise(file: IO[bytes], start: int, shape: tuple[int, ...]) -> None:
    rows = (min(NOISY_ROWS, shape[0]), *shape[1:])
    noise = np.random.default_rng(start).standard_normal(rows, np.float32) * 0.02
    file.seek(start)
    file.write(noise.astype(np.float16).tobytes())
