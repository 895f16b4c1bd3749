"""`chaski update`: whether there is a newer version, what is new in it, and its installer."""

import argparse
import sys
from pathlib import Path
from typing import Any

from engine.base.catalogue import ENGLISH, Words
from engine.base.errors import UsageError
from engine.base.jobs import Lane
from engine.base.paths import user_path
from engine.base.version import installed_version
from engine.cli.console import Console
from engine.cli.flags import Subparsers, add_verb
from engine.cli.following import follow
from engine.cli.speaking import language, printed
from engine.hub.updates import Place, Release

PLACE = Place()


def add(subparsers: Subparsers) -> None:
    parser = add_verb(
        subparsers, "update", "whether there is a newer version; installs nothing", run, model=False
    )
    parser.add_argument(
        "--get", metavar="FOLDER", help="bring its installer into this folder, checked"
    )


def run(args: argparse.Namespace, console: Console) -> int:
    from engine import jobs
    from engine.api import Engine

    with Engine() as engine:

        def waited(work: Any) -> Any:
            return follow(console, lambda told: engine.run(work, told, Lane.NETWORK))

        release: Release = waited(jobs.looking_for_update(engine.paths, PLACE))
        path: Path | None = None
        if args.get is not None and release.is_newer:
            if (file := jobs.file_for_here(release)) is None:
                raise UsageError(
                    "this copy of Chaski came without an installer; renew it as you got it, or "
                    "look at {page}",
                    page=release.page,
                )
            folder = user_path(args.get)
            path = waited(jobs.fetching_update(engine.paths, file, folder, PLACE))
    console.result(_plain(release, path), "\n".join(_lines(release, path)))
    return 0


def _lines(release: Release, path: Path | None) -> list[str]:
    version = installed_version()
    if not release.is_newer:
        return [printed(Words("Chaski {version} is the newest version", version=version))]
    head = Words(
        "Chaski {newer} is there; this is {version}", newer=release.version, version=version
    )
    spoken = language().partition("_")[0] if sys.stdout.isatty() else ENGLISH
    notes = release.notes_in(spoken)
    end = release.page
    if path is not None:
        end = printed(Words("{file} is here and whole; nothing was installed", file=str(path)))
    return [printed(head), *(f"- {point}" for point in notes), end]


def _plain(release: Release, path: Path | None) -> dict[str, Any]:
    return {
        "installed": installed_version(),
        "newest": release.version,
        "is_newer": release.is_newer,
        "date": release.date,
        "page": release.page,
        "notes": list(release.notes_in("en")),
        "path": None if path is None else str(path),
    }
