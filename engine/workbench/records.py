"""What the workbench tells and is told: frozen records. Imports nothing that costs time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.base.events import Progress
from engine.base.models import Forecast

Part = Literal["convert", "importance", "quantize"]


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
class Source:
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
class Order:
    """What to make of what, and where to put it."""

    source: Path
    out: Path
    target: str
    imatrix: Path | None = None
    text: Path | None = None  # without an imatrix: one is made from this text, for this order
    requantize: bool = False
    threads: int = 0  # 0: as many as this machine is fastest with


@dataclass(frozen=True)
class Step(Progress):
    """Progress of one part of an order."""

    part: Part = "quantize"


@dataclass(frozen=True)
class Begun:
    """What an earlier run of an order left: it had done `share` of `part`; `bytes` are kept."""

    part: Part
    share: float
    bytes: int


@dataclass(frozen=True)
class Made:
    """A finished order."""

    path: Path
    bytes: int
    seconds: float


@dataclass(frozen=True)
class Entry:
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
    """The header of a GGUF file."""

    path: Path
    name: str
    architecture: str
    type_name: str
    version: int
    files: int
    bytes: int
    parameters: int
    entries: tuple[Entry, ...]
    tensors: tuple[TensorLine, ...]
