"""The report as text for people and as JSON for programs, for Copy and for the terminal."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from engine.base import sizes
from engine.base.catalogue import Words, joined
from engine.base.devices import CacheLevel, Disk, DiskKind, Graphics
from engine.base.events import HardwareReport, SimdFeature
from engine.base.rates import TypeRate
from engine.base.runs import Prediction
from engine.base.words import columns, padded
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
DISK_NAMES = {"models": Words("models disk"), "data": Words("data disk")}
WIDTH = 12


def report_text(report: HardwareReport, told: Callable[[str], str] = str) -> str:
    """Lines of a name and a value, for a terminal, a bug report or a forum. `told`: what makes of
    words what another language has; without it they are English."""
    rows = list(_rows(report))
    width = max(WIDTH, *(columns(told(name)) for name, _ in rows if isinstance(name, Words)))
    lines = [f"{padded(told(name), width)} {told(value)}" for name, value in rows]
    return "\n".join([*lines, *map(told, report.notes)])


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
    about = Words("about {speed:speed}", speed=found.predicted)
    if not found.runs:
        return about
    replies = Words(
        "{about}; {speed} in {n} {n:reply|replies}",
        about=about,
        speed=sizes.speed(found.measured, is_measured=True),
        n=found.runs,
    )
    percent = round(100 * found.error)
    if not percent:
        return Words("{replies}, as predicted", replies=replies)
    if percent > 0:
        return Words("{replies}, predicted {share} % too high", replies=replies, share=percent)
    return Words("{replies}, predicted {share} % too low", replies=replies, share=-percent)


def _rows(r: HardwareReport) -> Iterator[tuple[str, str]]:
    yield Words("system"), r.system
    yield Words("processor"), r.cpu_name
    cores = Words(
        "{cores} ({threads} threads), use {best}",
        cores=r.physical_cores,
        threads=r.logical_cores,
        best=r.best_threads,
    )
    yield Words("cores"), cores
    if r.caches:
        yield Words("caches"), caches_words(r.caches)
    yield Words("features"), joined(map(_feature, r.simd), " ")
    free = Words("{free:memory} free of {all:memory}", free=r.ram_available, all=r.ram_total)
    yield Words("memory"), free
    for disk in r.disks:
        yield DISK_NAMES.get(disk.used_for, f"{disk.used_for} disk"), disk_words(disk)
    if not r.disks:
        yield Words("disk"), Words("{free:memory} free", free=r.disk_free)
    for card in r.graphics:
        yield Words("graphics"), graphics_words(card)
    if not r.graphics:
        yield Words("graphics"), ", ".join(r.gpus) or Words("none found")
    yield from _measured(r)
    for found in r.predictions:
        yield found.name, prediction_words(found)


def _feature(feature: SimdFeature) -> str:
    if not feature.present:
        return Words("no {feature}", feature=feature.name)
    if not feature.used:
        return Words("{feature} (not used)", feature=feature.name)
    return feature.name


def _measured(r: HardwareReport) -> Iterator[tuple[str, str]]:
    if r.bandwidth:
        by = [
            Words("{n} {n:thread|threads} {rate:rate}", n=n, rate=b)
            for n, b in r.bandwidth_by_threads
        ]
        words = Words("{rate:rate} ({by})", rate=r.bandwidth, by=joined(by, ", "))
        yield Words("bandwidth"), words
    for rate in r.rates.types:
        yield rate.type, _rate_words(r, rate)
    if r.rates.types:
        words = Words("{path}, {n} {n:thread|threads}", path=r.rates.path, n=r.rates.threads)
        yield Words("kernels"), words
    if r.rates.others > BUSY:
        words = Words(
            "other programs took {share} % of the processor; measure again without them",
            share=round(100 * r.rates.others),
        )
        yield Words("busy"), words


def _rate_words(r: HardwareReport, rate: TypeRate) -> Words:
    decode, prefill = sizes.products(rate.decode), sizes.products(rate.prefill)
    share = roof_share(r, rate)
    if not share:
        return Words(
            "{decode} billion products a second for one token, {prefill} for a prompt",
            decode=decode,
            prefill=prefill,
        )
    return Words(
        "{decode} billion products a second for one token ({share:.0f} % of the roof), {prefill} "
        "for a prompt",
        decode=decode,
        prefill=prefill,
        share=100 * share,
    )


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
