"""The shards of one model and the index that says which of them holds which tensor."""

import re
from collections.abc import Callable
from pathlib import Path

from engine.base.catalogue import Words, and_more
from engine.base.errors import FormatError
from engine.weights.formats.checkpoint import Checkpoint, read_json
from engine.weights.formats.lazy import LazyTensor
from engine.workshop.convert.ties import equal_values

Open = Callable[[Path], Checkpoint]
NUMBERED = re.compile(r"-(\d{5})-of-(\d{5})\.\w+$")


def check_numbers(paths: list[Path]) -> None:
    """Shards without an index tell by their names how many they are."""
    found = {(m[2], m[1]) for path in paths if (m := NUMBERED.search(path.name))}
    totals = sorted({total for total, _ in found})
    if len(totals) != 1:
        return
    total = int(totals[0])
    missing = [no for no in range(1, total + 1) if (totals[0], f"{no:05d}") not in found]
    if missing:
        raise FormatError(
            "part {missing} of {total} is missing beside {file}; get all {total} files and "
            "{parent}'s index",
            missing=missing[0],
            total=total,
            file=paths[0].name,
            parent=paths[0].parent.name,
        )


def united(paths: list[Path], opener: Open) -> Checkpoint:
    """The shards of a model without an index; a name that is in two must mean the same."""
    parts: list[Checkpoint] = []
    try:
        tensors: dict[str, LazyTensor] = {}
        for path in paths:
            parts.append(opener(path))
            for name, tensor in parts[-1].tensors.items():
                if name in tensors and not equal_values(tensors[name], tensor):
                    raise FormatError(
                        "tensor {name} is in two files of the model ({file} is one) with "
                        "different values; the folder holds more than one model",
                        name=name[:120],
                        file=path.name,
                    )
                tensors[name] = tensor
        return Checkpoint(tensors, [file for part in parts for file in part.files])
    except BaseException:
        for part in parts:
            part.close()
        raise


def indexed(index: Path, opener: Open, notices: list[str]) -> Checkpoint:
    """The tensors of all files that the index names; where a name is twice, the index decides."""
    places = _weight_map(index)
    names = list(dict.fromkeys(places.values()))
    parts: dict[str, Checkpoint] = {}
    try:
        for name in names:
            parts[name] = opener(index.parent / name)
        tensors = _chosen(index, places, parts, notices)
        return Checkpoint(tensors, [file for part in parts.values() for file in part.files])
    except BaseException:
        for part in parts.values():
            part.close()
        raise


def _weight_map(index: Path) -> dict[str, str]:
    """Tensor -> name of its file; every file is there."""
    places = read_json(index).get("weight_map")
    if not isinstance(places, dict) or not places:
        raise FormatError("{index} has no weight_map", index=index.name)
    found = {str(tensor): str(name) for tensor, name in places.items()}
    names = sorted(set(found.values()))
    for name in names:
        if Path(name).name != name or not (index.parent / name).is_file():
            raise FormatError(
                "{name} is missing in {parent}: {index} lists {n_names} files; get the missing one",
                name=name[:120],
                parent=index.parent.name,
                index=index.name,
                n_names=len(names),
            )
    return found


def _chosen(
    index: Path, places: dict[str, str], parts: dict[str, Checkpoint], notices: list[str]
) -> dict[str, LazyTensor]:
    """Each tensor from the file that the index names for it, else from the one that has it."""
    homes: dict[str, list[str]] = {}
    for file, part in parts.items():
        for tensor in part.tensors:
            homes.setdefault(tensor, []).append(file)
    gone = [tensor for tensor in places if tensor not in homes]
    if gone:
        raise FormatError(
            "{place} does not hold the tensor {gone}, though {index} says so, nor does another "
            "file ({n_gone} such tensors); get the files again",
            place=places[gone[0]],
            gone=gone[0][:120],
            index=index.name,
            n_gone=len(gone),
        )
    tensors, twice, moved, unnamed = {}, [], [], []
    for tensor, files in homes.items():
        named = places.get(tensor)
        if named is None:
            unnamed.append(tensor)
        elif named not in files:
            moved.append(tensor)
        if len(files) > 1:
            twice.append(tensor)
        if named not in files and len(files) > 1:
            raise FormatError(
                "tensor {tensor} is in {file} and in {other}, and {index} does not say which one "
                "counts; the folder holds more than one model",
                tensor=tensor[:120],
                file=files[0],
                other=files[1],
                index=index.name,
            )
        tensors[tensor] = parts[named if named in files else files[0]].tensors[tensor]
    for listed, what in (
        (twice, Words("in two files; the one that the index names was taken")),
        (moved, Words("in another file than the index says, from which it was taken")),
        (unnamed, Words("not in the index, but taken nevertheless")),
    ):
        if listed:
            some = and_more([listed[0][:80]], len(listed))
            notices.append(Words("{index}: {some}: {what}", index=index.name, some=some, what=what))
    _tell_other_files(index, set(parts), notices)
    return tensors


def _tell_other_files(index: Path, named: set[str], notices: list[str]) -> None:
    """Files that look like shards of this model but that the index does not name."""
    stem, _, kind = index.name.removesuffix(".index.json").partition(".")
    beside = sorted(
        path.name
        for path in index.parent.glob(f"{stem}-*.{kind}")
        if NUMBERED.search(path.name) and path.name not in named
    )
    if beside:
        notices.append(
            Words(
                "{beside} is not named by {index} and was left aside (such files: {n_beside})",
                beside=beside[0],
                index=index.name,
                n_beside=len(beside),
            )
        )
