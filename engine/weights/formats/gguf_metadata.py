"""Typed reading of metadata: a key that is absent or of another type is an error with its name.

Knows nothing of files; text and architectures may use it with any mapping.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.base.catalogue import Words
from engine.base.errors import FormatError
from engine.base.words import quoted, shown
from engine.weights.formats.gguf_strings import StringArray
from engine.weights.formats.gguf_values import MetaValue

T = TypeVar("T")
D = TypeVar("D")

KIND_NAMES = {
    int: Words("a whole number"),
    float: "a number",
    bool: Words("true or false"),
    str: "text",
    np.ndarray: Words("an array of numbers"),
    StringArray: Words("an array of strings"),
}


_NONE = np.zeros(0, np.int64)
_EMPTY: Mapping[type, Any] = {
    np.ndarray: np.zeros(0, np.int32),
    StringArray: StringArray(b"", _NONE, _NONE),
}


def _is_empty(value: MetaValue) -> bool:
    return isinstance(value, np.ndarray | StringArray | list) and len(value) == 0


class TypedMetadata:
    """Mixin: `need_*` raises when the key is absent, `get_*` gives the default instead."""

    name: str
    metadata: Mapping[str, MetaValue]

    def _wrong(self, key: str, wanted: str) -> FormatError:
        value = self.metadata[key]
        found = KIND_NAMES.get(type(value), Words("a nested array"))
        return FormatError(
            "{file}: metadata key {key} must be {wanted}, but is {found}",
            file=self.name,
            key=quoted(key),
            wanted=wanted,
            found=found,
        )

    def _need(self, key: str) -> MetaValue:
        if key not in self.metadata:
            raise FormatError(
                "{file} has no metadata key {key}, which this model needs",
                file=self.name,
                key=quoted(key),
            )
        return self.metadata[key]

    def _as(self, kind: type[T], key: str) -> T:
        value = self._need(key)
        if kind in _EMPTY and not isinstance(value, str) and _is_empty(value):
            # Nothing is neither text nor number; some writers guess the type of a list.
            return _EMPTY[kind]  # type: ignore[no-any-return]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self._wrong(key, KIND_NAMES[kind])
        return value

    def need_int(self, key: str) -> int:
        return self._as(int, key)

    def get_int(self, key: str, default: D) -> int | D:
        return self.need_int(key) if key in self.metadata else default

    def need_float(self, key: str) -> float:
        value = self._need(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._wrong(key, KIND_NAMES[float])
        return float(value)

    def get_float(self, key: str, default: D) -> float | D:
        return self.need_float(key) if key in self.metadata else default

    def told_int(self, key: str, default: D) -> int | D:
        """For what is only shown: of another type it counts as absent, and stops nobody."""
        value = self.metadata.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else default

    def told_str(self, key: str) -> str:
        """For what is only shown: fit to be shown, "" where it is absent or no text."""
        value = self.metadata.get(key)
        return shown(value.strip()) if isinstance(value, str) else ""

    def need_bool(self, key: str) -> bool:
        return self._as(bool, key)

    def get_bool(self, key: str, default: D) -> bool | D:
        return self.need_bool(key) if key in self.metadata else default

    def need_str(self, key: str) -> str:
        return self._as(str, key)

    def get_str(self, key: str, default: D) -> str | D:
        return self.need_str(key) if key in self.metadata else default

    def need_strs(self, key: str) -> StringArray:
        return self._as(StringArray, key)

    def need_ints(self, key: str) -> tuple[int, ...]:
        """An array of whole numbers, or of true and false as 1 and 0."""
        value = self._as(np.ndarray, key)
        if value.dtype.kind not in "iub":
            raise self._wrong(key, Words("an array of whole numbers"))
        return tuple(int(item) for item in value.tolist())

    def get_ints(self, key: str, default: D) -> tuple[int, ...] | D:
        return self.need_ints(key) if key in self.metadata else default

    def need_floats(self, key: str) -> NDArray[np.float32]:
        value = self._as(np.ndarray, key)
        if value.dtype.kind not in "iuf":
            raise self._wrong(key, KIND_NAMES[np.ndarray])
        return value.astype(np.float32)
