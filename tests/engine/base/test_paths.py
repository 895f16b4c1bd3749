"""The folders: the system's, or all under CHASKI_HOME; nothing is created by asking."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.data import ROOT

from engine.base.errors import UsageError
from engine.base.paths import Paths, folder_of, home_folder, made
from engine.library.refresh import discover


def test_home_variable_holds_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "Ñandú 家"
    monkeypatch.setenv("CHASKI_HOME", str(home))
    paths = Paths.default()
    folders = (paths.config, paths.data, paths.cache, paths.models, paths.kernels)
    assert all(folder.is_relative_to(home) for folder in folders)
    assert len(set(folders)) == 5
    assert not home.exists()


def test_system_folders_are_absolute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHASKI_HOME", raising=False)
    paths = Paths.default()
    assert paths.data.is_absolute()
    assert "chaski" in str(paths.data).lower()
    assert paths.models.is_relative_to(paths.data)


def test_blank_home_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHASKI_HOME", "  ")
    blank = Paths.default()
    monkeypatch.delenv("CHASKI_HOME")
    assert blank == Paths.default()


def test_models_may_live_elsewhere(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    moved = paths.with_models(tmp_path / "big disk")
    assert moved.models == tmp_path / "big disk"
    assert moved.data == paths.data


def test_made_creates_parents_once(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert made(folder) == folder
    assert made(folder).is_dir()


def test_import_needs_the_standard_library_only() -> None:
    heavy = "('platformdirs', 'numpy', 'numba')"
    code = f"import sys, engine.base.paths; sys.exit(any(m in sys.modules for m in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("text", ["~nobody-here/x", "a\0b", "half \ud800"])
def test_what_is_no_path_is_one_sentence(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as told:
        Paths.under(Path("/")).with_models(text)
    assert str(told.value).isprintable()
    if "\0" not in text and text.isascii():
        monkeypatch.setenv("CHASKI_HOME", text)
        with pytest.raises(UsageError, match="no home folder"):
            Paths.default()
        monkeypatch.setenv("OLLAMA_MODELS", text)
        assert folder_of("OLLAMA_MODELS") is None


@pytest.mark.skipif(os.name == "nt", reason="homes are found otherwise there")
def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """In containers: a number without a name, and no HOME."""

    def unknown(number: int) -> None:
        raise KeyError(number)

    for variable in ("HOME", "CHASKI_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert home_folder() is None
    with pytest.raises(UsageError, match="set HOME"):
        Paths.default()
    assert discover() == []


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed there")
def test_a_folder_that_is_gone_under_us(tmp_path: Path) -> None:
    """Relative paths have no meaning then, absolute ones and names do."""
    code = (
        "import os, sys; here = sys.argv[1]; os.chdir(here); os.rmdir(here);"
        "from engine.cli.entry import main;"
        "print([main(['info', name]) for name in ('x.gguf', 'no-such-model', '/nothing.gguf')])"
    )
    gone = tmp_path / "gone"
    gone.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code, str(gone)],
        env={**os.environ, "CHASKI_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[1, 1, 1]", done.stderr
    assert "internal" not in done.stderr


def test_a_portable_program_keeps_everything_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHASKI_HOME", raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "chaski-gui.exe"))
    (tmp_path / "home").mkdir()
    assert Paths.default() != Paths.under(tmp_path / "home"), "it is no frozen program"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert Paths.default() == Paths.under(tmp_path / "home")
    monkeypatch.setenv("CHASKI_HOME", str(tmp_path / "other"))
    assert Paths.default() == Paths.under(tmp_path / "other"), "what is said comes first"
    monkeypatch.delenv("CHASKI_HOME")
    (tmp_path / "home").rmdir()
    assert Paths.default() != Paths.under(tmp_path / "home"), "as with an installed one"
