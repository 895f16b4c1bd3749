"""What the local hub holds: repositories, their files and commits. Plain data, no network.

Invariant: a commit never changes; `put` makes a new one, as a push would.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

LFS_FROM = 1 << 16  # bytes; smaller files lie in git itself
LFS_ENDINGS = (".gguf", ".safetensors", ".bin", ".pth", ".imatrix")
PIECE = 1 << 20


@dataclass(frozen=True)
class HubFile:
    """A file of a repository. `told_size` and `told_sha256`: what a hub says that lies."""

    content: bytes | Path
    told_size: int | None = None
    told_sha256: str | None = None
    lfs: bool | None = None  # None: by its size and name

    @cached_property
    def size(self) -> int:
        if isinstance(self.content, bytes):
            return len(self.content)
        return self.content.stat().st_size

    @cached_property
    def true_sha256(self) -> str:
        digest = hashlib.sha256()
        for at in range(0, self.size, PIECE):
            digest.update(self.read(at, PIECE))
        return digest.hexdigest()

    @property
    def sha256(self) -> str:
        return self.told_sha256 or self.true_sha256

    @cached_property
    def blob_id(self) -> str:
        """What git calls the file, by its length and bytes."""
        digest = hashlib.sha1(b"blob %d\0" % self.size)
        for at in range(0, self.size, PIECE):
            digest.update(self.read(at, PIECE))
        return digest.hexdigest()

    def read(self, at: int, nbytes: int) -> bytes:
        if isinstance(self.content, bytes):
            return self.content[at : at + nbytes]
        with self.content.open("rb") as file:
            file.seek(at)
            return file.read(nbytes)


@dataclass
class Repository:
    """A model's repository. `gated`: False, "auto" or "manual"; `allowed`: tokens with access."""

    id: str
    files: dict[str, HubFile] = field(default_factory=dict)
    downloads: int = 0
    likes: int = 0
    updated: str = "2026-10-01T12:00:00.000Z"
    created: str = "2026-01-01T12:00:00.000Z"
    tags: tuple[str, ...] = ()
    card: dict[str, Any] = field(default_factory=dict)  # the head of the model card
    config: dict[str, Any] = field(default_factory=dict)
    gguf: dict[str, Any] = field(default_factory=dict)  # architecture, total, context_length
    safetensors: dict[str, Any] = field(default_factory=dict)  # parameters, total
    pipeline: str = "text-generation"
    gated: bool | str = False
    private: bool = False
    allowed: tuple[str, ...] = ()
    commits: dict[str, dict[str, HubFile]] = field(default_factory=dict)
    sha: str = ""

    def __post_init__(self) -> None:
        self._commit()

    def put(self, path: str, content: bytes | Path | HubFile) -> "Repository":
        """Adds or replaces a file, in a new commit."""
        file = content if isinstance(content, HubFile) else HubFile(content)
        self.files = {**self.files, path: file}
        self._commit()
        return self

    def remove(self, path: str) -> None:
        self.files = {name: file for name, file in self.files.items() if name != path}
        self._commit()

    def at(self, revision: str) -> tuple[str, dict[str, HubFile]] | None:
        """The commit and the files of a branch or commit."""
        sha = self.sha if revision in ("main", "HEAD") else revision
        return (sha, self.commits[sha]) if sha in self.commits else None

    def is_lfs(self, path: str, file: HubFile) -> bool:
        if file.lfs is not None:
            return file.lfs
        return file.size >= LFS_FROM or path.endswith(LFS_ENDINGS)

    def all_tags(self) -> list[str]:
        """Its tags, with those that a hub makes of files and card itself."""
        found = list(self.tags)
        for ending in ("gguf", "safetensors"):
            if any(name.endswith("." + ending) for name in self.files):
                found.append(ending)
        if "license" in self.card:
            found.append(f"license:{self.card['license']}")
        if "base_model" in self.card:
            found.append(f"base_model:quantized:{self.card['base_model']}")
        languages = self.card.get("language", [])
        found += languages if isinstance(languages, list) else [str(languages)]
        return list(dict.fromkeys(found))

    def _commit(self) -> None:
        told = f"{self.id} {len(self.commits)} {sorted(self.files)}"
        self.sha = hashlib.sha1(told.encode()).hexdigest()
        self.commits = {**self.commits, self.sha: dict(self.files)}
