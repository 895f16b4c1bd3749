"""`chaski hardware`: what this machine has, what the kernels use of it, and how fast it is."""

import argparse

from engine import jobs
from engine.base.events import HardwareReport
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_verb
from engine.cli.following import answer_to
from engine.cli.speaking import printed


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

    order = jobs.Hardware(args.measure, predict=True)
    report: HardwareReport = answer_to(console, jobs.hardware(order, Paths.default()))
    console.result(report_json(report), report_text(report, printed))
    return 0
