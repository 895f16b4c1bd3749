"""What a download is: files of one commit of a repository. Frozen, plain, and fit for JSON."""

from dataclasses import dataclass
from pathlib import Path

from engine.base.errors import ChaskiError


class ChangedError(ChaskiError):
    """The hub has another file under this name than the one that was begun."""


@dataclass(frozen=True)
class RemoteFile:
    """A file as the hub's record tells it. `sha256` of large files; `blob`: git's checksum of small
    ones; both empty where a mirror tells neither."""

    path: str
    size: int
    sha256: str = ""
    blob: str = ""

    def identity(self, repo: str, commit: str) -> str:
        """The same for the same bytes, whatever commit or mirror they come from, where that can be
        known."""
        if self.sha256:
            return f"sha256:{self.sha256}:{self.size}"
        return f"git:{self.blob}:{self.size}" if self.blob else f"{repo}@{commit}:{self.size}"


@dataclass(frozen=True)
class Order:
    """Files that belong together: the shards of a model, or a folder of weights."""

    repo: str
    commit: str
    files: tuple[RemoteFile, ...]
    folder: Path  # files lie here under their names in the repository

    @property
    def bytes(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def title(self) -> str:
        """What people call it: the file, or the repository of several."""
        return self.files[0].path.rsplit("/", 1)[-1] if len(self.files) == 1 else self.repo


@dataclass(frozen=True)
class Fetched:
    """A finished order: its files, and how many bytes came over the network for it."""

    paths: tuple[Path, ...]
    bytes: int
    fetched_bytes: int
