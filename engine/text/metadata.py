"""Typed looks into GGUF metadata: a value of the wrong type is an error that names its key.

Takes any mapping, so that it serves our own reader, the gguf package and plain dicts of tests.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.base.catalogue import Words
from engine.base.errors import FormatError

Metadata = Mapping[str, Any]
NO_TOKEN = (-1, 0xFFFFFFFF)  # both are written by converters to say "there is none"


def wrong_type(key: str, wanted: Words) -> FormatError:
    return FormatError(
        "The model file's value of {key} is not {wanted}; the file is damaged.",
        key=key,
        wanted=wanted,
    )


def get_str(metadata: Metadata, key: str, default: str) -> str:
    value = metadata.get(key, default)
    if not isinstance(value, str):
        raise wrong_type(key, Words("a text"))
    return value


def get_bool(metadata: Metadata, key: str, default: bool) -> bool:
    value = metadata.get(key, default)
    if not isinstance(value, bool | np.bool_):
        raise wrong_type(key, Words("true or false"))
    return bool(value)


def get_count(metadata: Metadata, key: str, default: int) -> int:
    """A whole number above 0."""
    value = metadata.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise wrong_type(key, Words("a whole number above 0"))
    return int(value)


def get_token_id(metadata: Metadata, key: str, n_vocab: int, default: int | None) -> int | None:
    """A token's id; None where the file says there is none.

    An id beyond the vocabulary says nothing, as if the key were absent; `bad_token_ids` tells.
    """
    value = metadata.get(key)
    if key in metadata and (isinstance(value, bool) or not isinstance(value, int | np.integer)):
        raise wrong_type(key, Words("a whole number"))
    if value is not None and int(value) in NO_TOKEN:
        return None
    if value is None or not 0 <= int(value) < n_vocab:
        return default if default is not None and default < n_vocab else None
    return int(value)


def bad_token_ids(metadata: Metadata, prefix: str, n_vocab: int) -> list[str]:
    """Keys that name a token beyond the vocabulary, each with its value."""
    found = []
    for key in metadata:
        if not key.startswith(prefix) or not key.endswith("_token_id"):
            continue
        value = metadata[key]
        if isinstance(value, bool) or not isinstance(value, int | np.integer):
            continue
        if int(value) not in NO_TOKEN and not 0 <= int(value) < n_vocab:
            found.append(f"{key} = {int(value)}")
    return found


def get_strings(metadata: Metadata, key: str) -> Sequence[str] | None:
    """A list of texts, left lazy where the reader made it so."""
    value = metadata.get(key)
    if value is None:
        return None
    if isinstance(value, str | bytes) or not hasattr(value, "__len__"):
        raise wrong_type(key, Words("a list of texts"))
    if isinstance(value, np.ndarray) and not len(value):
        return []  # an empty list may have been written as one of numbers
    if isinstance(value, np.ndarray) or (len(value) and not isinstance(value[0], str)):
        raise wrong_type(key, Words("a list of texts"))
    return value  # type: ignore[no-any-return]


def get_numbers(metadata: Metadata, key: str, length: int = 0) -> npt.NDArray[Any] | None:
    """A list of numbers; with `length`, one entry for each token (more are cut off)."""
    value = metadata.get(key)
    if value is None:
        return None
    if isinstance(value, str | bytes) or not hasattr(value, "__len__"):
        raise wrong_type(key, Words("a list of numbers"))
    try:
        numbers = np.asarray(value)
    except (ValueError, OverflowError, TypeError):  # lists of unequal length, and the like
        raise wrong_type(key, Words("a list of numbers")) from None
    if numbers.ndim != 1 or numbers.dtype.kind not in "iuf":
        raise wrong_type(key, Words("a list of numbers"))
    if len(numbers) < length:
        raise FormatError(
            "{key} has {n_numbers} entries for {length} tokens; the model file is damaged.",
            key=key,
            n_numbers=len(numbers),
            length=length,
        )
    return numbers[:length] if length else numbers
