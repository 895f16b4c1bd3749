"""What is left out of the frozen program, and the small model that it is tried with."""

import importlib.metadata
import os
import runpy
import sys
from pathlib import Path

import licences
import parts
import pytest
import sums
import tiny_checkpoint
from helpers.data import ROOT
from program import facts

from engine.cli import main


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt/qml/QtQuick/qmldir",
        "PySide6/Qt6Qml.dll",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/translations/qtbase_de.qm",
        "numpy/tests/data.csv",
        "libfontconfig.so.1",
        "libgtk-3.so.0",
        "libglib-2.0.so.0",
        "libstdc++.so.6",
    ],
)
def test_left_out(name: str) -> None:
    assert not parts.is_wanted(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt/lib/libQt6Core.so.6",
        "PySide6/Qt/lib/libicudata.so.73",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/translations/qtbase_fr.qm",
        "PySide6/translations/qtbase_ja.qm",
        "llvmlite/binding/libllvmlite.so",
        "numpy.libs/libscipy_openblas64_-32a4b2a6.so",
        "libxcb-cursor.so.0",
        "libssl.so.3",
        "libsqlite3.so.0",
    ],
)
def test_kept(name: str) -> None:
    assert parts.is_wanted(name)


def test_nothing_of_ours_is_left_out() -> None:
    ours = [path for name in ("engine", "gui", "resources") for path in (ROOT / name).rglob("*")]
    names = [path.relative_to(ROOT).as_posix() for path in ours if path.is_file()]
    unwanted = [n for n in names if "__pycache__" not in n and not parts.is_wanted(n)]
    assert [n for n in unwanted if not n.endswith(".ts")] == []  # translators’ alone


def test_the_small_model_converts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "home"))
    made = tmp_path / "tiny.gguf"
    assert main(["convert", str(tiny_checkpoint.write(tmp_path / "tiny")), str(made)]) == 0
    assert main(["tokenize", str(made), "é a"]) == 0
    assert len(capsys.readouterr().out.split()) >= 4  # one for each byte


def test_sums_are_kept_for_what_is_not_made_again(tmp_path: Path) -> None:
    for name in ("a.deb", "b.run"):
        (tmp_path / name).write_bytes(name.encode())
    sums.write_sums(tmp_path, [tmp_path / "a.deb"])
    (tmp_path / "b.run").write_bytes(b"again")
    path = sums.write_sums(tmp_path, [tmp_path / "b.run"])
    lines = path.read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == ["a.deb", "b.run"]
    assert lines[1].split()[0] == sums.digest(tmp_path / "b.run")


@pytest.mark.parametrize("before", ["", "/opt/lib"])
def test_what_it_starts_gets_the_libraries_of_the_system(
    before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/chaski/_internal")
    if before:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    runpy.run_path(str(ROOT / "packaging" / "frozen" / "surroundings.py"))
    assert os.environ.get("LD_LIBRARY_PATH", "") == before
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ


def test_licences_of_what_was_packed_and_of_nothing_else() -> None:
    """A compiled module is known by its name, a library by where it lay; texts stand once."""
    found = importlib.metadata.distribution("llvmlite")
    library = next(file for file in found.files or [] if file.name.startswith("libllvmlite."))
    packed = [
        ("jinja2/environment.pyc", Path("/tmp/environment.pyc")),
        ("llvmlite/binding/it", Path(str(found.locate_file(library)))),
    ]
    if sys.platform == "win32":
        packed[1] = ("llvmlite/__init__.pyc", Path("/tmp/__init__.pyc"))
    text = licences.collect(facts(), ROOT, packed)
    heads = [line for line in text.splitlines() if line.startswith(("Jinja2 ", "llvmlite "))]
    assert len(heads) == 2
    assert "numba 0" not in text
    assert "SIL OPEN FONT LICENSE" in text.upper()
    assert "PSF LICENSE AGREEMENT" in text.upper() or "PYTHON SOFTWARE FOUNDATION" in text.upper()
    assert "MIT License" in text.split("=" * 80)[1]


def test_a_licence_that_a_library_only_names_is_added() -> None:
    pytest.importorskip("PySide6")
    text = licences.collect(facts(), ROOT, [("PySide6/__init__.pyc", Path("/tmp/__init__.pyc"))])
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert "GNU GENERAL PUBLIC LICENSE" in text
