"""A connection in a thread of its own: it waits for the other side, so that the lane need not.

Plain HTTP with ranges, not the hub's Xet protocol: with ranges every byte on the disk is the file's
own, at its place, so that a kill, a loss of power or another network costs nothing of what came
before; any mirror serves it, proxies and speed limits act on it, and the bytes can be counted.
hf-xet keeps chunks in a cache of its own instead of going on within the file, and knows nothing of
the limits, proxies and certificates chosen here. It would spare bytes where a new version of a file
shares chunks with an old one, which a first download never does. Measured on two cores of a Zen 5
where the line is no bound (tests/measures/xet_against_http.py): Xet 506 MB/s, this 459; killed
half-way and begun anew Xet fetches 1.49 times the file, this 1.001.

Invariant: at most LOAD pieces are in memory; who does not take them lets the sender wait.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.hub.client import Hub

if TYPE_CHECKING:
    import httpx2

LOAD = 16  # pieces of at most 64 kB


@dataclass(frozen=True)
class Reply:
    """What stands before the bytes, with small names; on the file itself the hub's own word, which
    comes with the answer that leads to where the bytes lie."""

    status: int
    headers: Mapping[str, str]


class Stream:
    """One GET: opened at once, its pieces taken by whoever made it. `ring` is called, in the
    stream's thread, whenever there is something new."""

    def __init__(
        self, hub: Hub, url: str, start: int, stop: int | None, ring: Callable[[], None]
    ) -> None:
        self.reply: Reply | None = None  # as soon as the other side has answered
        self.error: BaseException | None = None  # once all pieces before it were taken
        self.hub, self._url, self._span, self._ring = hub, url, (start, stop), ring
        self._pieces: deque[bytes] = deque()
        self._change = threading.Condition()
        self._ended = self._closed = False
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="chaski-connection", daemon=True)
        self._thread.start()

    def take(self, most: int = LOAD) -> list[bytes]:
        """What has come, up to so many pieces; empty: there is nothing now. Look at `over` and
        `error` then."""
        with self._change:
            taken = [self._pieces.popleft() for _ in range(min(most, len(self._pieces)))]
            if taken:
                self._change.notify_all()
            else:
                self.error = self._failed
            return taken

    @property
    def over(self) -> bool:
        """Nothing more comes."""
        with self._change:
            return self._ended and not self._pieces

    def close(self) -> None:
        """Want no more; returns at once. The thread ends when the other side stirs, or by its
        client's timeout."""
        with self._change:
            self._closed = True
            self._pieces.clear()
            self._change.notify_all()

    def gone(self, seconds: float = 0.0) -> bool:
        """Whether its thread has ended, at the latest after so many seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            with self.hub.stream(self._url, *self._span) as answer:
                self.reply = _reply(answer)
                self._ring()
                for piece in answer.iter_raw():
                    if not self._put(piece):
                        return
        except BaseException as error:  # a library's panic ends this connection alone
            self._failed = error
        finally:
            with self._change:
                self._ended = True
            self._ring()

    def _put(self, piece: bytes) -> bool:
        with self._change:
            while len(self._pieces) >= LOAD and not self._closed:
                self._change.wait()
            if self._closed:
                return False
            self._pieces.append(piece)
        self._ring()
        return True


def _reply(answer: "httpx2.Response") -> Reply:
    found = {name.lower(): value for name, value in answer.headers.items()}
    for earlier in answer.history:
        for name in ("x-linked-etag", "x-linked-size", "x-repo-commit"):
            if name in earlier.headers:
                found[name] = earlier.headers[name]
    return Reply(answer.status_code, found)
