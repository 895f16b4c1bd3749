"""What measuring a made model tells and is told: frozen records, free to import."""

from dataclasses import dataclass
from pathlib import Path

from engine.base.events import Progress
from engine.measure.losses import Loss


@dataclass(frozen=True)
class Measuring:
    """Which file to hold against what it was made from, and over what."""

    source: Path
    made: Path
    name: str  # the type that was made, as people should see it
    text: Path | None = None  # None: the short one that comes with the program
    threads: int = 0


@dataclass(frozen=True)
class LossStep(Progress):
    """Progress of one part of measuring: `part` of `parts`, counted from 0."""

    part: int = 0
    parts: int = 1


@dataclass(frozen=True)
class Measured:
    """A finished measurement, and all that is known of this source, the newest last."""

    loss: Loss
    losses: tuple[Loss, ...]


@dataclass(frozen=True)
class TensorError:
    """One tensor against the source's. `relative`: root mean square of the difference, as a part
    of the root mean square of the exact values."""

    name: str
    type: str
    bytes: int
    relative: float
    largest: float  # the largest single difference
