"""A look through all folders in pieces: the user's own and those of other programs, never changed.

Invariant: what was found is kept piece by piece, so a look that is given up loses nothing, and no
row with a word of the user's goes away.
"""

import os
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.base.events import Progress, Stage
from engine.base.paths import home_folder
from engine.library.files import described, stamp_of
from engine.library.places import Place, places
from engine.library.records import LibraryModel, Refreshed
from engine.library.registry import Registry
from engine.library.walk import Sight, Trail, folder_stamp


@dataclass
class FoldersSeen:
    """What a look through some places saw: their folders, and those with too many files."""

    folders: dict[Path, str] = field(default_factory=dict)
    truncated: list[str] = field(default_factory=list)


def places_here() -> Sequence[Place]:
    """Those of the person whose program this is."""
    home = home_folder()
    return places(home) if home is not None else ()


def looking(
    where: Sequence[Place], looked: FoldersSeen, met: set[tuple[int, int]]
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
        for place, sight in filter(None, looking(where, FoldersSeen(), set()))
    ]
    return sorted(found, key=lambda model: (model.source, model.name.casefold()))


BATCH = 256  # rows in one transaction
PAGE = 1000  # rows that are looked at in one piece
KEPT_S = 0.1  # what was found is listed no later
HEADERS = 16  # headers between two transactions
Identities = set[tuple[int, int]]


def refreshing(
    registry: Registry, where: Sequence[Place], *, met: Identities | None = None, all_: bool = True
) -> Generator[Progress, None, Refreshed]:
    """Look through these places; all_: there are no others, so what was not seen may go.

    met: files that are known otherwise.
    """
    looked, seen = FoldersSeen(), set[Path]()
    added, now, numbers = 0, time.time(), dict[str, int]()
    batch: list[tuple[Sight, str]] = []
    kept = time.monotonic()
    for steps, found in enumerate(looking(where, looked, met if met is not None else set()), 1):
        if found is not None:
            place, sight = found
            batch.append((sight, place.program))
            seen.add(sight.path)
        if len(batch) >= BATCH or (batch and time.monotonic() - kept > KEPT_S):
            added += registry.take_in(batch, now, numbers)
            batch.clear()
            kept = time.monotonic()
        if found is None or steps % BATCH == 0:
            yield Progress(Stage.FINDING, len(seen), 0)
    if batch:
        added += registry.take_in(batch, now, numbers)
    gone = 0
    if all_:
        gone = yield from _forgetting(registry, seen, set(looked.truncated))
        registry.note_looked(looked.folders)
    yield Progress(Stage.FINDING, len(seen), len(seen))
    return Refreshed(added, gone, len(seen), tuple(sorted(set(looked.truncated))))


def _forgetting(
    registry: Registry, seen: set[Path], truncated: set[str]
) -> Generator[Progress, None, int]:
    """Rows of other programs' files that were not met: forgotten, but where the user has said
    something of one. Answers how many."""
    n, after, keys = 0, 0, {os.fsencode(path) for path in seen}
    while rows := registry.others(after, PAGE):
        after = rows[-1].number
        gone = [
            row.name
            for row in rows
            if row.path not in keys and row.source not in truncated and not row.has_words
        ]
        if gone:
            registry.forget(gone)
        n += len(gone)
        yield Progress(Stage.FINDING, len(seen), 0)
    return n


def has_changed(registry: Registry, where: Sequence[Place], most_s: float = 0.25) -> bool:
    """A cheap look: whether a folder that was looked through has changed since, or one has come.

    It ends after `most_s` seconds, and says yes then: a slow disk is worth a look in pieces.
    """
    known = registry.looked()
    if any(place.folder not in known for place in where):
        return True
    end = time.monotonic() + most_s
    for folder, stamp in known.items():
        if folder_stamp(folder) != stamp or time.monotonic() > end:
            return True
    return False


def describing(
    registry: Registry, models: Sequence[tuple[LibraryModel, str]]
) -> Generator[Progress, None, int]:
    """Read the headers of files that have none yet, or that have changed; answers how many.

    Models with the stamps of their rows. One header a step, a few in one transaction.
    """
    done: list[tuple[LibraryModel, str]] = []
    waiting = [model for model, stamp in models if not stamp]
    try:
        for n, model in enumerate(waiting, 1):
            stamp = stamp_of(model.path)
            if stamp:
                done.append((described(model), stamp))
            if len(done) >= HEADERS:
                registry.describe(done)
                done.clear()
            yield Progress(Stage.OPENING, n, len(waiting))
    finally:  # what was read is kept, also where this is given up
        if done:
            registry.describe(done)
    return len(waiting)
