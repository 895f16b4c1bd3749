"""A remote file's bytes, fetched by ranges as they are needed: enough to read a head of megabytes
of a file of many gigabytes.

Invariant: what was fetched once is kept and not fetched again; all pieces are of one file as the
repository's record describes it, or there is a HubError.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping

from engine.base.catalogue import Words
from engine.base.errors import HubError, HubFault
from engine.base.words import quoted
from engine.hub.client import Hub
from engine.hub.reading import lie
from engine.hub.records import HubFile

FIRST, LARGEST = 256 << 10, 4 << 20  # bytes of a piece
MOST = 96 << 20  # of one file; the heads of the largest vocabularies have some 12 MB
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")


class Pieces:
    """`checkpoint` is called before each request and may raise to stop; `fetched` counts bytes."""

    def __init__(
        self,
        hub: Hub,
        repo: str,
        commit: str,
        file: HubFile,
        checkpoint: Callable[[], object] = lambda: None,
    ) -> None:
        self._hub, self._file, self._checkpoint = hub, file, checkpoint
        self._address = hub.address(repo, file.path, commit)
        self._link = self._address
        self._starts, self._pieces = list[int](), list[bytes]()
        self._next = FIRST
        self.size = file.size
        self.fetched = 0

    def read_into(self, offset: int, target: memoryview) -> None:
        """Fills `target` from byte `offset` on; all of it lies inside the file."""
        done = 0
        while done < len(target):
            piece, start = self._piece_at(offset + done, len(target) - done)
            inside = offset + done - start
            part = piece[inside : inside + len(target) - done]
            target[done : done + len(part)] = part
            done += len(part)

    def _piece_at(self, offset: int, wanted: int) -> tuple[bytes, int]:
        """A piece that holds byte `offset`, and where it starts."""
        at = bisect_right(self._starts, offset) - 1
        if at >= 0 and offset < self._starts[at] + len(self._pieces[at]):
            return self._pieces[at], self._starts[at]
        follows = at >= 0 and offset == self._starts[at] + len(self._pieces[at])
        self._next = min(2 * self._next, LARGEST) if follows else FIRST
        stop = min(self.size, offset + max(self._next, min(wanted, LARGEST)))
        if at + 1 < len(self._starts):
            stop = min(stop, self._starts[at + 1])
        piece = self._fetch(offset, stop)
        self._starts.insert(at + 1, offset)
        self._pieces.insert(at + 1, piece)
        return piece, offset

    def _fetch(self, start: int, stop: int) -> bytes:
        if self.fetched + stop - start > MOST:
            raise lie(
                self._host,
                Words("has a file {file} whose head does not end", file=quoted(self._file.path)),
            )
        try:
            return self._asked(start, stop)
        except HubError as error:
            if error.why is not HubFault.EXPIRED or self._link == self._address:
                raise
        self._link = self._address  # a new link
        return self._asked(start, stop)

    def _asked(self, start: int, stop: int) -> bytes:
        self._checkpoint()
        with self._hub.stream(self._link, start, stop) as answer:
            for step in answer.history:
                self._check_record(step.headers)
            self._check_range(answer.status_code, answer.headers, start)
            pieces, size = list[bytes](), 0
            for piece in answer.iter_raw():
                pieces.append(piece)
                size += len(piece)
                if size >= stop - start:
                    break  # a server that knows no ranges would send everything
            self._link = str(answer.url)
        self.fetched += size
        if size < stop - start:
            words = Words(
                "{host} sent only {size} of {stop} bytes; try again",
                host=self._host,
                size=size,
                stop=stop - start,
            )
            raise HubError(words, HubFault.CUT)
        return b"".join(pieces)[: stop - start]

    def _check_record(self, headers: Mapping[str, str]) -> None:
        """What the hub says on the way to the file."""
        told = headers.get("x-linked-size", "")
        if told.isdecimal() and int(told) != self.size:
            raise self._other_size(told)
        etag = headers.get("x-linked-etag", "").strip('"').lower()
        if self._file.sha256 and len(etag) == len(self._file.sha256) and etag != self._file.sha256:
            path = quoted(self._file.path)
            raise lie(
                self._host,
                Words("keeps another file under {file} than the one it describes", file=path),
            )

    def _check_range(self, status: int, headers: Mapping[str, str], start: int) -> None:
        if status == 200:
            told = headers.get("content-length", "")
            if told.isdecimal() and int(told) != self.size:
                raise self._other_size(told)
            if start:
                words = Words("{host} gives no parts of files; download it whole", host=self._host)
                raise HubError(words, HubFault.REFUSED)
            return
        found = _RANGE.fullmatch(headers.get("content-range", ""))
        if status != 206 or found is None or int(found[1]) != start:
            raise lie(self._host, Words("sends another part of the file than was asked for"))
        if int(found[3]) != self.size:
            raise self._other_size(found[3])

    def _other_size(self, told: str) -> HubError:
        return lie(
            self._host,
            Words(
                "says that {file} has {size} bytes, but it has {told}",
                file=quoted(self._file.path),
                size=self.size,
                told=told[:18],
            ),
        )

    @property
    def _host(self) -> str:
        return self._hub.settings.host
