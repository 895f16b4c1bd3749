"""How a user wants a model opened and asked: what such a wish can be, and which of those that were
kept still are ones."""

import math
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from engine.base.errors import ChaskiError, UsageError
from engine.base.settings import SamplingParams
from engine.base.wishes import NO_WISHES, ModelDefaults
from engine.base.words import quoted

CACHE_TYPES = ("", "f16", "f32", "q8_0")
MOST_TOKENS, MOST_THREADS = 1 << 31, 4096
_KINDS: Mapping[str, type] = {
    each.name: type(getattr(SamplingParams(), each.name)) for each in fields(SamplingParams)
}


def check_defaults(defaults: ModelDefaults) -> None:
    """Raises UsageError where a wish cannot be one. Ranges of sampling values are checked where
    they are used."""
    if defaults.cache_type not in CACHE_TYPES:
        raise UsageError(
            "cache type {type}: use one of f16, f32, q8_0", type=quoted(defaults.cache_type)
        )
    if not (0 <= defaults.n_ctx <= MOST_TOKENS and 0 <= defaults.threads <= MOST_THREADS):
        raise UsageError(
            "context and threads are 0 (choose well) or more, at most {most_tokens:,} tokens and "
            "{most_threads:,} threads",
            most_tokens=MOST_TOKENS,
            most_threads=MOST_THREADS,
        )
    for name, value in defaults.sampling.items():
        kind = _KINDS.get(name)
        if kind is None:
            raise UsageError("there is no sampling value {name}", name=quoted(name))
        if not _fits(value, kind):
            raise UsageError(
                "sampling value {name} cannot be {value}", name=name, value=quoted(value)
            )


def sound_defaults(kept: Mapping[str, Any]) -> ModelDefaults:
    """Those of what was kept that can still be wishes, each by itself; the others are none."""
    found = NO_WISHES
    for each in fields(ModelDefaults):
        value: Any = kept.get(each.name)
        if type(value) is not type(getattr(NO_WISHES, each.name)):
            continue
        if each.name == "sampling":
            value = {k: v for k, v in value.items() if _can_be(replace(found, sampling={k: v}))}
        wished = replace(found, **{each.name: value})
        found = wished if _can_be(wished) else found
    return found


def _can_be(defaults: ModelDefaults) -> bool:
    try:
        check_defaults(defaults)
    except ChaskiError:
        return False
    return True


def _fits(value: Any, kind: type) -> bool:
    if kind is tuple:
        return isinstance(value, list | tuple)
    if isinstance(value, bool) or not isinstance(value, int | float if kind is float else kind):
        return False
    return not isinstance(value, int | float) or -math.inf < value < math.inf
