"""Models of a hub judged for this machine: what a search found, what a repository holds."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from engine.architectures.shared.find import class_kinds, known_architectures, sources
from engine.base.catalogue import Words
from engine.base.errors import ChaskiError, FormatError, UnsupportedError, UsageError
from engine.base.events import Progress, Stage
from engine.base.models import Forecast
from engine.base.settings import LoadOptions
from engine.base.words import quoted
from engine.discover.offers import Here, offers, to_be_made
from engine.discover.records import Judged
from engine.discover.remote import opened_remote
from engine.fit import forecast
from engine.hub.client import Hub
from engine.hub.records import Filters, FoundModel, Repository, Variant
from engine.hub.repository import repository
from engine.hub.searching import search
from engine.measure.known_losses import subject_of
from engine.weights.formats.gguf import GGUFFile
from engine.workshop.mixes import TARGETS
from engine.workshop.quantize_plan import QuantizeOptions, head_of, make_plan

USUAL = ("Q4_K_M", "Q4_K_S", "IQ4_XS", "UD-Q4_K_XL", "Q5_K_M", "Q4_0", "Q8_0")


def searching(
    hub: Hub,
    words: str,
    here: Here,
    *,
    sort: str = "downloads",
    limit: int = 10,
    filters: Filters = Filters(),  # noqa: B008 (frozen)
    only_fitting: bool = False,
) -> Iterator[Progress | Judged]:
    """A search in steps of a request each: every model is judged by its files' sizes."""
    host, count = hub.settings.host, 0
    yield Progress(Stage.ASKING, 0, limit, what=host)
    most = min(5 * limit, 200) if only_fitting else limit
    rows = search(
        hub,
        words,
        sort=sort,
        limit=most,
        filters=filters,
        wanted=_is_of_use,
        family=architecture_of,
    )
    for about in rows:
        yield Progress(Stage.ASKING, count, limit, what=host)
        judged = _by_sizes(hub, about, here)
        if only_fitting and not (judged.runs and judged.known is not False):
            continue
        yield judged
        count += 1
        if count == limit:
            return


def _by_sizes(hub: Hub, about: FoundModel, here: Here) -> Judged:
    """One closed or broken repository is no reason to show none."""
    try:
        found = repository(hub, about.id)
    except ChaskiError as error:
        if getattr(error, "may_pass", False):
            raise
        return Judged(about, is_known(about), False, problem=str(error))
    return judged_by_sizes(found, here)


def judged_by_sizes(found: Repository, here: Here) -> Judged:
    """What can be said without reading any file."""
    weights, convertible = sum(file.size for file in found.weights), is_convertible(found)
    return Judged(
        found.about,
        is_known(found.about),
        convertible,
        offers(found.about, found.variants, here),
        to_be_made(found.about, weights, here) if convertible and not found.variants else (),
        weights,
    )


def judging(
    hub: Hub,
    found: Repository,
    here: Here,
    quant: str = "",
    options: LoadOptions = LoadOptions(),  # noqa: B008 (frozen)
    checkpoint: Callable[[], object] = lambda: None,
) -> Generator[Progress, None, Judged]:
    """A repository judged by the head of one of its files (`quant`, or a usual one), as a job."""
    rough = judged_by_sizes(found, here)
    if not found.variants:
        return rough
    variant = chosen(found, quant)
    yield Progress(Stage.HEADER, 0, 0, what=variant.names[0])
    with opened_remote(hub, found, variant, checkpoint) as remote:
        told, problem = needs(remote.file, options)
        planned = {} if told is None else as_others(remote.file, found.variants, options)
        subject = subject_of(remote.file, found.id)
        made = offers(found.about, found.variants, here, told, variant, planned, subject)
        known = not problem
        return Judged(
            found.about,
            known,
            rough.convertible,
            made
            if known
            else tuple(replace(each, problem=problem, recommended=False) for each in made),
            (),
            rough.weights_bytes,
            remote.fetched,
            problem,
        )


def needs(file: GGUFFile, options: LoadOptions) -> tuple[Forecast | None, str]:
    """What it will take and cost, told by the backend; or why it cannot be run. A context beyond
    the one that it was trained for counts as that."""
    try:
        return forecast(file, options, shorten=True), ""
    except (FormatError, UnsupportedError) as error:
        return None, str(error)


def as_others(
    file: GGUFFile, variants: Sequence[Variant], options: LoadOptions
) -> dict[str, Forecast]:
    """What the same model takes in the other quantizations, by the rules that say which of its
    tensors gets which type; without those that follow no known rules."""
    found = {}
    for name in {variant.quant.removeprefix("UD-") for variant in variants} & set(TARGETS):
        with suppress(ChaskiError):  # its own head would tell why
            plan = make_plan(file, QuantizeOptions(name, allow_requantize=True))
            found[name] = forecast(head_of(file, plan), options, shorten=True)
    return found


def chosen(found: Repository, quant: str = "") -> Variant:
    """The variant that a quantization or a file's name means; a usual one if none is named."""
    whole = [v for v in found.variants if not v.missing] or list(found.variants)
    if not whole:
        raise UsageError(_nothing(found))
    if not quant:
        by_name = {v.quant: v for v in reversed(whole)}
        named = (by_name[name] for name in USUAL if name in by_name)
        return next(named, whole[len(whole) // 2])
    wanted = quant.casefold()
    fits = [v for v in found.variants if v.quant.casefold() == wanted]
    fits = fits or [v for v in found.variants if wanted in (n.casefold() for n in v.names)]
    fits = fits or [v for v in found.variants if v.quant.casefold() == f"ud-{wanted}"]
    if not fits:
        names = ", ".join(dict.fromkeys(v.quant or v.names[0] for v in found.variants))
        raise UsageError(
            "{found} has no quantization {quant}; it has {names}",
            found=found.id,
            quant=quoted(quant),
            names=names,
        )
    if len(fits) > 1:
        names = ", ".join(v.names[0] for v in fits[:10])
        raise UsageError(
            "{found} has {n_fits} models in {quant}; name the file: {names}",
            found=found.id,
            n_fits=len(fits),
            quant=quant,
            names=names,
        )
    return fits[0]


def named_file(found: Repository, name: str) -> str:
    """The path of the model file that is meant, in the repository; "" where it has none such."""
    wanted = name.casefold()
    paths = [path for variant in found.variants for path in variant.names]
    same = (path for path in paths if path.casefold() == wanted)
    alike = (path for path in paths if path.casefold().rpartition("/")[2] == wanted)
    return next(same, "") or next(alike, "")


def _nothing(found: Repository) -> str:
    if is_convertible(found):
        return Words(
            "{found} has no GGUF file, but its weights can be made into one (--make TYPE)",
            found=found.id,
        )
    return Words("{found} has no GGUF file; look for one whose name ends in GGUF", found=found.id)


def is_known(about: FoundModel) -> bool | None:
    """Whether this engine runs its family, by what the hub says; None if that is nothing."""
    if about.architecture:
        return about.architecture in known_architectures()
    if about.classes:
        return any(name in class_kinds() for name in about.classes)
    if about.model_type:
        return about.model_type in sources()
    return None


def architecture_of(about: FoundModel) -> str:
    """The family as GGUF files name it, also of weights that are none yet; "" where nobody says."""
    if about.architecture:
        return about.architecture
    kinds = (*(class_kinds().get(name, "") for name in about.classes), about.model_type)
    return next((sources()[kind][0] for kind in kinds if kind in sources()), "")


def is_convertible(found: Repository) -> bool:
    """Whether it brings weights that the workshop makes a GGUF file of."""
    names = {file.path for file in found.weights}
    has_weights = any(name.endswith((".safetensors", ".bin", ".pth")) for name in names)
    return has_weights and "config.json" in names and _class_is_known(found.about)


def _class_is_known(about: FoundModel) -> bool:
    return any(name in class_kinds() for name in about.classes)


def _is_of_use(about: FoundModel) -> bool:
    """GGUF files of any family (an unknown one is told), weights only where they can be used."""
    return "gguf" in about.formats or _class_is_known(about)
