"""`chaski hardware`: what this machine has, and what the kernels use of it."""

import argparse
import dataclasses

from engine.base import sizes
from engine.base.events import HardwareReport
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_verb


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "hardware", "what this machine has", run, model=False)
    parser.add_argument("--measure", action="store_true", help="also time the memory")


def run(args: argparse.Namespace, console: Console) -> int:
    from engine.base.paths import Paths
    from engine.measure.machine import reporting

    report: HardwareReport = console.drive(reporting(args.measure, Paths.default()))
    console.result(dataclasses.asdict(report), _text(report))
    return 0


def _text(r: HardwareReport) -> str:
    simd = " ".join(
        f"{f.name}{'' if f.used else ' (not used)'}" if f.present else f"no {f.name}"
        for f in r.simd
    )
    rows = [
        ("system", r.system),
        ("processor", r.cpu_name),
        ("cores", f"{r.physical_cores} ({r.logical_cores} threads), use {r.best_threads}"),
        ("features", simd),
        ("memory", f"{sizes.memory(r.ram_available)} free of {sizes.memory(r.ram_total)}"),
        ("disk", f"{sizes.memory(r.disk_free)} free"),
        ("graphics", ", ".join(r.gpus) or "none found"),
    ]
    if r.bandwidth:
        by = ", ".join(f"{n} threads {sizes.rate(b)}" for n, b in r.bandwidth_by_threads)
        rows.append(("bandwidth", f"{sizes.rate(r.bandwidth)} ({by})"))
    return "\n".join([*(f"{name:10s} {value}" for name, value in rows), *r.notes])
