"""`chaski models`: the library, the user's models and those of other programs, and what can be done
with one. No file is ever deleted: the trash gives back what it got."""

import argparse
import dataclasses
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import jobs
from engine.base import sizes
from engine.base.catalogue import Words, joined
from engine.base.settings import SamplingParams
from engine.base.words import quoted, shown
from engine.cli.console import EXIT_ERROR, Console, say
from engine.cli.flags import FlagError, Subparsers, add_verb, at_least
from engine.cli.following import answer_to
from engine.cli.speaking import printed, printed_figures

if TYPE_CHECKING:
    from engine.library import Library
    from engine.library.records import LibraryModel, ModelDefaults, Twins

HEADERS_S = 0.3
Models = Sequence["LibraryModel"]
Action = Callable[["Library", argparse.Namespace, Console], int]


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "models", "the library of models", run, model=False)
    parser.add_argument("action", nargs="?", choices=tuple(ACTIONS), default="list")
    parser.add_argument("name", nargs="?", metavar="PATH | NAME")
    parser.add_argument(
        "more", nargs="*", metavar="NEW NAME | TAG | TEXT | FOLDER", help="what the action needs"
    )
    parser.add_argument(
        "--confirm", action="store_true", help="trash, move: also a file that is not Chaski's"
    )
    parser.add_argument(
        "--unused", type=at_least(1), default=0, metavar="MONTHS", help="list: not used so long"
    )


def run(args: argparse.Namespace, console: Console) -> int:
    from engine.api import Engine

    action, wants, n_more = ACTIONS[args.action]
    if (wants == "") != (args.name is None) or len(args.more) not in n_more:
        raise FlagError(
            "models {action} needs {what}" if wants else "models {action} takes no name",
            action=args.action,
            what=wants,
        )
    with Engine() as engine:
        library = engine.library
        status = action(library, args, console)
        if library.notice and args.action != "verify":
            console.note(library.notice)
        return status


def _list(library: "Library", args: argparse.Namespace, console: Console) -> int:
    """What is known is there at once; folders are looked through where one has changed."""
    if library.has_changed():
        answer_to(console, jobs.index(library))
    own = library.list()
    _read_some_headers(library)
    models = [*own, *library.discover(look=False)]
    if args.unused:
        old = {model.path for model in library.unused(args.unused)}
        models = [model for model in models if model.path in old]
    none_yet = Words("no models yet")
    if not models and library.starter() is not None:
        none_yet = Words(
            "no models yet; `chaski chat starter` talks to the guide that comes with the program"
        )
    return _tell(models, console, none_yet)


def _read_some_headers(library: "Library") -> None:
    """Of other programs' models, as many as nobody has to wait for; the next list has more."""
    steps, end = library.describing(), time.monotonic() + HEADERS_S
    for _ in steps:
        if time.monotonic() > end:
            steps.close()


def _add(library: "Library", args: argparse.Namespace, console: Console) -> int:
    return _tell([library.add(args.name)], console)


def _remove(library: "Library", args: argparse.Namespace, console: Console) -> int:
    return _tell([library.remove(args.name)], console)


def _rename(library: "Library", args: argparse.Namespace, console: Console) -> int:
    return _tell([library.rename(args.name, args.more[0])], console)


def _tag(library: "Library", args: argparse.Namespace, console: Console) -> int:
    """The tags that are named, and no others; none named: none left."""
    return _tell([library.tag(args.name, args.more)], console)


def _note(library: "Library", args: argparse.Namespace, console: Console) -> int:
    return _tell([library.note(args.name, " ".join(args.more))], console)


def _defaults(library: "Library", args: argparse.Namespace, console: Console) -> int:
    """Those that are named, and no others; none named: no wishes."""
    return _tell([library.set_defaults(args.name, wishes(args.more))], console)


def wishes(words: Sequence[str]) -> "ModelDefaults":
    """KEY=VALUE words: system, ctx, threads, cache-type, or a sampling value as its flag is called.

    Raises FlagError.
    """
    from engine.library.records import ModelDefaults
    from engine.sampling.params import check_params

    usual: dict[str, Any] = dataclasses.asdict(SamplingParams())
    found, sampling = dict[str, Any](), dict[str, Any]()
    for word in words:
        key, sign, value = word.partition("=")
        name = key.strip().lower().replace("-", "_")
        name = {"ctx": "n_ctx", "temp": "temperature"}.get(name, name)
        if not sign:
            raise FlagError("{word}: write KEY=VALUE, such as temperature=0.7", word=quoted(word))
        try:
            if name in ("system", "cache_type"):
                found[name] = value
            elif name in ("n_ctx", "threads"):
                found[name] = int(value)
            elif isinstance(usual.get(name), int | float):
                sampling[name] = type(usual[name])(value)
            else:
                known = "system, ctx, threads, cache-type, temperature, top-k, …"
                raise FlagError(
                    "there is no default {key}; there are {known}", key=quoted(key), known=known
                )
        except (ValueError, OverflowError):
            raise FlagError("{word} needs a number behind =", word=quoted(word)) from None
    check_params(dataclasses.replace(SamplingParams(), **sampling))
    return ModelDefaults(**found, sampling=sampling)


def _watch(library: "Library", args: argparse.Namespace, console: Console) -> int:
    folder = library.watch(args.name)
    found = [model for model in library.list() if model.path.is_relative_to(folder)]
    words = Words("{folder} is looked into from now on; no models there yet", folder=folder)
    return _tell(found, console, words)


def _unwatch(library: "Library", args: argparse.Namespace, console: Console) -> int:
    folder = library.unwatch(args.name)
    return _tell([], console, Words("{folder} is not looked into any more", folder=folder))


def _trash(library: "Library", args: argparse.Namespace, console: Console) -> int:
    gone = library.trash(args.name, confirmed=args.confirm)
    words = Words(
        "{model} is in the trash; `chaski models restore` brings it back", model=shown(gone.name)
    )
    console.result({"models": [_plain(gone)]}, printed(words))
    return 0


def _restore(library: "Library", args: argparse.Namespace, console: Console) -> int:
    return _tell([library.restore(args.name)], console)


def _move(library: "Library", args: argparse.Namespace, console: Console) -> int:
    order = jobs.Move(args.name, args.more[0], args.confirm)
    return _tell([answer_to(console, jobs.move(order, library))], console)


def _duplicates(library: "Library", args: argparse.Namespace, console: Console) -> int:
    found: Sequence[Twins] = answer_to(console, jobs.duplicates(library, refresh=True))
    groups = [
        {**_plain(twins), "models": [_plain(model) for model in twins.models]} for twins in found
    ]
    text = "\n\n".join(_twin_lines(twins) for twins in found)
    console.result({"duplicates": groups}, text or printed(Words("no model takes room twice")))
    return 0


def _verify(library: "Library", args: argparse.Namespace, console: Console) -> int:
    found = answer_to(console, jobs.verify(args.name, library))
    model = {**_plain(found), "ok": found.ok}
    if found.ok:
        whole = Words("{model} is whole, sha256 {sum}", model=found.name, sum=found.sha256)
        if found.told:
            whole = Words("{whole}, as {program} says", whole=whole, program=found.told)
        console.result({"models": [model]}, printed(whole))
        return 0
    console.result({"models": [model]}, "")
    problems = joined(found.problems, "; ")
    say(
        Words(
            "error: {model} is damaged: {problems}; get it again",
            model=found.name,
            problems=problems,
        )
    )
    return EXIT_ERROR


NAME = Words("the PATH or NAME of a model")
NONE, ONE, ANY = range(1), range(1, 2), range(1000)
# What is done, what must be named, and how many words may follow.
ACTIONS: dict[str, tuple[Action, str, range]] = {
    "list": (_list, "", NONE),
    "add": (_add, NAME, NONE),
    "remove": (_remove, NAME, NONE),
    "verify": (_verify, NAME, NONE),
    "rename": (_rename, Words("the NAME of a model and a NEW NAME"), ONE),
    "tag": (_tag, Words("the NAME of a model and its TAGS (none: no tags)"), ANY),
    "note": (_note, Words("the NAME of a model and the TEXT of the note (none: no note)"), ANY),
    "defaults": (
        _defaults,
        Words("the NAME of a model and KEY=VALUE words (none: no defaults)"),
        ANY,
    ),
    "trash": (_trash, Words("the NAME of a model"), NONE),
    "restore": (_restore, Words("the NAME of a model that was moved to the trash"), NONE),
    "move": (_move, Words("the NAME of a model and a FOLDER"), ONE),
    "duplicates": (_duplicates, "", NONE),
    "watch": (_watch, Words("a FOLDER"), NONE),
    "unwatch": (_unwatch, Words("a FOLDER"), NONE),
}


def _tell(models: Models, console: Console, nothing: str = "") -> int:
    text = "\n".join(_line(model) for model in models)
    console.result({"models": [_plain(model) for model in models]}, text or printed(nothing))
    return 0


def _plain(record: Any) -> dict[str, Any]:
    plain = dataclasses.asdict(record)
    return {k: str(v) if isinstance(v, Path) else v for k, v in plain.items()}


def _line(model: "LibraryModel") -> str:
    size = printed_figures(sizes.file(model.file_bytes))
    kind = f"{model.architecture} {model.type_name}".strip() or model.source
    kind = printed(model.problem) or kind
    place = shown(str(model.path), 4096)
    tags = "".join(f" #{shown(tag)}" for tag in model.tags)
    return f"{shown(model.name):30s} {size:>14s}  {shown(kind):16s} {place}{tags}"


def _twin_lines(twins: "Twins") -> str:
    free = twins.wasted_bytes
    head = Words("{size:file} could be free; these are most likely the same:", size=free)
    if twins.certain:
        head = Words("{size:file} could be free; these are the same:", size=free)
    places = "\n".join(f"    {shown(str(model.path), 4096)}" for model in twins.models)
    return f"{printed(head)}\n{places}"
