"""Caches of a processor from what each system lists: equal ones together, small levels first.

The last level counts in full for `Processor.cache_bytes`; instruction caches never do.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from engine.base.devices import CacheLevel
from engine.hardware.machine import is_count
from engine.hardware.processor import Core

_MOST = 4 << 30  # bytes of one cache; beyond it the system tells nonsense
KINDS = {"Data": "data", "Instruction": "instruction", "Unified": "unified"}


def grouped(
    found: Iterable[tuple[int, str, int, frozenset[int]]], cores: tuple[Core, ...]
) -> tuple[CacheLevel, ...]:
    """From (level, kind, bytes, logical processors that share it), each cache named once or more.

    How many cores share one is counted in cores, not in their threads.
    """
    single = {(level, kind, cpus): size for level, kind, size, cpus in found if _is_sound(size)}
    counts: Counter[tuple[int, str, int, int]] = Counter()
    for (level, kind, cpus), size in single.items():
        sharing = sum(bool(core.cpus & cpus) for core in cores)
        counts[level, kind, -size, max(sharing, 1)] += 1
    return tuple(
        CacheLevel(level, kind, -size, sharing, n)
        for (level, kind, size, sharing), n in sorted(counts.items())
    )


def last_level_bytes(caches: Iterable[CacheLevel]) -> int:
    """All caches of the last level together, those for instructions left out."""
    levels: dict[int, int] = {}
    for cache in caches:
        if cache.kind != "instruction":
            levels[cache.level] = levels.get(cache.level, 0) + cache.total
    return levels[max(levels)] if levels else 0


def of_sysctl(values: Mapping[str, str]) -> tuple[CacheLevel, ...]:
    """macOS: by kinds of cores where it has several (Apple), else by hw.cacheconfig (Intel)."""
    found: list[CacheLevel] = []
    for place in (f"hw.perflevel{i}" for i in range(4)):
        if f"{place}.physicalcpu" in values:
            found += _of_kind(values, place)
    return tuple(sorted(found, key=_order)) if found else _of_intel(values)


def _of_kind(values: Mapping[str, str], place: str) -> list[CacheLevel]:
    cores = number(values, f"{place}.physicalcpu")
    per_core = max(number(values, f"{place}.logicalcpu") // max(cores, 1), 1)
    found = []
    for level, kind, name, sharing in (
        (1, "data", "l1dcachesize", ""),
        (1, "instruction", "l1icachesize", ""),
        (2, "unified", "l2cachesize", "cpusperl2"),
        (3, "unified", "l3cachesize", "cpusperl3"),
    ):
        size = number(values, f"{place}.{name}")
        default = 1 if level == 1 else cores
        share = number(values, f"{place}.{sharing}") // per_core if sharing else 1
        share = min(share or default, max(cores, 1))
        if _is_sound(size):
            found.append(CacheLevel(level, kind, size, share, -(-cores // share)))
    return found


def _of_intel(values: Mapping[str, str]) -> tuple[CacheLevel, ...]:
    """hw.cacheconfig: how many logical processors share memory, level 1, level 2, …"""
    cores = max(number(values, "hw.physicalcpu"), 1)
    per_core = max(number(values, "hw.logicalcpu") // cores, 1)
    words = values.get("hw.cacheconfig", "").split()
    sharing = [int(word) // per_core if is_count(word) else 0 for word in words]
    found = []
    for level, kind, name in (
        (1, "data", "hw.l1dcachesize"),
        (1, "instruction", "hw.l1icachesize"),
        (2, "unified", "hw.l2cachesize"),
        (3, "unified", "hw.l3cachesize"),
    ):
        share = sharing[level] if level < len(sharing) else 0
        share = min(max(share or (cores if level == 3 else 1), 1), cores)
        size = number(values, name)
        if _is_sound(size):
            found.append(CacheLevel(level, kind, size, share, -(-cores // share)))
    return tuple(sorted(found, key=_order))


def number(values: Mapping[str, str], name: str) -> int:
    """A value of sysctl; 0 where it is none."""
    text = values.get(name, "")
    return int(text) if is_count(text) else 0


def _is_sound(size: int) -> bool:
    return 0 < size <= _MOST


def _order(cache: CacheLevel) -> tuple[int, str, int]:
    return cache.level, cache.kind, -cache.size
