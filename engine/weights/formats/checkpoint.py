"""The tensors of a model as some other program stored them, under the names it gave them.

Knows nothing of what the names mean; conversion does.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.base.errors import FormatError
from engine.weights.formats.lazy import LazyTensor
from engine.weights.formats.mapped import MappedFile

MAX_JSON = 256 << 20  # the largest tokenizer.json has some 30 MB


class Checkpoint:
    """Tensors by name and the open files they lie in."""

    def __init__(self, tensors: Mapping[str, LazyTensor], files: Sequence[MappedFile]) -> None:
        self.tensors = dict(tensors)
        self.files = list(files)

    @property
    def n_bytes(self) -> int:
        return sum(file.size for file in self.files)

    def close(self) -> None:
        for file in self.files:
            file.close()


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file that nobody vouches for."""
    try:
        size = path.stat().st_size
        if size > MAX_JSON:
            raise FormatError(f"{path.name} has {size} bytes, too many for what it should hold")
        return parse_json(path.read_bytes(), path.name)
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}") from None


def parse_json(raw: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{name} is no valid JSON: {error}") from None
    if not isinstance(found, dict):
        raise FormatError(f"{name} holds no JSON object")
    return found
