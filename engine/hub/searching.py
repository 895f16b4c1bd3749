"""A search: repositories with GGUF files first, then others whose weights can be converted."""

from collections.abc import Callable, Iterator

from engine.base.errors import UsageError
from engine.hub import reading
from engine.hub.client import Hub
from engine.hub.names import billions_of
from engine.hub.records import KINDS, SORTS, Filters, FoundModel

MOST = 200
BILLION = 10**9
_HUBS_NAMES = {"downloads": "downloads", "likes": "likes", "updated": "last_modified"}
_LOOKED_THROUGH = 5  # rows for each that is wanted, where not every one may pass
_NARROWED = 10  # where filters keep more of them out


def _architecture(found: FoundModel) -> str:
    return found.architecture


def search(
    hub: Hub,
    words: str,
    *,
    sort: str = "downloads",
    limit: int = 20,
    filters: Filters = Filters(),  # noqa: B008 (frozen)
    wanted: Callable[[FoundModel], bool] | None = None,
    family: Callable[[FoundModel], str] = _architecture,
) -> Iterator[FoundModel]:
    """Up to `limit` models, each as soon as it is known; a request now and then. `wanted` may turn
    a row away; `family` knows a model's by more than its record. Raises HubError, UsageError."""
    if sort not in SORTS or not 0 < limit <= MOST or not set(filters.kinds) <= set(KINDS):
        raise UsageError(
            "search by {sorts} for 1 to {most} models", sorts=", ".join(SORTS), most=MOST
        )
    seen = set[str]()
    for kind in filters.kinds:
        for info in hub.models(
            words.strip()[:200],
            sort=_HUBS_NAMES[sort],
            most=limit * _rows_for_each(filters, kind),
            tags=_tags(filters, kind),
            author=filters.author,
            parameters=_span(filters),
        ):
            found = reading.found_model(info, hub.settings.host)
            if found.id in seen or not passes(found, filters, family):
                continue
            if wanted is not None and not wanted(found):
                continue
            seen.add(found.id)
            yield found
            if len(seen) == limit:
                return


def passes(
    found: FoundModel, filters: Filters, family: Callable[[FoundModel], str] = _architecture
) -> bool:
    """What a hub cannot be asked for, or not for several at once."""
    if filters.families and family(found) not in filters.families:
        return False
    if filters.licences and found.licence not in filters.licences:
        return False
    if filters.languages and not set(filters.languages) & set(found.languages):
        return False
    if filters.gated is not None and bool(found.gated) != filters.gated:
        return False
    if filters.parameters:
        low, high = filters.parameters
        return low <= (found.n_parameters or _told_by_name(found)) <= high
    return True


def _told_by_name(found: FoundModel) -> int:
    """The number of weights where a hub tells none; -1 where the name does not either."""
    return int(billions_of(found.id) * BILLION) or -1


def _rows_for_each(filters: Filters, kind: str) -> int:
    if not _asks_all(filters):
        return _NARROWED
    return 1 if kind == "gguf" else _LOOKED_THROUGH


def _asks_all(filters: Filters) -> bool:
    """Whether every row that a hub answers will pass."""
    few = len(filters.languages) < 2 and len(filters.licences) < 2
    return few and not (filters.families or filters.parameters) and filters.gated is None


def _span(filters: Filters) -> str:
    """In a hub's own words, in whole billions around what is wanted; the rest is done here."""
    if not filters.parameters:
        return ""
    low, high = filters.parameters
    most = f",max:{-(-high // BILLION)}B" if high < 1000 * BILLION else ""
    return f"min:{low // BILLION}B{most}" if low >= BILLION else f"min:0{most}"


def _tags(filters: Filters, kind: str) -> list[str]:
    tags = [kind]
    if len(filters.languages) == 1:
        tags += filters.languages
    if len(filters.licences) == 1:
        tags.append(f"license:{filters.licences[0]}")
    return tags
