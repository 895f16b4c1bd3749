"""Tensors that a file has beyond what its configuration asks for: left out, and said so.

transformers ignores all of them. Here only those are left out that the configuration rules out or
that stand outside of the layers; a weight within a layer that no rule knows is a variant.
"""

import re
from collections.abc import Iterable

from engine.base.errors import FormatError
from engine.weights.formats.lazy import LazyTensor
from engine.workshop.convert.families.family import Family, Settings

LAYER = re.compile(r"^(?:layers|h)\.(\d+)\.(.+)$")


def leave_out(family: Family, settings: Settings, own: dict[str, LazyTensor], where: str) -> None:
    """Takes the tensors nobody needs out of `own`, and tells which."""
    layered = re.compile("|".join(_patterns(family)))
    outside = {rule.source for rule in family.rules if "{i}" not in rule.source}
    if own and not any(name in outside or layered.match(name) for name in own):
        raise FormatError(
            f"{where}: its tensors, such as {next(iter(own))[:120]}, are none of those that a "
            f"{family.architecture} model has; weights and config.json do not belong together"
        )
    gone: dict[str, list[str]] = {}
    for name, tensor in list(own.items()):
        if re.search(family.ignored, name):
            del own[name]  # buffers that are computed anew; not worth a word
            continue
        why = _why(name, tensor, settings, layered, outside)
        if why:
            gone.setdefault(why, []).append(name)
            del own[name]
    settings.notices += [
        f"tensors that were left out: {names[0][:100]}"
        f"{f' and {len(names) - 1} more' if len(names) > 1 else ''}; {why}"
        for why, names in gone.items()
    ]
    if settings.biased and not any(name.endswith(".bias") and LAYER.match(name) for name in own):
        settings.notices.append(
            "config.json says that the layers have biases, but the file has none; none were written"
        )


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
        return "" if name in outside else "no part of such a model has this name"
    if int(found[1][:9]) >= settings.dims["n_layer"]:
        return f"config.json says that the model has {settings.dims['n_layer']} layers"
    module, _, what = found[2].rpartition(".")
    if what == "bias" and layered.match(name) and not re.fullmatch(settings.biased, module):
        return "config.json does not say that these modules have biases"
    return ""


def _patterns(family: Family) -> Iterable[str]:
    for rule in family.rules:
        if "{i}" in rule.source:
            yield "^" + re.escape(rule.source).replace(r"\{i\}", r"\d+") + "$"
