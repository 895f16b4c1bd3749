"""`engine` and `gui` are common names: another program's package is a sentence, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.data import ROOT

WINDOW = "import sys; from gui.start import main; sys.exit(main(['--version']))"
VERBS = "import sys; from engine.cli import main; sys.exit(main([]))"


@pytest.mark.parametrize(("foreign", "code"), [("engine", WINDOW), ("gui", VERBS)])
def test_another_programs_package(foreign: str, code: str, tmp_path: Path) -> None:
    (tmp_path / foreign).mkdir()
    (tmp_path / foreign / "__init__.py").write_text("")
    ours = {**os.environ, "PYTHONPATH": str(ROOT), "CHASKI_HOME": str(tmp_path)}
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, cwd=tmp_path, env=ours, capture_output=True, text=True)
    assert found.returncode == 1
    assert f"package {foreign}, in {tmp_path / foreign}, stands in the way" in found.stderr
    assert "Traceback" not in found.stderr
