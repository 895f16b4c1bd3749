"""Types of metadata values and the cursor that reads them from a file's bytes.

Invariant: no read, allocation or loop is larger than what the file still holds.
"""

import struct
from enum import IntEnum
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import FormatError
from engine.weights.formats.gguf_strings import StringArray, scan_strings
from engine.weights.formats.mapped import Window

Buffer = Window | bytes
MetaValue = int | float | bool | str | NDArray[Any] | StringArray | list[Any]

MAX_KEY = 65_535  # the format's own limit
MAX_TEXT = 64 << 20  # no template or licence comes near
MAX_ARRAY = 1 << 30  # no vocabulary comes near
MAX_NESTING = 4
MAX_NESTED_ARRAYS = 100_000


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


def quoted(name: str) -> str:
    """A name from an untrusted file, fit for a message: escaped and not too long."""
    return repr(name if len(name) <= 80 else name[:77] + "...")


class Cursor:
    """A place in a file's bytes; every read says what it wants, so that an error can name it."""

    def __init__(self, data: Buffer, name: str) -> None:
        self.data = data
        self.name = name
        self.pos = 0
        self.end = len(data)
        self.order = "<"
        self._nested_left = MAX_NESTED_ARRAYS

    @property
    def left(self) -> int:
        return self.end - self.pos

    def fail(self, message: str) -> NoReturn:
        raise FormatError(f"{self.name} is broken: {message} (byte {self.pos})")

    def need(self, size: int, what: str) -> None:
        if size > self.left:
            raise FormatError(
                f"{self.name} is cut short or broken: {what} at byte {self.pos} needs "
                f"{size} bytes, {self.left} are left; get the file again"
            )

    def skip(self, size: int, what: str) -> int:
        """Moves over bytes that are there for sure; returns where they begin."""
        self.need(size, what)
        start = self.pos
        self.pos += size
        return start

    def _unpack(self, letter: str, size: int, what: str) -> Any:
        start = self.skip(size, what)
        return struct.unpack(self.order + letter, self.data[start : start + size])[0]

    def u32(self, what: str) -> int:
        return int(self._unpack("I", 4, what))

    def u64(self, what: str) -> int:
        return int(self._unpack("Q", 8, what))

    def text(self, what: str, limit: int) -> bytes:
        """A string: 64-bit length, then bytes."""
        size = self.u64(f"the length of {what}")
        if size > limit:
            self.pos -= 8
            self.fail(f"{what} claims a length of {size} bytes, more than the {limit} allowed")
        start = self.skip(size, what)
        return self.data[start : start + size]

    def name_text(self, what: str) -> str:
        """A key or tensor name: not empty, valid UTF-8."""
        start = self.pos
        raw = self.text(what, MAX_KEY)
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            self.pos = start
            self.fail(f"{what} is not valid UTF-8")
        if not name:
            self.pos = start
            self.fail(f"{what} is empty")
        return name

    def value_type(self, what: str) -> ValueType:
        number = self.u32(f"the type of {what}")
        try:
            return ValueType(number)
        except ValueError:
            self.pos -= 4
            self.fail(f"{what} has the unknown value type {number}")

    def value(self, kind: ValueType, what: str) -> MetaValue:
        """One metadata value. Text that is not UTF-8 shows replacement characters."""
        if kind is ValueType.STRING:
            return self.text(what, MAX_TEXT).decode("utf-8", "replace")
        if kind is ValueType.ARRAY:
            return self._array(what, 1)
        letter, dtype = SCALARS[kind]
        number: int | float = self._unpack(letter, int(dtype[1]), what)
        if kind is not ValueType.BOOL:
            return number
        if number not in (0, 1):
            self.pos -= 1
            self.fail(f"{what} is neither true nor false but {number}")
        return bool(number)

    def _array(self, what: str, depth: int) -> MetaValue:
        kind = self.value_type(f"the array {what}")
        count = self.u64(f"the length of {what}")
        if kind is ValueType.STRING:
            return self._strings(count, what)
        if kind is ValueType.ARRAY:
            return self._nested(count, what, depth)
        return self._numbers(kind, count, what)

    def _strings(self, count: int, what: str) -> StringArray:
        self.need(8 * count, f"{what} with {count} strings")
        begin = self.pos
        result = scan_strings(self.data, begin, count, self.order == "<")
        if isinstance(result, int):
            self.pos = begin
            self.fail(f"{what} has {count} strings, number {result} runs past the end of the file")
        self.pos = result.end
        if self.pos - begin > MAX_ARRAY:
            self.fail(f"{what} has {self.pos - begin} bytes, more than the {MAX_ARRAY} allowed")
        return StringArray(self.data[begin : self.pos], result.starts - begin, result.sizes)

    def _numbers(self, kind: ValueType, count: int, what: str) -> NDArray[Any]:
        # Copied, so that it outlives the file and is aligned; costs well under a millisecond.
        dtype = np.dtype(self.order + SCALARS[kind][1])
        size = count * dtype.itemsize
        if size > MAX_ARRAY:
            self.fail(f"{what} claims {count} values, more than the {MAX_ARRAY} bytes allowed")
        start = self.skip(size, f"{what} with {count} values")
        raw = np.frombuffer(self.data[start : start + size], dtype)
        if kind is not ValueType.BOOL:
            return raw.astype(dtype.newbyteorder("="))
        if size and raw.max() > 1:
            self.fail(f"{what} has a value that is neither true nor false")
        return raw.astype(np.bool_)

    def _nested(self, count: int, what: str, depth: int) -> list[Any]:
        if depth >= MAX_NESTING:
            self.fail(f"{what} nests arrays more than {MAX_NESTING} deep")
        self.need(12 * count, f"{what} with {count} arrays")
        self._nested_left -= count
        if self._nested_left < 0:
            self.fail(f"{what} makes more than {MAX_NESTED_ARRAYS} nested arrays")
        return [self._array(f"{what}[{i}]", depth + 1) for i in range(count)]
