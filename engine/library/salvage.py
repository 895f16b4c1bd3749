"""Reads what is left of a damaged SQLite file, page by page, without SQLite.

Every page is looked at for itself, so a torn page costs its own rows alone. Untrusted: every offset
is checked, chains of pages end at a page seen before, and the bytes read are bounded by the file's.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

Value = int | float | str | bytes | None

TABLE_LEAF, INDEX_LEAF, INDEX_INTERIOR = 0x0D, 0x0A, 0x02
_USUAL_PAGE = 4096
_MAX_COLUMNS = 64
_FRAME_HEAD, _LOG_HEAD = 24, 32


@dataclass(frozen=True)
class Row:
    """A row of some table; `whole` is False where a part of it could not be read."""

    number: int
    values: tuple[Value, ...]
    whole: bool = True


@dataclass
class Found:
    """Rows of all tables and entries of all indexes, in the order of their pages."""

    rows: list[Row] = field(default_factory=list)
    entries: list[tuple[Value, ...]] = field(default_factory=list)
    broken: int = 0  # cells that could not be read at all


def salvage(path: Path) -> Found:
    """Everything that can be read; of an unreadable file nothing."""
    found = Found()
    try:
        with path.open("rb") as file:
            pages = _Pages(file, path.stat().st_size, _log_of(path))
            for number in pages.used():
                _read_page(pages, number, found)
            pages.close()
    except OSError:
        pass
    return found


class _Pages:
    """Pages by number, from 1; those in the log that was not folded in yet come first."""

    def __init__(self, file: BinaryIO, size: int, log: Path | None) -> None:
        self._file = file
        head = file.read(100)
        self.size = _page_size(head)
        self.count = size // self.size
        self._log = log.open("rb") if log is not None else None
        self._newer = self._frames()
        self.count = max([self.count, *self._newer])
        self.budget = 4 * (size + self.size * len(self._newer)) + (1 << 20)
        self.usable = self.size - (head[20] if len(head) > 20 and head[20] < 32 else 0)

    def close(self) -> None:
        if self._log is not None:
            self._log.close()

    def page(self, number: int) -> bytes:
        """Empty where there is none, or where the budget is spent."""
        if not 1 <= number <= self.count or self.budget <= 0:
            return b""
        self.budget -= self.size
        if number in self._newer and self._log is not None:
            self._log.seek(self._newer[number])
            return self._log.read(self.size)
        self._file.seek((number - 1) * self.size)
        return self._file.read(self.size)

    def used(self) -> Iterator[int]:
        """All pages but the free ones, which hold what was deleted."""
        free = self._free()
        return (number for number in range(1, self.count + 1) if number not in free)

    def _free(self) -> set[int]:
        first = self.page(1)
        trunk = int.from_bytes(first[32:36], "big")
        free: set[int] = set()
        while trunk and trunk not in free:
            page = self.page(trunk)
            if not page or page[0] in (TABLE_LEAF, INDEX_LEAF, INDEX_INTERIOR):
                break  # a damaged list: better a deleted row too many than a page lost
            free.add(trunk)
            n = min(int.from_bytes(page[4:8], "big"), self.size // 4 - 2)
            free.update(int.from_bytes(page[8 + 4 * i : 12 + 4 * i], "big") for i in range(n))
            trunk = int.from_bytes(page[:4], "big")
        return free

    def _frames(self) -> dict[int, int]:
        """Page → its newest committed place in the log."""
        if self._log is None:
            return {}
        head = self._log.read(_LOG_HEAD)
        salts, place = head[16:24], _LOG_HEAD
        waiting: dict[int, int] = {}
        committed: dict[int, int] = {}
        while len(frame := self._log.read(_FRAME_HEAD)) == _FRAME_HEAD and frame[8:16] == salts:
            waiting[int.from_bytes(frame[:4], "big")] = place + _FRAME_HEAD
            place += _FRAME_HEAD + self.size
            self._log.seek(place)
            if any(frame[4:8]):
                committed.update(waiting)
                waiting.clear()
        return {
            page: at for page, at in committed.items() if 0 < page <= self.count + len(committed)
        }


def _page_size(head: bytes) -> int:
    size = int.from_bytes(head[16:18], "big")
    size = 65536 if size == 1 else size
    sound = head[:15] == b"SQLite format 3" and 512 <= size <= 65536 and size & (size - 1) == 0
    return size if sound else _USUAL_PAGE


def _log_of(path: Path) -> Path | None:
    log = path.with_name(path.name + "-wal")
    return log if log.is_file() and log.stat().st_size > _LOG_HEAD else None


def _read_page(pages: _Pages, number: int, found: Found) -> None:
    page = pages.page(number)
    start = 100 if number == 1 else 0
    if len(page) < pages.size or page[start] not in (TABLE_LEAF, INDEX_LEAF, INDEX_INTERIOR):
        return
    kind = page[start]
    cells = int.from_bytes(page[start + 3 : start + 5], "big")
    places = start + (12 if kind == INDEX_INTERIOR else 8)
    for i in range(min(cells, (pages.size - places) // 2)):
        at = int.from_bytes(page[places + 2 * i : places + 2 * i + 2], "big")
        try:
            _read_cell(pages, page, kind, at, found)
        except (IndexError, ValueError):
            found.broken += kind == TABLE_LEAF


def _read_cell(pages: _Pages, page: bytes, kind: int, at: int, found: Found) -> None:
    if at < 8:
        raise ValueError
    if kind == INDEX_INTERIOR:
        at += 4
    size, at = _varint(page, at)
    number = 0
    if kind == TABLE_LEAF:
        number, at = _varint(page, at)
        number -= (number >> 63) << 64
    payload = _payload(pages, page, at, size, kind == TABLE_LEAF)
    values = tuple(_values(payload))
    whole = len(payload) == size
    if kind == TABLE_LEAF:
        found.rows.append(Row(number, values, whole))
    elif whole:
        found.entries.append(values)


def _payload(pages: _Pages, page: bytes, at: int, size: int, table: bool) -> bytes:
    """What lies in the page, and the chain of pages where the rest is; short where it breaks."""
    if size > pages.count * pages.size:
        raise ValueError
    usable = pages.usable
    most = usable - 35 if table else (usable - 12) * 64 // 255 - 23
    if size <= most:
        return page[at : at + size]
    least = (usable - 12) * 32 // 255 - 23
    here = least + (size - least) % (usable - 4)
    here = here if here <= most else least
    parts, left = [page[at : at + here]], size - here
    following = int.from_bytes(page[at + here : at + here + 4], "big")
    seen: set[int] = set()
    while left > 0 and following not in seen:
        seen.add(following)
        rest = pages.page(following)
        if not rest:
            break
        parts.append(rest[4 : 4 + min(left, usable - 4)])
        left -= len(parts[-1])
        following = int.from_bytes(rest[:4], "big")
    return b"".join(parts)


def _values(payload: bytes) -> Iterator[Value]:
    """The columns of a record; one that does not fit into it is cut."""
    head, at = _varint(payload, 0)
    kinds: list[int] = []
    if not 0 < head <= len(payload):
        raise ValueError
    while at < head and len(kinds) < _MAX_COLUMNS:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    at = head
    for kind in kinds:
        n = _length(kind)
        yield _value(kind, payload[at : at + n])
        at += n


def _length(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)[kind]


def _value(kind: int, data: bytes) -> Value:
    if kind >= 12:
        return data if kind % 2 == 0 else data.decode("utf-8", "replace")
    if kind == 7:
        return float(struct.unpack(">d", data)[0]) if len(data) == 8 else None
    if 1 <= kind <= 6:
        return int.from_bytes(data, "big", signed=True)
    return {8: 0, 9: 1}.get(kind)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """SQLite's number of one to nine bytes, and the place behind it."""
    value = 0
    for i in range(8):
        byte = data[at + i]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + i + 1
    return value << 8 | data[at + 8], at + 9
