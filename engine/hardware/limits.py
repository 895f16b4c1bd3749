"""Memory and processor time we may really use: the machine's, cut by control groups (Linux)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.hardware.machine import Machine, is_count

_GROUPS = "/sys/fs/cgroup"
RESERVE = 256 << 20  # bytes left to the rest of the system by whoever takes much


@dataclass(frozen=True)
class MemoryLimits:
    """Bytes; `limited` says that a control group allows less than the machine has."""

    total: int
    available: int
    limited: bool = False


def read_memory(machine: Machine, total: int, available: int) -> MemoryLimits:
    """The machine's own figures, cut to what the control groups of this process leave."""
    for folder in _group_folders(machine, "memory"):
        limit, used = _memory_group(machine, folder)
        if limit is not None and limit < total:
            total = limit
        if limit is not None:
            available = min(available, max(limit - used, 0))
    return MemoryLimits(total, min(available, total))


def system_memory(machine: Machine) -> MemoryLimits:
    """Of the running machine, by psutil."""
    import psutil

    found = psutil.virtual_memory()
    memory = read_memory(machine, int(found.total), int(found.available))
    return MemoryLimits(memory.total, memory.available, limited=memory.total < found.total)


def cpu_quota(machine: Machine) -> float | None:
    """How many processors' worth of time the control groups allow; None where they do not care."""
    quotas = []
    for folder in _group_folders(machine, "cpu"):
        words = machine.text(folder / "cpu.max").split()
        if len(words) == 2 and is_count(words[0]) and is_count(words[1]):
            quotas.append(int(words[0]) / max(int(words[1]), 1))
        quota = machine.number(folder / "cpu.cfs_quota_us")
        period = machine.number(folder / "cpu.cfs_period_us")
        if quota and period and quota > 0:
            quotas.append(quota / period)
    return min(quotas, default=None)


def _memory_group(machine: Machine, folder: Path) -> tuple[int | None, int]:
    """Limit and use of one group; files that the system cached on its behalf can be given up."""
    limit = machine.number(folder / "memory.max")  # "max" is no number: no limit
    used = machine.number(folder / "memory.current")
    if limit is None:
        limit = machine.number(folder / "memory.limit_in_bytes")
        used = machine.number(folder / "memory.usage_in_bytes")
    words = machine.text(folder / "memory.stat").split()
    stat = dict(zip(words[::2], words[1::2], strict=False))
    cached = stat.get("total_inactive_file") or stat.get("inactive_file") or "0"
    return limit, max((used or 0) - (int(cached) if is_count(cached) else 0), 0)


def _group_folders(machine: Machine, controller: str) -> Iterator[Path]:
    """The groups this process is in, innermost first, up to the root of each hierarchy."""
    if machine.system != "Linux":
        return
    for line in machine.text("/proc/self/cgroup").splitlines():
        number, _, rest = line.partition(":")
        names, _, place = rest.partition(":")
        if number == "0" and not names:
            top = machine.path(_GROUPS)  # version 2
        elif controller in names.split(","):
            top = machine.path(_GROUPS) / controller
        else:
            continue
        yield from _upwards(top, place)


def _upwards(top: Path, place: str) -> Iterator[Path]:
    # A container sees its own group mounted at the top, whatever path it is told.
    parts = [part for part in place.split("/") if part and part != ".."]
    for n in range(len(parts), -1, -1):
        yield top.joinpath(*parts[:n])
