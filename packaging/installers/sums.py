"""SHA256SUMS beside what was made, in the form that `sha256sum --check` reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

NAME = "SHA256SUMS"


def write_sums(out: Path, files: Iterable[Path]) -> Path:
    """Lines of what is there already stay, unless the file was made again."""
    path = out / NAME
    lines = dict(line.split("  ", 1)[::-1] for line in _lines(path))
    lines |= {file.name: digest(file) for file in files}
    text = "".join(f"{lines[name]}  {name}\n" for name in sorted(lines))
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
