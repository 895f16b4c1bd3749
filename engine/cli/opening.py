"""Opens the MODEL of a verb: by path, by its name in the library, or only its words."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.api import Engine
from engine.base.paths import Paths
from engine.base.settings import LoadOptions
from engine.cli.console import Console, say
from engine.cli.flags import load_options
from engine.hardware.report import chosen_threads

if TYPE_CHECKING:
    from engine.model import Model
    from engine.weights.formats.gguf import GGUFFile


def path_of(model: str) -> Path:
    """The file that MODEL means."""
    with Engine() as engine:
        path = engine.resolve(model)
        if engine.library_mended:
            say(engine.library_mended)
        return path


@contextmanager
def opened(
    args: argparse.Namespace,
    console: Console,
    options: LoadOptions | None = None,
    *,
    wished: bool = False,
) -> Iterator["Model"]:
    """The model, open until the verb is done. wished: as the user wants this one opened and asked,
    where the flags leave it open."""
    path, options = path_of(args.model), options or load_options(args)
    if not wished:
        with opened_file(path, options, console) as model:
            yield model
        return
    with Engine() as engine:
        wishes = engine.wishes_of(path)
        engine.note_use(path)
    chosen = wishes.opened(options, cache_chosen=args.cache_type is not None)
    with opened_file(path, chosen, console) as model:
        model.info = wishes.told_in(model.info)
        yield model


@contextmanager
def opened_file(
    path: Path, options: LoadOptions, console: Console, *, any_context: bool = False
) -> Iterator["Model"]:
    """The model in a file; `any_context` also beyond the trained one, where only speed counts."""
    from engine.model import open_model

    paths = Paths.default()
    steps = open_model(
        path,
        replace(options, threads=chosen_threads(options.threads, paths.rates_file)),
        path.stem,
        any_context=any_context,
    )
    model: Model = console.drive(steps)
    try:
        yield model
    finally:
        model.close()


@contextmanager
def opened_words(args: argparse.Namespace) -> Iterator["GGUFFile"]:
    """Only the file, for verbs that need its vocabulary and template but no weights."""
    from engine.weights.formats.gguf import open_gguf

    with open_gguf(path_of(args.model)) as file:
        yield file
