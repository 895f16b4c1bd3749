"""What the library knows of model files; frozen, handed to windows and the command line."""

from dataclasses import dataclass
from pathlib import Path

from engine.base.wishes import NO_WISHES, ModelDefaults

__all__ = [
    "Keeper",
    "LibraryModel",
    "ModelDefaults",
    "UnfinishedMove",
    "Refreshed",
    "TrashedModel",
    "Twins",
    "Verification",
]


@dataclass(frozen=True)
class LibraryModel:
    """A model file; `source` is the other program that keeps it, "" for the user's own.

    The words from its header are empty where it was not read yet, and `problem` is a sentence,
    where it cannot be read.
    """

    name: str
    path: Path
    file_bytes: int = 0  # all parts together
    architecture: str = ""
    type_name: str = ""
    parameters: int = 0
    n_ctx_train: int = 0
    title: str = ""  # the name that the file gives itself
    source: str = ""
    added: float = 0.0
    sha256: str = ""  # of the whole contents, when it was last verified
    problem: str = ""
    pictures: str = ""  # path of the part that reads pictures (mmproj), where it lies beside
    tags: tuple[str, ...] = ()
    notes: str = ""
    defaults: ModelDefaults = NO_WISHES
    last_used: float = 0.0  # 0: never
    tokens_per_second: float = 0.0  # measured at its last use; 0: not yet


@dataclass(frozen=True)
class Keeper:
    """Whose folder a file lies in, and so what may be done with it.

    program: the other program that would miss it, "" for none. remove_with: how that program
    removes it, where it shares its files between models, so that nobody else may. is_ours: it lies
    in the models folder or in a watched one.
    """

    program: str = ""
    remove_with: str = ""
    is_ours: bool = False

    @property
    def is_free(self) -> bool:
        """It may be moved or thrown away without a further word."""
        return self.is_ours and not self.program


@dataclass(frozen=True)
class Verification:
    """Outcome of looking at a file closely; `sha256` only where it was computed.

    `told`: who says what the checksum should be ("" where nobody does).
    """

    name: str
    path: Path
    ok: bool
    problems: tuple[str, ...] = ()
    file_bytes: int = 0
    sha256: str = ""
    told: str = ""


@dataclass(frozen=True)
class Twins:
    """Models with the same contents that take room more than once.

    certain: checksums of all of it are the same; else only those of some pieces.
    """

    models: tuple[LibraryModel, ...]
    file_bytes: int  # of one of them
    wasted_bytes: int  # what all but one take
    certain: bool


@dataclass(frozen=True)
class TrashedModel:
    """A model in the trash that can be brought back."""

    number: int
    name: str
    path: Path  # where it lay
    when: float
    file_bytes: int


@dataclass(frozen=True)
class UnfinishedMove:
    """A move of a model to another folder that was begun; `switched`: only the old file is left to
    be removed."""

    name: str
    path: Path
    target: Path
    file_bytes: int
    done_bytes: int
    switched: bool


@dataclass(frozen=True)
class Refreshed:
    """What a look through all folders has changed."""

    added: int = 0
    gone: int = 0
    seen: int = 0
    truncated: tuple[str, ...] = ()  # places with more files than are looked at
