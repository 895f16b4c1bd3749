"""What a hub offers, as frozen records; sizes in bytes. Standard library only."""

from dataclasses import dataclass

SORTS = ("downloads", "likes", "updated")
KINDS = ("gguf", "safetensors")


@dataclass(frozen=True)
class Filters:
    """What a search is narrowed to; empty means all. Families are names of architectures as GGUF
    files give them, `parameters` a span, `kinds` of KINDS."""

    author: str = ""
    languages: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    parameters: tuple[int, int] | None = None
    gated: bool | None = None
    kinds: tuple[str, ...] = KINDS


@dataclass(frozen=True)
class FoundModel:
    """A repository as a search tells it. `architecture` is the name GGUF files give it, `classes`
    are those of config.json; `gated` is "", "auto" or "manual"; `updated` is YYYY-MM-DDTHH:MM:SSZ.
    """

    id: str
    downloads: int = 0
    likes: int = 0
    updated: str = ""
    licence: str = ""
    languages: tuple[str, ...] = ()
    gated: str = ""
    private: bool = False
    architecture: str = ""
    classes: tuple[str, ...] = ()
    model_type: str = ""
    n_parameters: int = 0
    n_ctx_train: int = 0
    formats: tuple[str, ...] = ()
    quants: tuple[str, ...] = ()
    base_model: str = ""

    @property
    def author(self) -> str:
        return self.id.partition("/")[0] if "/" in self.id else ""


@dataclass(frozen=True)
class HubFile:
    """A file of a repository. `sha256` is "" for small files, which lie in git itself; `blob` is
    what git calls those, its own checksum."""

    path: str
    size: int
    sha256: str = ""
    blob: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Variant:
    """One model in one quantization: a file, or the shards of it in order. `quant` is "" where the
    name tells none; `missing`: how many of the shards are not there."""

    quant: str
    model: str
    files: tuple[HubFile, ...]
    missing: int = 0

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(file.path for file in self.files)


@dataclass(frozen=True)
class Repository:
    """All that a repository holds, at one commit. `weights` are those of safetensors or PyTorch
    with what belongs to them; `set_apart` says of each refused name why."""

    about: FoundModel
    commit: str
    variants: tuple[Variant, ...] = ()
    projectors: tuple[HubFile, ...] = ()
    importances: tuple[HubFile, ...] = ()
    weights: tuple[HubFile, ...] = ()
    others: tuple[HubFile, ...] = ()
    set_apart: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        return self.about.id

    @property
    def files(self) -> tuple[HubFile, ...]:
        """Every file that may be fetched."""
        models = [file for variant in self.variants for file in variant.files]
        return (*models, *self.projectors, *self.importances, *self.weights, *self.others)
