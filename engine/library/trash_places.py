"""Where the trash of freedesktop.org's specification has a file: what lets Undo bring it back."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from engine.base.paths import folder_of, home_folder

_MOST = 20_000  # entries of one trash


def find_in_trash(path: Path, device: int, number: int) -> Path | None:
    """The file with this number on its device, which lay at `path`: it keeps its number when it is
    moved on its disk, and its name may be another now."""
    for trash in trashes(path):
        for item in _entries(trash / "files"):
            with suppress(OSError):
                found = item.lstat()
                if (found.st_dev, found.st_ino) == (device, number):
                    return item
    return None


def trashes(path: Path) -> Iterator[Path]:
    """The trash of the user's home, and those at the top of the file's disk."""
    home = home_folder()
    data = folder_of("XDG_DATA_HOME") or (home / ".local/share" if home else None)
    if data is not None:
        yield data / "Trash"
    top = _top_of(path.parent)
    user = os.getuid() if hasattr(os, "getuid") else 0
    yield top / ".Trash" / str(user)
    yield top / f".Trash-{user}"


def forget_info(item: Path) -> None:
    """Remove the trash's note of a file that is there no more."""
    with suppress(OSError):
        (item.parent.parent / "info" / f"{item.name}.trashinfo").unlink()


def _top_of(folder: Path) -> Path:
    """Where the disk is mounted that a folder lies on."""
    with suppress(OSError, RuntimeError):
        folder = folder.resolve()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    while not os.path.ismount(folder) and folder != folder.parent:
        folder = folder.parent
    return folder


def _entries(folder: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as found:
            for n, entry in enumerate(found):
                if n >= _MOST:
                    return
                yield Path(entry.path)
    except OSError:
        return
