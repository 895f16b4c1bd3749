"""A connection in a thread of its own: it waits for the other side, so that the lane need not.

Invariant: at most LOAD pieces are in memory; who does not take them lets the sender wait.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping

from engine.hub.download_patience import Trouble
from engine.hub.download_web import Reply, Web, trouble_of

LOAD = 16  # pieces of at most 64 kB


class Stream:
    """One GET: opened at once, its pieces taken by whoever made it. `ring` is called, in the
    stream's thread, whenever there is something new."""

    def __init__(
        self, web: Web, url: str, headers: Mapping[str, str], ring: Callable[[], None]
    ) -> None:
        self.reply: Reply | None = None  # as soon as the other side has answered
        self.error: Exception | None = None  # once all pieces before it were taken
        self._web, self._url, self._headers, self._ring = web, url, headers, ring
        self._pieces: deque[bytes] = deque()
        self._change = threading.Condition()
        self._ended = self._closed = False
        self._failed: Exception | None = None
        threading.Thread(target=self._run, name="chaski-connection", daemon=True).start()

    def take(self) -> bytes:
        """The next piece; empty: there is none now. Look at `over` and `error` then."""
        with self._change:
            if self._pieces:
                piece = self._pieces.popleft()
                self._change.notify_all()
                return piece
            self.error = self._failed
            return b""

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

    def _run(self) -> None:
        try:
            with self._web.get(self._url, self._headers) as reply:
                self.reply = reply
                self._ring()
                for piece in reply.pieces:
                    if not self._put(piece):
                        return
        except Trouble as trouble:
            self._failed = trouble
        except BaseException as error:  # a library's panic ends this connection alone
            self._failed = trouble_of(error, "the hub")
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
