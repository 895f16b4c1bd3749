"""Model files in folders: which count, which parts belong together, what their header says.

Only reads, never follows links to folders, and stops after a bounded number of entries.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from engine.base.errors import ChaskiError
from engine.library.records import LibraryModel

_MAX_ENTRIES = 50_000
_MAX_DEPTH = 8
LONGEST_NAME = 300  # letters that are shown
MOST_COUNTED = (1 << 63) - 1  # what SQLite and JSON keep whole
_PART = re.compile(r"-(\d{5})-of-(\d{5})$")


def model_files(folder: Path) -> Iterator[Path]:
    """GGUF files of whole models below a folder; of a split model its first part."""
    seen = 0
    for place, folders, names in os.walk(folder, followlinks=False):
        depth = len(Path(place).relative_to(folder).parts)
        folders[:] = sorted(f for f in folders if depth < _MAX_DEPTH and not f.startswith("."))
        for name in sorted(names):
            seen += 1
            if seen > _MAX_ENTRIES:
                return
            if is_model_name(name):
                yield Path(place) / name


def is_model_name(name: str) -> bool:
    """Not a later part, not the picture half of a model, not a file that begins with a dot."""
    stem, dot, ending = name.rpartition(".")
    if not dot or ending.lower() != "gguf" or name.startswith("."):
        return False
    part = _PART.search(stem)
    return "mmproj" not in stem.lower() and (part is None or int(part[1]) == 1)


def plain_name(path: Path) -> str:
    """The name to give a file: without ending and without the number of its part."""
    stem = path.name[:-5] if path.name.lower().endswith(".gguf") else path.name
    return readable(_PART.sub("", stem))


def readable(name: object) -> str:
    """A name that every terminal, sentence and file of ours takes: bytes that are no text and
    control characters become the sign for that, and it has an end."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(name))
    return text if len(text) <= LONGEST_NAME else text[:LONGEST_NAME] + "…"


def parts_of(path: Path) -> list[Path]:
    """All files of a model that is split; the file itself, if it is not."""
    part = _PART.search(path.stem)
    if part is None:
        return [path]
    start, count = path.stem[: part.start()], int(part[2])
    names = (f"{start}-{n:05d}-of-{part[2]}{path.suffix}" for n in range(1, min(count, 999) + 1))
    return [path.with_name(name) for name in names]


def size_of(path: Path) -> int:
    """Bytes of all parts; a part that is missing counts nothing."""
    return sum(part.stat().st_size for part in parts_of(path) if part.is_file())


def stamp_of(path: Path) -> str:
    """Changes when the file does; a header is read again only then."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_size}:{found.st_mtime_ns}"


def described(model: LibraryModel) -> LibraryModel:
    """The model with the words of its header, or with the problem that keeps it from being read."""
    from engine.weights.formats.gguf import open_gguf  # NumPy comes only when a file is opened
    from engine.weights.types import main_type_name

    try:
        size = size_of(model.path)
        with open_gguf(model.path) as file:
            architecture = file.told_str("general.architecture")
            number = file.told_int("general.file_type", None)
            tensors = ((tensor.type.name, tensor.nbytes) for tensor in file.tensors.values())
            return replace(
                model,
                file_bytes=size,
                architecture=architecture,
                type_name=main_type_name(number, tensors),
                parameters=min(MOST_COUNTED, file.n_parameters),
                n_ctx_train=min(
                    MOST_COUNTED, max(0, file.told_int(f"{architecture}.context_length", 0))
                ),
                title=file.told_str("general.name"),
                problem="",
            )
    except (ChaskiError, OSError) as error:
        return replace(model, problem=str(error))
