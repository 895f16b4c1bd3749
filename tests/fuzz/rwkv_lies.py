"""RWKV's own files that lie: tensors of other shapes, under other names or not there, and the
vocabulary beside them."""

from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np
from fuzz import evil
from helpers.rwkv_files import own_names, write_world
from helpers.tiny_checkpoints import weights_of
from helpers.torch_files import write_torch
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.float32]]
NAMES = ("rwkv6_one_head", "rwkv7_one_head")
TELLING = ("emb.weight", "att.r_k", "att.w1", "att.g1", "time_maa", "time_faaaa", "decay_w1")


@lru_cache(maxsize=4)
def _base(name: str) -> Arrays:
    own = own_names(name.partition("_")[0], weights_of(name))
    return {key: np.ascontiguousarray(values) for key, values in own.items()}


def case(rng: Random, folder: Path) -> Path:
    """One file with one to three lies in it, its vocabulary with up to two."""
    arrays = dict(_base(rng.choice(NAMES)))
    for _ in range(rng.choice((1, 1, 2, 3))):
        _bend(rng, arrays)
    for old in folder.iterdir():
        old.unlink()
    _words(rng, write_world(folder))
    return write_torch(folder / "m.pth", arrays)


def _bend(rng: Random, arrays: Arrays) -> None:
    telling = [name for name in arrays if any(each in name for each in TELLING)]
    name = rng.choice(telling if telling and rng.random() < 0.5 else list(arrays))
    values = arrays[name]
    match rng.randrange(6):
        case 0:
            del arrays[name]
        case 1:
            arrays[rng.choice(("blocks.99.att.w1", "blocks.0.att.odd", f"{name}.weight"))] = values
        case 2:
            arrays[name] = values.reshape(-1)
        case 3:
            arrays[name] = np.zeros((0,) * values.ndim, np.float32)
        case 4:
            shape = [max(0, n + rng.choice((-1, 1, 0, 5, 64))) for n in values.shape]
            arrays[name] = np.zeros(shape, np.float32)
        case _:
            arrays[name] = values.reshape(1, *values.shape)


def _words(rng: Random, path: Path) -> None:
    lines = path.read_text("utf-8").split("\n")
    for _ in range(rng.choice((0, 0, 1, 2))):
        at = rng.randrange(len(lines))
        match rng.randrange(4):
            case 0:
                del lines[at]
            case 1:
                lines[at] = f"{evil.integer(rng)} 'a' 1"
            case 2:
                lines[at] = f"{at + 1} {rng.choice(evil.TEXTS)!r} {evil.integer(rng)}"
            case _:
                lines.insert(at, lines[at])
    path.write_text("\n".join(lines), "utf-8", errors="surrogatepass")
