"""A start loads what its window shows, and the rest when the window is up, in small pieces."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.patience import WAIT
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui.afterwards import Afterwards, modules_of
from gui.kind import Kind
from gui.main_window import VIEWS

# What nobody needs for a window with the chats in it.
LATER = (
    *(f"{kind.room}.{kind.room.rpartition('.')[2]}_view" for kind in VIEWS[1:]),
    *("gui.manual.manual", "gui.widgets.scatter"),
    *("engine.library.chats", "engine.library.models", "sqlite3"),
    *("numba", "numpy", "huggingface_hub", "jinja2", "pygments", "PIL"),
)
CODE = """
import gc, sys
from PySide6.QtCore import QTimer
from gui import app, start
def look(shell):
    later = sys.argv[1:]
    print(*[name for name in later if name in sys.modules], shell.windows[0].isVisible())
    print(shell.windows[0]._shown_view().kind.name, gc.isenabled())
    QTimer.singleShot(0, shell._close_all)
app.Shell.read = look
sys.exit(start.main([]))
"""


def started(home: Path) -> list[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "CHASKI_HOME": str(home)}
    command = [sys.executable, "-c", CODE, *LATER]
    ran = subprocess.run(command, capture_output=True, text=True, env=env, timeout=WAIT)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_a_start_loads_no_view_that_is_not_shown(tmp_path: Path) -> None:
    assert started(tmp_path) == ["True", "chats False"]


def test_the_view_that_was_shown_last_is_loaded_at_once(tmp_path: Path) -> None:
    started(tmp_path)  # writes its state
    state = next(tmp_path.rglob("window-state.json"))
    state.write_text(state.read_text().replace('"chats"', '"hardware"'))
    loaded, shown = started(tmp_path)
    assert "gui.hardware.hardware_view" in loaded
    assert "gui.settings" not in loaded
    assert shown == "hardware False"


def test_the_rest_comes_piece_by_piece(qtbot: QtBot) -> None:
    done: list[int] = []
    parent = QObject()
    Afterwards((lambda n=n: done.append(n) for n in range(3)), parent)
    assert done == []
    qtbot.waitUntil(lambda: done == [0, 1, 2])


def test_nothing_comes_after_the_end(qtbot: QtBot) -> None:
    done: list[int] = []
    afterwards = Afterwards([lambda: done.append(1)], parent := QObject())
    afterwards.close()
    qtbot.wait(100)
    assert done == []
    parent.deleteLater()


@pytest.mark.parametrize("kind", VIEWS, ids=[kind.name for kind in VIEWS])
def test_all_modules_of_a_view_are_found(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(f"{kind.room}.")]:
        monkeypatch.delitem(sys.modules, name)
    files = (ROOT / kind.room.replace(".", "/")).glob("*.py")
    names = sorted(f"{kind.room}.{f.stem}" for f in files if f.stem != "__init__")
    assert sorted(modules_of([kind])) == names
