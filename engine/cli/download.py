"""`chaski download`: a model from Hugging Face (or HF_ENDPOINT) into the library."""

import argparse
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.base.catalogue import Words
from engine.base.errors import CancelledError, UsageError
from engine.base.paths import user_path
from engine.base.words import quoted
from engine.cli.console import Console, say
from engine.cli.flags import FlagError, Subparsers, add_verb, wrong
from engine.cli.following import follow
from engine.cli.speaking import printed

if TYPE_CHECKING:
    from engine.jobs import Got, Wish

FACTORS = {"": 1, "k": 1e3, "m": 1e6, "g": 1e9}


def add(subparsers: Subparsers) -> None:
    parser = add_verb(subparsers, "download", "get a model from Hugging Face", run, model=False)
    add = parser.add_argument
    add("repo", metavar="REPO[:QUANT]", help="such as Qwen/Qwen3-4B-GGUF:Q4_K_M")
    add("--file", action="append", default=[], metavar="NAME", help="this file; repeatable")
    add("--revision", default="", metavar="R", help="a branch, tag or commit; default: main")
    add("--dir", metavar="D", help="where to; default: the folder of your models")
    add(
        "--max-rate",
        type=rate,
        default=0.0,
        metavar="BYTES/S",
        help="such as 5M; default: as in Settings",
    )
    add("--make", default="", metavar="TYPE", help="of a safetensors repository: make this GGUF")


def rate(text: str) -> float:
    """Bytes a second from 5000000, 500k, 5M or 5MB."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?)b?(?:/s)?", text.strip(), re.IGNORECASE)
    value = float(found[1]) * FACTORS[found[2].lower()] if found else math.nan
    if not 1000 <= value < 1e15:
        raise wrong(Words("{text} is no speed of 1000 bytes/s or more", text=quoted(text)))
    return value


def run(args: argparse.Namespace, console: Console) -> int:
    from engine.api import Engine
    from engine.jobs import Got

    wish = _wish(args)
    with Engine() as engine:
        downloads = engine.downloads
        downloads.heed_settings()
        downloads.limits.hours = None  # who asks here wants it now
        downloads.limits.max_rate = args.max_rate or downloads.limits.max_rate
        try:
            got = follow(console, lambda told: downloads.get(wish, told, keep=False))
        except CancelledError:
            say(Words("what is there is kept; the same command goes on from it"))
            raise
        assert isinstance(got, Got)
    console.result(_plain(got), _text(got))
    return 0


def _wish(args: argparse.Namespace) -> "Wish":
    from engine.jobs import wish_of

    try:
        wish = wish_of(args.repo)
    except UsageError as error:
        raise FlagError(str(error)) from None
    if sum(map(bool, (wish.quant, args.file, args.make))) > 1:
        raise FlagError("give one of REPO:QUANT, --file and --make")
    folder: Path | None = user_path(args.dir) if args.dir else None
    return replace(
        wish, files=tuple(args.file), revision=args.revision, folder=folder, make=args.make
    )


def _plain(got: "Got") -> dict[str, Any]:
    """`sha256` of the file; of several, a list in their order."""
    return {
        "path": str(got.path),
        "bytes": got.bytes,
        "fetched_bytes": got.fetched_bytes,
        "sha256": got.sha256[0] if len(got.sha256) == 1 else list(got.sha256),
        "model": got.model,
    }


def _text(got: "Got") -> str:
    files = str(got.path)
    if len(got.paths) > 1:
        files += " " + printed(Words("and {n} more", n=len(got.paths) - 1))
    told = [Words("{size:file}, it was there", size=got.bytes)]
    if got.fetched_bytes:
        told = [Words("{size:file}, {new:file} fetched", size=got.bytes, new=got.fetched_bytes)]
    if got.model:
        told.append(Words("in the library as {model}", model=got.model))
    return f"{files}: {'; '.join(map(printed, told))}"
