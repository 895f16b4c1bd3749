"""Things of the user's that have names: presets of sampling values, system prompts. A small JSON
file for each sort, beside the settings; what was damaged is set aside, never written over.
"""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, TypeVar

T = TypeVar("T")
LARGEST = 64 << 20  # bytes that are read
LONGEST_NAME = 60
MOST = 500


class Named(Generic[T]):
    """In memory at once, on the disk when `keep` has run. `sound` gives a value of what was kept,
    or None; `told` what is kept of a value."""

    def __init__(
        self,
        path: Path,
        sound: Callable[[Any], T | None],
        told: Callable[[T], Any],
        keep: Callable[[Callable[[], object]], object],
    ) -> None:
        self._path, self._sound, self._told, self._keep = path, sound, told, keep
        self.all: dict[str, T] = {}
        found = _read(path)
        for name, kept in found.items():
            value = self._sound(kept)
            if value is not None and name.strip() and len(self.all) < MOST:
                self.all[name[:LONGEST_NAME]] = value

    def put(self, name: str, value: T) -> str:
        """Under this name from now on; gives the name as it is kept."""
        name = " ".join(name.split())[:LONGEST_NAME]
        self.all[name] = value
        self._write()
        return name

    def take(self, name: str) -> T | None:
        """Away with it; gives what it was, so that it can be put back."""
        value = self.all.pop(name, None)
        if value is not None:
            self._write()
        return value

    def rename(self, old: str, new: str) -> str:
        """In its place; a name that is taken already stays that one's."""
        new = " ".join(new.split())[:LONGEST_NAME]
        if not new or new == old or new in self.all or old not in self.all:
            return old
        self.all = {new if name == old else name: value for name, value in self.all.items()}
        self._write()
        return new

    def free_name(self, wanted: str) -> str:
        """This name, or it with a number, that nothing has yet."""
        found, n = wanted, 1
        while found in self.all:
            n += 1
            found = f"{wanted} {n}"
        return found

    def _write(self) -> None:
        text = json.dumps({name: self._told(v) for name, v in self.all.items()}, indent=2)
        path = self._path
        self._keep(lambda: _replace(path, text))


def _read(path: Path) -> Mapping[str, Any]:
    """What is there; a file that is none of ours is kept beside, under another name."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(LARGEST).decode("utf-8"))
    except OSError:
        return {}
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    with suppress(OSError):
        path.replace(path.with_name(f"{path.stem}.damaged{path.suffix}"))
    return {}


def _replace(path: Path, text: str) -> None:
    """Written beside, then renamed: a crash leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", errors="replace") as file:
        part.chmod(0o600)
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
