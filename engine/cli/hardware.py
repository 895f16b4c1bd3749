"""`chaski hardware`: what this machine has, what the kernels use of it, and how fast it is."""

import argparse

from engine.base.events import HardwareReport
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_verb


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "hardware", "what this machine has", run, model=False)
    parser.add_argument(
        "--measure",
        action="store_true",
        help="also measure it, for half a minute: memory, disks, threads, each type of weights",
    )


def run(args: argparse.Namespace, console: Console) -> int:
    from engine.base.paths import Paths
    from engine.hardware.report_words import report_json, report_text
    from engine.measure.machine import reporting

    report: HardwareReport = console.drive(reporting(args.measure, Paths.default(), predict=True))
    console.result(report_json(report), report_text(report))
    return 0
