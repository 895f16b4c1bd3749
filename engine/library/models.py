"""The model files the user has, by name: those added by hand, those in the models folder and in
watched ones, and those of other programs, read where they lie.

A name means the same in any case. No file is changed here; the trash and moves are asked for by
name (trash.py, moving.py), and never take another program's file unless that is confirmed.
"""

import difflib
import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from engine.base.catalogue import Words
from engine.base.errors import UnconfirmedError, UsageError
from engine.base.events import Progress
from engine.base.paths import Paths, openable, user_path
from engine.base.starter_file import STARTER
from engine.library import stores
from engine.library.checking import checking
from engine.library.defaults import check_defaults
from engine.library.files import described, plain_name, readable, stamp_of
from engine.library.moving import Mover
from engine.library.places import Place
from engine.library.records import (
    Keeper,
    LibraryModel,
    ModelDefaults,
    Refreshed,
    TrashedModel,
    Twins,
    UnfinishedMove,
    Verification,
)
from engine.library.refresh import Identities, describing, has_changed, places_here, refreshing
from engine.library.registry import Registry, Whose
from engine.library.starter import starter_model
from engine.library.trash import Trash
from engine.library.twins import SMALLEST, finding_twins
from engine.library.walk import sight_of

MONTH_S = 30.4 * 86400
MOST_TAGS, LONGEST_TAG, LONGEST_NOTE = 50, 60, 20_000

T = TypeVar("T")


class Library:
    """The catalogue and the folders of one user."""

    def __init__(self, paths: Paths) -> None:
        self._folder = paths.models
        self._registry = Registry(paths.library_file)
        self._trash = Trash(self._registry)
        self._mover = Mover(self._registry)

    def look_into(self, folder: Path) -> None:
        """This is the models folder from now on; what was found in another stays known."""
        self._folder = folder

    @property
    def notice(self) -> str:
        """What the user should know: a damaged registry that was moved aside, or one that cannot be
        written; else empty."""
        return self._registry.notice

    @property
    def mended(self) -> str:
        """What was saved of a damaged registry; else empty."""
        return self._registry.database.notice

    def close(self) -> None:
        self._registry.close()

    # Lists

    def known(self) -> Sequence[LibraryModel]:
        """All models that the catalogue has, the user's own first, without a look at any disk."""
        return [model for model, _ in self._registry.rows()]

    def list(self) -> Sequence[LibraryModel]:
        """The user's own by name, after a look into the folders; headers are read only once."""
        self.scan()
        return [self._fresh(model, stamp) for model, stamp in self._registry.rows(Whose.OWN)]

    def scan(self) -> Refreshed:
        """Register what lies in the user's folders and is new."""
        self._mover.recover()  # what a killed program has left is no new model
        return _driven(refreshing(self._registry, self._own_places(), all_=False))

    def discover(self, *, look: bool = True) -> Sequence[LibraryModel]:
        """Those of other programs, after a look at their folders where one has changed; headers
        are not read."""
        if look and self.has_changed():
            _driven(self.refreshing())
        return [model for model, _ in self._registry.rows(Whose.OTHERS)]

    def refreshing(self) -> Generator[Progress, None, Refreshed]:
        """Look through all folders, the user's and other programs', in pieces. What was found is
        listed piece by piece. Given up halfway, nothing is lost."""
        self._mover.recover()
        self._trash.empty_old()
        where = [*self._own_places(), *places_here()]
        return (yield from refreshing(self._registry, where, met=self._met()))

    def has_changed(self) -> bool:
        """A cheap look, for when a window comes to the front: is a look through all worth while?"""
        return has_changed(self._registry, [*self._own_places(), *places_here()])

    def describing(self) -> Generator[Progress, None, int]:
        """Read the headers that were not read yet, one a step, the user's own models first."""
        rows = sorted(self._registry.rows(), key=lambda row: row[0].source)
        return (yield from describing(self._registry, rows))

    def look_at(self, path: Path) -> LibraryModel | None:
        """A listed model with what its file says now: its header is read if it was not yet, or has
        changed. None where it is not listed."""
        row = self._registry.row_at(path)
        return None if row is None else self._fresh(*row)

    def unused(self, months: float) -> Sequence[LibraryModel]:
        """Models that nobody has used for so many months, nor added since; those that take most
        room first."""
        since = time.time() - months * MONTH_S
        old = [model for model in self.known() if max(model.last_used, model.added) < since]
        return sorted(old, key=lambda model: -model.file_bytes)

    def duplicates(self, smallest: int = SMALLEST) -> Generator[Progress, None, Sequence[Twins]]:
        """Contents that take room more than once, one file a step."""
        return (yield from finding_twins(self.known(), smallest))

    # Folders

    def watch(self, folder: str | Path) -> Path:
        """Look for models in this folder, too, from now on."""
        folder = user_path(folder)
        if not folder.is_dir():
            raise UsageError(
                "there is no folder {folder}; check the spelling", folder=readable(folder)
            )
        self._registry.watch(folder)
        return folder

    def unwatch(self, folder: str | Path) -> Path:
        """Look there no more; models that were found there leave the list, their files stay."""
        folder = user_path(folder)
        if not self._registry.unwatch(folder):
            raise UsageError("{folder} is not watched", folder=readable(folder))
        for model, _ in self._registry.rows(Whose.OWN):
            below = model.path.is_relative_to(folder)
            if below and not self._inside(model.path):
                self._registry.drop(model.name)
        return folder

    def watched(self) -> Sequence[Path]:
        return self._registry.watched()

    # One model

    def add(self, path: str | Path, name: str = "", *, sha256: str = "") -> LibraryModel:
        """Take a file into the library where it lies. sha256: what its contents should be, where
        somebody has told."""
        path = user_path(path)
        if path.is_dir():
            raise UsageError(
                "{file} is a folder; add a .gguf file in it, or watch it", file=readable(path)
            )
        if not Path(openable(path)).is_file():
            raise UsageError(
                "there is no file {file}; check the spelling of the path", file=readable(path)
            )
        model = described(LibraryModel(readable(name) if name else plain_name(path), path))
        if model.problem:
            raise UsageError(
                "{file} was not added: {problem}", file=readable(path.name), problem=model.problem
            )
        known = self._registry.at(path)
        if known is not None:
            model = replace(model, name=model.name if name else known.name, added=known.added)
            model = replace(model, pictures=known.pictures, sha256=known.sha256)
        model = self._put(replace(model, sha256=sha256 or model.sha256))
        self._registry.need_disk()
        return model

    def remove(self, name: str | Path) -> LibraryModel:
        """Take an entry off the list; its file stays, so `add` undoes it, and `put_back` with all
        that was said of it."""
        model = self._listed(name, Words("removed"))
        # A file in a folder that is looked into would come back with the next look.
        forget = self._registry.hide if self._comes_back(model) else self._registry.drop
        forget(model.name)
        return model

    def put_back(self, model: LibraryModel) -> LibraryModel:
        """What `remove` took off the list, as it was."""
        if not self._registry.show(model.path):
            model = self._registry.put(model, "")
        return self._registry.at(model.path) or model

    def rename(self, name: str | Path, new: str) -> LibraryModel:
        """Give it another name in the list; its file keeps its own."""
        model, new = self._listed(name, Words("renamed")), readable(new.strip())
        if not new or "/" in new or "\\" in new:
            raise UsageError(
                "{new!r} cannot be a name: it must not be empty nor hold a slash", new=new
            )
        if not self._registry.rename(model.name, new):
            raise UsageError(
                "another model is called {new} already; choose a different name", new=new
            )
        return replace(model, name=new)

    def tag(self, name: str | Path, tags: Sequence[str]) -> LibraryModel:
        """Its tags are these from now on."""
        clean = dict.fromkeys(readable(tag.strip()) for tag in tags)
        clean.pop("", None)
        if len(clean) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in clean):
            raise UsageError(
                "at most {most_tags} tags of at most {longest_tag} letters, please",
                most_tags=MOST_TAGS,
                longest_tag=LONGEST_TAG,
            )
        return self._say(name, Words("tagged"), tags=tuple(clean))

    def note(self, name: str | Path, text: str) -> LibraryModel:
        """Its note is this text from now on."""
        if len(text) > LONGEST_NOTE:
            raise UsageError(
                "a note has at most {longest_note} letters, not {n_text}",
                longest_note=LONGEST_NOTE,
                n_text=len(text),
            )
        text = text.encode("utf-8", "replace").decode()
        return self._say(name, Words("noted on"), notes=text)

    def set_defaults(self, name: str | Path, defaults: ModelDefaults) -> LibraryModel:
        """How it is opened and asked where nothing else is chosen."""
        check_defaults(defaults)
        return self._say(name, Words("given defaults"), defaults=defaults)

    def defaults_of(self, path: Path) -> ModelDefaults:
        """What the user wants for the model in this file; no wishes where it is not listed."""
        model = self._registry.at(path)
        return model.defaults if model is not None else ModelDefaults()

    def note_use(self, name: str | Path, tokens_per_second: float = 0.0) -> None:
        """It is used now, and was so fast; a file that is not listed is passed over."""
        model = self._registry.at(Path(name))
        if model is None:
            rows = [row for row, _ in self._registry.rows()]
            model = next((row for row in rows if _folded(row.name) == _folded(str(name))), None)
        if model is not None:
            speed = tokens_per_second if tokens_per_second > 0 else model.tokens_per_second
            kept = replace(model, last_used=time.time(), tokens_per_second=speed)
            self._registry.note(kept)

    def starter(self) -> LibraryModel | None:
        """The small model that comes with the program, whatever the user's own are called."""
        return starter_model()

    def find(self, name: str) -> LibraryModel:
        """The model of that name or path; the beginning of a name will do if only one has it. The
        user's own come before those of other programs.

        `starter` is the model that comes with the program, unless the user's own has that name.
        """
        own = self.list()
        others = self.discover(look=False)
        found = _called(name, own)
        if not found and _folded(name) == STARTER:
            return self._starter()
        found = found or _called(name, others) or _begun(name, own)
        if not found:
            others = self.discover()
            found = _called(name, others) or _begun(name, others)
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(model.name for model in found[:20])
            raise UsageError(
                "{name} could be any of {names}; write more of the name",
                name=readable(name),
                names=names,
            )
        raise UsageError(_none_of(name, [*own, *others]))

    def resolve(self, name: str) -> Path:
        """The file of a model by its name."""
        model = self.find(name)
        path = Path(openable(model.path))
        if not path.is_file():
            raise UsageError(
                "the file of {model} is gone: {place}; remove or add it anew",
                model=model.name,
                place=readable(model.path),
            )
        return path

    def location(self, name: str) -> Path:
        """Where the contents lie, behind all links: what a file manager is to show."""
        return self.resolve(name).resolve()

    def verify(self, name: str, *, deep: bool = False) -> Verification:
        """Is the file there, whole and readable? `deep` also computes its checksum."""
        return _driven(self.verifying(name, deep=deep))

    def verifying(
        self, name: str | Path, *, deep: bool = True
    ) -> Generator[Progress, None, Verification]:
        """The same as a job that tells its progress and can be stopped between steps."""
        model = self._meant(name)
        found = yield from checking(model, deep=deep)
        if found.ok and found.sha256 and not model.sha256 and _is_listed(model):
            stamp = stamp_of(model.path)
            now = model if model.architecture else described(model)
            self._registry.describe([(replace(now, sha256=found.sha256), stamp)])
        return found

    # Files

    def trash(self, name: str | Path, *, confirmed: bool = False) -> TrashedModel:
        """Move its files to the trash. confirmed: also where they lie outside of our folders, or
        belong to another program that does not share them."""
        model = self._movable(name, Words("moved to the trash"), confirmed)
        return self._trash.throw(model)

    def trashed(self) -> Sequence[TrashedModel]:
        """What can be brought back, the latest first."""
        return self._trash.list()

    def restore(self, name: str) -> LibraryModel:
        """Bring the model of that name back from the trash, the latest where there are several."""
        found = [item for item in self._trash.list() if _folded(item.name) == _folded(name)]
        if not found:
            raise UsageError(self._none_in_trash(readable(name)))
        path = self._trash.restore(found[0])
        model = self._registry.at(path)
        return model if model is not None else self.add(path, found[0].name)

    def moving(
        self, name: str | Path, folder: str | Path, *, confirmed: bool = False
    ) -> Generator[Progress, None, LibraryModel]:
        """Move its files to another folder or disk, as a job; the same call goes on where an
        earlier one ended."""
        model = self._movable(name, Words("moved"), confirmed)
        path = yield from self._mover.begin(model, user_path(folder))
        return self._registry.at(path) or replace(model, path=path, source="")

    def keeper(self, path: Path) -> Keeper:
        """Who keeps the file at this path. Looks at the disk."""
        place = _keeper_of(path)  # also where its folder is watched, or ours, too
        program, shared = (place.program, place.shared) if place is not None else ("", "")
        return Keeper(program, shared, self._inside(path))

    def moves(self) -> Sequence[UnfinishedMove]:
        """Moves that were begun and have not come to their end."""
        return self._mover.list()

    def abandon_move(self, name: str | Path) -> None:
        """Give such a move up: the model stays where it was."""
        for move in self._mover.list():
            if move.path == name or _folded(move.name) == _folded(str(name)):
                self._mover.abandon(move.path)

    # Within

    def _own_places(self) -> Sequence[Place]:
        folders = dict.fromkeys([self._folder, *self._registry.watched()])
        return [Place("", folder, stores.own) for folder in folders]

    def _met(self) -> Identities:
        """Files that the user has added by hand: other names of them are no models of their own."""
        by_hand = (path for path in self._registry.own_paths() if not self._inside(path))
        sights = (sight_of(path) for path in by_hand)
        return {sight.identity for sight in sights if sight is not None}

    def _starter(self) -> LibraryModel:
        found = self.starter()
        if found is None:
            raise UsageError("this copy of Chaski has no starter model; name a GGUF file instead")
        return found

    def _meant(self, name: str | Path) -> LibraryModel:
        """The model of that name; a Path that is listed means its row, and no disk is looked at."""
        there = self._registry.at(name) if isinstance(name, Path) else None
        return there if there is not None else self.find(str(name))

    def _listed(self, name: str | Path, what: str) -> LibraryModel:
        """The model of that name, which must be on the list."""
        model = self._meant(name)
        if not _is_listed(model):
            raise UsageError(
                "{model} comes with the program and cannot be {what}", model=model.name, what=what
            )
        return model

    def _movable(self, name: str | Path, what: str, confirmed: bool) -> LibraryModel:
        model = self._listed(name, what)
        keeper = self.keeper(model.path)
        if keeper.remove_with:
            raise UsageError(
                "{model} lies in the store of {program}, which shares its files between models; "
                "remove it there ({remove_with})",
                model=model.name,
                program=keeper.program,
                remove_with=keeper.remove_with,
            )
        if keeper.program and not confirmed:
            raise UnconfirmedError(
                "{model} belongs to {program}, which would miss it; it is {what} only when you "
                "confirm that (--confirm)",
                model=model.name,
                program=keeper.program,
                what=what,
            )
        if not keeper.program and not confirmed and not keeper.is_ours:
            raise UnconfirmedError(
                "{model} lies in {parent}, which is no folder of Chaski's; it is {what} only when "
                "you confirm that (--confirm)",
                model=model.name,
                parent=readable(model.path.parent),
                what=what,
            )
        return model

    def _say(self, name: str | Path, what: str, **changes: Any) -> LibraryModel:
        model = replace(self._listed(name, what), **changes)
        self._registry.say(model)
        return model

    def _put(self, model: LibraryModel) -> LibraryModel:
        stamp = stamp_of(model.path)
        return self._registry.put(replace(model, added=model.added or time.time()), stamp)

    def _fresh(self, model: LibraryModel, stamp: str) -> LibraryModel:
        """The row, with its header read anew where the file has changed since."""
        now = stamp_of(model.path)
        if not now:
            return replace(
                model, problem=Words("its file is gone: {model}", model=readable(model.path))
            )
        if now == stamp and (model.type_name or model.problem):
            return model  # a row of an earlier version may lack its type
        # Another file under the old path: what was known of the old one's contents is void.
        fresh = replace(described(model), sha256="" if stamp else model.sha256)
        self._registry.describe([(fresh, now)])
        return fresh

    def _inside(self, path: Path) -> bool:
        return any(path.is_relative_to(place.folder) for place in self._own_places())

    def _comes_back(self, model: LibraryModel) -> bool:
        return bool(model.source) or self._inside(model.path) or _keeper_of(model.path) is not None

    def _none_in_trash(self, name: str) -> Words:
        names = ", ".join(item.name for item in list(self._trash.list())[:10])
        if not names:
            return Words("no model {name} was moved to the trash", name=name)
        return Words(
            "no model {name} was moved to the trash; there are {names}", name=name, names=names
        )


def _keeper_of(path: Path) -> Place | None:
    """The other program in whose folder a file lies, by its own name or behind links."""
    try:
        real = path.resolve()
    except (OSError, RuntimeError):
        real = path
    for place in places_here():
        if path.is_relative_to(place.folder) or real.is_relative_to(place.folder):
            return place
    return None


def _driven(steps: Generator[Any, None, T]) -> T:
    """A job at once, to its end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: T = end.value
            return found


def _is_listed(model: LibraryModel) -> bool:
    return model.added > 0  # when it was added; nobody added the one that comes with the program


def _folded(name: str) -> str:
    return name.strip().casefold()


def _called(name: str, models: Sequence[LibraryModel]) -> Sequence[LibraryModel]:
    """The one that has this name, file name or path."""
    wanted = _folded(name)
    exact = [m for m in models if wanted in (_folded(m.name), _folded(m.path.name))]
    return (exact or [m for m in models if str(m.path) == name])[:1]


def _begun(name: str, models: Sequence[LibraryModel]) -> Sequence[LibraryModel]:
    """All whose name begins so."""
    wanted = _folded(name)
    return [m for m in models if _folded(m.name).startswith(wanted) and wanted]


def _none_of(name: str, models: Sequence[LibraryModel]) -> Words:
    """That no model has this name, and which one may be meant."""
    names = {_folded(model.name): model.name for model in models}
    near = difflib.get_close_matches(_folded(name), names, n=1)
    what = Words("there is no file and no model {name} in the library", name=readable(name))
    if near:
        return Words("{what}; did you mean {near}?", what=what, near=names[near[0]])
    if models:
        return Words("{what}; `chaski models` lists what there is", what=what)
    return Words("{what}, which is empty", what=what)
