"""The hardware report in words: sentences and sizes. No Qt."""

import re

from engine.api import (
    BUSY,
    HardwareReport,
    Prediction,
    Rates,
    caches_words,
    disk_words,
    graphics_words,
    sizes,
)
from engine.base.devices import Disk, DiskKind
from gui.language import begun, figures, marked, said, tr

NEAR = 0.15  # so far a prediction may be off and still is a good one
PATHS = {
    "avx512-vnni": "AVX-512 VNNI",
    "avx-vnni": "AVX-VNNI",
    "avx512": "AVX-512",
    "avx2": "AVX2",
    "ssse3": "SSSE3",
    "neon-dotprod": marked("NEON with dot products"),
    "generic": marked("plain"),
}
DISKS = {"models": marked("Disk of the models"), "data": marked("Disk of chats")}


def rate_words(speed: float) -> str:
    """About so many tokens a second; slow ones with a digit more."""
    return f"≈ {figures(sizes.speed(speed))}" if speed else "–"


def threads_words(n: int) -> str:
    return tr("{n} {n:thread|threads}", n=n)


def processor_line(r: HardwareReport) -> str:
    """What stands after the processor's name."""
    parts = [tr("{n} {n:core|cores}", n=r.physical_cores)]
    if r.logical_cores != r.physical_cores:
        parts.append(threads_words(r.logical_cores))
    if r.cache_bytes and not r.caches:
        parts.append(tr("{size:memory} cache", size=r.cache_bytes))
    return " · ".join(parts)


def caches_line(r: HardwareReport) -> str:
    """ "Caches: L1 48 kB a core, …"; "" where the system tells none."""
    return tr("Caches: {sizes}", sizes=said(caches_words(r.caches))) if r.caches else ""


def best_line(r: HardwareReport, asked: int = 0) -> str:
    """How many threads compute, and why. `asked`: as many as Settings want, 0 for the best."""
    n = r.rates.threads
    if n and asked:
        words = marked(
            "Best with {n} {n:thread|threads}: measured and kept; Settings ask for {asked}."
        )
    elif n:
        words = marked(
            "Best with {n} {n:thread|threads}: measured and kept, used whenever a model is opened."
        )
    elif asked:
        words = marked("{n} {n:thread|threads} suit the cores; Settings ask for {asked}.")
    else:
        words = marked(
            "{n} {n:thread|threads} suit the cores and are used; measuring finds out whether "
            "others are faster."
        )
    return tr(words, n=n or r.best_threads, asked=asked)


def memory_rows(r: HardwareReport) -> list[tuple[str, str]]:
    measured = tr("not measured yet")
    if r.bandwidth:
        measured = tr("{speed:rate}, measured", speed=r.bandwidth)
    free = tr("{all:memory}, {free:memory} free", all=r.ram_total, free=r.ram_available)
    rows = [
        (tr("Memory"), free),
        (tr("Bandwidth"), measured),
        *_disks(r),
        *_graphics(r),
        (tr("System"), r.system),
    ]
    return [(name, glued(words)) for name, words in rows]


def glued(words: str) -> str:
    """A figure stays with its unit, and a unit is not cut, where a line ends."""
    return re.sub(r"(\d) ([kMGT][Bo])\b", "\\1\N{NO-BREAK SPACE}\\2", words).replace(
        "/s", "/\N{WORD JOINER}s"
    )


def _disks(r: HardwareReport) -> list[tuple[str, str]]:
    if not r.disks:
        return [(tr("Disk"), tr("{size:file} free", size=r.disk_free))]
    words = {disk.used_for: _disk(disk) for disk in r.disks}
    if len(set(words.values())) == 1:  # one disk, named once
        return [(tr("Disk"), next(iter(words.values())))]
    return [(_disk_name(use), told) for use, told in words.items()]


def _disk_name(use: str) -> str:
    return tr(DISKS[use]) if use in DISKS else tr("Disk of {use}", use=use)


def _graphics(r: HardwareReport) -> list[tuple[str, str]]:
    cards = [said(graphics_words(card)) for card in r.graphics] or list(r.gpus)
    if not cards:
        return [(tr("Graphics"), tr("none found; Chaski computes with the processor"))]
    many = len(cards) > 1
    return [
        (tr("Graphics {i}", i=i) if many else tr("Graphics"), card)
        for i, card in enumerate(cards, 1)
    ]


def _disk(disk: Disk) -> str:
    """A sentence begins large, a name such as ext4 stays as it is."""
    words = disk_words(disk)
    return said(words) if disk.kind is DiskKind.UNKNOWN else begun(words)


def kernels_name(rates: Rates) -> str:
    """Which kernels were timed."""
    return tr(PATHS.get(rates.path, rates.path))


def error_words(found: Prediction) -> tuple[str, str]:
    """How far a prediction was off, and how that is to be taken: good, warn; "" for no reply."""
    if not found.runs:
        return "", ""
    percent = round(100 * found.error)
    words = tr("Right", sense="a prediction that came true")
    if percent > 0:
        words = tr("{share} % too high", share=percent)
    elif percent:
        words = tr("{share} % too low", share=-percent)
    return words, "good" if abs(found.error) <= NEAR else "warn"


def replies_words(found: Prediction) -> str:
    """The speed of real replies, and of how many: "18.2 tok/s in 3 replies"."""
    if not found.runs:
        return "–"
    return figures(sizes.speed(found.measured, is_measured=True))


def replies_tip(found: Prediction) -> str:
    if not found.runs:
        return tr(
            "No reply was timed yet that says something: one of 16 tokens or more, "
            "with as many threads"
        )
    if found.runs == 1:
        return tr("The middle of one reply")
    return tr("The middle of the last {n} replies", n=found.runs)


def busy_words(r: HardwareReport) -> str:
    """Where other programs took much of the processor while it was measured; else ""."""
    if r.rates.others <= BUSY:
        return ""
    percent = round(100 * r.rates.others)
    return tr(
        "Other programs took {share} % of the processor while this was measured, so the figures "
        "are lower than they could be. Measure again when it is quiet.",
        share=percent,
    )
