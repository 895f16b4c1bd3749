"""How fast models have answered, and how fast they should: frozen records."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """The decode of one real reply. `depth`: tokens of the context at its middle; `others`: the
    share of the processor that other programs took meanwhile, 0 to 1."""

    tokens: int
    seconds: float
    depth: int
    threads: int
    when: float  # seconds since 1970
    others: float = 0.0

    @property
    def speed(self) -> float:
        """Tokens per second."""
        return self.tokens / self.seconds


@dataclass(frozen=True)
class Prediction:
    """A model of the library: tokens per second as foretold, and as its last replies came.

    `measured` is the median of `runs` replies, 0 where there was none; `error` is what the
    prediction for their depth and threads was too high (0.1: by a tenth) or too low (below 0).
    `seconds_to_read` is for a text of ten pages. `problem`: why nothing can be foretold.
    """

    name: str
    path: str
    type_name: str
    file_bytes: int
    predicted: float = 0.0
    seconds_to_read: float = 0.0
    measured: float = 0.0
    runs: int = 0
    error: float = 0.0
    problem: str = ""
