"""What the list shows of the models that are known: which, in which sections and order. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.api import sizes
from gui.known import KnownModel
from gui.language import figures, marked, tr
from gui.library.words import MONTH_S

SORTS: list[tuple[str, object]] = [
    (marked("By name"), "name"),
    (marked("Largest first"), "size"),
    (marked("Last used first"), "used"),
    (marked("Fastest first"), "speed"),
]
UNUSED_MONTHS = 3


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see."""

    words: str = ""
    sort: str = "name"
    unused: bool = False

    @property
    def is_narrow(self) -> bool:
        """Models may be left out."""
        return bool(self.words.strip()) or self.unused


@dataclass(frozen=True)
class Heading:
    """The name of a section, over its models."""

    title: str
    words: str


Item = KnownModel | Heading


def items(
    known: Sequence[KnownModel],
    wish: Wish,
    now: float,
    rate: Callable[[KnownModel], float] = lambda model: model.tokens_per_second,
) -> list[Item]:
    """Sections with their headings: the user's own, each other program's, the guide.

    `rate`: tokens per second, as far as they are known.
    """
    groups: dict[tuple[int, str], list[KnownModel]] = {}
    for model in wanted(known, wish, now):
        where = 2 if model.built_in else 1 if model.source else 0
        groups.setdefault((where, model.source), []).append(model)
    found: list[Item] = []
    for (where, source), models in sorted(groups.items(), key=lambda group: group[0]):
        usual = (tr("Your models"), tr("Found in {program}", program=source), tr("Built in"))
        title = usual[where]
        found.append(Heading(title, "" if where == 2 else tally(models)))
        found += _sorted(models, wish.sort, rate)
    return found


def wanted(known: Sequence[KnownModel], wish: Wish, now: float) -> Sequence[KnownModel]:
    """Those with all of the words, in any order."""
    words = [word.removeprefix("#") for word in wish.words.casefold().split()]
    if words:
        known = [m for m in known if all(word in (m.sought or _sought(m)) for word in words)]
    if wish.unused:
        since = now - UNUSED_MONTHS * MONTH_S
        known = [m for m in known if max(m.last_used, m.added) < since and not m.built_in]
    return known


def tally(models: Sequence[KnownModel]) -> str:
    """ "3 models · 8.2 GB"."""
    n, size = len(models), sum(model.file_bytes for model in models)
    words = tr("{n:,} {n:model|models}", n=n)
    return f"{words} · {figures(sizes.file(size))}" if size else words


def _sought(model: KnownModel) -> str:
    words = (model.name, model.key, model.path, model.type_name, model.architecture, *model.tags)
    return "\n".join((*words, model.source)).casefold()


def _sorted(
    models: list[KnownModel], sort: str, rate: Callable[[KnownModel], float]
) -> list[KnownModel]:
    """They come by name; what is alike stays so."""
    if sort == "size":
        return sorted(models, key=lambda model: -model.file_bytes)
    if sort == "used":
        return sorted(models, key=lambda model: -model.last_used)
    if sort == "speed":
        return sorted(models, key=lambda model: -rate(model))
    return models
