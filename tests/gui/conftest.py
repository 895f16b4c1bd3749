"""The window without a display: a fake engine, a fresh home, and nothing may be left running."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt is imported anywhere
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"  # nobody's own

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from helpers.fake_engine import REPORT, FakeEngine
from helpers.patience import WAIT_MS
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.api import Engine, Paths
from gui.app import Shell
from gui.chat.book import Book
from gui.garbage import Garbage
from gui.main_window import MainWindow


@pytest.fixture(scope="module", autouse=True)
def garbage(qapp: QApplication) -> Iterator[Garbage]:
    """As in the program: what a test leaves of its window meets no thread of the next one."""
    made = Garbage()
    yield made
    made.close()


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """Patient: beside a busy program a test is slow, and not wrong for that."""
    for name in ("waitUntil", "waitSignal"):
        setattr(qtbot, name, partial(getattr(qtbot, name), timeout=WAIT_MS))
    return qtbot


@pytest.fixture
def engine(tmp_path: Path) -> FakeEngine:
    return FakeEngine(Paths.under(tmp_path))


@pytest.fixture
def shell(qapp: QApplication, engine: FakeEngine) -> Iterator[Shell]:
    made = Shell(qapp, engine, Book())  # type: ignore[arg-type]
    made.tooltips.begin()
    made.desk.preferences = replace(made.desk.preferences, auto_titles=False)  # see test_titles
    yield made
    made.close()
    running = [timer for timer in made.desk.findChildren(QTimer) if timer.isActive()]
    assert not running, "a timer of the desk still runs after it was closed"
    _forget(made)
    left = [t.name for t in threading.enumerate() if t.name.startswith("chaski")]
    assert not left, f"threads were left running: {left}"


@pytest.fixture
def real_shell(qapp: QApplication, tmp_path: Path) -> Iterator[Shell]:
    """With the real engine, an empty library and a computer that is always the same."""
    home = Paths.under(tmp_path / "home")
    home.models.mkdir(parents=True)
    made = Shell(qapp, Engine(home), Book())
    made.desk.hardware = REPORT
    made.tooltips.begin()
    yield made
    made.close()
    _forget(made)


@pytest.fixture
def workshop(real_shell: Shell) -> MainWindow:
    """A window at work: the real engine's, showing the workshop."""
    made = real_shell.open_window()
    made.resize(1280, 800)
    made.show_view("workshop")
    return made


def _forget(shell: Shell) -> None:
    shell.theme.parent().setProperty("chaskiTheme", None)  # who asks next makes one
    for part in (shell.book, shell.desk, shell.theme):
        part.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(shell: Shell) -> MainWindow:
    made = shell.open_window()
    made.resize(1280, 800)  # the offscreen platform's screen is smaller
    return made


@pytest.fixture
def ready(window: MainWindow, shell: Shell, qtbot: "object") -> MainWindow:
    """A window whose chat has a model."""
    window.open_path("/models/Qwen3 4B.gguf")
    qtbot.waitUntil(lambda: window.chat.talk.model is not None)  # type: ignore[attr-defined]
    return window
