"""What can be asked: one form for all of it, whoever asks: window, command line, later the server.

Each kind is an order (what to do with what) and a function of the kind's name that answers an
Asked, which `Engine.ask` puts into the list of jobs. The rooms that do the work are imported when
a job begins, so that importing this costs nothing.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from engine.base.errors import CancelledError
from engine.base.events import Done, Event, HardwareReport, Progress, StopReason, Timings
from engine.base.jobs import Job, Lane
from engine.base.models import TensorError
from engine.base.paths import Paths
from engine.base.settings import GenerationParams, LoadOptions, SamplingParams
from engine.host import Ticket
from engine.jobs.records import About, JobKind
from engine.measure.losses import Loss

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.embed import Embedded
    from engine.library import Library
    from engine.library.records import Twins
    from engine.measure.bench import Roof, Speed
    from engine.measure.importance import Calibrated, Calibration
    from engine.measure.perplexity import Perplexity
    from engine.model import Model
    from engine.sampling.chain import Choice
    from engine.workshop.convert import ConvertResult
    from engine.workshop.quantize import Quantized
    from engine.workshop.quantize_plan import QuantizeOptions

Result = TypeVar("Result")
Steps = Generator[Event | None, None, Result]


@dataclass(frozen=True)
class Asked:
    """`work` begins a fresh job each time, as it may be resumed; `about` is its record's."""

    about: About
    work: Callable[[Ticket], Job]
    lane: Lane = Lane.COMPUTE


def called(model: str | Path) -> str:
    """What a job on this model is called."""
    return model.stem if isinstance(model, Path) else model


def telling(steps: Steps[Result]) -> Steps[Result]:
    """A job that tells its result at the end, in Done. One that is stopped there is told all the
    same: it is done."""
    result = yield from steps
    with suppress(CancelledError):
        yield Done(result)
    return result


# Files to files


@dataclass(frozen=True)
class Convert:
    """A GGUF file of weights that other programs wrote, see workshop/convert/run.py; `adapters` are
    LoRA folders to merge in, with their scales."""

    source: Path
    out: Path
    out_type: str = "auto"
    tokenizer: Path | None = None
    base: Path | None = None
    adapters: tuple[tuple[Path, float], ...] = ()
    overwrite: bool = False
    threads: int = 0


def convert(order: Convert, place: Paths) -> Asked:
    """The result, and what Done tells, is ConvertResult. Tells Progress and Notice. Stopped, the
    same order goes on."""
    about = About(JobKind.CONVERT, order.out.name, can_resume=True)
    return Asked(about, lambda ticket: telling(_converting(order)))


def _converting(order: Convert) -> "Steps[ConvertResult]":
    from engine.compute.place import take_kernel_folder
    from engine.workshop.convert import convert as converting

    take_kernel_folder()
    return (
        yield from converting(
            order.source,
            order.out,
            out_type=order.out_type,
            tokenizer=order.tokenizer,
            base=order.base,
            adapters=order.adapters,
            overwrite=order.overwrite,
            threads=order.threads,
        )
    )


@dataclass(frozen=True)
class Quantize:
    """A GGUF file, and where the smaller one goes."""

    source: Path
    out: Path
    options: "QuantizeOptions"


def quantize(order: Quantize, place: Paths) -> Asked:
    """The result, and what Done tells, is Quantized. Tells Progress and Notice. Stopped, the same
    order goes on from what is finished."""
    about = About(JobKind.QUANTIZE, order.out.name, can_resume=True)
    return Asked(about, lambda ticket: telling(_quantizing(order)))


def _quantizing(order: Quantize) -> "Steps[Quantized]":
    from engine.compute.place import take_kernel_folder
    from engine.workshop.quantize import quantize_model

    take_kernel_folder()
    return (yield from quantize_model(order.source, order.out, order.options))


Phase = Literal["convert", "importance", "quantize"]  # of making a model


@dataclass(frozen=True)
class Make:
    """A model from whatever there is: what to make of what, and where to put it."""

    source: Path
    out: Path
    target: str
    imatrix: Path | None = None
    text: Path | None = None  # without an imatrix: one is made from this text, for this order
    requantize: bool = False
    threads: int = 0  # 0: as many as this machine is fastest with


@dataclass(frozen=True)
class MakeProgress(Progress):
    """Progress of one phase of making."""

    phase: Phase = "quantize"


@dataclass(frozen=True)
class Made:
    """A model that was made."""

    path: Path
    bytes: int
    seconds: float


@dataclass(frozen=True)
class Resumable:
    """What an earlier run of an order left: it had done `share` of `phase`; `bytes` are kept."""

    phase: Phase
    share: float
    bytes: int


def make(order: Make, place: Paths) -> Asked:
    """Converted, weighed and quantized as it takes. The result, and what Done tells, is Made. Tells
    MakeProgress and Notice. Stopped, the same order goes on later."""
    about = About(JobKind.MAKE, order.out.name, can_resume=True)
    return Asked(about, lambda ticket: telling(_making(order)))


def _making(order: Make) -> Steps[Made]:
    from engine.jobs.making import making

    return (yield from making(order))


def resumable(order: Make) -> Resumable | None:
    """How far an earlier run of this order came; None if there is none. Not for a GUI thread."""
    from engine.jobs.making import resumable_of

    return resumable_of(order)


def discard(out: Path) -> None:
    """Removes what a stopped order left of its result. Not for a GUI thread."""
    from engine.jobs.making import remove_left

    remove_left(out)


# Figures of a model


@dataclass(frozen=True)
class Weigh:
    """Which weights of a model matter most (an importance matrix): the model, what it reads, and
    how it is opened for that."""

    source: Path
    wanted: "Calibration"
    options: LoadOptions = LoadOptions()  # noqa: RUF009 (frozen)


def weigh(order: Weigh, place: Paths) -> Asked:
    """The result, and what Done tells, is Calibrated. Tells Progress."""
    about = About(JobKind.IMPORTANCE, order.wanted.out.name)
    return Asked(about, lambda ticket: telling(_weighing(order)))


def _weighing(order: Weigh) -> "Steps[Calibrated]":
    from engine.measure.importance import make_importance

    return make_importance(order.source, order.wanted, order.options)


@dataclass(frozen=True)
class Perplex:
    """How well a model predicts a text, and how far it is from a reference model. `window`: tokens
    read together, 0: as many as is usual; `reference`: also compared with."""

    model: Path
    text: Path
    window: int = 0
    reference: Path | None = None
    options: LoadOptions = LoadOptions()  # noqa: RUF009 (frozen)


def perplexity(order: Perplex, place: Paths) -> Asked:
    """The result, and what Done tells, is a Perplexity. Tells Progress and Notice."""
    about = About(JobKind.MEASURE, order.model.name)
    return Asked(about, lambda ticket: telling(_perplexing(order, place)))


def _perplexing(order: Perplex, place: Paths) -> "Steps[Perplexity]":
    from engine.jobs.perplexing import perplexing

    return (yield from perplexing(order, place))


@dataclass(frozen=True)
class Measure:
    """Which file to hold against what it was made from, and over what."""

    source: Path
    made: Path
    name: str  # the type that was made, as people should see it
    text: Path | None = None  # None: the short one that comes with the program
    threads: int = 0


@dataclass(frozen=True)
class MeasureProgress(Progress):
    """Progress of one phase of measuring: `phase` of `phases`, counted from 0."""

    phase: int = 0
    phases: int = 1


@dataclass(frozen=True)
class Measured:
    """A finished measurement, and all that is known of this source, the newest last."""

    loss: Loss
    losses: tuple[Loss, ...]


def measure(order: Measure, place: Paths) -> Asked:
    """What a made model lost against its source. The result, and what Done tells, is Measured.
    Tells MeasureProgress and Notice.

    Raises MemoryTooSmallError, before anything is read, if one of the two does not fit into memory;
    they are never there together.
    """
    about = About(JobKind.MEASURE, order.made.name)
    return Asked(about, lambda ticket: telling(_measuring(order, place)))


def _measuring(order: Measure, place: Paths) -> Steps[Measured]:
    from engine.jobs.measuring import measuring

    return (yield from measuring(order, place))


def losses_of_source(source: str | Path, place: Paths) -> tuple[Loss, ...]:
    """What was measured of this source before, the newest last. Not for a GUI thread."""
    from engine.measure.losses import losses_of, mark_of

    return losses_of(place.losses_file, mark_of(Path(source)))


@dataclass(frozen=True)
class Compare:
    """A GGUF file, or what one was made of, and the file that was made."""

    source: Path
    made: Path


def compare(order: Compare, place: Paths) -> Asked:
    """How far each tensor of a made model is from its source. The result, and what Done tells, is a
    list of TensorError. Tells MeasureProgress."""
    about = About(JobKind.COMPARE, order.made.name)
    return Asked(about, lambda ticket: telling(_comparing(order)))


def _comparing(order: Compare) -> Steps[list[TensorError]]:
    from engine.jobs.measuring import comparing

    return (yield from comparing(order))


# Vectors of texts


@dataclass(frozen=True)
class Embed:
    """Texts to make vectors of, or, with a `query`, to score beside it. `normalized`: to a length
    of 1."""

    model: Path
    texts: tuple[str, ...]
    query: str | None = None
    normalized: bool = True
    options: LoadOptions = LoadOptions(cache_type="f32")  # noqa: RUF009 (frozen)


def embed(order: Embed, place: Paths) -> Asked:
    """The result, and what Done tells, is Embedded. Tells Progress and Notice."""
    about = About(JobKind.EMBED, order.model.name)
    return Asked(about, lambda ticket: telling(_embedding(order, place)))


def _embedding(order: Embed, place: Paths) -> "Steps[Embedded]":
    from engine.jobs.embedding import embedding

    return (yield from embedding(order, place))


# An open model, without a conversation (with one: engine/chat.py)


@dataclass(frozen=True)
class Complete:
    """A text, or token ids, to go on from without a chat template."""

    prompt: str | tuple[int, ...]
    sampling: SamplingParams
    generation: GenerationParams = GenerationParams()  # noqa: RUF009 (frozen)
    parse_special: bool = False  # a text that spells a special token is one


@dataclass(frozen=True)
class Completed:
    """What came of it; `choices` are the tokens of the text, with what else was likely."""

    prompt_ids: list[int]
    ids: list[int]
    text: str
    reason: StopReason
    timings: Timings
    choices: "tuple[Choice, ...]"


def complete(order: Complete, place: "Model") -> Asked:
    """The result, and what Done tells, is Completed, also where it is stopped. Tells PromptProgress
    and TextDelta."""
    about = About(JobKind.COMPLETE, place.info.name)
    return Asked(about, lambda ticket: telling(_completing(order, place)))


def _completing(order: Complete, place: "Model") -> Steps[Completed]:
    from engine.jobs.using import completing

    return (yield from completing(order, place))


def logits(ids: Sequence[int], place: "Model") -> Asked:
    """What a model gives for each next token after each of these. The result, and what Done tells,
    is float32 [ids, tokens of the vocabulary]. Tells Progress."""
    about = About(JobKind.LOGITS, place.info.name)
    return Asked(about, lambda ticket: telling(_reading(tuple(ids), place)))


def _reading(ids: tuple[int, ...], place: "Model") -> "Steps[NDArray[np.float32]]":
    from engine.jobs.using import reading_logits

    return (yield from reading_logits(ids, place))


@dataclass(frozen=True)
class Bench:
    """How fast a model is: tokens to read and to write behind `depth` others, how often, in how
    many conversations at once; `roof`: also what the machine allows."""

    prompt: int = 512
    decode: int = 64
    depth: int = 0
    repeat: int = 3
    parallel: tuple[int, ...] = ()
    roof: bool = True


@dataclass(frozen=True)
class Benched:
    """`stream`: bytes of weights read per second of decode; `peak`: bytes that were held at most;
    `parallel`: tokens of all per second, for each number of conversations, run by run."""

    speed: "Speed"
    stream: float
    peak: int
    roof: "Roof | None"
    parallel: dict[int, list[float]]


def bench(order: Bench, place: "Model") -> Asked:
    """The result, and what Done tells, is Benched. Tells Progress."""
    about = About(JobKind.BENCH, place.info.name)
    return Asked(about, lambda ticket: telling(_benching(order, place)))


def _benching(order: Bench, place: "Model") -> Steps[Benched]:
    from engine.jobs.using import benching

    return (yield from benching(order, place))


# The library and the machine


def verify(name: str | Path, place: "Library") -> Asked:
    """Whether a model's files are what they should be. The result, and what Done tells, is
    Verification. Tells Progress."""
    about = About(JobKind.VERIFY, called(name))
    return Asked(about, lambda ticket: telling(place.verifying(name)), Lane.DISK)


@dataclass(frozen=True)
class Move:
    """A model's files into another folder, or onto another disk. `confirmed`: also files that
    another program owns."""

    name: str | Path
    folder: str | Path
    confirmed: bool = False


def move(order: Move, place: "Library") -> Asked:
    """The result, and what Done tells, is a LibraryModel. Asked again, it goes on."""
    about = About(JobKind.MOVE, called(order.name), can_resume=True)
    name, folder, confirmed = order.name, order.folder, order.confirmed
    return Asked(
        about, lambda ticket: telling(place.moving(name, folder, confirmed=confirmed)), Lane.DISK
    )


def duplicates(place: "Library", *, refresh: bool = False) -> Asked:
    """Contents that take room more than once. `refresh`: folders that have changed are looked
    through before. The result, and what Done tells, is a list of Twins. Tells Progress."""
    about = About(JobKind.DUPLICATES, "duplicates")
    return Asked(about, lambda ticket: telling(_finding_twins(place, refresh)), Lane.DISK)


def _finding_twins(place: "Library", refresh: bool) -> "Steps[Sequence[Twins]]":
    if refresh and place.has_changed():
        yield from place.refreshing()
    return (yield from place.duplicates())


def index(place: "Library") -> Asked:
    """All folders looked through for models. The result, and what Done tells, is Refreshed. Tells
    Progress."""
    about = About(JobKind.INDEX, "models")
    return Asked(about, lambda ticket: telling(place.refreshing()), Lane.DISK)


@dataclass(frozen=True)
class Hardware:
    """What this machine has. `measure`: also how fast it is, half a minute of timing; `predict`:
    also how fast each model of the library is."""

    measure: bool = False
    predict: bool = False


def hardware(order: Hardware, place: Paths) -> Asked:
    """The result is a HardwareReport. Tells HardwareReport, maybe several times, and Done."""
    return Asked(About(JobKind.HARDWARE, "hardware"), lambda ticket: _reporting(order, place))


def _reporting(order: Hardware, place: Paths) -> Steps[HardwareReport]:
    from engine.measure.reporting import reporting

    report = yield from reporting(order.measure, place, predict=order.predict)
    assert isinstance(report, HardwareReport)
    return report
