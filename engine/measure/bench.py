"""Speed: prefill and decode at a depth, the way llama-bench and llama.cpp's peers are timed.

Random tokens of a fixed seed; one warm-up pass, so that compiling is never timed.
"""

import random
from statistics import median
from time import perf_counter

from engine.base.events import Progress, Stage
from engine.base.jobs import Job
from engine.measure.roofs import Roofs
from engine.measure.speed import Speed
from engine.model import Model
from engine.tape import Tape, together

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
    """Weight bytes read per second of decode: each token reads all of them once."""
    return model.info.memory.weights * median(speed.decode) if speed.decode else 0.0
