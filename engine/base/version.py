"""The version of the program, for --version and for figures that name who made them.

Here it stands, and nowhere else: the package (pyproject.toml), the installers and the look for a
newer release read it from here, so that it is the same in a folder, installed, and frozen.
"""

import re

VERSION = "0.1.0"
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
