"""Files with the same contents in several places, and the room they take twice.

A few pieces are compared first; names and links of one file take no room and are no twins.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Generator, Sequence
from pathlib import Path

from engine.base.events import Progress, Stage
from engine.base.paths import openable
from engine.library.checking import told_sha256
from engine.library.files import parts_of
from engine.library.records import LibraryModel, Twins

PIECE = 1 << 16  # bytes; of a file the first, the middle and the last
SMALLEST = 1 << 20  # smaller files are nobody's loss


def finding_twins(
    models: Sequence[LibraryModel], smallest: int = SMALLEST
) -> Generator[Progress, None, list[Twins]]:
    """Groups of the same contents, the largest loss first. One file a step."""
    groups: dict[int, list[LibraryModel]] = defaultdict(list)
    for model in models:
        if model.file_bytes >= smallest:
            groups[model.file_bytes].append(model)
    waiting = [group for group in groups.values() if len(group) > 1]
    total, done = sum(len(group) for group in waiting), 0
    found: list[Twins] = []
    for group in waiting:
        alike: dict[str, list[LibraryModel]] = defaultdict(list)
        for model in group:
            done += 1
            alike[fingerprint(model.path)].append(model)
            yield Progress(Stage.COMPARING, done, total, what=model.name)
        for mark, same in alike.items():
            if mark and len(same) > 1:
                found += _twins(same)
    return sorted(found, key=lambda twins: (-twins.wasted_bytes, twins.models[0].name))


def _twins(models: Sequence[LibraryModel]) -> list[Twins]:
    """Of files alike in their pieces: those whose checksums differ are told apart."""
    by_sum: dict[str, list[LibraryModel]] = defaultdict(list)
    for model in models:
        by_sum[_known_sum(model)].append(model)
    unknown = by_sum.pop("", [])
    if not by_sum:
        groups = [(unknown, False)]
    elif len(by_sum) == 1:  # those that are not known may well be the same
        groups = [(next(iter(by_sum.values())) + unknown, not unknown)]
    else:
        groups = [(group, True) for group in by_sum.values()]
    found = []
    for group, certain in groups:
        copies = len({_identity(model.path) for model in group})
        if copies > 1:
            size = group[0].file_bytes
            found.append(Twins(tuple(group), size, size * (copies - 1), certain))
    return found


def _known_sum(model: LibraryModel) -> str:
    """The checksum of the last verification, or those that others tell of all parts."""
    parts = parts_of(model.path)
    if len(parts) > 1:
        told = [told_sha256(part)[0] for part in parts]
        return "+".join(told) if all(told) else ""
    return model.sha256 or told_sha256(model.path)[0]


def fingerprint(path: Path) -> str:
    """Tells most files of one size apart; empty where a part cannot be read."""
    digest = hashlib.sha256()
    try:
        for part in parts_of(path):
            with open(openable(part), "rb") as file:
                size = os.fstat(file.fileno()).st_size
                digest.update(size.to_bytes(8, "little"))
                for at in (0, size // 2, max(0, size - PIECE)):
                    file.seek(at)
                    digest.update(file.read(PIECE))
    except (OSError, ValueError):
        return ""
    return digest.hexdigest()


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = os.stat(openable(path))
    except (OSError, ValueError):
        return 0, 0
    return found.st_dev, found.st_ino
