"""Tensors that a file has beyond what its configuration asks for: left out, and said so.

transformers ignores all of them. Here only those are left out that the configuration rules out or
that stand outside of the layers; a weight within a layer that no rule knows is a variant.
"""

import re
from collections.abc import Callable, Iterable

from engine.architectures.shared.source import Settings, Source
from engine.base.catalogue import Words, and_more
from engine.base.errors import FormatError
from engine.weights.formats.lazy import LazyTensor

LAYER = re.compile(r"^(?:layers|h|blocks|encoder\.layers?)\.(\d+)\.(.+)$")

BUFFER = Words("no weights but what is computed anew")
DRAFT = Words("they draft tokens ahead, which is not used here")
UNUSED = Words("such layers read the keys and values of earlier ones")
TOLD = 4  # names of each sort
CACHE_SCALE = re.compile(r"(k|v|q|kv|prob)_scale")


def leave_out(source: Source, settings: Settings, own: dict[str, LazyTensor], where: str) -> None:
    """Takes the tensors nobody needs out of `own`, and tells which."""
    layered, outside = _known(source)
    known = is_known(source)
    if own and not any(known(name) for name in own):
        raise FormatError(
            "{where}: its tensors, such as {own}, are none of those that a {kind} model has; "
            "weights and config.json do not belong together",
            where=where,
            own=next(iter(own))[:120],
            kind=source.kind,
        )
    gone: dict[str, list[str]] = {}
    for name, tensor in list(own.items()):
        ignored = re.search(source.ignored, name)
        unused = UNUSED if re.search(settings.unused, name) else ""
        usual = _ignored(name, settings) if ignored else ""
        why = usual or unused or _why(name, tensor, settings, layered, outside)
        if why:
            gone.setdefault(why, []).append(name)
            del own[name]
    for why, names in gone.items():
        listed = and_more([name[:100] for name in names[:TOLD]], len(names))
        settings.notices.append(
            Words(
                "tensors that were left out: {listed}; {why}",
                listed=listed,
                why=why,
            )
        )
    if settings.biased and not any(name.endswith(".bias") and LAYER.match(name) for name in own):
        settings.notices.append(
            Words(
                "by config.json and its class the layers have biases, but the file has none; "
                "none were written"
            )
        )


def _ignored(name: str, settings: Settings) -> Words:
    """Why the family leaves this aside."""
    layer = LAYER.match(name)
    beyond = layer is not None and int(layer[1][:9]) >= settings.dims["n_layer"]
    return DRAFT if beyond or name.startswith(("mtp.", "mtp_")) else BUFFER


def _why(
    name: str,
    tensor: LazyTensor,
    settings: Settings,
    layered: re.Pattern[str],
    outside: set[str],
) -> str:
    """Why nobody needs this tensor; empty if somebody may."""
    found = LAYER.match(name)
    if 0 in tensor.shape and not (found and layered.match(name)) and name not in outside:
        return "empty"
    if found is None:
        return (
            ""
            if name in outside or layered.match(name)
            else Words("no part of such a model has this name")
        )
    if int(found[1][:9]) >= settings.dims["n_layer"]:
        return Words(
            "config.json says that the model has {dim} layers", dim=settings.dims["n_layer"]
        )
    module, _, what = found[2].rpartition(".")
    if tensor.n_elements == 1 and CACHE_SCALE.fullmatch(what):
        return Words("scales that other programs use for an 8-bit cache")
    if what == "bias" and layered.match(name) and not re.fullmatch(settings.biased, module):
        return Words("config.json does not say that these modules have biases")
    return ""


def is_known(source: Source) -> Callable[[str], bool]:
    """Is this name, without the family's prefix, one that the family's rules have?"""
    layered, outside = _known(source)
    return lambda name: name in outside or layered.match(name) is not None


def _known(source: Source) -> tuple[re.Pattern[str], set[str]]:
    """Names with numbers, as an expression, and those without."""
    outside = {rule.source for rule in source.rules if "{" not in rule.source}
    return re.compile("|".join(_patterns(source))), outside


def _patterns(source: Source) -> Iterable[str]:
    for rule in source.rules:
        if "{" in rule.source:
            pattern = re.escape(rule.source).replace(r"\{i\}", r"\d+").replace(r"\{e\}", r"\d+")
            yield f"^{pattern}$"
