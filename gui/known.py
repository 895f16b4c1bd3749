"""What the window knows of each model file: plain values, made from the library's records outside
of the GUI thread. No Qt.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.api import NO_WISHES, Engine, Forecast, ModelDefaults, Verdict, sizes

if TYPE_CHECKING:
    from engine.api import LibraryModel

# How a verdict looks, wherever it is shown.
TONES = {Verdict.WELL: "good", Verdict.SLOWLY: "warn", Verdict.NOT: "bad"}
_PART = re.compile(r"-\d{5}-of-\d{5}$")
_NUMBER = re.compile(r" \(\d+\)$")  # behind a name that another file has, too


@dataclass(frozen=True)
class KnownModel:
    """A model file that the library knows; `detail` is type and size in words."""

    path: str
    name: str
    detail: str
    type_name: str = ""
    architecture: str = ""
    parameters: int = 0
    file_bytes: int = 0
    size: str = ""
    key: str = ""  # the library's name for it
    problem: str = ""  # a sentence, where the file cannot be read
    source: str = ""  # which program's folder it was found in, "" for our own
    forecast: Forecast | None = None  # what it will take, once its header was read
    built_in: bool = False  # the guide: it came with the program and is always there
    n_ctx_train: int = 0
    sha256: str = ""  # when it was last verified
    pictures: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""
    defaults: ModelDefaults = NO_WISHES
    added: float = 0.0
    last_used: float = 0.0  # 0: never
    tokens_per_second: float = 0.0  # measured at its last use
    sought: str = field(default="", compare=False)  # what a search looks through, in small letters

    @property
    def stamp(self) -> tuple[str, int]:
        """A file of another size under the same name is another file."""
        return self.path, self.file_bytes

    @property
    def is_described(self) -> bool:
        """Its header was read."""
        return bool(self.architecture or self.type_name or self.problem or self.built_in)


def kept_models(engine: Engine) -> list[KnownModel]:
    """What the library knew last, without a look at the disk."""
    return [known(model, model.source) for model in engine.library.known()]


def known_models(engine: Engine, before: Sequence[KnownModel] = ()) -> list[KnownModel] | None:
    """The library, what other programs have, and the guide; reads the disk, so never in the GUI
    thread. None where all is as it was `before`."""
    own = [known(model, "") for model in engine.library.list()]
    found = [known(model, model.source) for model in engine.library.discover()]
    guide = engine.library.starter()
    listed = own + found + ([known(guide, "", built_in=True)] if guide is not None else [])
    foretold = {m.stamp: m.forecast for m in before if m.forecast is not None}
    if foretold:
        listed = [
            replace(m, forecast=foretold[m.stamp]) if m.stamp in foretold else m for m in listed
        ]
    return None if before and listed == before else listed


def known(model: "LibraryModel", source: str, built_in: bool = False) -> KnownModel:
    """A record of the library as the window has it."""
    size = sizes.file(model.file_bytes) if model.file_bytes else ""
    words = [model.type_name, size]
    path, name = str(model.path), model.title
    if not name or not (built_in or _is_plain(model.name, model.path.name)):
        name = model.name  # the user, or the program that keeps it, calls it so
    sought = (name, model.name, path, model.architecture, model.type_name, source, *model.tags)
    return KnownModel(
        path=path,
        name=name,
        key=model.name,
        detail=" · ".join(word for word in words if word),
        type_name=model.type_name,
        architecture=model.architecture,
        parameters=model.parameters,
        file_bytes=model.file_bytes,
        size=size,
        problem=model.problem,
        source=source,
        built_in=built_in,
        n_ctx_train=model.n_ctx_train,
        sha256=model.sha256,
        pictures=model.pictures,
        tags=model.tags,
        notes=model.notes,
        defaults=model.defaults,
        added=model.added,
        last_used=model.last_used,
        tokens_per_second=model.tokens_per_second,
        sought="\n".join(sought).casefold(),
    )


def read_anew(model: KnownModel, fresh: KnownModel) -> KnownModel:
    """What its file says now, with what the user has said of it, maybe meanwhile."""
    return replace(
        fresh,
        key=model.key,
        name=fresh.name if fresh.key == model.key else model.name,
        tags=model.tags,
        notes=model.notes,
        defaults=model.defaults,
        last_used=model.last_used,
        tokens_per_second=model.tokens_per_second,
        sought=f"{model.sought}\n{fresh.sought}",
    )


def title_of(model: KnownModel) -> str:
    """What tells it apart: files of different types call themselves by the same name."""
    return model.name if model.built_in else model.key or Path(model.path).stem


def _is_plain(name: str, file_name: str) -> bool:
    """It is called as its file is, maybe with a number behind."""
    stem = file_name[:-5] if file_name.lower().endswith(".gguf") else file_name
    if name == stem:
        return True
    plain = _PART.sub("", stem)
    return plain in (name, _NUMBER.sub("", name))
