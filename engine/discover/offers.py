"""A repository's quantizations, judged for this machine, with one of them recommended and why.

Invariant: an offer says whether its memory was told by the planner from the file's own head
(`exact`) or reckoned from sizes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.base.catalogue import Words
from engine.base.events import HardwareReport
from engine.base.models import Forecast, ModelMemory
from engine.discover.losses import LOSS_WORDS, LossLevel, loss_measured, loss_of, measured_words
from engine.hardware.fits import COMFORTABLE, Fit, Taken, Verdict, judge
from engine.hardware.typical import rough_forecast
from engine.hub.records import FoundModel, HubFile, Variant
from engine.measure.known_losses import NONE_KNOWN, KnownLosses, Subject, subject_named
from engine.measure.losses import Loss as Measured

ROUGH_CONTEXT = 8192
FLUENT = 2 * COMFORTABLE  # tokens/s at which there is room for a better quantization
TINY = 2_000_000_000  # parameters; smaller models lose more by the same type
ARM_ONLY = ("Q4_0_4_4", "Q4_0_4_8", "Q4_0_8_8")  # layouts of 2024
MADE = (("Q4_K_M", 4.85), ("Q5_K_M", 5.7), ("Q6_K", 6.6), ("Q8_0", 8.5), ("F16", 16.0))  # bits


@dataclass(frozen=True)
class Here:
    """What is known of this machine: its report, what open models have of its memory, and the
    losses that were measured on it."""

    report: HardwareReport
    taken: Taken = Taken()
    losses: KnownLosses = NONE_KNOWN


@dataclass(frozen=True)
class Offer:
    """One quantization. `arithmetic` shows the sums; `problem` says why it cannot be run or had;
    `measured`: what this model lost in it, where that was measured here; `loss` follows it."""

    quant: str
    names: tuple[str, ...]
    bytes: int
    memory: ModelMemory
    fit: Fit
    loss: LossLevel
    exact: bool = False
    recommended: bool = False
    reason: str = ""
    problem: str = ""
    measured: Measured | None = None

    @property
    def verdict(self) -> Verdict:
        return self.fit.verdict

    @property
    def loss_words(self) -> str:
        if self.measured is not None:
            return measured_words(self.measured.worse)
        return LOSS_WORDS[self.loss]

    @property
    def arithmetic(self) -> str:
        return self.fit.text


def offers(
    about: FoundModel,
    variants: Sequence[Variant],
    here: Here,
    known: Forecast | None = None,
    of: Variant | None = None,
    planned: Mapping[str, Forecast] = MappingProxyType({}),
    subject: Subject | None = None,
) -> tuple[Offer, ...]:
    """Every variant judged; `known` is what the backend told of the variant `of`, `planned` what it
    told of others by the rules of their mixes. The rest is reckoned from `known`, or from sizes.
    `subject`: the model as the head of a file names it."""
    model = subject or subject_named(about.n_parameters, about.id)
    made = []
    for variant in variants:
        told = planned.get(variant.quant.removeprefix("UD-"))
        if known is not None and of is not None:
            told = known if variant is of else told or _scaled(known, variant.size / of.size)
        is_exact = told is not None and variant is of
        made.append(_offer(about, variant, told, here, model, exact=is_exact))
    return recommend(about, made)


def to_be_made(about: FoundModel, weights_bytes: int, here: Here) -> tuple[Offer, ...]:
    """What the workshop could make of a repository's own weights, reckoned from their number."""
    n_weights = about.n_parameters or weights_bytes // 2
    made = [
        Variant(quant, about.id, (HubFile("", int(n_weights * bits / 8)),)) for quant, bits in MADE
    ]
    model = subject_named(n_weights, about.id)
    offers = [
        replace(_offer(about, variant, None, here, model, exact=False), names=())
        for variant in made
    ]
    return recommend(about, offers)


def recommend(about: FoundModel, made: Sequence[Offer]) -> tuple[Offer, ...]:
    """The same with one recommended, where one can be run."""
    best = _best(about, [offer for offer in made if not offer.problem])
    return tuple(
        replace(offer, recommended=True, reason=_reason(offer)) if offer is best else offer
        for offer in made
    )


def _offer(
    about: FoundModel,
    variant: Variant,
    told: Forecast | None,
    here: Here,
    model: Subject,
    *,
    exact: bool,
) -> Offer:
    needs = told or rough(variant.size, about.n_parameters, about.n_ctx_train)
    usual = loss_of(variant.quant)
    first, taken = variant.files[0], here.taken
    size = variant.size if first.path else 0  # what is still to be made is only estimated
    measured = here.losses.of(model, variant.quant, size, first.sha256)
    return Offer(
        variant.quant,
        variant.names,
        variant.size,
        needs.memory,
        judge(needs, here.report, loaded=taken.loaded, promised=taken.promised),
        usual if measured is None else loss_measured(measured.worse),
        exact=exact,
        problem=_problem(variant),
        measured=measured,
    )


def _problem(variant: Variant) -> str:
    if variant.missing:
        return Words("{missing} of its files are missing there", missing=variant.missing)
    if variant.quant in ARM_ONLY:
        return Words("it is laid out for some Arm processors and read no more; take Q4_0")
    return ""


def _scaled(known: Forecast, ratio: float) -> Forecast:
    """The same model in a file of another size."""
    types = (replace(each, bytes=int(each.bytes * ratio)) for each in known.work.types)
    memory = replace(known.memory, weights=int(known.memory.weights * ratio))
    return replace(known, memory=memory, work=replace(known.work, types=tuple(types)))


def rough(size: int, n_parameters: int, n_ctx_train: int = 0) -> Forecast:
    """From a file's size alone."""
    return rough_forecast(size, n_parameters, min(n_ctx_train or ROUGH_CONTEXT, ROUGH_CONTEXT))


def _best(about: FoundModel, made: Sequence[Offer]) -> Offer | None:
    """Fluent and without a loss that is felt; else what runs well; else the smallest loss that
    fits at all."""
    running = [o for o in made if o.verdict is not Verdict.NOT and o.loss is not LossLevel.UNKNOWN]
    least = LossLevel.UNSEEN if 0 < about.n_parameters < TINY else LossLevel.SLIGHT
    fluent = [o for o in running if least <= o.loss <= LossLevel.SMALL and _speed(o) >= FLUENT]
    well = [
        o
        for o in running
        if LossLevel.UNSEEN <= o.loss <= LossLevel.FELT and _speed(o) >= COMFORTABLE
    ]
    usual = [o for o in running if o.loss is LossLevel.SMALL]
    if fluent:
        return min(
            fluent, key=lambda o: (o.loss, -o.bytes if o.loss is LossLevel.SMALL else o.bytes)
        )
    if well:
        return max(well, key=lambda o: (o.loss is LossLevel.SMALL, -o.loss, o.bytes))
    if usual:
        return max(usual, key=lambda o: o.bytes)
    return min(running, key=lambda o: (o.loss, o.bytes), default=None)


def _speed(offer: Offer) -> float:
    return offer.fit.tokens_per_second


def _reason(offer: Offer) -> str:
    speed = Words("{speed:speed}", speed=_speed(offer))
    if offer.verdict is Verdict.SLOWLY:
        return Words(
            "nothing better is faster here: about {speed}, {loss_words}",
            speed=speed,
            loss_words=offer.loss_words,
        )
    return Words(
        "writes about {speed} here, {loss_words}", speed=speed, loss_words=offer.loss_words
    )
