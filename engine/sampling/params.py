"""What a chain is asked for: names of steps, values and their ranges, what a model's file asks for.

A value that makes no sense is an error that names it. No NumPy: the command line reads this early.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from engine.base.errors import FormatError, UsageError
from engine.base.settings import SamplingParams
from engine.base.words import quoted

SAMPLER_LETTERS = {
    "e": "penalties",
    "d": "dry",
    "s": "top_n_sigma",
    "k": "top_k",
    "y": "typ_p",
    "p": "top_p",
    "m": "min_p",
    "x": "xtc",
    "t": "temperature",
    "a": "adaptive_p",
}
SAMPLER_NAMES = tuple(SAMPLER_LETTERS.values())

_OTHER_SPELLINGS = {
    "typical": "typ_p",
    "typical_p": "typ_p",
    "nucleus": "top_p",
    "temp": "temperature",
}


def parse_samplers(text: str) -> tuple[str, ...]:
    """The steps in "top_k;top_p;temperature" (also with commas or spaces) or in letters, "kpt"."""
    words = text.replace(";", " ").replace(",", " ").split()
    if len(words) == 1 and not _is_name(words[0]) and set(words[0]) <= SAMPLER_LETTERS.keys():
        return tuple(SAMPLER_LETTERS[letter] for letter in words[0])
    return tuple(sampler_name(word) for word in words)


def parse_letters(text: str) -> tuple[str, ...]:
    """The steps in letters, "kpt"; a wrong letter is named beside those that there are."""
    for letter in text:
        if letter not in SAMPLER_LETTERS:
            known = ", ".join(f"{key} {name}" for key, name in SAMPLER_LETTERS.items())
            raise UsageError(
                "samplers: there is no letter {letter!r} in {text!r}; known: {known}",
                letter=letter,
                text=text,
                known=known,
            )
    return tuple(SAMPLER_LETTERS[letter] for letter in text)


def sampler_name(word: str) -> str:
    """The name as we write it; other well-known spellings are understood."""
    name = _plain(word)
    if name not in SAMPLER_NAMES:
        known = ", ".join(SAMPLER_NAMES)
        raise UsageError(
            "samplers: there is no sampler {word!r}; there are {known}.", word=word, known=known
        )
    return name


def _is_name(word: str) -> bool:
    return _plain(word) in SAMPLER_NAMES


def _plain(word: str) -> str:
    name = word.strip().lower().replace("-", "_")
    return _OTHER_SPELLINGS.get(name, name)


@dataclass(frozen=True)
class Range:
    """What a value may be; `whole` asks for an integer."""

    low: float
    high: float
    whole: bool = False

    def holds(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            return False
        return self.low <= value <= self.high

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        low, high = (f"{n:.17g}" if self.whole else f"{n:g}" for n in (self.low, self.high))
        return f"{kind} from {low} to {high}"


# Beyond these nothing changes any more but that arithmetic overflows.
MOST, MOST_COUNT = 1e6, 2**31 - 1
_ANY = Range(-MOST, MOST)
_UP = Range(0, MOST)
_UNIT = Range(0, 1)
_COUNT = Range(0, MOST_COUNT, whole=True)

RANGES = {
    "seed": Range(-1, 2**64 - 1, whole=True),
    "temperature": _ANY,
    "dynatemp_range": _UP,
    "dynatemp_exponent": _UP,
    "top_k": Range(-MOST_COUNT, MOST_COUNT, whole=True),
    "top_p": _UNIT,
    "min_p": _UNIT,
    "typical_p": _UNIT,
    "top_n_sigma": _ANY,
    "xtc_probability": _UNIT,
    "xtc_threshold": _UNIT,
    "repeat_last_n": Range(-1, MOST_COUNT, whole=True),
    "repeat_penalty": Range(1e-6, 1e6),
    "presence_penalty": _ANY,
    "frequency_penalty": _ANY,
    "dry_multiplier": _UP,
    "dry_base": Range(1, MOST),
    "dry_allowed_length": _COUNT,
    "dry_penalty_last_n": Range(-1, MOST_COUNT, whole=True),
    "mirostat": Range(0, 2, whole=True),
    "mirostat_tau": _UP,
    "mirostat_eta": _UP,
    "adaptive_target": Range(-1, 1),
    "adaptive_decay": Range(0, 0.99),
    "min_keep": _COUNT,
    "n_probs": _COUNT,
}


def check_params(params: SamplingParams) -> None:
    """Raise UsageError with the name of the first value that makes no sense."""
    for name, allowed in RANGES.items():
        value = getattr(params, name)
        if not allowed.holds(value):
            raise UsageError(
                "{name} is {value}, but must be {allowed}.",
                name=name,
                value=quoted(value),
                allowed=allowed,
            )
    for name in params.samplers:
        if name not in SAMPLER_NAMES:
            known = ", ".join(SAMPLER_NAMES)
            raise UsageError(
                "samplers: there is no sampler {name}; there are {known}.",
                name=quoted(name),
                known=known,
            )


def check_logit_bias(params: SamplingParams, n_vocab: int) -> None:
    """Each token must exist; minus infinity is a value (never this token), plus infinity is not."""
    for token, amount in params.logit_bias:
        if not 0 <= token < n_vocab:
            raise UsageError(
                "logit_bias names token {token}, but this model has {n_vocab}.",
                token=token,
                n_vocab=n_vocab,
            )
        if amount != -math.inf and not _ANY.holds(amount):
            raise UsageError(
                "logit_bias of token {token} is {amount}, but must be {any} or minus infinity.",
                token=token,
                amount=amount,
                any=_ANY,
            )


PREFIX = "general.sampling."

# The file's word -> ours, where they differ.
_RENAMED = {
    "temp": "temperature",
    "penalty_last_n": "repeat_last_n",
    "penalty_repeat": "repeat_penalty",
    "penalty_present": "presence_penalty",
    "penalty_freq": "frequency_penalty",
    "typ_p": "typical_p",
}
_NAMES = {field.name for field in fields(SamplingParams)} & RANGES.keys()


def params_from_metadata(metadata: Mapping[str, Any], base: SamplingParams) -> SamplingParams:
    """The base values with those that the model's file brings."""
    params = base
    for key in metadata:
        if key.startswith(PREFIX):
            params = _with_key(params, key, metadata[key])
    return params


def _with_key(params: SamplingParams, key: str, value: Any) -> SamplingParams:
    word = key.removeprefix(PREFIX)
    try:
        if word == "sequence":
            return _checked(replace(params, samplers=parse_samplers(str(value))))
        name = _RENAMED.get(word, word)
        if name not in _NAMES:
            raise UsageError("this version knows no such sampling value.")
        # Plain Python numbers: the reader may hand out NumPy scalars.
        plain: Any = int(value) if RANGES[name].whole else float(value)
        return _checked(replace(params, **{name: plain}))
    except (TypeError, ValueError, OverflowError) as error:
        raise FormatError(
            "{key} is {value!r}, which is not a number.", key=key, value=value
        ) from error
    except UsageError as error:
        raise FormatError("{key}: {error}", key=key, error=error) from error


def _checked(params: SamplingParams) -> SamplingParams:
    check_params(params)
    return params
