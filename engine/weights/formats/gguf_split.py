"""Models split into several files: NAME-00001-of-00003.gguf and so on.

Invariant: either all files of a model are found, or the error names the ones that are missing.
"""

import re
from pathlib import Path

from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.base.words import shown
from engine.weights.formats.gguf_header import GgufHeader

PATTERN = re.compile(r"(?P<stem>.+)-(?P<no>\d{5})-of-(?P<count>\d{5})\.gguf", re.IGNORECASE)
MAX_FILES = 99_999
NO_KEY, COUNT_KEY, TENSORS_KEY = "split.no", "split.count", "split.tensors.count"


def split_count(header: GgufHeader) -> int:
    """How many files the model has by its own word (1: not split)."""
    count = header.metadata.get(COUNT_KEY, 1)
    return count if isinstance(count, int) and 1 < count <= MAX_FILES else 1


def split_name(stem: str, no: int, count: int, suffix: str = ".gguf") -> str:
    """The name of file `no` (from 0) of a split model."""
    return f"{stem}-{no + 1:05d}-of-{count:05d}{suffix}"


def split_paths(path: Path, count: int) -> list[Path]:
    """All files of the split model that `path` belongs to, in order."""
    found = PATTERN.fullmatch(path.name)
    if found is None or int(found["count"]) != count:
        raise FormatError(
            "{file} is one of the {count} files of a split model; give the files their names back "
            "(NAME-00001-of-{count:05d}.gguf and so on) and keep them in one folder",
            file=path.name,
            count=count,
        )
    # Listed once: a hostile count then costs no system call per file.
    present = {entry.name for entry in path.parent.iterdir()}
    names = [split_name(found["stem"], no, count, path.suffix) for no in range(count)]
    missing = [name for name in names if name not in present]
    if missing:
        some = ", ".join(missing[:3])
        if len(missing) > 3:
            some = Words("{some} and others", some=some)
        raise FormatError(
            "the model {found} is split into {count} files and {n_missing} of them are missing "
            "from {parent}: {some}",
            found=found["stem"],
            count=count,
            n_missing=len(missing),
            parent=path.parent,
            some=some,
        )
    return [path.with_name(name) for name in names]


def check_shard(name: str, header: GgufHeader, first: GgufHeader, no: int) -> None:
    """A shard must be the one that its name says, of the same model and byte order."""
    told = header.metadata.get(NO_KEY)
    if not isinstance(told, int) or told != no:
        raise FormatError(
            "{name} says that it is number {told} of its split model ({no_key}), its name says "
            "{no}; give the files their own names back, or get them again",
            name=name,
            told=shown(told),
            no_key=NO_KEY,
            no=no,
        )
    if split_count(header) != split_count(first) or header.byte_order != first.byte_order:
        raise FormatError("{name} does not belong to the same model as the first file", name=name)


def check_total(name: str, first: GgufHeader, n_tensors: int) -> None:
    """The tensors of all shards together must be as many as the first one says."""
    total = first.metadata.get(TENSORS_KEY, n_tensors)
    if not isinstance(total, int) or total != n_tensors:
        raise FormatError(
            "{name}: {tensors_key} is {total}, but the files of the model have {n_tensors} tensors",
            name=name,
            tensors_key=TENSORS_KEY,
            total=shown(total),
            n_tensors=n_tensors,
        )
