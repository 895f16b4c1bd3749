"""The tensors of a model as some other program stored them, under the names it gave them.

Knows nothing of what the names mean; conversion does.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.base.errors import FormatError
from engine.base.reading import read_file
from engine.weights.formats.lazy import LazyTensor
from engine.weights.formats.open_file import OpenFile

# The largest tokenizer.json has 35 MB, half a million lists and two million commas.
MAX_JSON = 64 << 20
MAX_LISTS = 2_000_000
MAX_ITEMS = 6_000_000
MAX_TENSORS = 400_000  # in all files of a model; the largest have half of it


class Checkpoint:
    """Tensors by name and the open files they lie in."""

    def __init__(self, tensors: Mapping[str, LazyTensor], files: Sequence[OpenFile]) -> None:
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
    return parse_json(read_file(path, MAX_JSON), path.name)


def parse_json(raw: bytes, name: str) -> dict[str, Any]:
    """A JSON object; what it would take in memory is bounded before it is made."""
    if raw.count(b"[") + raw.count(b"{") > MAX_LISTS or raw.count(b",") > MAX_ITEMS:
        raise FormatError("{name} holds more lists and values than any model needs", name=name)
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise FormatError("{name} is no valid JSON: {error}", name=name, error=error) from None
    if not isinstance(found, dict):
        raise FormatError("{name} holds no JSON object", name=name)
    return found
