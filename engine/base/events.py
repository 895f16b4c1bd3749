"""What jobs tell their listeners: frozen events, made in the engine's threads, read anywhere."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from engine.base.words import sentence, shown

Channel = Literal["answer", "thinking", "tool"]
StopReason = Literal["eos", "length", "stop", "context", "cancelled"]


@dataclass(frozen=True)
class Event:
    """Base of all events; a listener is called in the engine's thread and must return at once."""


Listener = Callable[[Event], None]


@dataclass(frozen=True)
class Progress(Event):
    """A stage of a job: `stage` is a short phrase for people; total 0 means the end is unknown."""

    stage: str
    done: int
    total: int

    def __post_init__(self) -> None:
        if not self.stage.isprintable():  # names of tensors are a file's words
            object.__setattr__(self, "stage", shown(self.stage))


@dataclass(frozen=True)
class PromptProgress(Event):
    """Prompt tokens computed so far; `reused` of them came from the cache and cost nothing."""

    done: int
    total: int
    reused: int


@dataclass(frozen=True)
class TokenLogprob:
    """The natural logarithm of one token's probability, with the text the token stands for."""

    token: int
    text: str
    logprob: float


@dataclass(frozen=True)
class TextDelta(Event):
    """New text of the reply; never half a character. `tokens` are the ids it came from."""

    channel: Channel
    text: str
    tokens: tuple[int, ...] = ()
    logprobs: tuple[TokenLogprob, ...] = ()
    top_logprobs: tuple[tuple[TokenLogprob, ...], ...] = ()


@dataclass(frozen=True)
class Timings:
    """What a reply cost: counts in tokens, times in seconds."""

    prompt_n: int = 0
    prompt_s: float = 0.0
    predicted_n: int = 0
    predicted_s: float = 0.0
    cached_n: int = 0
    draft_n: int = 0  # tokens that were guessed and read ahead
    accepted_n: int = 0  # of these, the ones that came true

    @property
    def tokens_per_second(self) -> float:
        return self.predicted_n / self.predicted_s if self.predicted_s > 0 else 0.0


@dataclass(frozen=True)
class Statistics(Event):
    """How the running reply is doing; sent a few times a second."""

    timings: Timings
    context_used: int
    context_size: int


@dataclass(frozen=True)
class Finished(Event):
    """A reply is complete (or was stopped: reason "cancelled", the text so far is kept)."""

    reason: StopReason
    timings: Timings
    text: str
    thinking: str = ""
    context_used: int = 0
    context_size: int = 0


@dataclass(frozen=True)
class Notice(Event):
    """Something the user should know that is no failure, such as a guessed chat template."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", sentence(self.text))


@dataclass(frozen=True)
class Done(Event):
    """A job other than a reply is complete; `result` is what it was for."""

    result: object = None


@dataclass(frozen=True)
class Failed(Event):
    """A job ended with an error; `error` prints as one sentence for the user."""

    error: Exception


@dataclass(frozen=True)
class SimdFeature:
    """One feature of the processor that matters for speed."""

    name: str
    present: bool
    used: bool


@dataclass(frozen=True)
class HardwareReport(Event):
    """What this machine has and what the kernels use of it. Sizes in bytes, rates in bytes/s."""

    cpu_name: str
    physical_cores: int
    logical_cores: int
    best_threads: int
    cache_bytes: int
    simd: tuple[SimdFeature, ...]
    ram_total: int
    ram_available: int
    disk_free: int
    gpus: tuple[str, ...]
    system: str
    bandwidth: float = 0.0
    bandwidth_by_threads: tuple[tuple[int, float], ...] = ()
    notes: tuple[str, ...] = field(default=())
