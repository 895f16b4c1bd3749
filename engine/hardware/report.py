"""Gathers the hardware report from the files beside this one; each gap is filled with "unknown"."""

import os
import platform
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from engine.base.catalogue import Words
from engine.base.errors import UsageError
from engine.base.events import HardwareReport
from engine.base.paths import home_folder
from engine.base.rates import Rates
from engine.hardware import (
    graphics,
    processor_linux,
    processor_macos,
    processor_windows,
)
from engine.hardware.features import simd_features
from engine.hardware.limits import cpu_quota, system_memory
from engine.hardware.machine import Machine
from engine.hardware.processor import Core, Processor, best_threads
from engine.hardware.rates_kept import Key, kept_rates

MOST_PER_CORE = 4  # threads; beyond that a number is a slip

_READERS = {
    "Linux": processor_linux.read_processor,
    "Darwin": processor_macos.read_processor,
    "Windows": processor_windows.read_processor,
}


def make_report(
    *,
    used: frozenset[str] = frozenset(),
    present: Iterable[str] = (),
    disk: Path | None = None,
    machine: Machine | None = None,
) -> HardwareReport:
    """The report without measurements. `used`: features that the kernels use; `present`: flags the
    caller knows from the processor itself; `disk`: the folder whose free space counts."""
    machine = machine or Machine()
    cpu = read_processor(machine)
    quota = cpu_quota(machine)
    memory = system_memory(machine)
    threads = best_threads(cpu.cores, machine.allowed, quota)
    cards = graphics.read_graphics(machine)
    notes = [*cpu.notes, *_core_notes(cpu, threads)]
    if memory.limited:
        notes.append(
            Words("A limit set on this program leaves it less memory than the machine has.")
        )
    return HardwareReport(
        cpu_name=cpu.name,
        physical_cores=cpu.physical_cores,
        logical_cores=cpu.logical_cores,
        best_threads=threads,
        cache_bytes=cpu.cache_bytes,
        simd=simd_features(machine.architecture, {*cpu.features, *present}, used),
        ram_total=memory.total,
        ram_available=memory.available,
        disk_free=disk_free(disk or home_folder() or Path("/")),
        gpus=tuple(card.name for card in cards),
        graphics=cards,
        caches=cpu.caches,
        system=_system_name(machine),
        notes=tuple(notes),
    )


def read_processor(machine: Machine) -> Processor:
    """By the file for this system; others get what Python knows."""
    reader = _READERS.get(machine.system)
    if reader is not None:
        return reader(machine)
    return Processor(platform.processor() or Words("Unknown processor"), (Core(frozenset({0})),))


def chosen_threads(asked: int, kept: Path | None = None) -> int:
    """The threads asked for, or as many as suit this machine for 0: as many as were fastest when
    it was measured, where `kept` (the file of its rates) says so and so many may still be used.

    Raises UsageError for a number that can only be a mistake: below 0 or beyond MOST_PER_CORE for
    each processor; so many would only wait for each other, and the system may refuse them.
    """
    most = MOST_PER_CORE * (os.cpu_count() or 1)
    if not 0 <= asked <= most:
        raise UsageError(
            "{asked} threads were asked for; choose 1 to {most}, or 0 for as many as suit this "
            "computer",
            asked=asked,
            most=most,
        )
    return asked or measured_threads(kept) or default_threads()


def measured_threads(kept: Path | None) -> int:
    """The fastest number of threads by an earlier measurement; 0 where there is none."""
    if kept is None or not kept.exists():
        return 0
    machine = Machine()
    best = kept_rates(kept, Key.of(read_processor(machine).name)).threads
    return best if best <= most_threads(machine) else 0


def most_threads(machine: Machine | None = None) -> int:
    """Threads that can run at once here, two on one core included."""
    machine = machine or Machine()
    cpus = machine.allowed
    n = read_processor(machine).logical_cores if cpus is None else len(cpus)
    quota = cpu_quota(machine)
    return max(1, n if quota is None else min(n, int(quota + 0.5)))


def default_threads(machine: Machine | None = None) -> int:
    """Threads for computing when the user names none."""
    machine = machine or Machine()
    return best_threads(read_processor(machine).cores, machine.allowed, cpu_quota(machine))


def with_bandwidth(report: HardwareReport, points: Iterable[tuple[int, float]]) -> HardwareReport:
    """The report with measured points (threads, bytes/s); the best of them is the bandwidth."""
    found = tuple(sorted(points))
    return replace(
        report,
        bandwidth=max((rate for _, rate in found), default=0.0),
        bandwidth_by_threads=found,
    )


def with_rates(report: HardwareReport, rates: Rates) -> HardwareReport:
    """The report with what was measured: bandwidth, and the number of threads that is best."""
    best = rates.threads or report.best_threads
    return replace(with_bandwidth(report, rates.bandwidth), rates=rates, best_threads=best)


def disk_free(folder: Path) -> int:
    """Bytes free where the folder is, or would be."""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return 0


def _core_notes(cpu: Processor, threads: int) -> list[str]:
    fast = sum(core.speed == max(c.speed for c in cpu.cores) for core in cpu.cores)
    if threads < min(fast, cpu.physical_cores):
        return [
            Words(
                "This program may use {threads} of {physical_cores} cores.",
                threads=threads,
                physical_cores=cpu.physical_cores,
            )
        ]
    if threads < cpu.physical_cores:
        return [
            Words(
                "{threads} fast cores do the computing; the others would slow them down.",
                threads=threads,
            )
        ]
    return []


def _system_name(machine: Machine) -> str:
    if machine.system == "Linux":
        for line in machine.text("/etc/os-release").splitlines():
            if line.startswith("PRETTY_NAME="):
                return f"{line.partition('=')[2].strip(chr(34))} ({machine.architecture})"
    if machine.system == "Darwin":
        return f"macOS {platform.mac_ver()[0]} ({machine.architecture})"
    return f"{machine.system} {platform.release()} ({machine.architecture})"
