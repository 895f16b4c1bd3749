"""What is compiled before a frozen program starts is what would be compiled then."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree

import pytest
from helpers.data import ROOT

pytest.importorskip("PySide6")

FROZEN = """
import dataclasses, runpy, sys
sys._MEIPASS = sys.argv[1]
made = runpy.run_path(sys.argv[2])
take, anew, texts = dataclasses.exec, [], made["marshal"]
known = {name: texts.loads(table) for name, table in made["tables"]().items()}
def look(text, spaces, names):
    if text not in known.get(spaces["__name__"], {}):
        anew.append(spaces["__name__"])
    take(text, spaces, names)
dataclasses.exec = look
import gui.app
from engine.base.settings import SamplingParams
print(len(known) > 50, anew, dataclasses.replace(SamplingParams(), seed=3))
"""
WRONG = """
import sys
from PySide6.QtCore import QPoint
print(sorted(n for n in ("argparse", "logging") if n in sys.modules), file=sys.stderr)
try:
    QPoint("x", "y")
except TypeError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("beforehand")
    tool = ROOT / "packaging" / "installers" / "beforehand.py"
    subprocess.run([sys.executable, str(tool), str(made)], check=True)
    return made


def run(code: str, *words: str, paths: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([*paths, str(ROOT)])
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )


def test_no_dataclass_of_a_start_is_compiled_anew(place: Path) -> None:
    hook = ROOT / "packaging" / "frozen" / "beforehand.py"
    told = run(FROZEN, str(place), str(hook)).stdout
    assert told.startswith("True [] SamplingParams(")
    assert "seed=3" in told


def test_what_another_python_has_made_is_not_taken(tmp_path: Path) -> None:
    hook = ROOT / "packaging" / "frozen" / "beforehand.py"
    code = "import runpy, sys; sys._MEIPASS = sys.argv[1]\n"
    code += "print(runpy.run_path(sys.argv[2])['tables']()); import engine.base.settings"
    assert run(code, str(tmp_path), str(hook)).stdout == "{}\n"
    (tmp_path / "dataclasses.code").write_bytes(b"(\x02\x00\x00\x00z\x03old{0")
    assert run(code, str(tmp_path), str(hook)).stdout == "{}\n"


@pytest.mark.skipif(sys.platform != "linux", reason="libraries are found in another way")
def test_pyside_says_the_same_of_what_is_wrong(place: Path, tmp_path: Path) -> None:
    spec = find_spec("shiboken6")
    assert spec is not None
    assert spec.origin is not None
    copytree(Path(spec.origin).parent, tmp_path / "shiboken6")
    copytree(place / "shiboken6", tmp_path / "shiboken6", dirs_exist_ok=True)
    usual, beforehand = run(WRONG), run(WRONG, paths=(str(tmp_path),))
    assert "Supported signatures" in usual.stdout
    assert beforehand.stdout == usual.stdout
    assert beforehand.stderr == "[]\n"
