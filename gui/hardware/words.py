"""The hardware report in words: sentences and sizes. No Qt."""

from engine.api import disk_words, graphics_words, sizes
from engine.base.events import HardwareReport


def rate(n: float) -> str:
    return sizes.rate(n) if n else "not measured yet"


def rate_words(speed: float) -> str:
    """About so many tokens a second; slow ones with a digit more."""
    return f"≈ {sizes.speed(speed)}" if speed else "–"


def processor_line(r: HardwareReport) -> str:
    """What stands after the processor's name."""
    cores = f"{r.physical_cores} core" + ("s" if r.physical_cores != 1 else "")
    parts = [cores]
    if r.logical_cores != r.physical_cores:
        parts.append(f"{r.logical_cores} threads")
    if r.cache_bytes:
        parts.append(f"{sizes.memory(r.cache_bytes).replace('.0 ', ' ')} cache")
    best = f"best with {r.best_threads} thread" + ("s" if r.best_threads != 1 else "")
    return " · ".join([*parts, best])


def memory_rows(r: HardwareReport) -> list[tuple[str, str]]:
    return [
        ("Memory", f"{sizes.memory(r.ram_total)}, {sizes.memory(r.ram_available)} free"),
        ("Bandwidth", rate(r.bandwidth) + (", measured" if r.bandwidth else "")),
        *_disks(r),
        ("Graphics", _graphics(r)),
        ("System", r.system),
    ]


def _disks(r: HardwareReport) -> list[tuple[str, str]]:
    if not r.disks:
        return [("Disk", f"{sizes.memory(r.disk_free).replace('.0 ', ' ')} free")]
    return [(f"Disk of {disk.used_for}", disk_words(disk)) for disk in r.disks]


def _graphics(r: HardwareReport) -> str:
    cards = "; ".join(graphics_words(card) for card in r.graphics)
    return cards or ", ".join(r.gpus) or "no graphics card found"
