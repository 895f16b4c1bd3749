"""RWKV's own files that lie: tensors of other shapes, under other names or not there, and the
vocabulary beside them."""

from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np
from fuzz import evil
from fuzz.tensor_lies import Arrays, bend
from helpers.rwkv_files import own_names, write_world
from helpers.tiny_checkpoints import weights_of
from helpers.torch_files import write_torch

NAMES = ("rwkv6_one_head", "rwkv7_one_head")
STRANGERS = ("blocks.99.att.w1", "blocks.0.att.odd")
TELLING = ("emb.weight", "att.r_k", "att.w1", "att.g1", "time_maa", "time_faaaa", "decay_w1")


@lru_cache(maxsize=4)
def _base(name: str) -> Arrays:
    own = own_names(name.partition("_")[0], weights_of(name))
    return {key: np.ascontiguousarray(values) for key, values in own.items()}


def case(rng: Random, folder: Path) -> Path:
    """One file with one to three lies in it, its vocabulary with up to two."""
    arrays = dict(_base(rng.choice(NAMES)))
    for _ in range(rng.choice((1, 1, 2, 3))):
        bend(rng, arrays, TELLING, STRANGERS)
    for old in folder.iterdir():
        old.unlink()
    _words(rng, write_world(folder))
    return write_torch(folder / "m.pth", arrays)


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
