"""A signal ends the event loop with the code that shells expect, also while nothing happens."""

import os
import signal
import sys

import pytest
from pytestqt.qtbot import QtBot

from gui.interrupts import Interrupts


@pytest.mark.skipif(sys.platform == "win32", reason="signals wake Qt through a pipe only on Unix")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program(number: int, qtbot: QtBot) -> None:
    before = signal.getsignal(number)
    codes: list[int] = []
    interrupts = Interrupts(codes.append)
    os.kill(os.getpid(), number)
    qtbot.waitUntil(lambda: codes == [128 + number])
    interrupts.close()
    assert signal.getsignal(number) is before
