"""The version of the program, for --version and for figures that name who made them.

Here it stands, and nowhere else: the package (pyproject.toml), the installers and the look for a
newer release read it from here, so that it is the same in a folder, installed, and frozen.
"""

import re

from engine.base.paths import resource_path

VERSION = "0.1.0"
RELEASED = "released.txt"  # among the resources of a release: the address of its repository
_FORM = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:(a|b|rc)(\d{1,6}))?")
_STAGES = {"a": 0, "b": 1, "rc": 2, None: 3}


def installed_version() -> str:
    """That of the code that runs."""
    return VERSION


def rank(version: str) -> tuple[int, ...] | None:
    """By which versions are compared: a higher one is newer; None for what is no version."""
    found = _FORM.fullmatch(version)
    if found is None or not version.isascii():
        return None
    numbers = (int(n) for n in found.group(1, 2, 3))
    return (*numbers, _STAGES[found[4]], int(found[5] or 0))


def released_from() -> str:
    """The repository that built this copy as a release, "" for any other copy: an address that
    stood in the sources could be taken by anybody, and would say what is newest."""
    path = resource_path(RELEASED)
    try:
        told = path.read_text("utf-8").strip() if path is not None else ""
    except (OSError, ValueError):
        return ""
    return told if told.startswith("https://") else ""
