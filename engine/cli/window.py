"""`chaski open`: a model file or a link to a model, in the window that runs, or in a new one."""

import argparse
from pathlib import Path

from engine.base.errors import UsageError
from engine.base.links import is_link, parse_link
from engine.base.paths import Paths, openable, user_path
from engine.base.words import shown
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_verb


def add(subparsers: Subparsers) -> None:
    parser = add_verb(
        subparsers, "open", "show a file or a link in the window", run, model=False, json=False
    )
    parser.add_argument("what", metavar="URL | FILE", help="chaski://huggingface.co/MAKER/NAME")


def run(args: argparse.Namespace, console: Console) -> int:
    """What is wrong is told here, where it was asked, and not in a window."""
    from engine.cli.entry import open_window

    return open_window([checked(args.what)])


def checked(what: str) -> str:
    """A link in its plain form, or the whole path of a file. Raises UsageError."""
    from engine.hub.connect import endpoint_of

    if is_link(what):
        return parse_link(what, endpoint_of(Paths.default())).text
    if "://" in what:
        raise UsageError(
            "{what} is no link of Chaski's; they begin with chaski://", what=shown(what, 200)
        )
    path = user_path(what)
    if not Path(openable(path)).is_file():
        raise UsageError(
            "there is no file {file}; check the spelling of the path", file=shown(str(path))
        )
    return str(path)
