"""Models that other programs have on this machine: found in pieces, never changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.base.paths import home_folder
from engine.library.places import Place, places
from engine.library.records import LibraryModel
from engine.library.walk import Sight, Trail, folder_stamp


@dataclass
class Looked:
    """What a look through some places saw: their folders, and those with too many files."""

    folders: dict[Path, str] = field(default_factory=dict)
    truncated: list[str] = field(default_factory=list)


def places_here() -> Sequence[Place]:
    """Those of the person whose program this is."""
    home = home_folder()
    return places(home) if home is not None else ()


def looking(
    where: Sequence[Place], looked: Looked, met: set[tuple[int, int]]
) -> Iterator[tuple[Place, Sight] | None]:
    """All models in these places, each file once; None is a pause. Places that cannot be read are
    passed over.

    met: files that are known already, by their identity.
    """
    for place in where:
        trail = Trail()
        try:
            for sight in place.finder(place.folder, trail):
                if sight is None:
                    yield None
                elif sight.identity not in met:
                    met.add(sight.identity)
                    yield place, sight
        except OSError:  # a disk that went away meanwhile
            pass
        looked.folders.update(trail.folders)
        looked.folders.setdefault(place.folder, folder_stamp(place.folder))
        if trail.truncated:
            looked.truncated.append(place.program)
        yield None


def discover(home: Path | None = None) -> list[LibraryModel]:
    """All of them at once, by program and name."""
    where = places(home) if home is not None else places_here()
    found = [
        LibraryModel(
            sight.name,
            sight.path,
            sight.file_bytes,
            source=place.program,
            pictures=sight.pictures,
        )
        for place, sight in filter(None, looking(where, Looked(), set()))
    ]
    return sorted(found, key=lambda model: (model.source, model.name.casefold()))
