"""Types of metadata values and the cursor that reads them from a file's bytes.

Invariant: no read, allocation or loop is larger than what the file still holds.
"""

import struct
from enum import IntEnum
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from engine.base.catalogue import Phrase, Words
from engine.base.errors import FormatError
from engine.base.words import quoted
from engine.weights.formats.gguf_strings import StringArray, scan_strings
from engine.weights.formats.open_file import Window

__all__ = ["ReadBudget", "Cursor", "MetaValue", "NestedArray", "OddText", "ValueType", "quoted"]

Buffer = Window | bytes
QUANTIZATION_VERSION = 2  # of the block layouts, as readers check it
MetaValue = int | float | bool | str | NDArray[Any] | StringArray | list[Any]

MAX_KEY = 65_535  # the format's own limit
MAX_TEXT = 64 << 20  # no template or licence comes near
MAX_ARRAY = 1 << 30  # no vocabulary comes near
MAX_NESTING = 4
# Of all files of a model together. The largest vocabularies (a quarter million tokens, half a
# million merges, a template of a hundred kilobytes) take a tenth of it.
MAX_HEADER = 256 << 20  # bytes of values and names
MAX_STRINGS = 2_000_000
MAX_NESTED_ARRAYS = 100_000
BYTES = Words("bytes of metadata and names")
STRINGS, ARRAYS = Words("strings"), Words("nested arrays")


class ValueType(IntEnum):
    """Type of a metadata value, by its number in files."""

    UINT8 = 0
    INT8 = 1
    UINT16 = 2
    INT16 = 3
    UINT32 = 4
    INT32 = 5
    FLOAT32 = 6
    BOOL = 7
    STRING = 8
    ARRAY = 9
    UINT64 = 10
    INT64 = 11
    FLOAT64 = 12


# struct letter and NumPy dtype (without byte order) of each scalar type.
SCALARS = {
    ValueType.UINT8: ("B", "u1"),
    ValueType.INT8: ("b", "i1"),
    ValueType.UINT16: ("H", "u2"),
    ValueType.INT16: ("h", "i2"),
    ValueType.UINT32: ("I", "u4"),
    ValueType.INT32: ("i", "i4"),
    ValueType.FLOAT32: ("f", "f4"),
    ValueType.BOOL: ("B", "u1"),
    ValueType.UINT64: ("Q", "u8"),
    ValueType.INT64: ("q", "i8"),
    ValueType.FLOAT64: ("d", "f8"),
}


class NestedArray(list[Any]):
    """An array of arrays: that it is one is known also of an empty one."""


class OddText(str):
    """Text that is not UTF-8: shown with replacement characters, written again as it was."""

    raw: bytes

    @classmethod
    def of(cls, raw: bytes) -> str:
        text = raw.decode("utf-8", "replace")
        if text.encode() == raw:
            return text
        self = cls(text)
        self.raw = raw
        return self


class ReadBudget:
    """What the headers of all files of a model may hold together: each value small, the sum huge
    is how a file costs minutes. Holes count like what is written: they take no room on a disk."""

    def __init__(self) -> None:
        self.bytes, self.strings, self.arrays = MAX_HEADER, MAX_STRINGS, MAX_NESTED_ARRAYS

    def take(self, name: str, *, size: int = 0, strings: int = 0, arrays: int = 0) -> None:
        self.bytes -= size
        self.strings -= strings
        self.arrays -= arrays
        for left, most, what in (
            (self.bytes, MAX_HEADER, BYTES),
            (self.strings, MAX_STRINGS, STRINGS),
            (self.arrays, MAX_NESTED_ARRAYS, ARRAYS),
        ):
            if left < 0:
                raise FormatError(
                    "{name} holds more than {most:,} {what}; no model needs so many",
                    name=name,
                    most=most,
                    what=what,
                )


class Cursor:
    """A place in a file's bytes; every read says what it wants, so that an error can name it."""

    def __init__(self, data: Buffer, name: str, budget: ReadBudget | None = None) -> None:
        self.data = data
        self.name = name
        self.pos = 0
        self.end = len(data)
        self.order = "<"
        self.budget = budget or ReadBudget()

    @property
    def left(self) -> int:
        return self.end - self.pos

    def fail(self, message: str) -> NoReturn:
        raise FormatError(
            "{file} is broken: {message} (byte {pos})",
            file=self.name,
            message=message,
            pos=self.pos,
        )

    def need(self, size: int, what: str | Phrase) -> None:
        if size > self.left:
            raise FormatError(
                "{file} is cut short or broken: {what} at byte {pos} needs {size} bytes, {left} "
                "are left; get the file again",
                file=self.name,
                what=what,
                pos=self.pos,
                size=size,
                left=self.left,
            )

    def skip(self, size: int, what: str | Phrase) -> int:
        """Moves over bytes that are there for sure; returns where they begin."""
        self.need(size, what)
        start = self.pos
        self.pos += size
        return start

    def _unpack(self, letter: str, size: int, what: str | Phrase) -> Any:
        start = self.skip(size, what)
        return struct.unpack(self.order + letter, self.data[start : start + size])[0]

    def u32(self, what: str | Phrase) -> int:
        return int(self._unpack("I", 4, what))

    def u64(self, what: str | Phrase) -> int:
        return int(self._unpack("Q", 8, what))

    def text(self, what: str | Phrase, limit: int) -> bytes:
        """A string: 64-bit length, then bytes."""
        size = self.u64(Phrase("the length of {what}", what=what))
        if size > limit:
            self.pos -= 8
            self.fail(
                Words(
                    "{what} claims a length of {size} bytes, more than the {limit} allowed",
                    what=what,
                    size=size,
                    limit=limit,
                )
            )
        start = self.skip(size, what)
        self.budget.take(self.name, size=size)
        return self.data[start : start + size]

    def name_text(self, what: str | Phrase) -> str:
        """A key or tensor name: not empty, valid UTF-8."""
        start = self.pos
        raw = self.text(what, MAX_KEY)
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            self.pos = start
            self.fail(Words("{what} is not valid UTF-8", what=what))
        if not name:
            self.pos = start
            self.fail(Words("{what} is empty", what=what))
        return name

    def value_type(self, what: str | Phrase) -> ValueType:
        number = self.u32(Phrase("the type of {what}", what=what))
        try:
            return ValueType(number)
        except ValueError:
            self.pos -= 4
            self.fail(Words("{what} has the unknown value type {number}", what=what, number=number))

    def value(self, kind: ValueType, what: str | Phrase) -> MetaValue:
        """One metadata value. Text that is not UTF-8 shows replacement characters."""
        if kind is ValueType.STRING:
            return OddText.of(self.text(what, MAX_TEXT))
        if kind is ValueType.ARRAY:
            return self._array(what, 1)
        letter, dtype = SCALARS[kind]
        number: int | float = self._unpack(letter, int(dtype[1]), what)
        if kind is not ValueType.BOOL:
            return number
        if number not in (0, 1):
            self.pos -= 1
            self.fail(
                Words("{what} is neither true nor false but {number}", what=what, number=number)
            )
        return bool(number)

    def _array(self, what: str | Phrase, depth: int) -> MetaValue:
        kind = self.value_type(Phrase("the array {what}", what=what))
        count = self.u64(Phrase("the length of {what}", what=what))
        if kind is ValueType.STRING:
            return self._strings(count, what)
        if kind is ValueType.ARRAY:
            return self._nested(count, what, depth)
        return self._numbers(kind, count, what)

    def _strings(self, count: int, what: str | Phrase) -> StringArray:
        self.need(8 * count, Phrase("{what} with {count} strings", what=what, count=count))
        self.budget.take(self.name, strings=count)
        begin = self.pos
        result = scan_strings(self.data, begin, count, self.order == "<")
        if isinstance(result, int):
            self.pos = begin
            self.fail(
                Words(
                    "{what} has {count} strings, number {result} runs past the end of the file",
                    what=what,
                    count=count,
                    result=result,
                )
            )
        self.pos = result.end
        if self.pos - begin > MAX_ARRAY:
            self.fail(
                Words(
                    "{what} has {pos} bytes, more than the {max_array} allowed",
                    what=what,
                    pos=self.pos - begin,
                    max_array=MAX_ARRAY,
                )
            )
        self.budget.take(self.name, size=self.pos - begin)
        return StringArray(self.data[begin : self.pos], result.starts - begin, result.sizes)

    def _numbers(self, kind: ValueType, count: int, what: str | Phrase) -> NDArray[Any]:
        # Copied, so that it outlives the file and is aligned; costs well under a millisecond.
        dtype = np.dtype(self.order + SCALARS[kind][1])
        size = count * dtype.itemsize
        if size > MAX_ARRAY:
            self.fail(
                Words(
                    "{what} claims {count} values, more than the {max_array} bytes allowed",
                    what=what,
                    count=count,
                    max_array=MAX_ARRAY,
                )
            )
        start = self.skip(size, Phrase("{what} with {count} values", what=what, count=count))
        self.budget.take(self.name, size=size)
        raw = np.frombuffer(self.data[start : start + size], dtype)
        if kind is not ValueType.BOOL:
            return raw.astype(dtype.newbyteorder("="))
        if size and raw.max() > 1:
            self.fail(Words("{what} has a value that is neither true nor false", what=what))
        return raw.astype(np.bool_)

    def _nested(self, count: int, what: str | Phrase, depth: int) -> NestedArray:
        if depth >= MAX_NESTING:
            self.fail(
                Words(
                    "{what} nests arrays more than {max_nesting} deep",
                    what=what,
                    max_nesting=MAX_NESTING,
                )
            )
        self.need(12 * count, Phrase("{what} with {count} arrays", what=what, count=count))
        self.budget.take(self.name, arrays=count)
        return NestedArray(
            self._array(Phrase("{what}[{i}]", what=what, i=i), depth + 1) for i in range(count)
        )
