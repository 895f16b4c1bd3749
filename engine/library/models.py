"""The model files the user has: those added by hand and those in the models folder, by name.

Files are looked at, never changed, moved or deleted. A name means the same in any case.
"""

import difflib
import hashlib
import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

from engine.base.errors import UsageError
from engine.base.events import Progress, Stage
from engine.base.paths import Paths, user_path
from engine.library.discover import discover
from engine.library.files import (
    described,
    model_files,
    parts_of,
    plain_name,
    readable,
    size_of,
    stamp_of,
)
from engine.library.records import LibraryModel, Verification
from engine.library.registry import Registry
from engine.library.starter import STARTER, starter_model

_CHUNK = 8 << 20


class Library:
    """The registry and the models folder of one user."""

    def __init__(self, paths: Paths) -> None:
        self._folder = paths.models
        self._registry = Registry(paths.library_file)

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

    def list(self) -> Sequence[LibraryModel]:
        """All models by name, after a look into the models folder; headers are read only once."""
        self.scan()
        return [self._fresh(model, stamp) for model, stamp in self._registry.rows()]

    def scan(self) -> Sequence[LibraryModel]:
        """Register what lies in the models folder and is new; answers what was new."""
        known = {
            row.path for hidden in (0, 1) for row, _ in self._registry.rows(hidden=bool(hidden))
        }
        new = [path for path in model_files(self._folder) if path not in known]
        return [self._register(path) for path in new]

    def discover(self) -> Sequence[LibraryModel]:
        """Models of other programs that are not in the library yet; `add` takes their path."""
        known = {model.path.resolve() for model, _ in self._registry.rows()}
        return [model for model in discover() if model.path.resolve() not in known]

    def add(self, path: str | Path, name: str = "") -> LibraryModel:
        """Take a file into the library where it lies."""
        path = user_path(path)
        if path.is_dir():
            raise UsageError(f"{readable(path)} is a folder; add a .gguf file in it")
        if not path.is_file():
            raise UsageError(f"there is no file {readable(path)}; check the spelling of the path")
        model = described(LibraryModel(readable(name) if name else plain_name(path), path))
        if model.problem:
            raise UsageError(f"{readable(path.name)} was not added: {model.problem}")
        known = {row.path: row for row, _ in self._registry.rows()}
        if path in known and not name:
            model = replace(model, name=known[path].name)
        model = self._put(model)
        self._registry.need_disk()
        return model

    def remove(self, name: str | Path) -> LibraryModel:
        """Take an entry off the list; its file stays, so `add` undoes it."""
        model = self._listed(str(name), "removed")
        # A file in the models folder would come back with the next look into it.
        forget = self._registry.hide if self._inside(model.path) else self._registry.drop
        forget(model.name)
        return model

    def rename(self, name: str, new: str) -> LibraryModel:
        model, new = self._listed(name, "renamed"), readable(new.strip())
        if not new or "/" in new or "\\" in new:
            raise UsageError(f"{new!r} cannot be a name: it must not be empty nor hold a slash")
        if not self._registry.rename(model.name, new):
            raise UsageError(f"another model is called {new} already; choose a different name")
        return replace(model, name=new)

    def starter(self) -> LibraryModel | None:
        """The small model that comes with the program, whatever the user's own are called."""
        return starter_model()

    def find(self, name: str) -> LibraryModel:
        """The model of that name or path; the beginning of a name will do if only one has it.

        `starter` is the model that comes with the program, unless the user's own has that name.
        """
        models = self.list()
        wanted = _folded(name)
        exact = [m for m in models if wanted in (_folded(m.name), _folded(m.path.name))]
        exact = exact or [m for m in models if str(m.path) == name]
        if wanted == STARTER and not exact:
            return self._starter()
        begun = exact or [m for m in models if _folded(m.name).startswith(wanted) and wanted]
        if len(begun) == 1 or exact:
            return begun[0]
        if begun:
            names = ", ".join(model.name for model in begun)
            raise UsageError(f"{readable(name)} could be any of {names}; write more of the name")
        raise UsageError(
            f"there is no file and no model {readable(name)} in the library{_hint(name, models)}"
        )

    def resolve(self, name: str) -> Path:
        """The file of a model by its name."""
        model = self.find(name)
        if not model.path.is_file():
            raise UsageError(
                f"the file of {model.name} is gone: {readable(model.path)}; remove or add it anew"
            )
        return model.path

    def verify(self, name: str, *, deep: bool = False) -> Verification:
        """Is the file there, whole and readable? `deep` also computes its checksum."""
        steps = self.verifying(name, deep=deep)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                found: Verification = end.value
                return found

    def verifying(self, name: str, *, deep: bool = True) -> Generator[Progress, None, Verification]:
        """The same as a job that tells its progress and can be stopped between steps."""
        model = self.find(name)
        problems = [
            f"{readable(part)} is missing" for part in parts_of(model.path) if not part.is_file()
        ]
        now = described(model)
        if not problems and now.problem:
            problems.append(now.problem)
        size = size_of(model.path)
        if model.file_bytes and size != model.file_bytes and not problems:
            problems.append(f"it was {model.file_bytes} bytes, but is {size} now")
        digest = ""
        if deep and not problems:
            digest = yield from hashing(parts_of(model.path))
            if model.sha256 and model.sha256 != digest:
                problems.append("its contents have changed since it was last verified")
            elif not model.sha256 and _is_listed(model):
                self._put(replace(now, sha256=digest))
        return Verification(model.name, model.path, not problems, tuple(problems), size, digest)

    def _starter(self) -> LibraryModel:
        found = self.starter()
        if found is None:
            raise UsageError("this copy of Chaski has no starter model; name a GGUF file instead")
        return found

    def _listed(self, name: str, what: str) -> LibraryModel:
        """The model of that name, which must be the user's own."""
        model = self.find(name)
        if not _is_listed(model):
            raise UsageError(f"{model.name} comes with the program and cannot be {what}")
        return model

    def _register(self, path: Path) -> LibraryModel:
        return self._put(described(LibraryModel(plain_name(path), path)))

    def _put(self, model: LibraryModel) -> LibraryModel:
        stamp = stamp_of(model.path)
        return self._registry.put(replace(model, added=model.added or time.time()), stamp)

    def _fresh(self, model: LibraryModel, stamp: str) -> LibraryModel:
        """The row, with its header read anew where the file has changed since."""
        now = stamp_of(model.path)
        if not now:
            return replace(model, problem=f"its file is gone: {readable(model.path)}")
        if now == stamp and (model.type_name or model.problem):
            return model  # a row of an earlier version may lack its type
        # Another file under the old path: what was known of the old one's contents is void.
        return self._put(replace(described(model), sha256=""))

    def _inside(self, path: Path) -> bool:
        return path.is_relative_to(self._folder)


def hashing(paths: Sequence[Path]) -> Generator[Progress, None, str]:
    """SHA-256 over the files in order, a few megabytes a step."""
    total, done = sum(path.stat().st_size for path in paths), 0
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                done += len(chunk)
                yield Progress(Stage.CHECKING, done, total)
    return digest.hexdigest()


def _is_listed(model: LibraryModel) -> bool:
    return model.added > 0  # when it was added; nobody added the one that comes with the program


def _folded(name: str) -> str:
    return name.strip().casefold()


def _hint(name: str, models: Sequence[LibraryModel]) -> str:
    names = {_folded(model.name): model.name for model in models}
    near = difflib.get_close_matches(_folded(name), names, n=1)
    if near:
        return f"; did you mean {names[near[0]]}?"
    return "; `chaski models` lists what there is" if models else ", which is empty"
