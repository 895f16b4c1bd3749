"""Model files by name: which count, which parts belong together, and what their header says."""

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.base.errors import ChaskiError
from engine.base.paths import openable
from engine.library.records import LibraryModel

LONGEST_NAME = 300  # letters that are shown
MOST_COUNTED = (1 << 63) - 1  # what SQLite and JSON keep whole
MOST_PARTS = 999
_PART = re.compile(r"-(\d{5})-of-(\d{5})$")
_HALF = re.compile(r"mmproj(-model)?|[-_.](f32|f16|bf16|q8_0)$")


def is_model_name(name: str) -> bool:
    """Not a later part, not the picture half of a model, not a file that begins with a dot."""
    stem, dot, ending = name.rpartition(".")
    if not dot or ending.lower() != "gguf" or name.startswith("."):
        return False
    part = _PART.search(stem)
    return "mmproj" not in stem.lower() and (part is None or int(part[1]) == 1)


def is_pictures_name(name: str) -> bool:
    """The half of a model that reads pictures (mmproj): no model by itself."""
    return name.lower().endswith(".gguf") and "mmproj" in name.lower() and name[0] != "."


def pictures_of(name: str, halves: Sequence[str]) -> str:
    """The picture half that belongs to a model file of the same folder; "" where none does.

    Its name is `mmproj-BASE-TYPE.gguf` or `BASE-mmproj-TYPE.gguf`; without a base it belongs to
    all models of its folder. The longest base wins, then F16, which every program reads.
    """
    stem = name.lower()
    fitting = [half for half in halves if stem.startswith(base_of(half))]
    return max(
        fitting, key=lambda h: (len(base_of(h)), h.lower().endswith("-f16.gguf"), h), default=""
    )


def base_of(half: str) -> str:
    """The model's name in that of a picture half, in small letters; often empty."""
    return _HALF.sub("", half.lower()[:-5]).strip("-_.")


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
    return [path.with_name(name) for name in part_names(path.name)]


def part_names(name: str) -> list[str]:
    """The same for names alone."""
    stem, dot, ending = name.rpartition(".")
    part = _PART.search(stem) if dot else None
    if part is None:
        return [name]
    start, count = stem[: part.start()], min(int(part[2]), MOST_PARTS)
    return [f"{start}-{n:05d}-of-{part[2]}.{ending}" for n in range(1, count + 1)]


def size_of(path: Path) -> int:
    """Bytes of all parts; a part that is missing counts nothing."""
    return sum(_bytes_of(part) for part in parts_of(path))


def _bytes_of(path: Path) -> int:
    try:
        found = os.stat(openable(path))
    except (OSError, ValueError):
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def stamp_of(path: Path) -> str:
    """Changes when the file does; a header is read again only then."""
    try:
        found = os.stat(openable(path))
    except (OSError, ValueError):
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
