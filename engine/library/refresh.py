"""A look through all folders in pieces: the user's own and those of other programs.

Invariant: what was found is kept piece by piece, so a look that is given up loses nothing, and no
row with a word of the user's goes away.
"""

import os
import time
from collections.abc import Generator, Sequence
from pathlib import Path

from engine.base.events import Progress, Stage
from engine.library.discover import Looked, looking
from engine.library.files import described, stamp_of
from engine.library.places import Place
from engine.library.records import LibraryModel, Refreshed
from engine.library.registry import Registry
from engine.library.walk import Sight, folder_stamp

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
    looked, seen = Looked(), set[Path]()
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
    for n, model in enumerate(waiting, 1):
        stamp = stamp_of(model.path)
        if stamp:
            done.append((described(model), stamp))
        if len(done) >= HEADERS or n == len(waiting):
            registry.describe(done)
            done.clear()
        yield Progress(Stage.OPENING, n, len(waiting))
    return len(waiting)
