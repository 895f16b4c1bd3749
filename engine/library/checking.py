"""Is a model's file there, whole, readable, and what it was or should be? Reads in pieces."""

import hashlib
import os
import stat
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.base.catalogue import Words
from engine.base.events import Progress, Stage
from engine.base.paths import openable
from engine.base.reading import reason
from engine.library.files import described, parts_of, readable, size_of
from engine.library.records import LibraryModel, Verification
from engine.library.told import told_sha256

CHUNK = 8 << 20


@dataclass(frozen=True)
class Digests:
    """Checksums of each file, and of all of them one after the other."""

    each: tuple[str, ...]
    whole: str


def hashing(paths: Sequence[Path]) -> Generator[Progress, None, Digests]:
    """SHA-256 over the files in order, a few megabytes a step. Raises OSError."""
    total, done = sum(os.stat(openable(path)).st_size for path in paths), 0
    whole, each = hashlib.sha256(), []
    for path in paths:
        one = hashlib.sha256()
        with open(openable(path), "rb") as file:
            while chunk := file.read(CHUNK):
                one.update(chunk)
                if len(paths) > 1:
                    whole.update(chunk)
                done += len(chunk)
                yield Progress(Stage.CHECKING, done, total)
        each.append(one.hexdigest())
    return Digests(tuple(each), whole.hexdigest() if len(paths) > 1 else each[0])


def checking(model: LibraryModel, *, deep: bool) -> Generator[Progress, None, Verification]:
    """Look at the file; deep: also compare its checksum with what others tell of it, and with that
    of the last time."""
    parts = parts_of(model.path)
    problems = [
        Words("{part} is missing", part=readable(part)) for part in parts if not _is_file(part)
    ] or _of_header(model)
    size = size_of(model.path)
    if model.file_bytes and size != model.file_bytes and not problems:
        problems.append(
            Words(
                "it was {file_bytes} bytes, but is {size} now",
                file_bytes=model.file_bytes,
                size=size,
            )
        )
    digest, told = "", ""
    if deep and not problems:
        try:
            found = yield from hashing(parts)
        except OSError as error:
            problems.append(Words("it cannot be read: {reason}", reason=reason(error)))
        else:
            digest = found.whole
            told, wrong = _compared(parts, found.each)
            problems += wrong
            if model.sha256 and model.sha256 != digest and not wrong:
                problems.append(Words("its contents have changed since it was last verified"))
    return Verification(model.name, model.path, not problems, tuple(problems), size, digest, told)


def _of_header(model: LibraryModel) -> list[str]:
    problem = described(model).problem
    return [problem] if problem else []


def _compared(parts: Sequence[Path], digests: Sequence[str]) -> tuple[str, list[str]]:
    """Who tells a checksum, and where it is another."""
    told, wrong = "", list[str]()
    for part, digest in zip(parts, digests, strict=True):
        expected, teller = told_sha256(part)
        told = told or teller
        if expected and expected != digest:
            wrong.append(
                Words(
                    "{part} is not what {teller} says it should be",
                    part=readable(part.name),
                    teller=teller,
                )
            )
    return told, wrong


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.stat(openable(path)).st_mode)
    except (OSError, ValueError):
        return False
