"""The window with the real engine and no display: a fresh home, and nothing may be left running."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt is imported anywhere

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from engine.api import Engine, LoadOptions, Paths
from engine.text import apart
from gui import opened
from gui.app import Shell
from gui.garbage import Garbage


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return Paths.under(tmp_path / "home")


@pytest.fixture
def shell(qapp: QApplication, home: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    # The oracle backend compiles nothing: these journeys are about the window, not about speed.
    options = LoadOptions(backend="reference", batch=16)
    monkeypatch.setattr(opened, "LoadOptions", lambda **chosen: replace(options, **chosen))
    garbage = Garbage()
    made = Shell(qapp, Engine(home))
    yield made
    made.close()
    for part in (made.book, made.desk, made.theme):
        part.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    apart.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("chaski")]
    del made
    garbage.close()
