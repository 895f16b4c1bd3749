"""Typed looks into GGUF metadata: a value of the wrong type is an error that names its key.

Takes any mapping, so that it serves our own reader, the gguf package and plain dicts of tests.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.base.errors import FormatError

Metadata = Mapping[str, Any]
NO_TOKEN = (-1, 0xFFFFFFFF)  # both are written by converters to say "there is none"


def wrong_type(key: str, wanted: str) -> FormatError:
    return FormatError(f"The model file's value of {key} is not {wanted}; the file is damaged.")


def get_str(metadata: Metadata, key: str, default: str) -> str:
    value = metadata.get(key, default)
    if not isinstance(value, str):
        raise wrong_type(key, "a text")
    return value


def get_bool(metadata: Metadata, key: str, default: bool) -> bool:
    value = metadata.get(key, default)
    if not isinstance(value, bool | np.bool_):
        raise wrong_type(key, "true or false")
    return bool(value)


def get_token_id(metadata: Metadata, key: str, n_vocab: int, default: int | None) -> int | None:
    """A token's id; None where the file says there is none."""
    if key not in metadata:
        return default if default is not None and default < n_vocab else None
    value = metadata[key]
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise wrong_type(key, "a whole number")
    if int(value) in NO_TOKEN:
        return None
    if not 0 <= int(value) < n_vocab:
        raise FormatError(
            f"{key} is {int(value)}, but the vocabulary has only {n_vocab} tokens; "
            "the model file is damaged."
        )
    return int(value)


def get_strings(metadata: Metadata, key: str) -> Sequence[str] | None:
    """A list of texts, left lazy where the reader made it so."""
    value = metadata.get(key)
    if value is None:
        return None
    if isinstance(value, str | bytes) or not hasattr(value, "__len__"):
        raise wrong_type(key, "a list of texts")
    if len(value) and (isinstance(value, np.ndarray) or not isinstance(value[0], str)):
        raise wrong_type(key, "a list of texts")
    return value  # type: ignore[no-any-return]


def get_numbers(metadata: Metadata, key: str, length: int = 0) -> npt.NDArray[Any] | None:
    """A list of numbers; with `length`, one entry for each token (more are cut off)."""
    value = metadata.get(key)
    if value is None:
        return None
    if isinstance(value, str | bytes) or not hasattr(value, "__len__"):
        raise wrong_type(key, "a list of numbers")
    numbers = np.asarray(value)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iuf":
        raise wrong_type(key, "a list of numbers")
    if len(numbers) < length:
        raise FormatError(
            f"{key} has {len(numbers)} entries for {length} tokens; the model file is damaged."
        )
    return numbers[:length] if length else numbers
