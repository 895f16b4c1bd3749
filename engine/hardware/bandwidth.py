"""How fast memory can be read: by one thread here, by several where the caller brings the means.

Decoding reads all weights for every token, so this number is the ceiling of its speed.
"""

from collections.abc import Callable, Iterator
from time import perf_counter

Measure = Callable[[int], float]  # threads -> bytes/s

_MIB = 1 << 20
_REPEATS = 5


def read_one_thread(n_threads: int = 1, *, n_bytes: int = 256 * _MIB) -> float:
    """Bytes/s of reading a block far larger than the caches; the best of a few passes."""
    import numpy as np  # here: a report without measurement does without it

    block = np.ones(max(n_bytes // 8, 1), dtype=np.int64)  # written once, so that pages exist
    best = 0.0
    for _ in range(_REPEATS):
        start = perf_counter()
        np.bitwise_or.reduce(block)  # the cheapest thing that must see every byte
        best = max(best, block.nbytes / max(perf_counter() - start, 1e-9))
    return best


def block_bytes(cache_bytes: int, ram_available: int) -> int:
    """Four times the caches, but at least 64 MiB, and never more than a part of free memory."""
    wanted = max(4 * cache_bytes, 64 * _MIB)
    return max(min(wanted, 1024 * _MIB, ram_available // 8), 4 * _MIB)


def thread_counts(best: int, logical: int) -> tuple[int, ...]:
    """1, 2, 4, … with the best count and all logical processors among them."""
    counts = {1, max(best, 1), max(logical, 1)}
    n = 2
    while n < logical:
        counts.add(n)
        n *= 2
    return tuple(sorted(counts))


def measure_by_threads(measure: Measure, counts: tuple[int, ...]) -> Iterator[tuple[int, float]]:
    """One point after the other, so that a job can show progress and be cancelled between."""
    for n in counts:
        yield n, measure(n)
