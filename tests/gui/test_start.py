"""The window comes up without the engine's weight, and says what to do without a display."""

import os
import subprocess
import sys

ENV = {**os.environ, "PYTHONPATH": os.getcwd()}


def run(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**ENV, **env},
        timeout=120,
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
