"""A repository's files, sorted: quantizations with their shards, projectors, weights to convert."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from engine.base.catalogue import Words
from engine.base.errors import HubError, HubFault
from engine.hub import reading
from engine.hub.client import Hub
from engine.hub.names import is_importance, is_projector, model_of, quant_of, sound, without_shard
from engine.hub.records import HubFile, Repository, Variant

CARD = "README.md"
MOST_CARD = 1 << 20  # bytes
_WEIGHTS = (".safetensors", ".bin", ".pth", ".pt")
_BESIDE = (".json", ".model", ".jinja", ".txt", ".tiktoken")  # what a checkpoint's folder needs
_NOT_WEIGHTS = ("training_args.bin", "optimizer.pt", "scheduler.pt", "rng_state.pth")


def repository(hub: Hub, repo: str, revision: str | None = None) -> Repository:
    """All files of a repository at one commit. One request; raises HubError or UsageError."""
    info = hub.model_info(repo, revision)
    host = hub.settings.host
    about = reading.found_model(info, host)
    if not isinstance(info.sha, str) or not info.sha.isalnum() or len(info.sha) > 64:
        raise reading.lie(
            host, Words("does not say which commit of {about} this is", about=about.id)
        )
    return sorted_files(Repository(about, info.sha), reading.files(info, host))


def sorted_files(empty: Repository, files: Sequence[HubFile]) -> Repository:
    """The repository with its files where they belong."""
    good, bad = sound(file.path for file in files)
    allowed = set(good)
    kept = [file for file in files if file.path in allowed]
    models, projectors, importances = list[HubFile](), list[HubFile](), list[HubFile]()
    weights, others = list[HubFile](), list[HubFile]()
    has_weights = any(_is_weights(file) for file in kept)
    for file in kept:
        name = file.path.lower()
        if is_projector(name) and name.endswith(".gguf"):
            projectors.append(file)
        elif is_importance(name):
            importances.append(file)
        elif name.endswith(".gguf"):
            models.append(file)
        elif _is_weights(file) or (has_weights and _lies_beside(file)):
            weights.append(file)
        else:
            others.append(file)
    return Repository(
        empty.about,
        empty.commit,
        tuple(variants(models)),
        tuple(projectors),
        tuple(importances),
        tuple(weights),
        tuple(others),
        tuple(bad.items()),
    )


def variants(files: Iterable[HubFile]) -> list[Variant]:
    """GGUF files by quantization, smallest first; shards as one."""
    parts = defaultdict[tuple[str, int], dict[int, HubFile]](dict)
    for file in files:
        stem, no, count = without_shard(file.path)
        parts[stem, count][no] = file
    found = [_variant(stem, count, shards) for (stem, count), shards in parts.items()]
    return sorted(found, key=lambda each: (each.size, each.names))


def _variant(stem: str, count: int, shards: dict[int, HubFile]) -> Variant:
    files = tuple(shards[no] for no in sorted(shards))
    missing = count - sum(1 for no in shards if 1 <= no <= count)
    path = files[0].path
    return Variant(quant_of(path), model_of(path), files, missing)


def card(hub: Hub, repo: Repository) -> str:
    """The model card's text, at most a megabyte of it; "" if there is none or it is closed."""
    if CARD not in {file.path for file in repo.others}:
        return ""
    pieces, size = list[bytes](), 0
    try:
        with hub.stream(hub.address(repo.id, CARD, repo.commit)) as answer:
            for piece in answer.iter_raw():
                pieces.append(piece)
                size += len(piece)
                if size >= MOST_CARD:
                    break
    except HubError as error:
        if error.why in (HubFault.GATED, HubFault.MISSING):
            return ""
        raise
    text = b"".join(pieces)[:MOST_CARD].decode("utf-8", "replace")
    return _without_head(text)


def _without_head(text: str) -> str:
    """Without the YAML that stands between two lines of dashes."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != "---":
        return text
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0)
    return "\n".join(lines[end + 1 :]).lstrip("\n") if end else text


def _is_weights(file: HubFile) -> bool:
    return file.path.lower().endswith(_WEIGHTS) and file.name not in _NOT_WEIGHTS


def _lies_beside(file: HubFile) -> bool:
    return "/" not in file.path and file.path.lower().endswith(_BESIDE)
