"""What jobs tell their listeners: frozen events, made in the engine's threads, read anywhere."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from engine.base.catalogue import Words
from engine.base.devices import CacheLevel, Disk, Graphics
from engine.base.rates import Rates
from engine.base.runs import Prediction
from engine.base.words import shown

Channel = Literal["answer", "thinking", "tool"]
StopReason = Literal["eos", "length", "stop", "context", "cancelled"]


@dataclass(frozen=True)
class Event:
    """Base of all events; a listener is called in the engine's thread and must return at once."""


WORTH_A_WORD = 64  # tokens that are read once more


Listener = Callable[[Event], None]


class Stage(StrEnum):
    """What a job is doing. Programs look at these; people read `Progress.words`."""

    OPENING = "opening"
    TOKENIZER = "tokenizer"
    COMPILING = "compiling"
    LOADING = "loading"
    SOURCE = "source"
    WRITING = "writing"
    COPYING = "copying"
    ENCODING = "encoding"
    CHECKING = "checking"
    CHECKING_PART = "checking-part"
    CONTINUING = "continuing"
    COMPARING = "comparing"
    LOOKING = "looking"
    TEXT = "text"
    TOKENS = "tokens"
    WARMING = "warming"
    TIMING = "timing"
    BANDWIDTH = "bandwidth"
    DISK = "disk"
    THREADS = "threads"
    RATES = "rates"
    PREDICTING = "predicting"
    FINDING = "finding"
    ASKING = "asking"
    CONNECTING = "connecting"
    DOWNLOADING = "downloading"
    WAITING_NETWORK = "waiting-network"
    WAITING_HUB = "waiting-hub"
    WAITING_HOURS = "waiting-hours"
    WAITING_TURN = "waiting-turn"
    HEADER = "header"


STAGE_WORDS = {
    Stage.OPENING: "reading the file",
    Stage.TOKENIZER: "preparing the tokenizer",
    Stage.COMPILING: "preparing for this processor",
    Stage.LOADING: "loading weights",
    Stage.SOURCE: "reading the source",
    Stage.WRITING: "writing",
    Stage.COPYING: "copying {what}",
    Stage.ENCODING: "{what}",
    Stage.CHECKING: "checking the file",
    Stage.CHECKING_PART: "checking what is written",
    Stage.CONTINUING: "continuing from {percent}%",
    Stage.COMPARING: "comparing {what}",
    Stage.LOOKING: "looking at both files",
    Stage.TEXT: "reading the text",
    Stage.TOKENS: "reading",
    Stage.WARMING: "warming up",
    Stage.TIMING: "timing",
    Stage.BANDWIDTH: "measuring the memory",
    Stage.DISK: "measuring the disk",
    Stage.THREADS: "comparing numbers of threads",
    Stage.RATES: "timing {what}",
    Stage.PREDICTING: "looking at {what}",
    Stage.ASKING: "asking {what}",
    Stage.FINDING: "looking for models",
    Stage.CONNECTING: "connecting",
    Stage.DOWNLOADING: "downloading {what}",
    Stage.WAITING_NETWORK: "no connection",
    Stage.WAITING_HUB: "the hub is busy",
    Stage.WAITING_HOURS: "waiting until {what}",
    Stage.WAITING_TURN: "waiting for other downloads",
    Stage.HEADER: "reading the head of {what}",
}


@dataclass(frozen=True)
class Progress(Event):
    """A stage of a job; total 0 means that the end is unknown.

    `what` names the thing at hand (a tensor, a type), where the stage has one; `more`: further
    parts of the job come after this one, so that its end is not the job's.
    """

    stage: Stage
    done: int
    total: int
    what: str = field(default="", kw_only=True)
    more: bool = field(default=False, kw_only=True)

    @property
    def words(self) -> Words:
        """The stage as a short phrase for people, in small letters."""
        percent = 100 * self.done // max(1, self.total)
        return Words(STAGE_WORDS[self.stage], what=self.what, percent=percent)

    def __post_init__(self) -> None:
        if not self.stage.isprintable():  # names of tensors are a file's words
            object.__setattr__(self, "stage", shown(self.stage))


@dataclass(frozen=True)
class Transfer(Progress):
    """Progress of bytes on their way: `rate` in bytes/s and `seconds_left` as measured, None while
    they are not known; `wait`: seconds until the next try, where the stage is one of waiting."""

    rate: float | None = None
    seconds_left: float | None = None
    wait: float = 0.0

    @property
    def words(self) -> Words:
        stage = Words(STAGE_WORDS[self.stage], what=self.what, percent=0)
        if not self.wait:
            return stage
        return Words(
            "{stage}, trying again in {seconds} s", stage=stage, seconds=math.ceil(self.wait)
        )


@dataclass(frozen=True)
class PromptProgress(Event):
    """Prompt tokens computed so far; `reused` of them came from the cache and cost nothing. `again`
    were read before, but the model's memory could not go back to them: they are read once more."""

    done: int
    total: int
    reused: int
    again: int = 0

    @property
    def is_anew(self) -> bool:
        """Whether so much is read once more that somebody who waits should know why."""
        return self.again >= WORTH_A_WORD


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
    shared_n: int = 0  # of those predicted, the ones whose passes other conversations shared

    @property
    def tokens_per_second(self) -> float:
        return self.predicted_n / self.predicted_s if self.predicted_s > 0 else 0.0


@dataclass(frozen=True)
class Shares:
    """What takes the context, in tokens: the system prompt, what is attached, all other messages,
    and the answer that is being written."""

    system: int = 0
    attached: int = 0
    history: int = 0
    answer: int = 0

    @property
    def used(self) -> int:
        return self.system + self.attached + self.history + self.answer


@dataclass(frozen=True)
class PromptPiece:
    """Text of a prompt and the tokens it is made of: one, or those that share a character.
    `is_special`: a token with a meaning, such as the begin of a turn."""

    text: str
    tokens: tuple[int, ...]
    is_special: bool = False


@dataclass(frozen=True)
class PromptShown(Event):
    """A conversation as its model would read it now, token by token; without the messages behind
    the first `kept`, up to the one of number `left_out`, where there are such."""

    pieces: tuple[PromptPiece, ...]
    n_tokens: int
    context_size: int
    left_out: int = 0
    kept: int = 0


@dataclass(frozen=True)
class Statistics(Event):
    """How the running reply is doing; sent a few times a second."""

    timings: Timings
    context_used: int
    context_size: int
    shares: Shares = Shares()  # noqa: RUF009 (frozen)


@dataclass(frozen=True)
class Finished(Event):
    """A reply is complete (or was stopped: reason "cancelled", the text so far is kept).

    The messages behind the first `kept`, up to the one of number `left_out`, were not read, because
    the caller wants it so where the context is full.
    """

    reason: StopReason
    timings: Timings
    text: str
    thinking: str = ""
    context_used: int = 0
    context_size: int = 0
    left_out: int = 0
    tool_calls: tuple[dict[str, Any], ...] = ()
    kept: int = 0
    shares: Shares = Shares()  # noqa: RUF009 (frozen)


@dataclass(frozen=True, init=False)
class Notice(Event):
    """Something the user should know that is no failure, such as a guessed chat template: a
    template and its fields, as in errors.

    `progress`: the step that says the same in short, for those who show steps.
    """

    text: Words
    progress: Progress | None = None

    def __init__(
        self, template: str, /, progress: Progress | None = None, **fields: object
    ) -> None:
        object.__setattr__(self, "text", Words(template, **fields))
        object.__setattr__(self, "progress", progress)


class TemplateNotice(Notice):
    """Of a model's chat template: it means nothing to those who use none."""


@dataclass(frozen=True)
class Done(Event):
    """A job other than a reply is complete; `result` is what it was for."""

    result: object = None


@dataclass(frozen=True)
class Failed(Event):
    """A job ended with an error; `error` prints as one sentence for the user."""

    error: Exception


@dataclass(frozen=True)
class Unloaded(Event):
    """A model's memory was given back, as nobody had asked it for so many minutes. Its name stays,
    and with the next question it opens again."""

    model_id: str
    name: str
    minutes: float


@dataclass(frozen=True)
class Reloaded(Event):
    """A model that was unloaded is open again."""

    model_id: str
    name: str


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
    caches: tuple[CacheLevel, ...] = ()  # all levels; cache_bytes is the last one's
    graphics: tuple[Graphics, ...] = ()  # what `gpus` names
    disks: tuple[Disk, ...] = ()  # of the models folder and of the data folder
    predictions: tuple[Prediction, ...] = ()  # for the models of the library
    rates: Rates = field(default=Rates())  # how fast the kernels are here, where it was measured
