"""Folders as Hugging Face has them, with bent JSON: config, tokenizer, index, adapter, settings."""

import json
import struct
from functools import lru_cache
from pathlib import Path
from random import Random
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import numpy as np
from fuzz import evil
from helpers.tiny_checkpoints import CONFIGS, write_folder

BENT = (
    *("config.json", "config.json", "tokenizer.json", "tokenizer.json", "tokenizer_config.json"),
    *("generation_config.json", "special_tokens_map.json", "added_tokens.json"),
    *("model.safetensors.index.json", "quantize_config.json"),
)
NORMALIZERS = (
    {"type": "NFC"},
    {"type": "Prepend", "prepend": "▁"},
    {"type": "Sequence", "normalizers": []},
    {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
)
ADAPTER = {
    "peft_type": "LORA",
    "lora_alpha": 16,
    "target_modules": ["q_proj"],
    "base_model_name_or_path": "/nowhere",
    "bias": "none",
    "fan_in_fan_out": False,
}
TOKENS = ("<s>", "</s>", "th", "zzz", "<|new|>")


@lru_cache(maxsize=1)
def bases() -> tuple[dict[str, bytes], ...]:
    """The files of sound folders, by name."""
    found = []
    for name in CONFIGS:
        folder = Path(mkdtemp(prefix="chaski-fuzz-"))
        write_folder(folder, name)
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
        files["generation_config.json"] = json.dumps({"eos_token_id": [1, 2]}).encode()
        files["special_tokens_map.json"] = json.dumps(
            {"bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": False}}
        ).encode()
        files["added_tokens.json"] = json.dumps({"<s>": 0, "</s>": 1}).encode()
        found.append(files)
        rmtree(folder)
    return tuple(found)


def case(rng: Random, folder: Path) -> Path:
    """Writes one folder with one to three of its files bent."""
    files = dict(rng.choice(bases()))
    for name in ("special_tokens_map.json", "added_tokens.json", "generation_config.json"):
        if rng.random() < 0.5:
            del files[name]
    for _ in range(rng.choice((1, 1, 2, 3))):
        _bend(rng, files, rng.choice(BENT))
    for old in folder.iterdir():
        old.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def _bend(rng: Random, files: dict[str, bytes], name: str) -> None:
    if name == "model.safetensors.index.json":
        files[name] = _index(rng, files)
    if name not in files:
        files[name] = evil.as_json(evil.tree(rng))
        return
    try:
        tree = json.loads(files[name])
    except (ValueError, RecursionError):
        return
    if name == "tokenizer.json":
        tree = _other_tokenizer(rng, tree)
    files[name] = evil.as_json(evil.mutate_tree(rng, tree))
    if rng.random() < 0.05:
        files[name] = evil.mutate_bytes(rng, files[name])


def _index(rng: Random, files: dict[str, bytes]) -> bytes:
    weights = files.get("model.safetensors", b"\0" * 8)
    (length,) = struct.unpack("<Q", weights[:8])
    names = list(json.loads(weights[8 : 8 + length] or b"{}"))
    files_named = rng.choice((["model.safetensors"], ["../x", "model.safetensors"], ["gone.bin"]))
    return json.dumps({"weight_map": {n: rng.choice(files_named) for n in names}}).encode()


def _other_tokenizer(rng: Random, tree: dict[str, Any]) -> dict[str, Any]:
    """Parts that real files have and the tiny one lacks, so that they are bent, too."""
    if rng.random() < 0.4:
        tree["normalizer"] = rng.choice(NORMALIZERS)
    if rng.random() < 0.4:
        split = {
            "type": "Split",
            "pattern": {"Regex": rng.choice((r"\s+|\w+", "(a+)+$", "["))},
            "behavior": rng.choice(("Isolated", "Removed")),
            "invert": rng.random() < 0.5,
        }
        tree["pre_tokenizer"] = {
            "type": "Sequence",
            "pretokenizers": [split, tree.get("pre_tokenizer")],
        }
    if rng.random() < 0.4:
        part = {"SpecialToken": {"id": rng.choice(TOKENS), "type_id": 0}}
        tree["post_processor"] = {
            "type": "TemplateProcessing",
            "single": [part, {"Sequence": {"id": "A", "type_id": 0}}],
            "special_tokens": {
                t: {"id": t, "ids": [i], "tokens": [t]} for i, t in enumerate(TOKENS)
            },
        }
    if rng.random() < 0.3:
        token = {"id": rng.randrange(400), "content": rng.choice(TOKENS), "special": True}
        added = tree.get("added_tokens")
        if isinstance(added, list):  # an earlier lie may have made something else of it
            added.append(token | {"lstrip": True, "single_word": True})
    return tree


def adapter(rng: Random, folder: Path) -> Path:
    """A LoRA folder with a bent configuration and weights that may not fit."""
    random = np.random.default_rng(rng.randrange(2**32))
    stem = "base_model.model.model.layers.0.self_attn.q_proj.lora_"
    rank, n_embd = rng.choice((1, 2, 8)), rng.choice((32, 32, 32, 31))
    arrays = {
        stem + "A.weight": random.standard_normal((rank, n_embd), np.float32),
        stem + "B.weight": random.standard_normal((n_embd, rank), np.float32),
    }
    table, at = {}, 0
    for name, values in arrays.items():
        shape = list(values.shape)
        table[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + values.nbytes]}
        at += values.nbytes
    bent = evil.mutate_tree(rng, table) if rng.random() < 0.4 else table
    head = evil.as_json(bent)
    data = b"".join(values.tobytes() for values in arrays.values())
    config = ADAPTER | {"r": rank}
    (folder / "config.json").write_bytes(bases()[0]["config.json"])
    (folder / "adapter_config.json").write_bytes(evil.as_json(evil.mutate_tree(rng, config)))
    (folder / "adapter_model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + data)
    return folder
