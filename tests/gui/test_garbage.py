"""Parts of a window are taken down in the GUI thread alone, whichever thread makes the garbage."""

import gc
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.patience import WAIT
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.garbage import Garbage, due
from gui.main_window import MainWindow
from gui.workers import Background

ENOUGH = 200_000  # objects: Python's own measure of a full collection is passed several times


def part_in_a_circle() -> tuple[QLabel, list[int]]:
    """A widget that only a collection frees, and the threads in which it was freed."""
    part, freed = QLabel("x"), []
    part.itself = part
    weakref.finalize(part, lambda: freed.append(threading.get_ident()))
    return part, freed


def litter() -> None:
    for _ in range(ENOUGH):
        circle: list[object] = []
        circle.append(circle)


def in_a_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_another_threads_garbage_takes_down_no_window(window: MainWindow, qtbot: QtBot) -> None:
    part, freed = part_in_a_circle()
    del part
    in_a_thread(litter)
    assert not freed
    qtbot.waitUntil(lambda: bool(freed))
    assert freed == [threading.get_ident()]


def test_without_windows_python_collects_again(garbage: Garbage) -> None:
    part, freed = part_in_a_circle()
    del part
    garbage.close()
    try:
        assert freed == [threading.get_ident()], "none is left for another thread"
        assert gc.isenabled()
    finally:
        garbage.begin()


def test_the_program_collects_in_its_own_thread(tmp_path: Path) -> None:
    """The real start: while windows are up, Python itself collects nowhere."""
    code = (
        "import gc, sys; from PySide6.QtCore import QTimer; from gui import app\n"
        "def look(shell):\n"
        "    print('collects', gc.isenabled()); QTimer.singleShot(0, shell._close_all)\n"
        "app.Shell.read = look\n"
        "sys.exit(app.main([]))"
    )
    env = {**os.environ, "PYTHONPATH": os.getcwd(), "CHASKI_HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, timeout=WAIT
    )
    assert ran.stdout.split() == ["collects", "False"], ran.stderr


def test_what_was_asked_of_the_background_ends_in_this_thread(qtbot: QtBot) -> None:
    background = Background()
    for answered in (True, False):
        part = QLabel("x")
        freed: list[int] = []
        weakref.finalize(part, lambda told=freed: told.append(threading.get_ident()))
        go = threading.Event()
        background.run(lambda part=part, go=go: go.wait() and part, print if answered else None)
        del part
        go.set()
        qtbot.waitUntil(lambda told=freed: bool(told))
        assert freed == [threading.get_ident()]
    background.close()


@pytest.mark.parametrize(
    ("counts", "oldest"),
    [
        ((0, 99, 99), None),
        ((701, 0, 99), 0),
        ((701, 11, 3), 1),
        ((701, 11, 11), 2),
    ],
)
def test_as_much_as_python_would(counts: tuple[int, int, int], oldest: int | None) -> None:
    assert due(counts, (700, 10, 10)) == oldest
    assert due(counts, (0, 10, 10)) is None, "it was told never to collect"
