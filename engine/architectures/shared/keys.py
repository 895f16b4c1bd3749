"""Reads the keys of one architecture from a GGUF file's metadata.

A value that is unknown or out of bounds is an error with the key's name, never a default.
"""

from typing import TypeAlias

from engine.base.errors import FormatError, UnsupportedError
from engine.base.words import shown
from engine.weights.formats.gguf import GGUFFile

Whole: TypeAlias = int  # Keys has methods named int and float
Real: TypeAlias = float
Flag: TypeAlias = bool
MAX_LAYERS, MAX_HEADS, MAX_WIDTH, MAX_CONTEXT = 4096, 4096, 1 << 20, 1 << 27
MAX_TAPS = 64  # of a short convolution
MAX_EXPERTS = 4096


class Keys:
    """Reads the keys of one architecture (`llama.block_count` …) from a file's metadata."""

    def __init__(self, file: GGUFFile, architecture: str, pooling: str = "") -> None:
        """pooling: how vectors of texts are made, instead of how the file says."""
        self.file, self.architecture, self.pooling = file, architecture, pooling

    def name(self, key: str) -> str:
        return f"{self.architecture}.{key}"

    def has(self, key: str) -> bool:
        return self.name(key) in self.file.metadata

    def tensor(self, name: str) -> str | None:
        """The tensor's name if the file has it: for biases and factors that are optional."""
        return name if name in self.file.tensors else None

    def int(self, key: str, low: Whole, high: Whole, default: Whole | None = None) -> Whole:
        name = self.name(key)
        if default is not None and name not in self.file.metadata:
            return default
        value = self.file.need_int(name)
        return self._within(name, value, low, high)

    def ints(
        self,
        key: str,
        count: Whole,
        low: Whole,
        high: Whole,
        default: tuple[Whole, ...] | None = None,
    ) -> tuple[Whole, ...]:
        """One value per layer; a single number stands for all layers."""
        name = self.name(key)
        value = self.file.metadata.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, Whole) or value is None:
            return (self.int(key, low, high),) * count
        values = self.file.need_ints(name)
        if len(values) != count:
            raise FormatError(
                "{file}: key {name} has {n_values} values for {count} layers",
                file=self.file.path.name,
                name=name,
                n_values=len(values),
                count=count,
            )
        return tuple(self._within(name, v, low, high) for v in values)

    def float(self, key: str, default: Real | None = None) -> Real:
        name = self.name(key)
        if default is not None and name not in self.file.metadata:
            return default
        value = self.file.need_float(name)
        if not -1e30 < value < 1e30:
            raise FormatError(
                "{file}: key {name} is {value}, which is no figure",
                file=self.file.path.name,
                name=name,
                value=value,
            )
        return value

    def bool(self, key: str, default: Flag) -> Flag:
        name = self.name(key)
        return self.file.need_bool(name) if name in self.file.metadata else default

    def refuse(self, key: str, neutral: object, why: str) -> None:
        """An error if `key` is present with another value than the neutral one."""
        if not self.has(key):
            return
        value = self.file.metadata[self.name(key)]
        if not isinstance(value, Flag | Whole | Real | str):
            # Nobody knows what a list says here; comparing it would say something else.
            raise FormatError(
                "{file}: key {key} is {value}, not one value",
                file=self.file.path.name,
                key=self.name(key),
                value=shown(value),
            )
        if value != neutral or isinstance(value, str) is not isinstance(neutral, str):
            raise UnsupportedError(
                "{file}: key {key} is {value}: {why} is not supported",
                file=self.file.path.name,
                key=self.name(key),
                value=shown(value),
                why=why,
            )

    def positive(
        self,
        key: str,
        default: Real | None = None,
        most: Real = 1e30,
        low: Real | None = None,
    ) -> Real:
        """A figure above 0 (or from `low` on), and not beyond what float32 can reckon with."""
        value = self.float(key, default)
        if value > most or (value <= 0 if low is None else value < low):
            raise FormatError(
                "{file}: key {key} is {value:g}, not above 0 and up to {most:g}",
                file=self.file.path.name,
                key=self.name(key),
                value=value,
                most=most,
            )
        return value

    def _within(self, name: str, value: Whole, low: Whole, high: Whole) -> Whole:
        if not low <= value <= high:
            raise FormatError(
                "{file}: key {name} is {value}, not between {low} and {high}",
                file=self.file.path.name,
                name=name,
                value=value,
                low=low,
                high=high,
            )
        return value
