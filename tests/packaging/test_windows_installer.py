"""The installer for Windows: its script compiles, and says everything in each of its languages."""

import re
import shutil
import zipfile
from pathlib import Path

import pytest
import windows
from helpers.data import ROOT
from program import facts

WORDS = ROOT / "packaging" / "windows" / "words.nsh"
SPOKEN = {"ENGLISH", "FRENCH", "JAPANESE"}


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """A stand-in of the frozen program."""
    folder = tmp_path / "frozen"
    (folder / "_internal" / "resources").mkdir(parents=True)
    for name in ("chaski.exe", "chaski-gui.exe", "_internal/resources/a.txt"):
        (folder / name).write_bytes(b"MZ")
    return folder


@pytest.mark.skipif(not shutil.which("makensis"), reason="makensis is not installed")
def test_the_script_compiles_without_a_warning(frozen: Path, tmp_path: Path, qapp: object) -> None:
    made = windows.installer(facts(), frozen, tmp_path)
    assert made.name == f"Chaski-{facts().version}-windows-x86_64.exe"
    data = made.read_bytes()
    assert data[:2] == b"MZ"
    assert b"requireAdministrator" not in data


@pytest.mark.skipif(not shutil.which("makensis"), reason="makensis is not installed")
def test_what_makensis_complains_about_is_told(tmp_path: Path, qapp: object) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(SystemExit, match="makensis: "):
        windows.installer(facts(), empty, tmp_path)


def test_every_sentence_is_there_in_each_language() -> None:
    text = WORDS.read_text("utf-8")
    said = re.findall(r"^(?:LangString|!insertmacro BOTH) (\S+) \$\{LANG_(\w+)\}", text, re.M)
    assert len(said) == len(set(said))
    names = {name for name, _ in said}
    assert {name: {lang for n, lang in said if n == name} for name in names} == dict.fromkeys(
        names, SPOKEN
    )
    script = WORDS.with_name("chaski.nsi").read_text("utf-8")
    used = set(re.findall(r"\$\((?:un\.)?([A-Z_0-9]+)\)", script))
    assert used == {name.removeprefix("un.") for name in names}


def test_the_portable_archive_has_a_home(frozen: Path, tmp_path: Path) -> None:
    made = windows.portable(facts(), frozen, tmp_path)
    with zipfile.ZipFile(made) as archive:
        names = archive.namelist()
        words = archive.read(f"Chaski-{facts().version}/home/README.txt").decode("utf-8")
    folders = {name.partition("/")[0] for name in names}
    assert folders == {f"Chaski-{facts().version}"}
    assert {f"Chaski-{facts().version}/{n}" for n in ("chaski-gui.exe", "LICENSE.txt")} <= {*names}
    assert "models" in words
