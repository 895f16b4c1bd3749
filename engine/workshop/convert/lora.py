"""LoRA adapters of PEFT: to a GGUF adapter, or merged into the model that is being converted."""

from pathlib import Path, PurePosixPath

import numpy as np

from engine.base.catalogue import Words
from engine.base.errors import FormatError, UnsupportedError, UsageError
from engine.base.words import quoted, shown
from engine.weights.formats.config import Config
from engine.weights.formats.lazy import Floats, LazyTensor, computed
from engine.workshop.convert.family import Found, read_family
from engine.workshop.convert.folder import convert_tensors, open_weights
from engine.workshop.convert.lora_file import AdapterFile, Pair, open_adapter, read_adapter
from engine.workshop.convert.lora_settings import AdapterSettings
from engine.workshop.convert.plan import ConvertPlan
from engine.workshop.convert.ties import EMBEDDING, OUTPUT, equal_values

MOST_NAME = 512  # letters


def is_adapter(path: Path) -> bool:
    return path.is_dir() and (path / "adapter_config.json").is_file()


def plan_adapter(folder: Path, base: Path | None) -> ConvertPlan:
    """The plan for a GGUF adapter; `base` is the folder of the model it was trained for."""
    notices: list[str] = []
    config = Config.read(folder / "adapter_config.json")
    settings = AdapterSettings(config, notices)
    place = _base_config(config, folder, base)
    of_base = read_family(Config.read(place))
    source, out = of_base.source, of_base.out
    rules = {rule.source: rule for rule in source.rules}
    checkpoint = open_adapter(folder)
    try:
        found = read_adapter(
            checkpoint, settings, rules, source.prefix, of_base.settings.dims, folder.name, notices
        )
        _only_layers(found, of_base.settings.tied, folder.name, notices)
        _compare_copies(found, place.parent, of_base, folder.name)
        out.clear()
        out["general.architecture"] = out.architecture
        out["general.type"] = "adapter"
        out["adapter.type"] = "lora"
        out["adapter.lora.alpha"] = alpha = _common_alpha(found.pairs)
        tensors = {}
        for pair in found.pairs:
            tensors[f"{pair.target}.lora_a"] = pair.a
            tensors[f"{pair.target}.lora_b"] = _times(pair.b, pair.scale * pair.rank / alpha)
    except BaseException:
        checkpoint.close()
        raise
    ranks = sorted({pair.rank for pair in found.pairs})
    rank = Words("rank {least}", least=ranks[0])
    if len(ranks) > 1:
        rank = Words("ranks {least} to {most}", least=ranks[0], most=ranks[-1])
    what = Words(
        "LoRA adapter of {rank} for {n_pairs} matrices", rank=rank, n_pairs=len(found.pairs)
    )
    return ConvertPlan(what, out, tensors, checkpoint, folder.resolve().name, notices)


def _common_alpha(pairs: list[Pair]) -> float:
    """The one alpha that a GGUF adapter has; never zero, which some programs take for none."""
    return next((pair.scale * pair.rank for pair in pairs if pair.scale), float(pairs[0].rank))


def _times(tensor: LazyTensor, factor: float) -> LazyTensor:
    if np.isclose(factor, 1.0, rtol=1e-9, atol=0.0):
        return tensor
    return computed(tensor, lambda x, start, stop: x * np.float32(factor))


def _only_layers(found: AdapterFile, tied: bool, where: str, notices: list[str]) -> None:
    """What a GGUF adapter can hold: changes of matrices, not of the embedding, nothing whole."""
    merge = Words("merge the adapter into its model instead (chaski convert MODEL OUT.gguf --lora)")
    if not found.pairs and not found.wholes:
        raise UnsupportedError(
            "{where} changes nothing: by its settings (target_modules and the like) none of the "
            "matrices in it is adapted",
            where=where,
        )
    if found.wholes:
        raise UnsupportedError(
            "{where}: tensor {wholes} is no half of a LoRA matrix, but a whole one "
            "(modules_to_save or biases), which a GGUF adapter cannot hold; {merge}",
            where=where,
            wholes=min(found.wholes),
            merge=merge,
        )
    targets = {pair.target for pair in found.pairs}
    if EMBEDDING in targets or (OUTPUT in targets and tied):
        which = EMBEDDING if EMBEDDING in targets else OUTPUT
        raise UnsupportedError(
            "{where} changes {which}, which a GGUF adapter cannot do {place}; {merge}",
            where=where,
            which=which,
            place=Words("where embedding and output are one matrix") if tied else Words("here"),
            merge=merge,
        )
    if OUTPUT in targets:
        notices.append(
            Words(
                "{where} changes {output}, too: other programs can run that, this one cannot; "
                "{merge}",
                where=where,
                output=OUTPUT,
                merge=merge,
            )
        )


def _compare_copies(found: AdapterFile, base: Path, of_base: Found, where: str) -> None:
    """A GGUF adapter has no room for the base's own tensors; so they must be the base's."""
    if not found.copies:
        return
    merge = Words("merge the adapter into its model instead (chaski convert MODEL OUT.gguf --lora)")
    name = min(found.copies)
    try:
        _, checkpoint = open_weights(base, [])
    except FormatError:
        raise UnsupportedError(
            "{where} holds {name} of its model, too, and {base} has no weights to compare it "
            "with; give the whole folder of the model (--base), or {merge}",
            where=where,
            name=name,
            base=base,
            merge=merge,
        ) from None
    try:
        own = convert_tensors(of_base, checkpoint, base.name)
        for name, copy in found.copies.items():
            source = own.get(name, own[EMBEDDING] if name == OUTPUT else None)
            if source is None or not equal_values(source, copy):
                raise UnsupportedError(
                    "{where} holds another {name} than its model, which a GGUF adapter cannot "
                    "say; {merge}",
                    where=where,
                    name=name,
                    merge=merge,
                )
    finally:
        checkpoint.close()


def merge_into(plan: ConvertPlan, folder: Path, scale: float) -> None:
    """Adds an adapter's changes to a planned model; they are computed while it is written."""
    if not is_adapter(folder):
        raise UsageError("{folder} is no adapter: it has no adapter_config.json", folder=folder)
    if not plan.rules:
        raise UsageError(
            "adapters can only be merged into a Hugging Face folder; {plan} is none ({what})",
            plan=plan.name,
            what=plan.what,
        )
    config = Config.read(folder / "adapter_config.json")
    settings = AdapterSettings(config, plan.notices)
    checkpoint = open_adapter(folder)
    plan.checkpoint.files += checkpoint.files
    rules = {rule.source: rule for rule in plan.rules}
    found = read_adapter(
        checkpoint, settings, rules, plan.prefix, plan.dims, folder.name, plan.notices
    )
    for name, tensor in found.copies.items():
        _take_copy(plan, name, tensor, folder.name)
    _untie(plan, found, settings, folder.name)
    for name, tensor in found.wholes.items():
        plan.tensors[name] = _replaced(plan.tensors.get(name), tensor, scale, name, folder.name)
    for pair in found.pairs:
        plan.tensors[pair.target] = _merged(plan, pair, scale * pair.scale)
    told = Words(
        "{n_pairs} matrices are changed by {folder}, scale {scale:g}",
        n_pairs=len(found.pairs),
        folder=folder.name,
        scale=scale,
    )
    if found.wholes:
        wholes = ", ".join(sorted(found.wholes)[:4])
        told = Words("{changed}, and {wholes} replaced", changed=told, wholes=wholes)
    plan.notices.append(told)


def _untie(plan: ConvertPlan, found: AdapterFile, settings: AdapterSettings, where: str) -> None:
    """Where the embedding serves as output, a change of one of them leaves the other as it was."""
    changed = {pair.target for pair in found.pairs} | found.wholes.keys()
    if OUTPUT in plan.tensors or not changed & {EMBEDDING, OUTPUT}:
        return
    if settings.ties:
        raise UnsupportedError(
            "{where}: embedding and output are one matrix and are adapted as one "
            "(ensure_weight_tying), which cannot be merged here",
            where=where,
        )
    plan.tensors[OUTPUT] = plan.tensors[EMBEDDING]
    plan.notices.append(
        Words(
            "{where} changes only one of embedding and output, which are one matrix in the model; "
            "two are written",
            where=where,
        )
    )


def _take_copy(plan: ConvertPlan, name: str, copy: LazyTensor, where: str) -> None:
    """The base's matrix as it was in training, which PEFT puts in the base's place."""
    if name == OUTPUT and OUTPUT not in plan.tensors:
        name = EMBEDDING  # the same matrix
    own = plan.tensors.get(name)
    if own is None or own.shape != copy.shape:
        raise FormatError("the adapter's {name} does not fit the model", name=name)
    if not equal_values(own, copy):
        plan.tensors[name] = copy
        plan.notices.append(
            Words(
                "{where} has another {name} than the model; the adapter's was taken, as PEFT does",
                where=where,
                name=name,
            )
        )


def _replaced(
    own: LazyTensor | None, whole: LazyTensor, scale: float, name: str, where: str
) -> LazyTensor:
    """A tensor of the adapter in the base's place; it cannot be half there."""
    if scale != 1.0:
        raise UsageError(
            "{where} replaces {name} as a whole, which cannot be done at a scale of {scale:g}; "
            "give it the scale 1",
            where=where,
            name=name,
            scale=scale,
        )
    if own is None or own.shape != whole.shape:
        raise FormatError("the adapter's {name} does not fit the model", name=name)
    return whole


def _merged(plan: ConvertPlan, pair: Pair, factor: float) -> LazyTensor:
    whole = plan.tensors.get(pair.target)
    if whole is None or whole.shape != (pair.b.shape[0], pair.a.shape[1]):
        raise FormatError("the adapter's {target} does not fit the model", target=pair.target)
    if not factor:
        return whole
    a, b = pair.a.whole(), pair.b.whole()

    def change(x: Floats, start: int, stop: int) -> Floats:
        return (x + np.float32(factor) * (b[start:stop] @ a)).astype(np.float32)

    return computed(whole, change)


def _base_config(settings: Config, folder: Path, base: Path | None) -> Path:
    """config.json of the base model: where the user says, or in the adapter's own folder."""
    named = settings.values.get("base_model_name_or_path")
    inside = _inside(folder, named)
    places = [base] if base else [folder, *([inside] if inside else [])]
    for place in places:
        path = place / "config.json" if place.is_dir() else place
        if path.name == "config.json" and path.is_file():
            return path
    raise UsageError(
        "{folder} is an adapter for {named}: give the folder of that model (its config.json is "
        "enough), because the adapter does not tell its architecture",
        folder=folder.name,
        named=quoted(named),
    )


def _inside(folder: Path, named: object) -> Path | None:
    """A folder that the adapter names, if it lies in the adapter's own: an adapter is a download,
    and what it names elsewhere on this disk, or on another computer, is not for it to open."""
    if not isinstance(named, str) or not named or shown(named, MOST_NAME) != named:
        return None
    if any(letter in named for letter in "\\:\0~") or ".." in PurePosixPath(named).parts:
        return None
    if PurePosixPath(named).is_absolute():
        return None
    place = folder / named
    return place if place.resolve().is_relative_to(folder.resolve()) else None
