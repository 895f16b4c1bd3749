"""What measuring a made model tells and is told: frozen records, free to import."""

from dataclasses import dataclass
from pathlib import Path

from engine.base.events import Progress

BUILT_IN = ""  # as the name of a text: the one that comes with the program


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
class Loss:
    """What one type loses against its source, over one text. Sizes in bytes, divergence in nats."""

    name: str
    file: str  # its name
    mark: str  # tells one file's contents from another's
    bytes: int
    bits: float  # per weight
    text: str  # its file's name, or BUILT_IN
    text_key: str  # losses over the same tokens can be compared
    tokens: int  # that were predicted
    source_ppl: float
    ppl: float
    kl_mean: float
    kl_99: float
    top1: float  # share of tokens where both find the same one likeliest

    @property
    def text_name(self) -> str:
        """What people call the text."""
        return "the built-in text" if self.text == BUILT_IN else self.text

    @property
    def worse(self) -> float:
        """How much worse it predicts the text: 0.012 is 1.2 %; a little below 0 is chance."""
        return self.ppl / self.source_ppl - 1.0


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
