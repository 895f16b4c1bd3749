"""`chaski models`: the library, as a list; add, remove and verify its entries."""

import argparse

from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_verb


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "models", "the library of models", run, model=False)
    parser.add_argument(
        "action", nargs="?", choices=("list", "add", "remove", "verify"), default="list"
    )
    parser.add_argument("name", nargs="?", metavar="PATH | NAME")


def run(args: argparse.Namespace, console: Console) -> int:
    return 0
