"""Opens the MODEL of a verb: by path, by its name in the library, or only its words."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.api import Engine
from engine.base.events import Event, Listener, TemplateNotice
from engine.base.models import ModelInfo
from engine.base.settings import LoadOptions
from engine.base.wishes import NO_WISHES
from engine.cli.console import Console, say
from engine.cli.flags import load_options
from engine.cli.following import follow
from engine.host import Ticket
from engine.jobs import Asked

if TYPE_CHECKING:
    from engine.model import Model
    from engine.weights.formats.gguf import GGUFFile


def path_of(model: str) -> Path:
    """The file that MODEL means."""
    with Engine() as engine:
        return _resolved(engine, model)


def _resolved(engine: Engine, model: str) -> Path:
    path = engine.resolve(model)
    if engine.library_mended:
        say(engine.library_mended)
    return path


@dataclass(frozen=True)
class VerbModel:
    """The model of a verb, and the engine that has it."""

    engine: Engine
    info: ModelInfo
    console: Console

    @property
    def model(self) -> "Model":
        """What jobs of an open model ask for."""
        return self.engine.model(self.info.id)

    def answer_to(self, asked: Asked, listener: Listener | None = None) -> Any:
        """The result of something that can be asked of it."""
        return follow(self.console, lambda told: self.engine.ask(asked, told), listener)


@contextmanager
def opened(
    args: argparse.Namespace,
    console: Console,
    options: LoadOptions | None = None,
    *,
    wished: bool = False,
    talks: bool = False,
) -> Iterator[VerbModel]:
    """The model, open until the verb is done. wished: as the user wants this one opened and asked,
    where the flags leave it open; talks: through its chat template, of which it is told."""
    options = options or load_options(args)
    with Engine() as engine:
        path = _resolved(engine, args.model)
        info = open_at(engine, path, args, console, options, wished=wished, talks=talks)
        yield VerbModel(engine, info, console)


def open_at(
    engine: Engine,
    path: Path,
    args: argparse.Namespace,
    console: Console,
    options: LoadOptions,
    *,
    wished: bool,
    talks: bool,
) -> ModelInfo:
    """One more model of this engine, by the same flags."""
    wishes = engine.wishes_of(path) if wished else NO_WISHES
    if args.cache_type is not None:
        wishes = replace(wishes, cache_type="")

    def start(told: Listener) -> Ticket:
        heard = told if talks else _without_template(told)
        return engine.open_model(path, options, heard, wishes=wishes)

    info: ModelInfo = follow(console, start)
    return info


def _without_template(told: Listener) -> Listener:
    def tell(event: Event) -> None:
        if not isinstance(event, TemplateNotice):
            told(event)

    return tell


@contextmanager
def opened_words(args: argparse.Namespace) -> Iterator["GGUFFile"]:
    """Only the file, for verbs that need its vocabulary and template but no weights."""
    from engine.weights.formats.gguf import open_gguf

    with open_gguf(path_of(args.model)) as file:
        yield file
