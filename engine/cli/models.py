"""`chaski models`: the library; add, remove and verify its entries. No file is ever deleted."""

import argparse
import dataclasses
from typing import TYPE_CHECKING, Any

from engine.base import sizes
from engine.base.jobs import Job
from engine.base.words import shown
from engine.cli.console import EXIT_ERROR, Console, say
from engine.cli.flags import FlagError, Subparsers, add_verb

if TYPE_CHECKING:
    from engine.library import Library
    from engine.library.records import LibraryModel

ACTIONS = ("list", "add", "remove", "verify")


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "models", "the library of models", run, model=False)
    parser.add_argument("action", nargs="?", choices=ACTIONS, default="list")
    parser.add_argument("name", nargs="?", metavar="PATH | NAME")


def run(args: argparse.Namespace, console: Console) -> int:
    from engine.api import Engine

    if (args.action == "list") != (args.name is None):
        wants = "takes no name" if args.action == "list" else "needs the PATH or NAME of a model"
        raise FlagError(f"models {args.action} {wants}")
    none_yet = "no models yet"
    with Engine() as engine:
        library = engine.library
        if args.action == "verify":
            return _verify(library, args.name, console)
        models = _do(library, args.action, args.name)
        if library.notice:
            console.note(library.notice)
        if not models and library.starter() is not None:
            none_yet += "; `chaski chat starter` talks to the guide that comes with the program"
    text = "\n".join(_line(model) for model in models)
    console.result({"models": [_plain(model) for model in models]}, text or none_yet)
    return 0


def _do(library: "Library", action: str, name: str) -> "list[LibraryModel]":
    """The models an action is about."""
    if action == "list":
        return list(library.list())
    return [library.add(name) if action == "add" else library.remove(name)]


def _verify(library: "Library", name: str, console: Console) -> int:
    def job() -> Job:
        return (yield from library.verifying(name))

    found = console.drive(job())
    model = {**_plain(found), "ok": found.ok}
    if found.ok:
        console.result({"models": [model]}, f"{found.name} is whole, sha256 {found.sha256}")
        return 0
    console.result({"models": [model]}, "")
    say(f"error: {found.name} is damaged: {'; '.join(found.problems)}; get it again")
    return EXIT_ERROR


def _plain(record: Any) -> dict[str, Any]:
    return {**dataclasses.asdict(record), "path": str(record.path)}


def _line(model: "LibraryModel") -> str:
    size = sizes.file(model.file_bytes)
    kind = model.problem or f"{model.architecture} {model.type_name}"
    place = shown(str(model.path), 4096)
    return f"{shown(model.name):30s} {size:>14s}  {shown(kind):16s} {place}"
