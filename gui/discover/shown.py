"""What Discover shows, as plain data, and its figures in words. No Qt, no network."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.api import Fit, discover, sizes
from gui.discover.card import Picture
from gui.language import figures, marked, said, tr

Here = Mapping[tuple[str, int], str]  # a file's name and bytes (all of its parts): its path
FEW, MOST = 20, 200  # models that a search brings at first, and at most
# What a search can be narrowed to, beside what fits and what is GGUF: names and choices.
NARROWING = {
    "size": (marked("Size"), discover.SIZES),
    "family": (marked("Family"), discover.FAMILIES),
    "language": (marked("Language"), discover.LANGUAGES),
    "licence": (marked("Licence"), discover.LICENCES),
}


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
    title: str = ""  # what people call it, where that is known

    @property
    def name(self) -> str:
        return self.title or name_of(self.id)

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
    tip: str = ""  # how that was measured, where it was
    recommended: bool = False
    problem: str = ""  # why it cannot be had or run
    path: str = ""  # where it lies, if the library has it already
    files: tuple[str, ...] = ()  # in the repository
    is_made: bool = False  # from the makers' own weights, by the workshop

    def holds(self, file: str) -> bool:
        """Whether this path, or this name of a file, is one of its files."""
        wanted = file.casefold()
        paths = [path.casefold() for path in self.files]
        return wanted in paths or wanted in [path.rpartition("/")[2] for path in paths]

    @property
    def is_here(self) -> bool:
        return bool(self.path)

    @property
    def file_name(self) -> str:
        """What the first of its files will be called here."""
        return self.files[0].rpartition("/")[2] if self.files else ""


@dataclass(frozen=True)
class Pictures:
    """Of a card: those that the hub keeps, as the card names them; how many lie elsewhere."""

    own: tuple[str, ...] = ()
    elsewhere: int = 0
    host: str = ""


@dataclass(frozen=True)
class Page:
    """A repository, as far as it is known; more comes. `chosen`: the offer that a link means;
    `note`: what else is to be said of it."""

    found: Found
    context: int
    summary: str = ""  # "36 layers, 40,960 tokens of trained context"
    offers: tuple[Offer, ...] = ()
    card: tuple[str | Picture, ...] = ()  # Markdown and the pictures in it
    pictures: Pictures = Pictures()
    sums: str = ""  # the arithmetic under the table
    problem: str = ""  # why there is nothing more
    loading: bool = False
    chosen: str = ""
    note: str = ""
    commit: str = ""
    failed: bool = False  # `problem` is why no more of it came; it can be asked for again
    web: str = ""  # its page for a browser

    def with_file(self, file: str) -> "Page":
        """The same, with the offer that holds this file chosen; "" chooses none."""
        chosen = next((each.name for each in self.offers if file and each.holds(file)), "")
        is_gone = bool(file and not chosen and not self.loading and self.offers)
        note = ""
        if is_gone:
            note = tr(
                "There is no file {file} here any more; these are the ones there are.", file=file
            )
        return replace(self, chosen=chosen, note=note)

    def with_card_of(self, other: "Page") -> "Page":
        """The same with that card, which stays while other figures are asked for."""
        return replace(self, card=other.card, pictures=other.pictures, commit=other.commit)

    def with_paths(self, here: Here) -> "Page":
        """The same, with what the library has by now."""
        offers = (
            replace(each, path=here.get((each.file_name, each.bytes), "")) for each in self.offers
        )
        return replace(self, offers=tuple(offers))


@dataclass(frozen=True)
class Query:
    """What the list is asked for."""

    words: str = ""
    fits_only: bool = True
    gguf_only: bool = True
    sort: str = "downloads"
    size: str = ""  # keys of NARROWING; "" for any
    family: str = ""
    language: str = ""
    licence: str = ""
    everywhere: bool = False  # without words: all that the hub has, not only those to begin with
    limit: int = FEW

    @property
    def asks_hub(self) -> bool:
        return bool(self.words) or self.everywhere

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the words keeps models out."""
        return any(self.narrowed.values()) or self.asks_hub and (self.fits_only or self.gguf_only)

    @property
    def narrowed(self) -> dict[str, str]:
        """Keys of what is chosen beside what fits and what is GGUF."""
        return {key: str(getattr(self, key)) for key in NARROWING}


@dataclass(frozen=True)
class Answer:
    """What came of it: the lines, or a sentence in their place."""

    wanted: Query
    found: tuple[Found, ...] = ()
    problem: str = ""
    curated: bool = False
    more: bool = False  # there may be more of them


def name_of_choice(key: str, value: str) -> str:
    """How a chosen size, family, language or licence is called."""
    return next((said(each.name) for each in NARROWING[key][1] if each.key == value), value)


def nothing_words(wanted: Query) -> str:
    """Why the list is empty, with the filters that may be the reason."""
    names = [name_of_choice(key, value) for key, value in wanted.narrowed.items() if value]
    if wanted.asks_hub:
        fits = [tr("Fits this machine")] * wanted.fits_only
        names = fits + ["GGUF"] * wanted.gguf_only + names
    filters = ", ".join(names)
    if not wanted.asks_hub:
        what = tr("None of the models to begin with is like that.")
    elif wanted.words:
        what = tr("Nothing was found with these words.")
    else:
        what = tr("Nothing was found.")
    if not names:
        return what
    return tr("{what} Filters that are on: {filters}.", what=what, filters=filters)


def name_of(repository: str) -> str:
    """ "Qwen/Qwen3-4B-Instruct-GGUF" → "Qwen3 4B Instruct"."""
    name = repository.rpartition("/")[2]
    for ending in ("-GGUF", "_GGUF", "-gguf", ".gguf"):
        name = name.removesuffix(ending)
    return name.replace("-", " ").replace("_", " ").strip() or repository


def second_line(found: Found) -> str:
    """Who made it and how often it was got; of a first model, what it is good for."""
    if found.good_for:
        return found.good_for
    parts = [found.owner, tr("{n} downloads", n=figures(sizes.count(found.downloads)))]
    return " · ".join(part for part in parts if part)
