"""The facts of packaging/program.toml, checked, for everything that is made of them.

Standard library only. A fact that lacks, or that nobody reads, is an error with its name.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "fr", "ja")
VERSION_FORM = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")
TOLD = ("summary", "generic", "description", "keywords")
Spoken = dict[str, str]  # a text in each language


@dataclass(frozen=True)
class FileType:
    """A sort of file that the program opens."""

    extension: str
    mime: str
    uti: str  # Apple's name of the type
    magic: str  # the letters that such a file begins with
    name: Spoken


@dataclass(frozen=True)
class Icon:
    """The drawings of the mark, as paths, and the side up to which the small one is shown."""

    large: Path
    small: Path
    small_until: int
    colour: str
    colour_dark: str


@dataclass(frozen=True)
class Program:
    """`window`, `console`: names of the two programs, without .exe."""

    name: str
    id: str
    package: str
    version: str
    publisher: str
    licence: str
    copyright: str
    repository: str
    scheme: str
    window: str
    console: str
    icon: Icon
    summary: Spoken
    generic: Spoken
    description: dict[str, list[str]]
    keywords: dict[str, list[str]]
    file_types: tuple[FileType, ...]

    @property
    def owner(self) -> str:
        """OWNER/NAME of the repository."""
        return self.repository.removeprefix("https://github.com/")

    def page_of(self, version: str) -> str:
        """Where a release is shown, and downloaded."""
        return f"{self.repository}/releases/tag/v{version}"

    @property
    def plain_version(self) -> str:
        """Four numbers, as Windows writes a version: 1.2.3rc4 is 1.2.3.0."""
        return re.match(r"[\d.]+\d", self.version)[0].rstrip(".") + ".0"  # type: ignore[index]


def facts(root: Path = ROOT) -> Program:
    """Read anew. Raises ValueError for what lacks or is too much."""
    table = tomllib.loads((root / "packaging" / "program.toml").read_text(encoding="utf-8"))
    icon, programs = _taken(table, "icon"), _taken(table, "programs")
    made = Program(
        **{
            name: _spoken(table, name) for name in ("summary", "generic", "description", "keywords")
        },
        **{
            name: _taken(table, name)
            for name in ("name", "id", "package", "publisher", "licence", "repository", "scheme")
        },
        version=version(root),
        copyright=(root / "LICENSE").read_text(encoding="utf-8").splitlines()[2],
        window=_taken(programs, "window"),
        console=_taken(programs, "console"),
        icon=Icon(
            large=root / _taken(icon, "large"),
            small=root / _taken(icon, "small"),
            small_until=_taken(icon, "small_until"),
            colour=_taken(icon, "colour"),
            colour_dark=_taken(icon, "colour_dark"),
        ),
        file_types=tuple(_file_type(each) for each in _taken(table, "file_types")),
    )
    for where, rest in (("", table), (" of icon", icon), (" of programs", programs)):
        if rest:
            raise ValueError(f"program.toml: nobody reads {', '.join(rest)}{where}")
    return made


def version(root: Path = ROOT) -> str:
    """What engine/base/version.py says, without running it."""
    text = (root / "engine" / "base" / "version.py").read_text(encoding="utf-8")
    found = re.search(r'^VERSION = "(.+)"$', text, re.MULTILINE)
    if found is None or not VERSION_FORM.fullmatch(found[1]):
        raise ValueError("engine/base/version.py: VERSION must be such as 1.2.3 or 1.2.3rc1")
    return found[1]


def _taken(table: dict[str, Any], name: str) -> Any:
    if name not in table:
        raise ValueError(f"program.toml: {name} is missing")
    return table.pop(name)


def _spoken(table: dict[str, Any], name: str) -> Any:
    found = _taken(table, name)
    if sorted(found) != sorted(LANGUAGES) or not all(found.values()):
        raise ValueError(f"program.toml: {name} must be told in {', '.join(LANGUAGES)}")
    return found


def _file_type(table: dict[str, Any]) -> FileType:
    named = {name: _taken(table, name) for name in ("extension", "mime", "uti", "magic")}
    made = FileType(**named, name=_spoken(table, "name"))
    if table:
        raise ValueError(f"program.toml: nobody reads {', '.join(table)} of file_types")
    return made


if __name__ == "__main__":  # one fact, for scripts: program.py version
    print(getattr(facts(), sys.argv[1] if len(sys.argv) == 2 else "version"))
