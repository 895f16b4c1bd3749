"""What the hub's interface answers in JSON: search, a model, its tree, some of its paths."""

import base64
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

from helpers.local_hub.repositories import HubFile, Repository

Query = dict[str, list[str]]
POINTER = 134  # bytes of an LFS pointer
SORTS = {
    "downloads": lambda r: r.downloads,
    "likes": lambda r: r.likes,
    "lastModified": lambda r: r.updated,
    "createdAt": lambda r: r.created,
    "trendingScore": lambda r: r.likes,
}
ALWAYS = ("_id", "id", "modelId")
PAGE = 1000


def found(repositories: list[Repository], query: Query) -> list[Repository]:
    """Repositories that a search finds, best first."""
    words = first(query, "search", "").lower().split()
    tags = query.get("filter", [])
    author = first(query, "author", "")
    gated = first(query, "gated", "")
    pipeline = first(query, "pipeline_tag", "")
    low, high = span(first(query, "num_parameters", ""))
    hits = [
        r
        for r in repositories
        if all(word in r.id.lower() for word in words)
        and all(tag in r.all_tags() for tag in tags)
        and (not author or r.id.split("/")[0] == author)
        and (not gated or (gated.lower() == "true") == bool(r.gated))
        and (not pipeline or r.pipeline == pipeline)
        and (high is None or low <= weights(r) <= high)
    ]
    key = SORTS[first(query, "sort", "trendingScore")]
    return sorted(hits, key=key, reverse=True)


def span(told: str) -> tuple[float, float | None]:
    """ "min:2B,max:8B" as numbers; without words there is no upper end, and nothing to compare."""
    if not told:
        return 0.0, None
    ends = dict(part.split(":") for part in told.split(","))
    return number(ends.get("min", "0")), number(ends["max"]) if "max" in ends else float("inf")


def number(told: str) -> float:
    units = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
    return float(told[:-1]) * units[told[-1]] if told[-1] in units else float(told)


def weights(repository: Repository) -> int:
    return int(repository.gguf.get("total", 0) or repository.safetensors.get("total", 0))


def page(repositories: list[Repository], query: Query, most: int) -> tuple[list[Any], str]:
    """One page of a search, and the query of the next one ("" if there is none)."""
    hits = found(repositories, query)
    start = int(base64.b64decode(first(query, "cursor", "")).decode() or "0")
    size = min(int(first(query, "limit", str(PAGE))), most)
    rows = [listed(r, query) for r in hits[start : start + size]]
    if start + size >= len(hits):
        return rows, ""
    cursor = base64.b64encode(str(start + size).encode()).decode()
    return rows, urlencode({**query, "cursor": [cursor]}, doseq=True)


def listed(repository: Repository, query: Query) -> dict[str, Any]:
    """A repository as a search tells it."""
    everything = whole(repository, repository.sha, repository.files, blobs=False)
    if wanted := query.get("expand"):
        names = (*ALWAYS, *wanted)
    else:
        names = (*ALWAYS, "likes", "private", "downloads", "tags", "pipeline_tag", "createdAt")
        for flag, more in (
            ("full", ("author", "gated", "lastModified", "sha", "siblings")),
            ("config", ("config",)),
            ("cardData", ("cardData",)),
        ):
            names += more if flag in query else ()
    return {name: everything[name] for name in names if name in everything}


def whole(
    repository: Repository, sha: str, files: dict[str, HubFile], blobs: bool
) -> dict[str, Any]:
    """A repository with all that is known of it."""
    told: dict[str, Any] = {
        "_id": repository.sha[:24],
        "id": repository.id,
        "modelId": repository.id,
        "author": repository.id.split("/")[0],
        "sha": sha,
        "lastModified": repository.updated,
        "createdAt": repository.created,
        "private": repository.private,
        "gated": repository.gated,
        "disabled": False,
        "downloads": repository.downloads,
        "likes": repository.likes,
        "tags": repository.all_tags(),
        "pipeline_tag": repository.pipeline,
        "cardData": repository.card,
        "siblings": [sibling(repository, *item, blobs) for item in sorted(files.items())],
        "spaces": [],
    }
    optional = ("config", "gguf", "safetensors")
    return told | {
        name: getattr(repository, name) for name in optional if getattr(repository, name)
    }


def sibling(repository: Repository, path: str, file: HubFile, blobs: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"rfilename": path}
    if blobs:
        size = told_size(file)
        row |= {"blobId": file.blob_id, "size": size}
        if repository.is_lfs(path, file):
            row["lfs"] = {"sha256": file.sha256, "size": size, "pointerSize": POINTER}
    return row


def tree(repository: Repository, files: dict[str, HubFile], under: str, deep: bool) -> list[Any]:
    """Files and folders below `under`, or only those right in it."""
    rows, folders = list[Any](), set[str]()
    start = unquote(under).strip("/")
    start = start + "/" if start else ""
    for path, file in sorted(files.items()):
        rest = path.removeprefix(start)
        if not path.startswith(start):
            continue
        parts = rest.split("/")[:-1]
        reached = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        for folder in reached if deep else reached[:1]:
            if folder not in folders:
                folders.add(folder)
                rows.append(
                    {"type": "directory", "oid": file.blob_id, "size": 0} | {"path": start + folder}
                )
        if deep or not parts:
            rows.append(entry(repository, path, file))
    return rows


def entry(repository: Repository, path: str, file: HubFile) -> dict[str, Any]:
    """A file as tree and paths-info tell it."""
    size = told_size(file)
    row: dict[str, Any] = {"type": "file", "oid": file.blob_id, "size": size, "path": path}
    if repository.is_lfs(path, file):
        row["lfs"] = {"oid": file.sha256, "size": size, "pointerSize": POINTER}
        row["xetHash"] = file.true_sha256
    return row


def paths_info(repository: Repository, files: dict[str, HubFile], form: bytes) -> list[Any]:
    wanted = parse_qs(form.decode()).get("paths", [])
    return [entry(repository, path, files[path]) for path in wanted if path in files]


def told_size(file: HubFile) -> int:
    return file.size if file.told_size is None else file.told_size


def first(query: Query, name: str, default: str) -> str:
    return query.get(name, [default])[0]
