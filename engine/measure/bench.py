"""Speed: prefill and decode at a depth, the way llama-bench and llama.cpp's peers are timed; and
what the machine allows at best, to hold against it.

Random tokens of a fixed seed; one warm-up pass, so that compiling is never timed. The roof is
measured several times around the timings, with the same threads: the bandwidth of a shared machine
moves by half within minutes, so one figure says little and the spread belongs to it.
"""

import random
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

from engine.base.events import Progress, Stage
from engine.base.jobs import Job
from engine.base.models import TokenWork
from engine.measure.live import peak_rss, rss
from engine.model import Model
from engine.tape import Tape, together


@dataclass
class Speed:
    """Tokens per second of each repetition."""

    n_prompt: int
    n_decode: int
    depth: int
    prompt: list[float] = field(default_factory=list)
    decode: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Roof:
    """What this machine allows at best, and the share of it that was reached.

    Decode must read all weights that a token goes through, and the cache so far; prefill must do
    one multiply-add per such weight and token. Of experts those that it goes to. Shares are of the
    medians.
    """

    memory_gb_s: float  # the median of the runs
    products_g_s: float  # 10^9 multiply-adds a second, of the tile kernel in the cache
    decode_tok_s: float
    prefill_tok_s: float
    decode_share: float
    prefill_share: float
    memory_runs_gb_s: tuple[float, ...]  # in the order in which they were taken
    products_runs_g_s: tuple[float, ...]


class Roofs:
    """Measurements of one model's limits; `peak` is the most memory held, without theirs."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._memory: list[float] = []
        self._products: list[float] = []
        self._peak = 0

    def measure(self) -> None:
        """Once more."""
        from engine.compute.kernels.roof import memory_bandwidth, product_rate

        self._peak = self.peak
        threads = self._model.info.threads
        self._memory.append(memory_bandwidth(threads) / 1e9)
        self._products.append(product_rate(threads, tile=_tile(self._model)) / 1e9)

    @property
    def peak(self) -> int:
        """Bytes. What a measurement takes would count in the system's own peak, so after the first
        one it is what is held between two of them that counts."""
        return max(self._peak, rss() if self._memory else peak_rss())

    def result(self, speed: Speed) -> Roof:
        """Held against the speeds; `measure` was called at least once."""
        model = self._model
        work = work_of(model)
        read, rate = median(self._memory), median(self._products)
        each = work.bytes + work.state_bytes + _cache_bytes(work, speed.depth + speed.n_decode // 2)
        decode, prefill = read * 1e9 / each, rate * 1e9 / tile_products(work)
        return Roof(
            read,
            rate,
            decode,
            prefill,
            median(speed.decode) / decode if speed.decode else 0.0,
            median(speed.prompt) / prefill if speed.prompt else 0.0,
            tuple(self._memory),
            tuple(self._products),
        )


def work_of(model: Model) -> TokenWork:
    """What a token costs the model, as its backend tells."""
    backend = model.backend
    return backend.work(backend.graph, model.file.tensors, backend.cache_type, model.file.name)


def tile_products(work: TokenWork) -> int:
    """Products of the measured tile that a prompt token costs: one for each weight, two where
    activations have 16 bits; what only the last token needs is not counted."""
    return sum(each.prompt_steps for each in work.types)


def _tile(model: Model) -> str:
    """Which of roof.TILES multiplies the weights; the first layer's queries stand for all."""
    from engine.compute.simd.isa import isa

    kinds = (t.type.name for n, t in model.file.tensors.items() if n.endswith("attn_q.weight"))
    kind = next(kinds, "")
    if kind == "BF16" and isa().bfloat:
        return "pairs"
    return "floats" if kind in ("F32", "F16", "BF16") else "bytes"


def _cache_bytes(work: TokenWork, length: int) -> int:
    """What a token must read of the cache after `length` others."""
    return sum(each.bytes * each.seen(length) for each in work.cache)


SPARE = 64  # positions beyond what is timed
PROMPT = 16  # tokens before each of several conversations


def context_for(n_prompt: int, n_decode: int, depth: int) -> int:
    """The context a bench needs."""
    return depth + n_prompt + n_decode + SPARE


def bench(
    model: Model,
    n_prompt: int,
    n_decode: int,
    depth: int,
    repeat: int,
    roofs: Roofs | None = None,
) -> Job:
    """Time the model; the job's result is a Speed. `roofs` are measured before, between and after
    the repetitions."""
    speed = Speed(n_prompt, n_decode, depth)
    ids = random_ids(model.hyper.n_vocab, depth + max(n_prompt, n_decode) + 32)
    tape = Tape(model.backend)
    try:
        yield Progress(Stage.WARMING, 0, repeat)
        _read(tape, ids[:16])
        _read(tape, ids[16:17])
        for done in range(repeat):
            if roofs is not None:
                roofs.measure()
            tape.rewind([])
            _read(tape, ids[: max(1, depth)])  # one at least: a measurement has emptied the caches
            tape.back_to(depth)
            tape.mark()
            yield Progress(Stage.TIMING, done, repeat)
            if n_prompt:
                speed.prompt.append(_timed_prompt(tape, ids[depth : depth + n_prompt]))
            _read(tape, ids[tape.rewind(ids[: depth + 1]) : depth])  # windows go back a little only
            yield None
            if n_decode:
                speed.decode.append(_timed_decode(tape, ids[depth : depth + n_decode]))
        if roofs is not None:
            roofs.measure()
    finally:
        tape.close()
    return speed


def bench_parallel(model: Model, counts: list[int], n_decode: int, repeat: int) -> Job:
    """Several conversations write at once, each behind a prompt of its own. The job's result: for
    each number of them, tokens of all per second, run by run."""
    found: dict[int, list[float]] = {}
    for done, count in enumerate(counts):
        tapes = [Tape(model.backend) for _ in range(count)]
        ids = random_ids(model.hyper.n_vocab, count * (PROMPT + n_decode))
        try:
            found[count] = []
            for _ in range(repeat):
                yield Progress(Stage.TIMING, done, len(counts))
                for i, tape in enumerate(tapes):
                    tape.rewind([])
                    _read(tape, ids[PROMPT * i : PROMPT * (i + 1)])
                rest = ids[PROMPT * count :]
                begun = perf_counter()
                for at in range(0, count * n_decode, count):
                    together(tapes, rest[at : at + count])
                found[count].append(count * n_decode / (perf_counter() - begun))
        finally:
            for tape in tapes:
                tape.close()
    return found


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


def stream_bytes_per_second(model: Model, speed: Speed) -> float:
    """Weight bytes read per second of decode: each token reads once those it goes through."""
    return work_of(model).bytes * median(speed.decode) if speed.decode else 0.0
