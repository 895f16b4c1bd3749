"""What a search can be narrowed to, as people choose it: sizes, families, languages, licences.

Each choice has a short key, for the command line and for what is kept, and a name for people.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.architectures import known_architectures
from engine.base.errors import UsageError
from engine.base.words import quoted
from engine.hub.names import CODES
from engine.hub.records import KINDS, Filters

BILLION = 10**9
ROUNDED = 1.06  # "4 B" is said of 4.02, "8 B" of 8.19 and "15 B" of 15.7 billion weights
NO_END = 10**15
_SPAN = re.compile(r"(?P<low>\d{1,4}(?:\.\d+)?)?(?P<to>-)?(?P<high>\d{1,4}(?:\.\d+)?)?")


@dataclass(frozen=True)
class FilterChoice:
    """`values`: what a hub or a file calls it; a size has its span instead."""

    key: str
    name: str
    values: tuple[str, ...] = ()


SIZES = (
    FilterChoice("2", "Up to 2 B"),
    FilterChoice("4", "Up to 4 B"),
    FilterChoice("8", "Up to 8 B"),
    FilterChoice("15", "Up to 15 B"),
    FilterChoice("15-", "Larger than 15 B"),
)
_NAMED = (
    FilterChoice("llama", "Llama, Mistral", ("llama",)),
    FilterChoice("qwen35", "Qwen 3.5", ("qwen35",)),
    FilterChoice("qwen3", "Qwen 3", ("qwen3",)),
    FilterChoice("qwen2", "Qwen 2 and 2.5", ("qwen2",)),
    FilterChoice("phi3", "Phi 3 and 4", ("phi3",)),
    FilterChoice("gemma3", "Gemma 3", ("gemma3",)),
    FilterChoice("gemma2", "Gemma 2", ("gemma2",)),
    FilterChoice("gemma", "Gemma", ("gemma",)),
    FilterChoice("olmo2", "OLMo 2 and 3", ("olmo2",)),
    FilterChoice("starcoder2", "StarCoder 2", ("starcoder2",)),
    FilterChoice("gpt2", "GPT-2", ("gpt2",)),
)
# All that can be run: those with a name for people, then the others under the one that files say.
FAMILIES = (
    *_NAMED,
    *(
        FilterChoice(name, name, (name,))
        for name in known_architectures()
        if not any(name in each.values for each in _NAMED)
    ),
)
_CALLED = {"mistral": "llama", "smollm": "llama", "smollm2": "llama", "qwen2.5": "qwen2",
           "phi4": "phi3", "phi": "phi3"}  # fmt: skip
_LANGUAGES = {
    "en": "English", "ar": "Arabic", "bn": "Bengali", "zh": "Chinese", "cs": "Czech",
    "da": "Danish", "nl": "Dutch", "fi": "Finnish", "fr": "French", "de": "German",
    "el": "Greek", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "no": "Norwegian", "fa": "Persian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "es": "Spanish",
    "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
}  # fmt: skip
LANGUAGES = tuple(FilterChoice(code, name, (code,)) for code, name in _LANGUAGES.items())
LICENCES = (
    FilterChoice("apache-2.0", "Apache 2.0", ("apache-2.0",)),
    FilterChoice("mit", "MIT", ("mit",)),
    FilterChoice(
        "llama", "Llama", ("llama2", "llama3", "llama3.1", "llama3.2", "llama3.3", "llama4")
    ),
    FilterChoice("gemma", "Gemma", ("gemma",)),
    FilterChoice(
        "cc",
        "Creative Commons",
        ("cc-by-4.0", "cc-by-sa-4.0", "cc0-1.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0"),
    ),
    FilterChoice("other", "Other", ("other",)),
)


def filters_of(
    *,
    size: str = "",
    families: Sequence[str] = (),
    languages: Sequence[str] = (),
    licences: Sequence[str] = (),
    kinds: tuple[str, ...] = KINDS,
) -> Filters:
    """From keys of the choices above; "" and nothing mean all. A size may also be "2-8" or "3.5"
    (billions of weights), a licence what the hub calls it. Raises UsageError."""
    return Filters(
        parameters=span_of(size) if size else None,
        families=tuple(value for key in families for value in _family(key)),
        languages=tuple(_language(key) for key in languages),
        licences=tuple(value for key in licences for value in _licence(key)),
        kinds=kinds,
    )


def span_of(size: str) -> tuple[int, int]:
    """ "4": up to four billion weights; "2-8": from two to eight; "15-": more than fifteen."""
    found = _SPAN.fullmatch(size.strip().lower().removesuffix("b"))
    if found is None or not (found["low"] or found["high"]):
        raise UsageError(
            "{size} is no size; write 4 (up to four billion weights), 2-8 or 15-", size=quoted(size)
        )
    low, high = found["low"], found["high"]
    if not found["to"]:
        low, high = "0", low
    least = int(float(low or 0) * BILLION * ROUNDED) + 1 if high is None else _exact(low or "0")
    span = least, NO_END if high is None else int(float(high) * BILLION * ROUNDED)
    if span[0] > span[1]:
        raise UsageError(
            "the size {size} ends before it begins; write it as 2-8", size=quoted(size)
        )
    return span


def _exact(low: str) -> int:
    return int(float(low) * BILLION / ROUNDED)


def _family(key: str) -> tuple[str, ...]:
    name = _CALLED.get(key.casefold(), key.casefold())
    for each in FAMILIES:
        if each.key == name:
            return each.values
    known = ", ".join(each.key for each in FAMILIES)
    raise UsageError(
        "{key} is no family that can be run here; known are {known}", key=quoted(key), known=known
    )


def _language(key: str) -> str:
    code = key.casefold()
    code = next((c for c, name in _LANGUAGES.items() if name.casefold() == code), code)
    if code not in CODES:
        raise UsageError(
            "{key} is no language; write its two letters, such as en or fr", key=quoted(key)
        )
    return code


def _licence(key: str) -> tuple[str, ...]:
    name = key.casefold()
    found = next((each.values for each in LICENCES if each.key == name), (name,))
    if not re.fullmatch(r"[a-z0-9][a-z0-9.+_-]{0,63}", name):
        raise UsageError(
            "{key} is no licence; write it as the hub does: apache-2.0, mit", key=quoted(key)
        )
    return found
