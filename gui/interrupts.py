"""Ctrl-C in the terminal, and the system's wish to end: the program closes as if by hand.

While Qt waits, Python does not run, so a signal must wake it: the system writes into a pipe.
"""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts(QObject):
    """Calls `end` with the exit code that shells expect; `close` gives everything back."""

    def __init__(self, end: Callable[[int], object]) -> None:
        super().__init__()
        self._end = end
        self._pipe: tuple[int, ...] = ()
        if not sys.platform.startswith("win"):  # there it would take a socket
            self._listen()

    def _listen(self) -> None:
        self._pipe = os.pipe()
        for side in self._pipe:
            os.set_blocking(side, False)
        self._notifier = QSocketNotifier(self._pipe[0], QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda: os.read(self._pipe[0], 4096))
        self._wakeup_before = signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        self._before = [signal.signal(number, self._heed) for number in SIGNALS]

    def _heed(self, number: int, frame: FrameType | None) -> None:
        self._end(128 + number)

    def close(self) -> None:
        if not self._pipe:
            return
        self._notifier.setEnabled(False)
        for number, handler in zip(SIGNALS, self._before, strict=True):
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        for side in self._pipe:
            os.close(side)
        self._pipe = ()
