"""What is told of a file or folder, as frozen records, and the four questions behind it.

All of them read headers, so none is for a GUI thread; importing this costs nothing.
"""

from dataclasses import dataclass
from pathlib import Path

from engine.base.models import Forecast


@dataclass(frozen=True)
class Target:
    """One type that can be made. Predicted from names and shapes alone: `bytes` of the file, and
    what it will need in memory (some types are unpacked to more than the file); None for a family
    that cannot run here.
    """

    name: str
    bytes: int
    forecast: Forecast | None
    bits: float  # per weight
    needs_importance: bool


@dataclass(frozen=True)
class SourceFacts:
    """A file or folder, as far as its headers tell. Sizes in bytes."""

    path: Path
    what: str
    is_gguf: bool
    name: str
    architecture: str
    type_name: str
    parameters: int
    bytes: int
    forecast: Forecast | None  # at the usual context; None for what cannot run here
    is_quantized: bool  # quantizing it again loses more than starting from the original
    targets: tuple[Target, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeyLine:
    """One metadata key: `text` is short; `full` has as much as anybody can read."""

    key: str
    kind: str
    text: str
    full: str


@dataclass(frozen=True)
class TensorLine:
    """One tensor. `shape` rows first, as in NumPy."""

    name: str
    type: str
    shape: tuple[int, ...]
    bytes: int


@dataclass(frozen=True)
class Histogram:
    """How the values of a tensor are spread; `of` values were looked at, `odd` are no numbers."""

    name: str
    counts: tuple[int, ...]
    low: float
    high: float
    mean: float
    deviation: float
    of: int
    odd: int


@dataclass(frozen=True)
class Contents:
    """The header of a GGUF file. `unlisted`: keys and tensors that GGUF has no name for."""

    path: Path
    name: str
    architecture: str
    type_name: str
    version: int
    files: int
    bytes: int
    parameters: int
    entries: tuple[KeyLine, ...]
    tensors: tuple[TensorLine, ...]
    unlisted: tuple[str, ...] = ()


def look(path: str | Path) -> SourceFacts:
    """What a file or folder is and what can be made of it. Raises ChaskiError."""
    from engine.inspect.source import look_at

    return look_at(Path(path))


def foretell(path: str | Path, n_ctx: int = 0, cache_type: str = "f16") -> Forecast | None:
    """What a model file will take and cost at a context, or the usual one, with such a cache; None
    where it cannot be read or run. Raises nothing: it is one of many in a list."""
    from engine.inspect.source import foretold

    return foretold(Path(path), n_ctx, cache_type)


def contents(path: str | Path) -> Contents:
    """Everything that stands in the header of a GGUF file. Raises ChaskiError."""
    from engine.inspect.inside import contents_of

    return contents_of(Path(path))


def histogram(path: str | Path, tensor: str) -> Histogram:
    """How a tensor's values are spread, from some of its rows. Raises ChaskiError."""
    from engine.inspect.inside import histogram_of

    return histogram_of(Path(path), tensor)
