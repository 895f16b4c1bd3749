"""Folders of every family whose tensors lie: not there, twice, of another shape or type, strangers;
config.json is sound."""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from helpers.tiny_checkpoints import CONFIGS, weights_of, write_folder, write_safetensors
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
NAMES = tuple(CONFIGS)
TYPES = ("float16", "float64", "int8", "int32", "int64", "uint8", "uint16")
STRANGERS = (
    *("model.layers.99.mlp.up_proj.weight", "model.layers.0.mlp.odd.weight", "lm_head.bias"),
    *("model.layers.0.self_attn.q_proj.weight_scale", "mtp.x", "model.norm.weight", ""),
    *("model.layers.0.mlp.experts.7.up_proj.weight", "model.layers.0.self_attn.q_proj.qweight"),
)


def case(rng: Random, folder: Path) -> Path:
    name = rng.choice(NAMES)
    arrays: Arrays = dict(weights_of(name))
    for _ in range(rng.choice((1, 1, 2, 3))):
        bend(rng, arrays, (), STRANGERS)
    for old in folder.iterdir():
        old.unlink()
    write_folder(folder, name)
    write_safetensors(folder / "model.safetensors", arrays)
    return folder


def bend(rng: Random, arrays: Arrays, telling: Sequence[str], strangers: Sequence[str]) -> None:
    """One lie; `telling`: parts of names that are likelier. Sizes stay moderate."""
    likely = [name for name in arrays if any(each in name for each in telling)]
    name = rng.choice(likely if likely and rng.random() < 0.5 else list(arrays))
    values = arrays[name]
    match rng.randrange(8):
        case 0:
            del arrays[name]
        case 1:
            arrays[rng.choice((*strangers, f"{name}.weight", f"x.{name}"))] = values
        case 2:
            arrays[name] = values.reshape(-1)
        case 3:
            arrays[name] = np.zeros((0,) * values.ndim, values.dtype)
        case 4:
            shape = [max(0, n + rng.choice((-1, 1, 0, 5, 64))) for n in values.shape]
            arrays[name] = np.zeros(shape, values.dtype)
        case 5:
            arrays[name] = values.T.copy()
        case 6:
            arrays[rng.choice(list(arrays))] = values
        case _:
            arrays[name] = values.reshape(1, *values.shape)
    if telling:
        return  # a file that holds float32 alone
    if rng.random() < 0.2:
        other = rng.choice(list(arrays))
        with np.errstate(all="ignore"):
            arrays[other] = arrays[other].astype(rng.choice(TYPES))
