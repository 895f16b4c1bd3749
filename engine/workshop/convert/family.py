"""What config.json tells of a model: its source, by model type or class name, and its GGUF keys.

transformers goes by `model_type`; `architectures` only says which class wrote the file.
"""

import functools
from typing import NamedTuple

from engine.architectures.shared.find import class_kinds, sources
from engine.architectures.shared.source import Metadata, Settings, Source
from engine.base.catalogue import Words, and_more
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.config import Config
from engine.weights.formats.lazy import LazyTensor, of_floats
from engine.workshop.convert.fields import TOLD, check_fields
from engine.workshop.convert.rope import convert_rope
from engine.workshop.convert.senses import text_model

MOST_NAMED = 16  # classes, in a refusal


class Found(NamedTuple):
    """A model's source, what it makes of config.json, and the class or type it is called there.

    factors: tensors that come from config.json alone; config: the text model's part of it.
    """

    source: Source
    settings: Settings
    factors: dict[str, LazyTensor]
    out: Metadata
    called: str
    config: Config


def read_family(config: Config) -> Found:
    """The family of a configuration, its settings and its GGUF keys."""
    notices: list[str] = []
    held = text_model(config)
    called, kind, config = held or (*_kind(config, notices), config)
    kind = _variant(config, kind)
    architecture, source = sources()[kind]
    full = config.with_defaults(source.defaults)
    out = Metadata(architecture)
    settings = source.settings(full, out)
    factors = _factors(source, settings, full, out)
    taken = [key for key in TOLD if key in full.asked and key not in config.given]
    for key in taken:
        if key in full.values:
            notices.append(
                Words(
                    "{file} does not say {key}; {value}, which transformers takes for {kind} "
                    "then, was taken",
                    file=config.name,
                    key=key,
                    value=full.values[key],
                    kind=kind,
                )
            )
    check_fields(full, notices, source.neutral, source.reads)
    settings.notices[:0] = notices
    return Found(source, settings, factors, out, called, config)


def _variant(config: Config, kind: str) -> str:
    """`type:key`, of a source that is for models of this type that have this key."""
    for each in sources():
        plain, _, key = each.partition(":")
        if plain == kind and key and config.values.get(key) not in (None, False):
            return each
    return kind


def _factors(
    source: Source, settings: Settings, config: Config, out: Metadata
) -> dict[str, LazyTensor]:
    """Sets the rope keys, if the model's heads turn; its factor tensors, and what is filled in."""
    found = _filled(settings)
    if source.rotation is None:
        return found
    dims, notices = settings.dims, settings.notices
    return found | convert_rope(config, out, dims["head_dim"], notices, source.rotation)


def _filled(settings: Settings) -> dict[str, LazyTensor]:
    dims = settings.dims
    return {
        name.replace("{i}", str(i)): of_floats([value] * dims[size])
        for name, (size, value) in settings.filled.items()
        for i in range(dims["n_layer"])
    }


@functools.cache
def _named() -> dict[str, str]:
    """Class names of config.json, also of models without a head -> model type."""
    return class_kinds() | {source.bare: kind for kind, (_, source) in sources().items()}


def _kind(config: Config, notices: list[str]) -> tuple[str, str]:
    """What the model is called, and its type as transformers would see it."""
    names, kind = config.get("architectures"), config.get("model_type")
    if names is None or names in ([], ""):
        if isinstance(kind, str) and kind in sources():
            return kind, kind
        raise FormatError(
            "{file} names no architecture that is known here (neither key architectures nor a "
            "known model_type), so the model's family is not known; known model types are "
            "{sources}",
            file=config.name,
            sources=and_more(sorted(sources())[:MOST_NAMED], len(sources())),
        )
    names = names if isinstance(names, list) else [names]
    listed = [name for name in names if isinstance(name, str)]
    known = _named()
    called = next((name for name in listed if name in known), None)
    if called is None:
        what = str(listed[0] if listed else names)[:80]
        raise UnsupportedError(
            "{file}: models of class {what} cannot be converted yet; known are {class_kinds}",
            file=config.name,
            what=what,
            class_kinds=and_more(sorted(class_kinds())[:MOST_NAMED], len(class_kinds())),
        )
    if kind is None or kind == known[called].partition(":")[0]:
        return called, known[called].partition(":")[0]
    if kind in sources()[known[called]][1].also:
        return called, known[called]
    if isinstance(kind, str) and kind in sources():
        notices.append(
            Words(
                "{file} names the class {called}, but the model type {kind}; the type counts, as "
                "in transformers",
                file=config.name,
                called=called,
                kind=kind,
            )
        )
        return called, kind
    notices.append(
        Words(
            "{file}: the model type {kind!r} is not known; the class {called} was taken instead",
            file=config.name,
            kind=str(kind)[:40],
            called=called,
        )
    )
    return called, known[called]
