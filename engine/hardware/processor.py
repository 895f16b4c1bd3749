"""What a processor is, whatever the system: name, cores, caches, feature flags.

Each system has one file that fills this in; everything after that is common.
"""

import re
from dataclasses import dataclass

from engine.base.devices import CacheLevel

# A core whose speed is below this share of the fastest slows the others down at every barrier.
_SLOW_CORE = 0.6


@dataclass(frozen=True)
class Core:
    """One physical core: its logical processors, and its speed relative to the others."""

    cpus: frozenset[int]
    speed: float = 1.0


@dataclass(frozen=True)
class Processor:
    """All that the system tells. `features` are the flags in the system's own spelling."""

    name: str
    cores: tuple[Core, ...]
    cache_bytes: int = 0  # of the last level
    features: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    caches: tuple[CacheLevel, ...] = ()

    @property
    def physical_cores(self) -> int:
        return len(self.cores)

    @property
    def logical_cores(self) -> int:
        return sum(len(core.cpus) for core in self.cores)


def best_threads(
    cores: tuple[Core, ...], allowed: frozenset[int] | None, quota: float | None
) -> int:
    """One thread for each physical core we may use; on hybrids only the fast ones.

    Two threads of one core share the units that the kernels keep busy, and a slow core would be
    waited for.
    """
    usable = [core for core in cores if allowed is None or core.cpus & allowed]
    fastest = max((core.speed for core in usable), default=1.0)
    n = sum(core.speed >= _SLOW_CORE * fastest for core in usable)
    if quota is not None:
        n = min(n, int(quota + 0.5))
    return max(n, 1)


_NOISE = re.compile(
    r"\((R|TM|r|tm)\)|®|™|\bCPU\b|\bProcessor\b|@.*$|\b\d+-Core\b|"
    r"\b(w/|with) Radeon.*$|\b\d+th Gen\b|\b1[1-4]th Generation\b"
)


def tidy_name(name: str) -> str:
    """The name as a person would say it: "AMD Ryzen 7 7840U", "Intel Core i7-1260P"."""
    return " ".join(_NOISE.sub(" ", name).split())
