"""What is new in each release, told in packaging/releases.toml. Standard library only."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from program import LANGUAGES, ROOT, VERSION_FORM


@dataclass(frozen=True)
class Release:
    """`date`: such as 2026-12-01; `notes`: points, by language."""

    version: str
    date: str
    notes: dict[str, list[str]]


def releases(root: Path = ROOT) -> list[Release]:
    """All of them, the newest first. Raises ValueError for what is not whole."""
    text = (root / "packaging" / "releases.toml").read_text(encoding="utf-8")
    found = [_release(table) for table in tomllib.loads(text)["releases"]]
    if [each.date for each in found] != sorted((each.date for each in found), reverse=True):
        raise ValueError("releases.toml: the newest release must come first")
    return found


def newest(version: str, root: Path = ROOT) -> Release:
    """The notes of this version, which must be there. Raises ValueError."""
    found = releases(root)[0]
    if found.version != version:
        raise ValueError(f"releases.toml tells nothing of {version} at its head; write its notes")
    return found


def _release(table: dict[str, object]) -> Release:
    version, day = str(table.get("version")), str(table.get("date"))
    notes = {lang: list(table.get(lang, [])) for lang in LANGUAGES}  # type: ignore[call-overload]
    if not VERSION_FORM.fullmatch(version):
        raise ValueError(f"releases.toml: {version} must be such as 1.2.3")
    date.fromisoformat(day)
    if not notes["en"] or len({len(points) for points in notes.values()}) != 1:
        raise ValueError(f"releases.toml: {version} needs as many points in each language")
    return Release(version, day, notes)
