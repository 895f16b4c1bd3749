"""Measures how fast this machine computes: bandwidth, the best number of threads, each type.

Bounded in time: what has no turn in one measurement has it in the next, as the order begins with
what was never measured. Others have their turn between the rounds.
"""

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from importlib import import_module
from time import perf_counter
from typing import Any

from engine.base.errors import CancelledError
from engine.base.events import Event, HardwareReport, Progress, Stage
from engine.base.rates import Rates, TypeRate
from engine.base.turns import aside
from engine.hardware.rates_kept import BUSY
from engine.hardware.report import most_threads
from engine.measure.live import Others
from engine.weights.types import TensorType

SECONDS = 20.0  # no further type is begun after so long
# Types by how often models have them; the first stands for all when threads are counted.
OFTEN = (
    *("Q4_K", "Q6_K", "Q8_0", "Q5_K", "Q4_0", "F16", "BF16", "IQ4_XS", "Q3_K", "Q2_K", "Q5_0"),
    *("MXFP4", "IQ4_NL", "Q4_1", "Q5_1", "IQ3_S", "IQ3_XXS", "IQ2_S", "IQ2_XS", "IQ2_XXS"),
    *("IQ1_M", "IQ1_S", "TQ2_0", "TQ1_0", "NVFP4", "F32"),
)
TYPES = (*OFTEN, *(kind.name for kind in TensorType if kind.name not in OFTEN))
CLEARLY, MUCH = 1.05, 1.15  # as much faster more, or fewer, threads must be than the usual number
READINGS = 10  # of memory by each number of threads
ROUNDS = 8  # of all numbers of threads; the machine's other work comes and goes
PATHS = {
    "vnni512": "avx512-vnni",
    "vnni256": "avx-vnni",
    "maddubs512": "avx512",
    "maddubs256": "avx2",
    "maddubs128": "ssse3",
    "sdot": "neon-dotprod",
    "generic": "generic",
}
Steps = Generator[Event | None, None, Rates]


def path_name() -> str:
    """Which kernels this process uses: one name for each way of multiplying."""
    from engine.compute.simd.isa import isa

    return PATHS[isa().dot]


def rating(report: HardwareReport, old: Rates, usual: int, seconds: float = SECONDS) -> Steps:
    """The rates of this machine. `usual`: the threads that are taken without a measurement."""
    yield Progress(Stage.BANDWIDTH, 0, 0)
    yield from aside(lambda: import_module("engine.compute.backends.product_rates"))
    from engine.compute.backends.product_rates import new_memory

    begun, others = perf_counter(), Others()
    counts = thread_counts(usual, most_threads())
    with closing(new_memory(report.cache_bytes, report.ram_available)) as memory:
        speeds, bandwidth = yield from _by_threads(memory, counts)
        # Numbers of threads cannot be compared while others take some of the processors.
        threads = usual if others.share() > BUSY else best_count(speeds, usual)
        known = old if old.threads == threads else Rates()
        attention, rates = yield from _by_type(memory, threads, known, begun + seconds)
    return Rates(
        threads,
        path_name(),
        tuple(bandwidth),
        tuple(rates),
        attention,
        others=round(others.share(), 3),
    )


def thread_counts(usual: int, most: int) -> tuple[int, ...]:
    """1, 2, 4, … up to `most`, which is among them, as is the usual count."""
    counts, n = {1, max(usual, 1), max(most, 1)}, 2
    while n < most:
        counts.add(n)
        n *= 2
    return tuple(sorted(counts))


def best_count(speeds: Iterable[tuple[int, float]], usual: int) -> int:
    """The fastest number of threads for one token. Fewer than usual must be much faster, as a
    prompt is read by all of them; of equals the smallest leaves the others to the person."""
    known = dict(speeds)
    here = known.get(usual, 0.0)
    faster = {n: v for n, v in known.items() if v > here * (MUCH if n < usual else CLEARLY)}
    if not faster:
        return usual
    top = max(faster.values())
    return min(n for n, speed in faster.items() if speed * 1.02 >= top)


def _order(names: list[str], old: Rates) -> list[str]:
    """First those never measured, then the others."""
    return sorted(names, key=lambda name: old.of(name) is not None)


def _by_threads(memory: Any, counts: tuple[int, ...]) -> Generator[Event | None, None, Any]:
    """Speed of one token, and bytes/s, each by threads."""
    from engine.compute.backends.product_rates import Bench, DecodeBench
    from engine.compute.kernels.roof import ReadBench, read_memory
    from engine.compute.kernels.team import Team
    from engine.compute.kernels.warm import compile_all

    with closing(Team(max(counts))) as team:
        decode = DecodeBench(Bench(team, memory), TYPES[0])
        yield from _quiet(decode.prepare())
        yield from _quiet(compile_all([read_memory]))
        reading = ReadBench(team, memory.address, memory.size)
        bandwidth = yield from _best(reading.rate, counts, READINGS, Stage.BANDWIDTH)
        speeds = yield from _best(decode.rate, counts, ROUNDS, Stage.THREADS)
    return speeds, bandwidth


def _best(
    rate: Callable[[int], float], counts: tuple[int, ...], rounds: int, stage: Stage
) -> Generator[Event | None, None, tuple[tuple[int, float], ...]]:
    """The best of some rounds. The counts take turns: a machine is never quiet for long."""
    found = dict.fromkeys(counts, 0.0)
    for i in range(rounds):
        yield Progress(stage, i, rounds)
        for n in counts:
            found[n] = max(found[n], rate(n))
            yield None
    return tuple(found.items())


def _by_type(
    memory: Any, threads: int, old: Rates, until: float
) -> Generator[Event | None, None, tuple[float, tuple[TypeRate, ...]]]:
    """A prompt's attention, and as many types as there is time for."""
    from engine.compute.backends.product_rates import Bench, attention_rate, measurable, measuring
    from engine.compute.kernels.team import Team

    types, rates, begun = _order(measurable(list(TYPES)), old), [], perf_counter()
    with closing(Team(threads)) as team:
        yield Progress(Stage.RATES, 0, 100, what="attention")
        attention = yield from _quiet(attention_rate(team))
        for i, name in enumerate(types):
            if perf_counter() > until:
                break
            yield Progress(Stage.RATES, _percent(i / len(types), begun, until), 100, what=name)
            rates.append((yield from _quiet(measuring(Bench(team, memory), name))))
    return attention, tuple(rates)


def _percent(share: float, begun: float, until: float) -> int:
    """How far the types are: all are done, or the time is up, whichever comes first."""
    spent = (perf_counter() - begun) / max(until - begun, 1e-6)
    return round(100 * min(1.0, max(share, spent)))


def _quiet(steps: Generator[object, None, Any]) -> Generator[Event | None, None, Any]:
    """Its turns without its words: which kernel is compiled is of no interest here."""
    try:
        while True:
            next(steps)
            try:
                yield None
            except CancelledError:
                steps.close()
                raise
    except StopIteration as end:
        return end.value
