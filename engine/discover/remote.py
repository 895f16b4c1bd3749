"""A model file on a hub, opened as if it lay here: its head is fetched in pieces, nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import FormatError
from engine.hub.client import Hub
from engine.hub.pieces import Pieces
from engine.hub.records import Repository, Variant
from engine.weights.formats.gguf import GGUFFile, read_gguf
from engine.weights.formats.open_file import ByteSource


class RemoteFile(ByteSource):
    """A file of a repository; what is read of it is fetched."""

    def __init__(self, name: str, pieces: Pieces) -> None:
        self.name, self.size, self._pieces = name, pieces.size, pieces
        if not self.size:
            raise FormatError("{name} is empty; choose another file", name=name)

    def read_into(self, offset: int, target: NDArray[np.uint8]) -> None:
        self._pieces.read_into(offset, target.reshape(-1).data)

    def read_ahead(self, offset: int, nbytes: int) -> None:
        """Nothing: a request is made when its bytes are needed."""

    def close(self) -> None:
        """What was fetched goes with this object."""


class Remote:
    """A remote model's words. `fetched` counts the bytes that came for it."""

    def __init__(self, file: GGUFFile, pieces: list[Pieces]) -> None:
        self.file, self._pieces = file, pieces

    @property
    def fetched(self) -> int:
        return sum(pieces.fetched for pieces in self._pieces)


@contextmanager
def opened_remote(
    hub: Hub,
    repository: Repository,
    variant: Variant,
    checkpoint: Callable[[], object] = lambda: None,
) -> Iterator[Remote]:
    """The heads of all files of a variant, read. Raises HubError, FormatError, UnsupportedError."""
    if variant.missing:
        raise FormatError(
            "{name} is one of several files, and {missing} of them are missing from {repository}; "
            "choose another quantization",
            name=variant.names[0],
            missing=variant.missing,
            repository=repository.id,
        )
    pieces = [
        Pieces(hub, repository.id, repository.commit, file, checkpoint) for file in variant.files
    ]
    paths = [Path(file.name) for file in variant.files]
    sources: list[ByteSource] = [
        RemoteFile(file.name, each) for file, each in zip(variant.files, pieces, strict=True)
    ]
    with read_gguf(paths, sources) as file:
        yield Remote(file, pieces)
