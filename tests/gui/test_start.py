"""The window comes up without the engine's weight, and says what to do without a display."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers.patience import WAIT

ENV = {**os.environ, "PYTHONPATH": os.getcwd()}


def run(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**ENV, **env},
        timeout=WAIT,
    )


def test_import_is_light() -> None:
    done = run(
        "import sys, gui.app; print([m for m in sys.modules "
        "if m.split('.')[0] in ('numpy', 'numba', 'llvmlite', 'tokenizers', 'pygments')])"
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_no_display_is_a_sentence() -> None:
    done = run(
        "import sys, gui.start; sys.exit(gui.start.main([]))",
        QT_QPA_PLATFORM="",
        DISPLAY="",
        WAYLAND_DISPLAY="",
    )
    if sys.platform.startswith("linux"):
        assert done.returncode == 1
        assert "chaski chat" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.parametrize("seconds", [0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8])
def test_ctrl_c_while_it_starts_is_no_traceback(seconds: float, tmp_path: Path) -> None:
    """From the moment its first line runs, however busy the machine is."""
    code = "import sys, gui.start; print('begun', flush=True); sys.exit(gui.start.main())"
    started = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**ENV, "QT_QPA_PLATFORM": "offscreen", "CHASKI_HOME": str(tmp_path)},
    )
    try:
        assert started.stdout is not None
        assert started.stdout.readline() == "begun\n"
        time.sleep(seconds)
        started.send_signal(signal.SIGINT)
        _, told = started.communicate(timeout=WAIT)
    finally:
        started.kill()
    assert "Traceback" not in told
    assert started.returncode in (-signal.SIGINT, 130)


def test_imports_behind_qt_read_no_sources() -> None:
    """PySide looks through whatever is imported after it, a tenth of a start."""
    done = run(
        "import inspect, gui.start\n"
        "read = []\n"
        "inspect.getsource = lambda module: read.append(module.__name__) or ''\n"
        "import PySide6.QtCore\n"
        "gui.start.import_as_usual()\n"
        "read.clear()\n"
        "import gui.app, wave\n"
        "print(read)\n"
    )
    assert done.stdout == "[]\n", done.stderr
