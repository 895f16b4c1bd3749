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
from gui.language import begun, said

NEAR = 0.15  # so far a prediction may be off and still is a good one
PATHS = {
    "avx512-vnni": "AVX-512 VNNI",
    "avx-vnni": "AVX-VNNI",
    "avx512": "AVX-512",
    "avx2": "AVX2",
    "ssse3": "SSSE3",
    "neon-dotprod": "NEON with dot products",
    "generic": "plain",
}
DISKS = {"models": "Disk of the models", "data": "Disk of chats"}


def rate_words(speed: float) -> str:
    """About so many tokens a second; slow ones with a digit more."""
    return f"≈ {sizes.speed(speed)}" if speed else "–"


def threads_words(n: int) -> str:
    return f"{n} thread" + ("s" if n != 1 else "")


def processor_line(r: HardwareReport) -> str:
    """What stands after the processor's name."""
    cores = f"{r.physical_cores} core" + ("s" if r.physical_cores != 1 else "")
    parts = [cores]
    if r.logical_cores != r.physical_cores:
        parts.append(threads_words(r.logical_cores))
    if r.cache_bytes and not r.caches:
        parts.append(f"{sizes.memory(r.cache_bytes)} cache")
    return " · ".join(parts)


def caches_line(r: HardwareReport) -> str:
    """ "Caches: L1 48 kB a core, …"; "" where the system tells none."""
    return f"Caches: {said(caches_words(r.caches))}" if r.caches else ""


def best_line(r: HardwareReport, asked: int = 0) -> str:
    """How many threads compute, and why. `asked`: as many as Settings want, 0 for the best."""
    if r.rates.threads:
        best = f"Best with {threads_words(r.rates.threads)}: measured and kept"
        return (
            f"{best}; Settings ask for {asked}."
            if asked
            else f"{best}, used whenever a model is opened."
        )
    best = f"{threads_words(r.best_threads)} suit the cores"
    if asked:
        return f"{best}; Settings ask for {asked}."
    return f"{best} and are used; measuring finds out whether others are faster."


def memory_rows(r: HardwareReport) -> list[tuple[str, str]]:
    measured = sizes.rate(r.bandwidth) if r.bandwidth else "not measured yet"
    rows = [
        ("Memory", f"{sizes.memory(r.ram_total)}, {sizes.memory(r.ram_available)} free"),
        ("Bandwidth", measured + (", measured" if r.bandwidth else "")),
        *_disks(r),
        *_graphics(r),
        ("System", r.system),
    ]
    return [(name, glued(words)) for name, words in rows]


def glued(words: str) -> str:
    """A figure stays with its unit, and a unit is not cut, where a line ends."""
    return re.sub(r"(\d) ([kMGT]B)\b", "\\1\N{NO-BREAK SPACE}\\2", words).replace(
        "/s", "/\N{WORD JOINER}s"
    )


def _disks(r: HardwareReport) -> list[tuple[str, str]]:
    if not r.disks:
        return [("Disk", f"{sizes.file(r.disk_free)} free")]
    words = {disk.used_for: _disk(disk) for disk in r.disks}
    if len(set(words.values())) == 1:  # one disk, named once
        return [("Disk", next(iter(words.values())))]
    return [(DISKS.get(use, f"Disk of {use}"), told) for use, told in words.items()]


def _graphics(r: HardwareReport) -> list[tuple[str, str]]:
    cards = [said(graphics_words(card)) for card in r.graphics] or list(r.gpus)
    if not cards:
        return [("Graphics", "none found; Chaski computes with the processor")]
    many = len(cards) > 1
    return [(f"Graphics {i}" if many else "Graphics", card) for i, card in enumerate(cards, 1)]


def _disk(disk: Disk) -> str:
    """A sentence begins large, a name such as ext4 stays as it is."""
    words = disk_words(disk)
    return said(words) if disk.kind is DiskKind.UNKNOWN else begun(words)


def kernels_words(rates: Rates) -> str:
    """Which kernels were timed, with how many threads."""
    return f"{PATHS.get(rates.path, rates.path)} kernels, {threads_words(rates.threads)}"


def error_words(found: Prediction) -> tuple[str, str]:
    """How far a prediction was off, and how that is to be taken: good, warn; "" for no reply."""
    if not found.runs:
        return "", ""
    percent = round(100 * found.error)
    words = f"{abs(percent)} % too {'high' if percent > 0 else 'low'}" if percent else "Right"
    return words, "good" if abs(found.error) <= NEAR else "warn"


def replies_words(found: Prediction) -> str:
    """The speed of real replies, and of how many: "18.2 tok/s in 3 replies"."""
    if not found.runs:
        return "–"
    return sizes.speed(found.measured, is_measured=True)


def replies_tip(found: Prediction) -> str:
    if not found.runs:
        return (
            "No reply was timed yet that says something: one of 16 tokens or more, "
            "with as many threads"
        )
    n = "one reply" if found.runs == 1 else f"the last {found.runs} replies"
    return f"The middle of {n}"


def busy_words(r: HardwareReport) -> str:
    """Where other programs took much of the processor while it was measured; else ""."""
    if r.rates.others <= BUSY:
        return ""
    percent = round(100 * r.rates.others)
    return (
        f"Other programs took {percent} % of the processor while this was measured, so the figures "
        "are lower than they could be. Measure again when it is quiet."
    )
