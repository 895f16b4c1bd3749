"""The report as text for people and as JSON for programs, for Copy and for the terminal."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from engine.base import sizes
from engine.base.catalogue import Words, joined
from engine.base.devices import CacheLevel, Disk, DiskKind, Graphics
from engine.base.events import HardwareReport
from engine.base.rates import TypeRate
from engine.base.runs import Prediction
from engine.hardware.rates_kept import BUSY

DISKS = {
    DiskKind.NVME: "NVMe",
    DiskKind.SSD: Words("solid state"),
    DiskKind.SPINNING: Words("spinning"),
    DiskKind.REMOVABLE: Words("removable"),
    DiskKind.NETWORK: Words("over the network"),
    DiskKind.MEMORY: Words("in memory"),
    DiskKind.UNKNOWN: "",
}
WIDTH = 12


def report_text(report: HardwareReport) -> str:
    """Lines of a name and a value, for a terminal, a bug report or a forum."""
    lines = [f"{name:{WIDTH}s} {value}" for name, value in _rows(report)]
    return "\n".join([*lines, *report.notes])


def report_json(report: HardwareReport) -> dict[str, Any]:
    """The form that the docstring of this room tells."""
    told = asdict(report)
    told["rates"]["roof_share"] = {
        rate.type: round(roof_share(report, rate), 3) for rate in report.rates.types
    }
    return told


def roof_share(report: HardwareReport, rate: TypeRate) -> float:
    """How much of the memory's bandwidth one token of this type makes use of; 0: not known.

    More than 1 can come about where the machine was busier at one of the two measurements.
    """
    from engine.weights.types import TensorType  # with NumPy, which the front door does without

    known = report.rates.bandwidth_of(report.rates.threads)
    bits = TensorType[rate.type].bits_per_weight if rate.type in TensorType.__members__ else 0.0
    return rate.decode * bits / 8 / known if known else 0.0


def caches_words(caches: tuple[CacheLevel, ...]) -> str:
    """ "L1 48 kB + 32 kB a core, L2 1 MB a core, L3 32 MB for 8 cores": without instructions."""
    return joined((_cache(cache) for cache in caches if cache.kind != "instruction"), ", ")


def graphics_words(card: Graphics) -> str:
    """ "NVIDIA GeForce RTX 4090, 24 GB, NVIDIA 550.54.14"."""
    memory: str = Words("the machine's memory") if card.unified else ""
    if card.memory:
        memory = Words("{memory:memory}", memory=card.memory)
    elif card.shared:
        memory = Words("up to {shared:memory} of the machine's memory", shared=card.shared)
    return joined((word for word in (card.name, memory, card.driver) if word), ", ")


def disk_words(disk: Disk) -> str:
    """ "NVMe, ext4, 214 GB free, reads 3.1 GB/s, writes 1.2 GB/s"."""
    words = [DISKS[disk.kind], disk.file_system, Words("{free:memory} free", free=disk.free)]
    if disk.read_rate:
        words.append(Words("reads {rate:rate}", rate=disk.read_rate))
    if disk.write_rate:
        words.append(Words("writes {rate:rate}", rate=disk.write_rate))
    return joined((word for word in (*words, disk.problem) if word), ", ")


def prediction_words(found: Prediction) -> str:
    """ "about 19 tok/s; 18.2 tok/s in 3 replies, predicted 4 % too high"."""
    if found.problem:
        return found.problem
    words = f"about {sizes.speed(found.predicted)}"
    if not found.runs:
        return words
    replies = "1 reply" if found.runs == 1 else f"{found.runs} replies"
    words += f"; {sizes.speed(found.measured, is_measured=True)} in {replies}"
    percent = round(100 * found.error)
    if not percent:
        return f"{words}, as predicted"
    return f"{words}, predicted {abs(percent)} % too {'high' if percent > 0 else 'low'}"


def _rows(r: HardwareReport) -> Iterator[tuple[str, str]]:
    yield "system", r.system
    yield "processor", r.cpu_name
    yield "cores", f"{r.physical_cores} ({r.logical_cores} threads), use {r.best_threads}"
    if r.caches:
        yield "caches", caches_words(r.caches)
    yield (
        "features",
        " ".join(
            f"{f.name}{'' if f.used else ' (not used)'}" if f.present else f"no {f.name}"
            for f in r.simd
        ),
    )
    yield "memory", f"{sizes.memory(r.ram_available)} free of {sizes.memory(r.ram_total)}"
    for disk in r.disks:
        yield f"{disk.used_for} disk", disk_words(disk)
    if not r.disks:
        yield "disk", f"{sizes.memory(r.disk_free)} free"
    for card in r.graphics:
        yield "graphics", graphics_words(card)
    if not r.graphics:
        yield "graphics", ", ".join(r.gpus) or "none found"
    yield from _measured(r)
    for found in r.predictions:
        yield found.name, prediction_words(found)


def _measured(r: HardwareReport) -> Iterator[tuple[str, str]]:
    if r.bandwidth:
        by = ", ".join(f"{_threads(n)} {sizes.rate(b)}" for n, b in r.bandwidth_by_threads)
        yield "bandwidth", f"{sizes.rate(r.bandwidth)} ({by})"
    for rate in r.rates.types:
        share = roof_share(r, rate)
        of_roof = f" ({100 * share:.0f} % of the roof)" if share else ""
        yield (
            rate.type,
            f"{sizes.products(rate.decode)} billion products a second for one token{of_roof}, "
            f"{sizes.products(rate.prefill)} for a prompt",
        )
    if r.rates.types:
        yield "kernels", f"{r.rates.path}, {_threads(r.rates.threads)}"
    if r.rates.others > BUSY:
        percent = round(100 * r.rates.others)
        words = f"other programs took {percent} % of the processor; measure again without them"
        yield "busy", words


def _threads(n: int) -> str:
    return f"{n} thread" + ("s" if n != 1 else "")


def _cache(cache: CacheLevel) -> str:
    level, size = f"L{cache.level}", cache.size
    if cache.cores == 1:
        return Words("{level} {size:cache} a core", level=level, size=size)
    if cache.cores > 1 and cache.count > 1:
        each = Words("for each {cores} cores", cores=cache.cores)
        return Words("{level} {size:cache} {each}", level=level, size=size, each=each)
    return Words(
        "{level} {size:cache} for {cores} cores", level=level, size=size, cores=cache.cores
    )
