"""A walk through folders of model files, in pieces: bounded, safe from loops of links.

Invariant: nothing here raises for what a disk does (a folder that goes away, one that may not be
read, a link to itself); it is passed over, or told by the trail.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.base.paths import openable
from engine.library.files import (
    base_of,
    is_model_name,
    is_pictures_name,
    part_names,
    pictures_of,
    plain_name,
    readable,
)

MOST_ENTRIES = 50_000  # of one place
MOST_FOLDERS = 5_000
MOST_DEEP = 8
PIECE = 256  # entries between two pauses
FRESH_NS = 2_000_000_000  # a folder changed so lately may change again within one tick of its clock
# What lies beside a file that is not whole yet: browsers, download managers, other programs.
PARTIAL_ENDINGS = (
    ".part",
    ".partial",
    ".incomplete",
    ".aria2",
    ".crdownload",
    ".download",
    ".downloadInProgress",
    ".tmp",
)
PARTIAL_BEGINNINGS = ("incomplete-", "downloading_")  # GPT4All, LM Studio


@dataclass(frozen=True)
class Sight:
    """A model file that was met; `identity` is the same for all names and links of one file.

    Its name may be folders' or another program's words; it is made fit for sentences and tables.
    """

    name: str
    path: Path
    file_bytes: int
    stamp: str
    identity: tuple[int, int]
    pictures: str = ""

    def __post_init__(self) -> None:
        name = readable(self.name).strip() or readable(self.path.name)
        if name != self.name:
            object.__setattr__(self, "name", name)


@dataclass
class Trail:
    """What a walk leaves behind: the folders it saw, and whether it met its bounds."""

    folders: dict[Path, str] = field(default_factory=dict)  # with their stamps, "" where too fresh
    entries: int = 0
    truncated: bool = False
    met: set[tuple[int, int]] = field(default_factory=set)

    def enter(self, folder: Path) -> bool:
        """Note a folder; False where it is not to be looked into (again)."""
        try:
            found = os.stat(openable(folder))
        except (OSError, ValueError):
            self.folders.setdefault(folder, "-")
            return False
        mark = (found.st_dev, found.st_ino)
        if mark in self.met:
            return False
        if len(self.folders) >= MOST_FOLDERS:
            self.truncated = True
            return False
        self.met.add(mark)
        self.folders[folder] = "" if is_fresh(found.st_mtime_ns) else str(found.st_mtime_ns)
        return True


Steps = Iterator[Sight | None]  # None: a pause


def folder_stamp(folder: Path) -> str:
    """As the trail keeps it; "-" where there is no such folder."""
    try:
        return str(os.stat(openable(folder)).st_mtime_ns)
    except (OSError, ValueError):
        return "-"


def is_fresh(mtime_ns: int) -> bool:
    return abs(time.time_ns() - mtime_ns) < FRESH_NS


def walk(folder: Path, trail: Trail, *, whole_only: bool = True) -> Steps:
    """Models below a folder, folder by folder in the order of their names.

    Links to folders are followed, but not to one above this folder, and none twice. whole_only:
    leave out a split model of which a part is missing.
    """
    top = _real(folder)
    waiting = [(folder, 0)]
    while waiting:
        place, depth = waiting.pop()
        if not trail.enter(place):
            continue
        names, below = set[str](), list[Path]()
        for entry in _entries(place):
            trail.entries += 1
            if trail.entries % PIECE == 0:
                yield None
            if trail.entries > MOST_ENTRIES:
                trail.truncated = True
                return
            if _is_folder(entry):
                if depth < MOST_DEEP and _is_wanted(entry, place, top):
                    below.append(place / entry.name)
            else:
                names.add(entry.name)
        waiting += [(path, depth + 1) for path in sorted(below, reverse=True)]
        yield from sights_in(place, names, whole_only=whole_only, flat=depth == 0)


def sights_in(
    folder: Path, names: set[str], *, whole_only: bool = True, flat: bool = False
) -> Steps:
    """Models among the files of one folder, with a pause after each few.

    flat: the folder has models of many makers, so a picture half without a name belongs to none.
    """
    halves = [n for n in names if is_pictures_name(n) and (base_of(n) or not flat)]
    for n, name in enumerate(sorted(name for name in names if is_model_name(name)), 1):
        if n % PIECE == 0:
            yield None
        if is_partial(name, names) or _is_coming(name, names, whole_only):
            continue
        sight = sight_of(folder / name, pictures=pictures_of(name, halves))
        if sight is not None and sight.file_bytes > 0:
            yield sight


def _is_coming(name: str, names: set[str], whole_only: bool) -> bool:
    """Whether a part of a split model is missing, and is being fetched or must be there."""
    missing = next((part for part in part_names(name) if part not in names), "")
    return bool(missing) and (whole_only or is_partial(missing, names))


def sight_of(path: Path, name: str = "", pictures: str = "") -> Sight | None:
    """The file as it lies there; None where it does not, or is no file."""
    try:
        found = os.stat(openable(path))
        size = found.st_size
        for part in part_names(path.name)[1:]:
            size += _size(path.with_name(part))
    except (OSError, ValueError):
        return None
    if not _is_regular(found):
        return None
    return Sight(
        name or plain_name(path),
        path,
        size,
        f"{found.st_size}:{found.st_mtime_ns}",
        (found.st_dev, found.st_ino),
        str(path.with_name(pictures)) if pictures else "",
    )


def is_partial(name: str, names: set[str]) -> bool:
    """Whether a file is not whole yet, by its name or by what lies beside it."""
    return name.startswith(PARTIAL_BEGINNINGS) or any(
        name + ending in names for ending in PARTIAL_ENDINGS
    )


def entries_of(folder: Path) -> list[str]:
    """Names in a folder, sorted; of one that cannot be read none."""
    return sorted(entry.name for entry in _entries(folder))[:MOST_ENTRIES]


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(openable(folder)) as found:
            yield from found
    except (OSError, ValueError):
        return


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _is_regular(found: os.stat_result) -> bool:
    return (found.st_mode & 0o170000) == 0o100000


def _size(path: Path) -> int:
    try:
        return os.stat(openable(path)).st_size
    except (OSError, ValueError):
        return 0


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path


def _is_wanted(entry: os.DirEntry[str], place: Path, top: Path) -> bool:
    """Not hidden, and no link to a folder above the one that is walked through."""
    if entry.name.startswith("."):
        return False
    return not entry.is_symlink() or not top.is_relative_to(_real(place / entry.name))
