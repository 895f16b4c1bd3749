"""Files of every family that lie: its own keys above all, and its tensors.

Each begins with one of the families' tiny checkpoints (tests/families), converted. What is asked of
it: what it is, what it would need, and a few tokens on the reference backend.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from fuzz import evil, gguf_lies
from fuzz.gguf_lies import ARRAY, BOOL, F32, I32, STRING, U32, File, Key
from helpers.open_tiny import drive
from helpers.tiny_checkpoints import CONFIGS, write_folder

from engine.architectures import build_graph
from engine.base.settings import LoadOptions
from engine.compute.backends import BatchEntry
from engine.fit import forecast
from engine.inspect import contents
from engine.model import open_model
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert import convert

NAMES = tuple(CONFIGS)
TYPES = ("f32", "f32", "f16", "q8_0")
REFERENCE = LoadOptions(backend="reference", cache_type="f32", batch=8, threads=1, n_ctx=32)
FEW = 5  # tokens that are read
# Numbers that some key of a family must not be.
COUNTS = (0, 1, 2, 3, 4, 5, 7, 16, 31, 33, 64, 4096, 2**31 - 1, 2**32 - 1)


@lru_cache(maxsize=64)
def base(name: str, out_type: str) -> File:
    with TemporaryDirectory() as folder:
        out = Path(folder) / "m.gguf"
        drive(convert(write_folder(Path(folder) / "hf", name), out, out_type=out_type))
        return gguf_lies.described(out)


def own_keys(file: File) -> list[Key]:
    family = file.key("general.architecture")
    prefix = gguf_lies._as_bytes(family.value) + b"." if family else b""
    return [key for key in file.keys if key.name.startswith(prefix)]


def own_value(rng: Random, file: File) -> None:
    """A key of the family says something else, of its kind or of another."""
    keys = own_keys(file)
    if not keys:
        return
    key = rng.choice(keys)
    match rng.randrange(6):
        case 0 | 1 if key.type not in (ARRAY, STRING):
            key.value = rng.choice(evil.FLOATS) if key.type == F32 else rng.choice(COUNTS)
        case 2:
            key.type, key.of = ARRAY, rng.choice((I32, U32, F32, BOOL))
            key.value = [rng.choice(COUNTS) for _ in range(rng.choice((0, 1, 2, 2, 3)))]
        case 3 if key.type == ARRAY and key.value:
            key.value[rng.randrange(len(key.value))] = rng.choice(COUNTS)
        case 4:
            key.type, key.value = rng.choice(
                ((STRING, rng.choice(evil.TEXTS)), (BOOL, 1), (F32, rng.choice(evil.ODD_FLOATS)))
            )
        case _:
            key.value = evil.integer(rng) if key.type != ARRAY else []


def own_set(rng: Random, file: File) -> None:
    """A key of the family is gone, or another family's stands in its place."""
    keys = own_keys(file)
    if not keys:
        return
    key = rng.choice(keys)
    if rng.random() < 0.5:
        file.keys.remove(key)
        return
    stranger = rng.choice(own_keys(base(rng.choice(NAMES), "f32")))
    prefix = key.name.partition(b".")[0]
    file.keys.append(deepcopy(stranger))
    file.keys[-1].name = prefix + b"." + stranger.name.partition(b".")[2]


def stranger(rng: Random, file: File) -> None:
    """It says that it is of another family."""
    family, other = file.key("general.architecture"), base(rng.choice(NAMES), "f32")
    called = other.key("general.architecture")
    if family is None or called is None:
        return
    old, new = (gguf_lies._as_bytes(each.value) for each in (family, called))
    family.value = called.value
    if rng.random() < 0.8:
        for key in file.keys:
            if key.name.startswith(old + b"."):
                key.name = new + key.name.removeprefix(old)


LIES: tuple[Callable[[Random, File], None], ...] = (
    *(own_value,) * 8,
    *(own_set,) * 4,
    *(stranger, gguf_lies.key_type, gguf_lies.array_shape, gguf_lies.tensor_values),
    *(gguf_lies.tensor_shape, gguf_lies.tensor_shape, gguf_lies.tensor_type, gguf_lies.tensor_set),
)


def case(rng: Random) -> bytes:
    file = deepcopy(base(rng.choice(NAMES), rng.choice(TYPES)))
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        rng.choice(LIES)(rng, file)
    return gguf_lies.written(file)


def use(path: Path) -> None:
    """Look, foretell, open, read a few tokens."""
    contents(path)
    with open_gguf(path) as file:
        embeds = build_graph(file)[1].embeds
        forecast(file, LoadOptions(n_ctx=32))
    model = drive(open_model(path, REFERENCE, "x", embeds=embeds))
    try:
        ids = np.arange(3, 3 + min(FEW, model.info.n_ctx), dtype=np.int32) % model.hyper.n_vocab
        sequence = model.backend.new_sequence()
        model.backend.run([BatchEntry(sequence, ids, "all")])
        sequence.close()
    finally:
        model.close()
