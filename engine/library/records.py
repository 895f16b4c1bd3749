"""What the library knows of model files; frozen, handed to windows and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from engine.base.models import ModelInfo
from engine.base.settings import LoadOptions, SamplingParams


@dataclass(frozen=True)
class ModelDefaults:
    """How the user wants one model to be opened and asked, where nothing else is chosen.

    Empty and 0: no wish. `sampling` names values of SamplingParams.
    """

    system: str = ""
    sampling: Mapping[str, Any] = field(default_factory=dict, hash=False)
    n_ctx: int = 0
    threads: int = 0
    cache_type: str = ""

    def opened(self, options: LoadOptions, *, cache_chosen: bool = False) -> LoadOptions:
        """The options with these wishes where they leave the choice open."""
        usual = LoadOptions()
        cache = options.cache_type
        if self.cache_type and cache == usual.cache_type and not cache_chosen:
            cache = self.cache_type
        return replace(
            options,
            n_ctx=options.n_ctx or self.n_ctx,
            threads=options.threads or self.threads,
            cache_type=cache,
        )

    def sampled(self, base: SamplingParams) -> SamplingParams:
        """The model's own values with these wishes."""
        known = {f.name for f in fields(SamplingParams)}
        chosen = {name: value for name, value in self.sampling.items() if name in known}
        # Lists come from JSON; the record has tuples.
        given: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in chosen.items()
        }
        return replace(base, **given)

    def told_in(self, info: ModelInfo) -> ModelInfo:
        """An open model's record with these wishes as its own values."""
        sampling = self.sampled(info.default_sampling)
        return replace(info, default_sampling=sampling, default_system=self.system)


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
    defaults: ModelDefaults = field(default_factory=ModelDefaults)
    last_used: float = 0.0  # 0: never
    tokens_per_second: float = 0.0  # measured at its last use; 0: not yet


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
class Move:
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
