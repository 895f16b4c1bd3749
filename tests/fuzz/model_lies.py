"""Models that open: honest ones of odd shapes and lying ones, run on cpu behind guard pages.

Beside crashes it looks for figures from stale memory: where the reference says NaN, the cpu
backend may not give finite logits.
"""

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from fuzz import gguf_lies
from helpers.open_tiny import drive
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import ChaskiError
from engine.base.models import Message
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams
from engine.compute.backends import BatchEntry
from engine.model import Model, open_model
from engine.session import Session
from engine.weights.formats.gguf import open_gguf
from engine.weights.quants import dequantize
from engine.weights.types import TensorType

TYPES = ("F32", "F16", "BF16", "Q4_0", "Q8_0", "Q5_1", "IQ4_NL")
SUPER = ("Q4_K", "Q6_K", "Q2_K", "IQ4_XS")  # blocks of 256 columns
FAMILIES = ("llama", "qwen2", "qwen3", "gemma", "gemma2", "llama")
N_TOKENS = 21
LARGE = 1e9


def make(rng: Random, folder: Path) -> Path:
    path = folder / "m.gguf"
    if rng.random() < 0.5:
        path.write_bytes(gguf_lies.honest_or_lying(rng))
    else:
        path.unlink(missing_ok=True)
        write_tiny_llama(path, **shape(rng))
    return path


def shape(rng: Random) -> dict[str, Any]:
    """An honest model of a shape that nobody tested: odd widths, heads, types, contexts."""
    heads = rng.choice((1, 2, 3, 4))
    shared = rng.choice([n for n in (1, 2, 3, 4) if heads % n == 0])
    head_dim = rng.choice((2, 6, 8, 10, 16, 20, 24, 32, 40, 48, 80))
    family = rng.choice(FAMILIES)
    block = rng.random() < 0.75
    kind = TensorType[rng.choice(TYPES if block else ("F32", "F16", "BF16"))]
    n_embd = rng.choice((32, 64, 96, 160)) if block else rng.choice((8, 20, 36, 50, 66))
    head_dim = (
        (rng.choice((32, 64)) if heads % 2 else 16 * rng.choice((1, 2, 3))) if block else head_dim
    )
    if block and heads * head_dim % 32:
        head_dim = 32
    if rng.random() < 0.1:
        kind, n_embd, heads, shared, head_dim = TensorType[rng.choice(SUPER)], 256, 2, 1, 128
    wide = n_embd == 256
    return {
        "type": kind, "n_embd": n_embd, "n_head": heads, "n_head_kv": shared, "head_dim": head_dim,
        "n_layer": rng.choice((1, 2)), "architecture": family, "tied": rng.random() < 0.3,
        "n_ff": 256 if wide else rng.choice((32, 96, 128) if block else (6, 18, 30, 100)),
        "n_ctx": rng.choice((32, 33, 64, 100)), "seed": rng.randrange(1000),
        "biases": family == "qwen2" and rng.random() < 0.5,
    }  # fmt: skip


def use(path: Path) -> None:
    """Open, answer two words, then compare a pass with the reference."""
    from helpers.fence import put_up

    put_up()
    options = LoadOptions(backend="cpu", cache_type="f32", batch=16, threads=2)
    model = drive(open_model(path, options, "x"))
    try:
        answer(model)
        found = logits(model)
    finally:
        model.close()
    compare(path, found)


def answer(model: Model) -> None:
    session = Session(model, messages=[Message("user", "once upon a time")])
    session.sampling = SamplingParams(seed=1)
    session.generation = GenerationParams(max_tokens=3)
    try:
        drive(session.reply())
    except ChaskiError:
        pass  # a template that refuses, a context too small: the figures are looked at all the same
    finally:
        session.close()


def logits(model: Model, at_once: int = N_TOKENS) -> np.ndarray:
    """Rows of N_TOKENS tokens, read so many at once."""
    ids = np.arange(3, 3 + min(N_TOKENS, model.info.n_ctx, model.backend.max_batch), dtype=np.int32)
    sequence = model.backend.new_sequence()
    ids = ids % model.hyper.n_vocab
    parts = [ids[start : start + at_once] for start in range(0, len(ids), at_once)]
    rows = [model.backend.run([BatchEntry(sequence, part, "all")]).copy() for part in parts]
    sequence.close()
    return np.concatenate(rows)


def compare(path: Path, found: np.ndarray) -> None:
    options = LoadOptions(backend="reference", cache_type="f32", batch=32, threads=1)
    model = drive(open_model(path, options, "x"))
    try:
        with np.errstate(all="ignore"):
            # One by one: in a pass the reference multiplies by 0 what a token may not see, and NaN
            # survives that.
            truth = logits(model, 1)
    except ChaskiError:
        return
    finally:
        model.close()
    n = min(len(truth), len(found))
    made_up = np.isnan(truth[:n]).all(axis=1) & np.isfinite(found[:n]).all(axis=1)
    # Where numbers come near the end of float32, it is rounding that decides whether they pass it.
    assert not made_up.any() or largest_weight(path) > LARGE, "logits where the reference has none"


def largest_weight(path: Path) -> float:
    """The largest finite magnitude among all weights of a file."""
    with open_gguf(path) as file:
        every = (dequantize(i.type, file.raw(n), i.n_cols) for n, i in file.tensors.items())
        return max((float(np.abs(x[np.isfinite(x)]).max(initial=0)) for x in every), default=0.0)
