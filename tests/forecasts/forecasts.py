"""Holds what is foretold against what comes true: memory of eleven shapes, that of eight at three
contexts with two types of cache, speeds of six models.

    .venv/bin/python tests/forecasts/forecasts.py memory [--only NAME …]
    .venv/bin/python tests/forecasts/forecasts.py contexts [--only NAME …]
    .venv/bin/python tests/forecasts/forecasts.py speed [--only NAME …] [--alone]

Models of random weights, each below a gigabyte, run in a process of their own: they are opened and
their context is filled to the last token. Memory is the most that the process held beyond a program
that has had another model open before; of an embedding that stays in the file, its pages in the
system's cache count, too. Speeds are held against rates that were measured in the seconds before,
in some rounds, of which the middle one counts; so what others do on the machine counts as little as
it can. That takes a quiet one; on a busy one --alone compares what one thread does in the time that
it has the processor.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from helpers.open_tiny import drive  # noqa: E402
from helpers.random_models import Shape, write_random  # noqa: E402
from helpers.recurrent import Recurrent, recurrent_family, write_recurrent  # noqa: E402

from engine.base.rates import Rates  # noqa: E402
from engine.base.settings import LoadOptions  # noqa: E402
from engine.weights.types import TensorType as T  # noqa: E402

if TYPE_CHECKING:
    from engine.hardware.speeds import Speeds

SHARE, SPARE = 0.03, 30_000_000  # of the peak; bytes
SPEED_SHARE = 0.15
ROUNDS, READINGS = 5, 10
RUN = "import sys; sys.path[:0] = sys.argv[1:3]; from forecasts.forecasts import peak; peak()"

SMALL = Shape(12, 768, 2048, 12, 12, n_ctx=2048, type=T.Q8_0)
# Name: shape, context, type of cache.
SHAPES: dict[str, tuple[Shape, int, str]] = {
    "all heads, Q8_0": (SMALL, 1024, "f16"),
    "shared heads, Q4_K_M": (
        Shape(22, 1024, 2816, 16, 4, type=T.Q4_K, down=T.Q6_K),
        4096,
        "f16",
    ),
    "large vocabulary, tied": (
        Shape(16, 1024, 3072, 16, 2, 128000, type=T.Q4_K, down=T.Q6_K, tied=True),
        2048,
        "f16",
    ),
    "large vocabulary, untied": (
        Shape(8, 1024, 3072, 16, 2, 100000, type=T.Q4_K, down=T.Q6_K),
        2048,
        "f16",
    ),
    "long context": (Shape(12, 768, 2048, 12, 12, n_ctx=8192, type=T.Q4_0), 8192, "f16"),
    "long context, cache of 8 bits": (
        Shape(12, 768, 2048, 12, 12, n_ctx=8192, type=T.Q4_0),
        8192,
        "q8_0",
    ),
    "cache of 32 bits": (replace(SMALL, n_head_kv=4), 2048, "f32"),
    "F16": (replace(SMALL, n_layer=20, type=T.F16), 1024, "f16"),
    "wide feed-forward": (Shape(4, 1024, 16384, 16, 4, type=T.Q8_0), 2048, "f16"),
    "wide heads, IQ4_XS": (Shape(10, 1024, 4096, 16, 8, head_dim=256, type=T.IQ4_XS), 2048, "f16"),
    "windows of 2048 in turn": (
        Shape(6, 768, 2048, 12, 12, n_ctx=16384, type=T.Q4_0, window=2048),
        16384,
        "f16",
    ),
}
KV = Shape(4, 512, 1024, 4, 4, head_dim=128, n_ctx=32768, type=T.Q8_0)
RULES = Recurrent(4, 512, 8, 64, 64, 4, 1024, 8000, 32768, type=T.Q8_0)
CONTEXTS, CACHES = (2048, 8192, 32768), ("f16", "q8_0")
BY_CONTEXT: dict[str, Shape | Recurrent] = {
    "all heads": KV,
    "shared heads, Q4_K_M": replace(KV, n_head_kv=2, n_layer=6, type=T.Q4_K, down=T.Q6_K),
    "wide heads": replace(KV, head_dim=256, n_head=2, n_head_kv=2),
    "large vocabulary, tied": replace(KV, n_vocab=64000, tied=True),
    "windows of 1024 in turn": replace(KV, window=1024),
    "windows of 4096 in turn": replace(KV, n_layer=6, window=4096),
    "delta rule, attention every fourth": RULES,
    "delta rule alone": replace(RULES, every=0, heads=16, key=128, value=128),
}
SPEEDS = {
    f"{name}, {kind.name}": replace(shape, type=kind, down=T.Q6_K if kind is T.Q4_K else None)
    for name, shape in {
        "0.1B": Shape(12, 768, 2048, 12, 12),
        "0.2B": Shape(20, 1024, 2816, 16, 4),
        "0.2B, wide": Shape(8, 1536, 6144, 12, 4),
        "0.3B": Shape(22, 1024, 4096, 16, 16),
        "0.3B, tied": Shape(16, 1024, 3072, 16, 2, 128000, tied=True),
        "0.5B": Shape(24, 1280, 4864, 20, 4),
    }.items()
    for kind in (T.Q4_K, T.Q8_0, T.F16)
}


def peak() -> None:
    """In a process of its own: prints the peak, in bytes, and what was foretold."""
    from engine.compute.backends.foretell import looked_up_bytes
    from engine.fit import estimate

    tiny, path, n_ctx, cache_type, name = sys.argv[3:8]
    shape = BY_CONTEXT.get(name)
    for first in (tiny, tiny):
        with _family(_small(shape)):
            _use(first, LoadOptions(n_ctx=64, cache_type=cache_type))
    before = _status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", "utf-8")
    options = LoadOptions(n_ctx=int(n_ctx), cache_type=cache_type)
    with _family(shape):
        most, model = _use(path, options, keep=True)
    tables = looked_up_bytes(model.backend.graph, model.file.tensors)
    told = estimate(model.file, model.backend.graph, int(n_ctx), options)
    print(json.dumps({"peak": most - before + tables, "told": told.total}))


def _small(shape: Any) -> Any:
    """The same kernels, so that loading them is the program's, not the model's."""
    if isinstance(shape, Shape):
        return replace(shape, n_layer=2, n_vocab=512, n_ctx=64, tied=False)
    return replace(shape, n_layer=4, n_vocab=512, n_ctx=64) if shape else None


def _family(shape: Any) -> Any:
    return recurrent_family(shape) if isinstance(shape, Recurrent) else nullcontext()


def _use(path: str, options: LoadOptions, keep: bool = False) -> tuple[int, Any]:
    """Fills the context to the last token; the peak by then."""
    from engine.batch import FEW
    from engine.measure.bench import random_ids
    from engine.model import open_model
    from engine.tape import Tape

    model = drive(open_model(Path(path), options, "x"))
    tape, n_ctx = Tape(model.backend), model.info.n_ctx
    ids = random_ids(model.hyper.n_vocab, n_ctx)
    whole = n_ctx - 8 - FEW
    for start in range(0, whole, model.backend.max_batch):
        tape.run(ids[start : min(start + model.backend.max_batch, whole)], "last")
        tape.mark()
    tape.run(ids[whole : whole + FEW], "all")  # as where tokens are guessed ahead
    for token in ids[n_ctx - 8 :]:
        tape.run([token], "last")
        tape.mark()
    most = _status("VmHWM")
    if not keep:
        tape.close()
        model.close()
    return most, model


def _status(key: str) -> int:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(key))


def measured_peak(
    shape: Shape | Recurrent, n_ctx: int, cache_type: str, folder: Path, name: str = ""
) -> tuple[int, int]:
    """(peak, foretold) bytes."""
    path, tiny = folder / "model.gguf", folder / "tiny.gguf"
    for place, each in ((path, shape), (tiny, _small(shape))):
        write_random(place, each) if isinstance(each, Shape) else write_recurrent(place, each)
    arguments = [str(ROOT), str(ROOT / "tests"), str(tiny), str(path), str(n_ctx), cache_type, name]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return found["peak"], found["told"]


def is_near(peak_bytes: int, told: int) -> bool:
    return abs(told - peak_bytes) <= max(SHARE * peak_bytes, SPARE)


def memory(names: list[str]) -> bool:
    fine = True
    for name in names:
        shape, n_ctx, cache_type = SHAPES[name]
        with tempfile.TemporaryDirectory() as folder:
            found, told = measured_peak(shape, n_ctx, cache_type, Path(folder))
        fine = fine and is_near(found, told)
        off = (told - found) / found
        print(
            f"{name:32s} measured {found / 1e6:6.1f} MB, foretold {told / 1e6:6.1f} MB, "
            f"{off:+6.1%}, {(told - found) / 1e6:+5.1f} MB",
            flush=True,
        )
    return fine


def contexts(names: list[str]) -> bool:
    """Eight shapes, each with every context and every type of cache."""
    fine = True
    for name in names:
        offs = []
        for n_ctx in CONTEXTS:
            for cache_type in CACHES:
                with tempfile.TemporaryDirectory() as folder:
                    shape = BY_CONTEXT[name]
                    found, told = measured_peak(shape, n_ctx, cache_type, Path(folder), name)
                fine = fine and is_near(found, told)
                offs.append(f"{(told - found) / found:+5.1%} {(told - found) / 1e6:+5.1f}")
        print(f"{name:36s} " + " | ".join(offs), flush=True)
    print(f"(% and MB, at {CONTEXTS} tokens, each with {CACHES})")
    return fine


def speed(names: list[str], *, alone: bool) -> bool:
    """In each of some rounds rates are measured, then the model's own speed: on a shared machine
    only what is measured within the same seconds compares. The middle round counts."""
    errors = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            path = write_random(Path(folder) / "model.gguf", SPEEDS[name])
            found = sorted(_rounds(name, path, alone), key=lambda pair: pair[1].off)
            told, seen = found[len(found) // 2]
            errors.append(seen.off)
            print(
                f"{name:18s} decode {seen.decode:6.1f}, foretold {told.decode:6.1f}, "
                f"{seen.off:+5.0%} (rounds {found[0][1].off:+.0%} to {found[-1][1].off:+.0%}); "
                f"prompt {seen.prefill:7.0f}, foretold {told.prefill:7.0f}, "
                f"{told.prefill / seen.prefill - 1:+5.0%}",
                flush=True,
            )
    print(f"median of the errors of decode {median(map(abs, errors)):.1%}")
    return all(abs(error) <= SPEED_SHARE for error in errors)


@dataclass(frozen=True)
class Seen:
    """Tokens a second of one round; `off`: how far from that the forecast of decode was."""

    decode: float
    prefill: float
    off: float


def _rounds(name: str, path: Path, alone: bool) -> Iterator[tuple["Speeds", Seen]]:
    from engine.fit import forecast
    from engine.hardware.report import make_report, with_rates
    from engine.hardware.speeds import speeds
    from engine.model import open_model

    kinds = sorted({SPEEDS[name].type.name, (SPEEDS[name].down or SPEEDS[name].type).name})
    threads = 1 if alone else make_report().best_threads
    options = LoadOptions(n_ctx=1024, threads=threads)
    model = drive(open_model(path, options, "x"))
    work = forecast(model.file, options).work
    with closing(model):
        for _ in range(ROUNDS):
            report = with_rates(make_report(), _rates(kinds, threads, alone))
            told = speeds(work, report, depth=64, prompt=512)
            decode, prefill = _best(model, thread_time if alone else perf_counter)
            yield told, Seen(decode, prefill, told.decode / decode - 1)


def _rates(kinds: list[str], threads: int, alone: bool) -> Rates:
    """What `chaski hardware --measure` finds, of these types only; `alone`: of one thread, in
    seconds that it had the processor."""
    from engine.compute.backends import product_rates
    from engine.compute.kernels import roof
    from engine.compute.kernels.team import Team
    from engine.hardware.report import make_report

    if alone:
        for room in (product_rates, roof):
            room.perf_counter = thread_time  # type: ignore[attr-defined]
    here = make_report()
    memory = product_rates.new_memory(here.cache_bytes, here.ram_available)
    with closing(memory), closing(Team(threads)) as team:
        bench = product_rates.Bench(team, memory)
        types = tuple(drive(product_rates.measuring(bench, kind)) for kind in kinds)
        attention = drive(product_rates.attention_rate(team))
        reading = roof.ReadBench(team, memory.address, memory.size)
        bandwidth = max(reading.rate(threads) for _ in range(READINGS))
    return Rates(threads, "", ((threads, bandwidth),), types, attention)


def _best(model: Any, clock: Callable[[], float]) -> tuple[float, float]:
    """Tokens a second while text is written and while a prompt is read."""
    from engine.measure.bench import random_ids
    from engine.tape import Tape

    ids, tape = random_ids(model.hyper.n_vocab, 700), Tape(model.backend)
    tokens, prompts = [], []
    for _ in range(2):
        tape.back_to(0)
        begun = clock()
        tape.run(ids[:512], "last")
        prompts.append(clock() - begun)
        tape.back_to(32)
        for token in ids[512:592]:
            begun = clock()
            tape.run([token], "last")
            tokens.append(clock() - begun)
    tape.close()
    return 1 / sorted(tokens)[len(tokens) // 10], 512 / min(prompts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=["memory", "contexts", "speed"])
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--alone", action="store_true", help="one thread, by its processor's time")
    args = parser.parse_args()
    if args.what == "memory":
        fine = memory(args.only or list(SHAPES))
    elif args.what == "contexts":
        fine = contexts(args.only or list(BY_CONTEXT))
    else:
        fine = speed(args.only or list(SPEEDS), alone=args.alone)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
