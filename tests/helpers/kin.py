"""Families that transformers has no class for, made of files of its kin: GLM 4.5's graph."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from helpers.open_tiny import drive
from helpers.rewritten import read_floats, write_floats
from helpers.tiny_checkpoints import Arrays, write_folder

from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert

TURNING = 8  # columns of a head


def fused(arrays: Arrays) -> Arrays:
    """Query, key and value of a layer below one another."""
    found = dict(arrays)
    for name in arrays:
        if ".attn_q." in name:
            parts = [found.pop(name.replace("attn_q", f"attn_{part}")) for part in "qkv"]
            found[name.replace("attn_q", "attn_qkv")] = np.concatenate(parts)
    return found


def in_pairs(arrays: Arrays) -> Arrays:
    """Columns that turn together as neighbours, not as halves."""
    found = dict(arrays)
    for name, values in arrays.items():
        if ".attn_q." in name or ".attn_k." in name:
            heads = values.reshape(-1, 16, *values.shape[1:])
            order = np.arange(TURNING).reshape(2, -1).T.reshape(-1)
            order = np.concatenate([order, np.arange(TURNING, 16)])
            found[name] = heads[:, order].reshape(values.shape)
    return found


# Architecture, the checkpoint whose logits it must give, what is done to the weights.
KIN: tuple[tuple[str, str, Callable[[Arrays], Arrays]], ...] = (
    ("bailingmoe2", "glm45_groups", fused),
    ("bailingmoe2", "glm45_air", fused),
    ("deepseek", "glm45_air", in_pairs),
)


def write_kin(
    folder: Path, architecture: str, name: str, change: Callable[[Arrays], Arrays]
) -> Path:
    """The checkpoint's weights in a file of the other architecture, with its vocabulary."""
    path = folder / "glm.gguf"
    drive(convert(write_folder(folder / "hf", name), path))
    keys, arrays = read_floats(path)
    keys = {k.replace("glm4moe.", f"{architecture}."): v for k, v in keys.items()}
    words = open_gguf(path).metadata.items()
    keys |= {k: v for k, v in words if k.startswith("tokenizer.")}
    keys["general.architecture"] = architecture
    renamed = {k.replace("post_attention_norm", "ffn_norm"): v for k, v in change(arrays).items()}
    return write_floats(folder / "other.gguf", keys, renamed)
