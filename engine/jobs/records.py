"""What is known of a job that a person waits for: frozen, the same for window, terminal, server."""

from dataclasses import dataclass
from enum import StrEnum

from engine.base.events import Progress, Stage


class JobKind(StrEnum):
    """What was asked for."""

    OPEN = "open"
    COMPLETE = "complete"
    LOGITS = "logits"
    BENCH = "bench"
    CONVERT = "convert"
    QUANTIZE = "quantize"
    MAKE = "make"
    IMPORTANCE = "importance"
    MEASURE = "measure"
    COMPARE = "compare"
    DOWNLOAD = "download"
    VERIFY = "verify"
    MOVE = "move"
    DUPLICATES = "duplicates"
    INDEX = "index"
    HARDWARE = "hardware"
    EMBED = "embed"


class JobState(StrEnum):
    """Where a job stands. A paused one goes on when it is asked to; a stopped one was given up."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        return self not in (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True)
class About:
    """What a job tells of itself before it begins; `title` is a name, such as a file's.

    can_resume: asked again after it was stopped or failed, it goes on from what is there.
    """

    kind: JobKind
    title: str
    can_pause: bool = False
    can_resume: bool = False


@dataclass(frozen=True)
class JobRecord:
    """One job of the list. Times of `began` and `ended` are seconds since 1970, 0 for not yet."""

    id: int
    title: str
    kind: JobKind
    state: JobState = JobState.WAITING
    progress: Progress | None = None
    rate: float | None = None  # bytes, or whatever `progress` counts, per second
    seconds_left: float | None = None  # None: not known
    error: Exception | None = None
    notices: tuple[str, ...] = ()
    began: float = 0.0
    ended: float = 0.0
    can_stop: bool = True
    can_pause: bool = False
    can_resume: bool = False

    @property
    def stage(self) -> Stage | None:
        return None if self.progress is None else self.progress.stage

    @property
    def share(self) -> float | None:
        """Of the stage at hand, 0 to 1; None where its end is not known."""
        told = self.progress
        return min(1.0, told.done / told.total) if told is not None and told.total > 0 else None

    @property
    def failure(self) -> str:
        """One sentence; "" where nothing failed."""
        return "" if self.error is None else str(self.error)
