"""Typed reading of metadata: a key that is absent or of another type is an error with its name.

Knows nothing of files; text and architectures may use it with any mapping.
"""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import FormatError
from engine.weights.formats.gguf_strings import StringArray
from engine.weights.formats.gguf_values import MetaValue

T = TypeVar("T")
D = TypeVar("D")

KIND_NAMES = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "text",
    np.ndarray: "an array of numbers",
    StringArray: "an array of strings",
}


class TypedMetadata:
    """Mixin: `need_*` raises when the key is absent, `get_*` gives the default instead."""

    name: str
    metadata: Mapping[str, MetaValue]

    def _wrong(self, key: str, wanted: str) -> FormatError:
        value = self.metadata[key]
        found = KIND_NAMES.get(type(value), "a nested array")
        return FormatError(f"{self.name}: metadata key '{key}' must be {wanted}, but is {found}")

    def _need(self, key: str) -> MetaValue:
        if key not in self.metadata:
            raise FormatError(f"{self.name} has no metadata key '{key}', which this model needs")
        return self.metadata[key]

    def _as(self, kind: type[T], key: str) -> T:
        value = self._need(key)
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

    def get_strs(self, key: str, default: D) -> StringArray | D:
        return self.need_strs(key) if key in self.metadata else default

    def need_ints(self, key: str) -> tuple[int, ...]:
        """An array of whole numbers, or of true and false as 1 and 0."""
        value = self._as(np.ndarray, key)
        if value.dtype.kind not in "iub":
            raise self._wrong(key, "an array of whole numbers")
        return tuple(int(item) for item in value.tolist())

    def get_ints(self, key: str, default: D) -> tuple[int, ...] | D:
        return self.need_ints(key) if key in self.metadata else default

    def need_floats(self, key: str) -> NDArray[np.float32]:
        value = self._as(np.ndarray, key)
        if value.dtype.kind not in "iuf":
            raise self._wrong(key, KIND_NAMES[np.ndarray])
        return value.astype(np.float32)

    def get_floats(self, key: str, default: D) -> NDArray[np.float32] | D:
        return self.need_floats(key) if key in self.metadata else default
