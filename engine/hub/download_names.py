"""Names that a hub tells, as places on this disk. A hub's words are untrusted.

Invariant: what is answered lies below the folder that was given, and every system can have it.
"""

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from engine.base.errors import FormatError, UsageError
from engine.base.words import quoted

RESERVED = {"con", "prn", "aux", "nul", "clock$", "conin$", "conout$"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in "123456789\u00b9\u00b2\u00b3"
}
FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
LONGEST = 255 - len(".part.journal")  # bytes of one name, with what stands behind it meanwhile
DEEPEST = 8


def place_of(name: str, folder: Path) -> Path:
    """Where a file of a repository is kept. Raises FormatError."""
    parts = name.split("/")
    problem = next((p for p in map(_problem, parts) if p), "")
    if not problem and len(parts) > DEEPEST:
        problem = f"it lies in more than {DEEPEST} folders"
    if problem:
        raise FormatError(
            f"the hub names a file {quoted(name, 120)}, which is not kept: {problem}; choose "
            "another file or repository"
        )
    return folder.joinpath(*parts)


def check_apart(names: Iterable[str]) -> None:
    """No two files of an order may be one file on a disk that does not know case."""
    seen = dict[str, str]()
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise FormatError(
                f"the repository has both {quoted(other, 120)} and {quoted(name, 120)}, which are "
                "one file on many disks; choose one of them"
            )


def check_repository(repo: str) -> str:
    """ "owner/name", or "name" for the oldest ones. Raises UsageError."""
    parts = repo.split("/")
    right = all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}", part) for part in parts)
    if not right or len(parts) > 2 or any(_problem(part) for part in parts):
        raise UsageError(
            f"{quoted(repo, 120)} is no repository; write OWNER/NAME, such as Qwen/Qwen3-4B-GGUF"
        )
    return repo


def base_name(name: str) -> str:
    return PurePosixPath(name).name


def _problem(part: str) -> str:
    """Why this cannot be the name of a file or folder everywhere; "" where it can."""
    if part in ("", ".", ".."):
        return "the name leads out of its folder"
    if FORBIDDEN.search(part):
        return "it has a letter that names of files cannot have"
    if part.endswith((".", " ")) or part.startswith(" "):
        return "it begins or ends with a space or a full stop"
    if part.split(".")[0].strip().casefold() in RESERVED:
        return "Windows keeps that name for a device"
    try:
        size = len(part.encode())
    except UnicodeEncodeError:
        return "it is no text"
    return "it is too long" if size > LONGEST else ""
