"""Models of several senses (pictures, sound): the text model in them, and what is left out.

Such a folder has the text model's settings in `text_config` and its tensors under `language_model`;
which classes hold which text model is data of the families (Source.within).
"""

import functools
import re
from collections.abc import Callable, Mapping

from engine.architectures.shared.find import class_kinds, held_kinds, sources
from engine.base.catalogue import Words, and_more
from engine.base.errors import FormatError, UnsupportedError
from engine.weights.formats.config import Config
from engine.weights.formats.lazy import LazyTensor
from engine.workshop.convert.names import add_once, unwrapped

TEXT = re.compile(r"^(?:model\.)?language_model\.(?:model\.)?")
PART = "text_config"
# What transformers reads of the whole model, not of its text: ties, and tokens as generation does.
OUTER = ("tie_word_embeddings", "bos_token_id", "eos_token_id", "pad_token_id")
MOST_TOLD = 8


def text_model(config: Config) -> tuple[str, str, Config] | None:
    """What the whole is called, its text's model type, and the text's configuration; None for a
    model of text alone."""
    called, usual = _held(config)
    part = config.part(PART) if usual else None
    if part is None:
        return None
    kind = part.get("model_type", usual)
    if kind == f"{config.get('model_type')}_text" and kind not in sources():
        kind = usual  # a name of its own that the first files had (EXAONE 4.5)
    if not isinstance(kind, str) or kind not in sources():
        raise UnsupportedError(
            "{file}: the text model in it is of type {kind!r}, which cannot be converted yet",
            file=config.name,
            kind=str(kind)[:40],
        )
    outer = {key: config.given[key] for key in OUTER if config.given.get(key) is not None}
    return called, kind, Config(part.given | outer, part.name)


@functools.cache
def _holding() -> frozenset[str]:
    """The classes of models of several senses."""
    return frozenset(n for _, source in sources().values() for n in source.within.values())


def _held(config: Config) -> tuple[str, str]:
    """Class or model type of the whole, and the type of text model that it usually holds; both
    empty where it is not known to hold one."""
    kind, names = config.get("model_type"), config.get("architectures")
    listed = names if isinstance(names, list) else [names]
    called = next((n for n in listed if isinstance(n, str) and n in _holding()), None)
    if isinstance(kind, str) and kind in held_kinds():
        return called or kind, held_kinds()[kind]
    return (called, class_kinds()[called]) if called else ("", "")


def text_tensors(
    tensors: Mapping[str, LazyTensor],
    prefix: str,
    known: Callable[[str], bool],
    ignored: str,
    where: str,
    notices: list[str],
) -> Mapping[str, LazyTensor]:
    """The text model's tensors without what stands before their names in the whole; all of them
    where nothing does. known, ignored: the family's names, and those that it leaves aside itself.
    """
    bare = {name: unwrapped(name, prefix) for name in tensors}
    if not any(TEXT.match(each) for each in bare.values()):
        return tensors
    found: dict[str, LazyTensor] = {}
    others: dict[str, int] = {}
    for name, tensor in tensors.items():
        own, inside = TEXT.subn("", bare[name])
        if inside or known(own.removeprefix(prefix)) or re.search(ignored, own):
            add_once(found, own, tensor, name, where)
        else:
            part = own.removeprefix("model.").partition(".")[0]
            others[part] = others.get(part, 0) + _bytes(tensor)
    if not any(known(own.removeprefix(prefix)) for own in found):
        raise FormatError(
            "{where}: the tensors under language_model are none of this text model's; weights and "
            "config.json do not belong together",
            where=where,
        )
    if others:
        notices.append(_told(others))
    return found


def _told(others: Mapping[str, int]) -> Words:
    """Which parts, the largest first, and how large they are."""
    parts = sorted(others, key=lambda part: -others[part])
    each = [
        Words("{part} ({size:file})", part=part[:40], size=others[part])
        for part in parts[:MOST_TOLD]
    ]
    return Words(
        "the text model alone was taken; what sees or hears was left out: {parts}",
        parts=and_more(each, len(parts)),
    )


def _bytes(tensor: LazyTensor) -> int:
    return tensor.n_rows * tensor.kind.row_bytes(tensor.n_cols) if tensor.n_rows else 0
