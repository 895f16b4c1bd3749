"""The folders: the system's, or all under CHASKI_HOME; nothing is created by asking."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.base.paths import Paths, made


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
