"""Arrays of strings as GGUF stores them: found quickly, decoded only when asked for.

A vocabulary of 150,000 tokens is a chain of (64-bit length, bytes). Lengths under 256 show as
seven zero bytes, so NumPy finds most links at once; what it cannot see is stepped one by one.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from engine.weights.formats.open_file import Window

FIRST_WINDOW = 1 << 12
LAST_WINDOW = 1 << 18  # stays in the cache
STEPS = 64  # strings stepped one by one before another look at a whole window

Offsets = NDArray[np.int64]


class Strings(NamedTuple):
    """Where each string's bytes start, how many there are, and where the array ends."""

    starts: Offsets
    sizes: Offsets
    end: int


class StringArray(Sequence[str]):
    """A list of strings kept as bytes; items decode on access (broken UTF-8 shows as U+FFFD)."""

    def __init__(self, data: bytes, starts: Offsets, sizes: Offsets) -> None:
        self._data = data
        self._starts = starts
        self._sizes = sizes

    def __len__(self) -> int:
        return len(self._starts)

    def raw(self, index: int) -> bytes:
        """The bytes of one string, exactly as the file has them."""
        start = int(self._starts[index])
        return self._data[start : start + int(self._sizes[index])]

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return self.raw(index).decode("utf-8", "replace")

    def __iter__(self) -> Iterator[str]:
        data = self._data
        ends = (self._starts + self._sizes).tolist()
        for start, end in zip(self._starts.tolist(), ends, strict=True):
            yield data[start:end].decode("utf-8", "replace")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (StringArray, list, tuple)):
            return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"StringArray({len(self)} strings)"


def _links(window: NDArray[np.uint8], little: bool) -> tuple[Offsets, Offsets]:
    """Places in the window that could be a string's length under 256, and those lengths."""
    zero = window == 0
    pairs = zero[:-1] & zero[1:]
    fours = pairs[:-2] & pairs[2:]
    sevens = fours[:-3] & fours[3:]
    if little:
        places = np.flatnonzero(sevens[1:])
        return places, window[places].astype(np.int64)
    places = np.flatnonzero(sevens[:-1])
    return places, window[places + 7].astype(np.int64)


def _chain(window: NDArray[np.uint8], little: bool) -> tuple[Offsets, Offsets]:
    """The strings that follow each other from the window's first byte on, as far as is certain."""
    places, sizes = _links(window, little)
    if not len(places) or places[0] != 0:
        return places[:0], sizes[:0]
    linked = places[:-1] + 8 + sizes[:-1] == places[1:]
    n = int(np.argmin(linked)) if not linked.all() else len(linked)
    # Place n is reached from its predecessor, so it is a true length as well.
    return places[: n + 1], sizes[: n + 1]


def scan_strings(data: Window | bytes, pos: int, count: int, little: bool) -> Strings | int:
    """Finds `count` strings from `pos`; or the number of the one that runs past the end."""
    starts = np.empty(count, np.int64)
    sizes = np.empty(count, np.int64)
    order: Literal["little", "big"] = "little" if little else "big"
    window_size, i, end = FIRST_WINDOW, 0, len(data)
    while i < count:
        window = np.frombuffer(data[pos : pos + window_size], np.uint8)
        if len(window) >= 16:
            places, lengths = _chain(window, little)
            n = min(len(places), count - i)
            starts[i : i + n] = places[:n] + (pos + 8)
            sizes[i : i + n] = lengths[:n]
            if n:
                i += n
                pos = int(starts[i - 1] + sizes[i - 1])
                if pos > end:
                    return i - 1
            # A chain that broke early means long strings here: look at less next time.
            window_size = min(window_size * 4, LAST_WINDOW) if n > STEPS else FIRST_WINDOW
        for _ in range(min(STEPS if window_size == FIRST_WINDOW else 1, count - i)):
            size = int.from_bytes(data[pos : pos + 8], order)
            if pos + 8 + size > end:
                return i
            starts[i], sizes[i] = pos + 8, size
            pos += 8 + size
            i += 1
    return Strings(starts, sizes, pos)
