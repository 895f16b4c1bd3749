"""A tiny Llama with random weights as Hugging Face keeps one, for trying what was installed.

Standard library only: it is made beside the program, not with it. About 2 MB.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from random import Random
from typing import Any

WIDTH, HIDDEN, LAYERS, HEADS = 256, 512, 1, 4
SPECIAL = ("<|im_start|>", "<|im_end|>")
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write(folder: Path) -> Path:
    """config.json, tokenizer.json, tokenizer_config.json, model.safetensors."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = byte_letters()
    n_vocab = len(letters) + len(SPECIAL)
    for name, content in (
        ("config.json", _config(n_vocab)),
        ("tokenizer.json", _tokenizer(letters)),
        ("tokenizer_config.json", {"eos_token": SPECIAL[1], "chat_template": TEMPLATE}),
    ):
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    _write_weights(folder / "model.safetensors", _shapes(n_vocab))
    return folder


def byte_letters() -> list[str]:
    """A letter for each byte, those that cannot be seen moved behind the first 256."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in seen]
    moved = dict(zip(hidden, range(256, 512), strict=False))
    return [chr(moved.get(byte, byte)) for byte in range(256)]


def _config(n_vocab: int) -> dict[str, Any]:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": n_vocab,
        "hidden_size": WIDTH,
        "intermediate_size": HIDDEN,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": HEADS,
        "max_position_embeddings": 512,
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "hidden_act": "silu",
        "tie_word_embeddings": True,
        "bos_token_id": None,
        "eos_token_id": n_vocab - 1,
        "torch_dtype": "float32",
    }


def _tokenizer(letters: list[str]) -> dict[str, Any]:
    """One token for each byte: nothing is merged."""
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    added = [
        {"id": len(letters) + n, "content": text, "special": True, **flags}
        for n, text in enumerate(SPECIAL)
    ]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    model = {
        "type": "BPE",
        "vocab": {letter: n for n, letter in enumerate(letters)},
        "merges": [],
        "byte_fallback": False,
        "fuse_unk": False,
    }
    return {
        "version": "1.0",
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": {**level, "use_regex": True},
        "post_processor": None,
        "decoder": {**level, "use_regex": True},
        "model": model,
    }


def _shapes(n_vocab: int) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (n_vocab, WIDTH)}
    for n in range(LAYERS):
        layer = f"model.layers.{n}."
        for name in ("input_layernorm", "post_attention_layernorm"):
            found[f"{layer}{name}.weight"] = (WIDTH,)
        for name in "qkvo":
            found[f"{layer}self_attn.{name}_proj.weight"] = (WIDTH, WIDTH)
        for name in ("gate", "up"):
            found[f"{layer}mlp.{name}_proj.weight"] = (HIDDEN, WIDTH)
        found[f"{layer}mlp.down_proj.weight"] = (WIDTH, HIDDEN)
    return {**found, "model.norm.weight": (WIDTH,)}


def _write_weights(path: Path, shapes: dict[str, tuple[int, ...]]) -> None:
    """float32, whole sums of noise small enough that what comes out stays of its size."""
    chance, table, at, parts = Random(18), {}, 0, []
    for name, shape in shapes.items():
        n = shape[0] * (shape[1] if len(shape) > 1 else 1)
        spread = 1.5 / shape[-1] ** 0.5
        values = (
            [1.0] * n if len(shape) == 1 else [chance.uniform(-spread, spread) for _ in range(n)]
        )
        data = struct.pack(f"<{n}f", *values)
        table[name] = {
            "dtype": "F32",
            "shape": list(shape),
            "data_offsets": [at, at + len(data)],
        }
        at += len(data)
        parts.append(data)
    head = json.dumps(table).encode()
    head += b" " * (-len(head) % 8)
    path.write_bytes(struct.pack("<Q", len(head)) + head + b"".join(parts))
