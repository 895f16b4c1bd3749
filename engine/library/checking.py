"""Is a model's file there, whole, readable, and what it was or should be? Reads in pieces.

What others say its checksum is stands in names of blobs, manifests, and words beside a download;
only 64 hexadecimal digits count as one.
"""

import hashlib
import os
import re
import stat
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.base.catalogue import Words
from engine.base.events import Progress, Stage
from engine.base.paths import folder_of, openable
from engine.base.reading import reason
from engine.library.files import described, parts_of, readable, size_of
from engine.library.records import LibraryModel, Verification
from engine.library.stores import manifest_files, small_json, small_lines
from engine.library.walk import entries_of

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOST_MANIFESTS = 5_000


def told_sha256(path: Path) -> tuple[str, str]:
    """The checksum of one file and who tells it; empty where nobody does."""
    for teller, found in (
        ("Hugging Face", _hub_blob(path)),
        ("Ollama", _ollama_blob(path)),
        ("Hugging Face", _beside(path)),
        ("llama.cpp", _manifest(path)),
    ):
        if found:
            return found, teller
    return "", ""


def _hub_blob(path: Path) -> str:
    """A link of the hub's cache leads to blobs/CHECKSUM; small files' names are git's."""
    try:
        real = path.resolve()
    except (OSError, RuntimeError):
        return ""
    return _digest(real.name) if real.parent.name == "blobs" else ""


def _ollama_blob(path: Path) -> str:
    name = path.name.replace(":", "-")
    return _digest(name.removeprefix("sha256-")) if name.startswith("sha256-") else ""


def _beside(path: Path) -> str:
    """The hub's client notes revision, checksum and time of what it downloads to a folder."""
    for above in list(path.parents)[:4]:
        folder = above / ".cache/huggingface/download"
        lines = small_lines(folder / f"{path.relative_to(above)}.metadata")
        if len(lines) >= 2:
            return _digest(lines[1].strip())
    return ""


def _manifest(path: Path) -> str:
    """Of llama.cpp's flat cache: manifest=MAKER=REPO=TAG.json names MAKER_REPO_FILE."""
    if path.parent.name != "llama.cpp" and path.parent != folder_of("LLAMA_CACHE"):
        return ""
    names = [name for name in entries_of(path.parent) if name.startswith("manifest=")]
    for name in names[:_MOST_MANIFESTS]:
        words = name.removesuffix(".json").split("=")
        if len(words) != 4 or not path.name.startswith(f"{words[1]}_{words[2]}_"):
            continue
        file, _ = manifest_files(path.with_name(name))
        if path.name == f"{words[1]}_{words[2]}_{file.replace('/', '_')}":
            model = small_json(path.with_name(name)).get("ggufFile")
            record = model.get("lfs") if isinstance(model, dict) else None
            return _digest(str(record.get("sha256", ""))) if isinstance(record, dict) else ""
    return ""


def _digest(text: str) -> str:
    text = text.strip().strip('"').lower()
    return text if _SHA256.fullmatch(text) else ""


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
