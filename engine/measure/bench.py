"""Speed: prefill and decode at a depth, the way llama-bench and llama.cpp's peers are timed.

Random tokens of a fixed seed; one warm-up pass, so that compiling is never timed.
"""

import random
import re
import sys
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from statistics import median
from time import perf_counter

from engine.base.events import Progress, Stage
from engine.base.jobs import Job
from engine.model import Model
from engine.tape import Tape

SPARE = 64  # positions beyond what is timed


@dataclass
class Speed:
    """Tokens per second of each repetition."""

    n_prompt: int
    n_decode: int
    depth: int
    prompt: list[float] = field(default_factory=list)
    decode: list[float] = field(default_factory=list)


def context_for(n_prompt: int, n_decode: int, depth: int) -> int:
    """The context a bench needs."""
    return depth + n_prompt + n_decode + SPARE


def bench(model: Model, n_prompt: int, n_decode: int, depth: int, repeat: int) -> Job:
    """Time the model; the job's result is a Speed."""
    speed = Speed(n_prompt, n_decode, depth)
    ids = random_ids(model.hyper.n_vocab, depth + max(n_prompt, n_decode) + 32)
    tape = Tape(model.backend)
    try:
        yield Progress(Stage.WARMING, 0, repeat)
        _read(tape, ids[:16])
        _read(tape, ids[16:17])
        for done in range(repeat):
            tape.rewind([])
            _read(tape, ids[:depth])
            yield Progress(Stage.TIMING, done, repeat)
            if n_prompt:
                speed.prompt.append(_timed_prompt(tape, ids[depth : depth + n_prompt]))
            tape.rewind(ids[: depth + 1])
            yield None
            if n_decode:
                speed.decode.append(_timed_decode(tape, ids[depth : depth + n_decode]))
    finally:
        tape.close()
    return speed


def random_ids(n_vocab: int, count: int) -> list[int]:
    """The same tokens for every engine that is compared; large vocabularies skip the controls."""
    rng = random.Random(0)
    low = 300 if n_vocab > 1000 else 0
    return [rng.randrange(low, n_vocab) for _ in range(count)]


def _timed_prompt(tape: Tape, ids: list[int]) -> float:
    begun = perf_counter()
    _read(tape, ids)
    return len(ids) / (perf_counter() - begun)


def _timed_decode(tape: Tape, ids: list[int]) -> float:
    begun = perf_counter()
    for token in ids:
        tape.run([token], "last")
    return len(ids) / (perf_counter() - begun)


def _read(tape: Tape, ids: list[int]) -> None:
    batch = tape.backend.max_batch
    for start in range(0, len(ids), batch):
        tape.run(ids[start : start + batch], "last" if start + batch >= len(ids) else "none")


@dataclass(frozen=True)
class Roof:
    """What this machine allows at best, and the share of it that was reached.

    Decode must read all weights, and the cache so far, once a token; prefill must do one
    multiply-add per weight and token.
    """

    memory_gb_s: float
    products_g_s: float  # 10^9 multiply-adds a second, of the tile kernel in the cache
    decode_tok_s: float
    prefill_tok_s: float
    decode_share: float
    prefill_share: float


def roof(model: Model, speed: Speed) -> Roof:
    """Measured now, in the same run and with the same threads as the speeds."""
    from engine.compute.kernels.roof import memory_bandwidth, product_rate

    threads = model.info.threads
    read, rate = memory_bandwidth(threads), product_rate(threads, tile=_tile(model))
    each = model.info.memory.weights + _cache_bytes(model, speed.depth + speed.n_decode // 2)
    decode, prefill = read / each, rate / matrix_weights(model)
    return Roof(
        read / 1e9,
        rate / 1e9,
        decode,
        prefill,
        median(speed.decode) / decode if speed.decode else 0.0,
        median(speed.prompt) / prefill if speed.prompt else 0.0,
    )


def matrix_weights(model: Model) -> int:
    """Multiply-adds a prompt token costs: the weights of all matrices but the looked-up one and
    those that only the prompt's last token goes through (see compute/graph/early.py)."""
    tensors, last = model.file.tensors, f"blk.{model.hyper.n_layer - 1}."
    late = (f"{last}attn_output.", f"{last}ffn_")
    names = (n for n in tensors if n.startswith("blk.") and not n.startswith(late))
    return sum(prod(tensors[n].shape) for n in names if len(tensors[n].shape) == 2)


def _tile(model: Model) -> str:
    """Which of roof.TILES multiplies the weights; the first layer's queries stand for all."""
    from engine.compute.simd.isa import isa

    kinds = (t.type.name for n, t in model.file.tensors.items() if n.endswith("attn_q.weight"))
    kind = next(kinds, "")
    if kind == "BF16" and isa().bfloat:
        return "pairs"
    return "floats" if kind in ("F32", "F16", "BF16") else "bytes"


def _cache_bytes(model: Model, length: int) -> int:
    """What a token must read of the cache after `length` others."""
    return model.info.memory.cache * length // model.info.n_ctx


def stream_bytes_per_second(model: Model, speed: Speed) -> float:
    """Weight bytes read per second of decode: each token reads all of them once."""
    return model.info.memory.weights * median(speed.decode) if speed.decode else 0.0


def peak_rss() -> int:
    """The most memory this process has ever held, in bytes."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    if sys.platform == "linux":
        # Not getrusage: its figure begins with the peak of the process that started this one.
        status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
        found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
        if found:
            return int(found[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
