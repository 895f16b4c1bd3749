"""What Discover shows, as plain data, and its figures in words. No Qt, no network."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.api import Fit


@dataclass(frozen=True)
class Found:
    """One line of the list: a repository."""

    id: str  # "Qwen/Qwen3-4B-GGUF"
    downloads: int = 0
    likes: int = 0
    licence: str = ""
    good_for: str = ""  # in the list of first models: what it is good for
    fit: Fit | None = None  # of the type that is recommended here; None: not known
    problem: str = ""  # why it cannot run here
    gated: bool = False

    @property
    def name(self) -> str:
        return name_of(self.id)

    @property
    def owner(self) -> str:
        return self.id.partition("/")[0]


@dataclass(frozen=True)
class Offer:
    """One line of the table: a type in which the model can be had. `bytes` of all of its files."""

    name: str  # "Q4_K_M"
    bytes: int
    fit: Fit | None = None  # None: not known (yet)
    words: str = ""  # what it loses, or why it is the best here
    recommended: bool = False
    problem: str = ""  # why it cannot be had or run
    path: str = ""  # where it lies, if the library has it already
    files: tuple[str, ...] = ()  # in the repository
    is_made: bool = False  # from the makers' own weights, by the workshop

    @property
    def is_here(self) -> bool:
        return bool(self.path)

    @property
    def file_name(self) -> str:
        """What the first of its files will be called here."""
        return self.files[0].rpartition("/")[2] if self.files else ""


@dataclass(frozen=True)
class Page:
    """A repository, as far as it is known; more comes."""

    found: Found
    context: int
    summary: str = ""  # "36 layers, 40,960 tokens of trained context"
    offers: tuple[Offer, ...] = ()
    card: str = ""  # Markdown
    sums: str = ""  # the arithmetic under the table
    problem: str = ""  # why there is nothing more
    loading: bool = False

    def with_paths(self, here: Mapping[str, str]) -> "Page":
        """The same, with what the library has by now: names of files and their paths."""
        offers = (replace(each, path=here.get(each.file_name, "")) for each in self.offers)
        return replace(self, offers=tuple(offers))


@dataclass(frozen=True)
class Wanted:
    """What the list is asked for."""

    words: str = ""
    fits_only: bool = True
    gguf_only: bool = True
    sort: str = "downloads"


@dataclass(frozen=True)
class Answer:
    """What came of it: the lines, or a sentence in their place."""

    wanted: Wanted
    found: tuple[Found, ...] = ()
    problem: str = ""
    curated: bool = False
    notes: tuple[str, ...] = field(default=())


def name_of(repository: str) -> str:
    """ "Qwen/Qwen3-4B-Instruct-GGUF" → "Qwen3 4B Instruct"."""
    name = repository.rpartition("/")[2]
    for ending in ("-GGUF", "_GGUF", "-gguf", ".gguf"):
        name = name.removesuffix(ending)
    return name.replace("-", " ").replace("_", " ").strip() or repository


def many(n: int) -> str:
    """1234567 → "1.2M", 980000 → "980k", 512 → "512"."""
    if n >= 999_500:
        return f"{n / 1e6:.1f}M"
    if n >= 9950:
        return f"{n / 1e3:.0f}k"
    if n >= 1000:
        return f"{n / 1e3:.1f}k"
    return str(n)


def second_line(found: Found) -> str:
    """Who made it and how often it was got; of a first model, what it is good for."""
    if found.good_for:
        return found.good_for
    parts = [found.owner, f"{many(found.downloads)} downloads"]
    return " · ".join(part for part in parts if part)
