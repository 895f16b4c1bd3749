"""Linux: the forms in which the frozen folder is given to people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

FORMS = ("deb", "run", "flatpak")


def make(folder: Path, out: Path, forms: Sequence[str]) -> list[Path]:
    return []
