"""What a download is: files of one commit of a repository. Frozen, plain, and fit for JSON."""

from dataclasses import dataclass
from pathlib import Path

from engine.base.errors import ChaskiError
from engine.hub.records import HubFile


class ChangedError(ChaskiError):
    """The hub has another file under this name than the one that was begun."""


@dataclass(frozen=True)
class DownloadOrder:
    """Files that belong together: the shards of a model, or a folder of weights."""

    repo: str
    commit: str
    files: tuple[HubFile, ...]
    folder: Path  # files lie here under their names in the repository

    @property
    def bytes(self) -> int:
        return sum(file.size for file in self.files)

    def identity(self, file: HubFile) -> str:
        """The same for the same bytes, whatever commit or mirror they come from, where that can be
        known."""
        if file.sha256:
            return f"sha256:{file.sha256}:{file.size}"
        known = f"git:{file.blob}" if file.blob else f"{self.repo}@{self.commit}/{file.path}"
        return f"{known}:{file.size}"

    @property
    def title(self) -> str:
        """What people call it: the file, or the repository of several."""
        return self.files[0].name if len(self.files) == 1 else self.repo


@dataclass(frozen=True)
class Fetched:
    """A finished order: its files, and how many bytes came over the network for it."""

    paths: tuple[Path, ...]
    bytes: int
    fetched_bytes: int
