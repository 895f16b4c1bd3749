"""What a model's file says about its own sampling (`general.sampling.*`), laid over given values.

A value that makes no sense is an error that names its key; callers show it and go on without it.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from engine.base.errors import FormatError, UsageError
from engine.base.settings import SamplingParams
from engine.sampling.check import RANGES, check_params
from engine.sampling.names import parse_samplers

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
