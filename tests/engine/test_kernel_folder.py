"""Where compiled kernels go when the user's cache folder cannot take them."""

from pathlib import Path

import pytest

from engine import model
from engine.compute.kernels import jit


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    folders: list[Path] = []
    monkeypatch.setattr(jit, "set_cache_folder", folders.append)
    return folders


def test_the_users_folder_is_used(tmp_path: Path, chosen: list[Path]) -> None:
    model.keep_kernels_in(tmp_path / "cache" / "kernels")
    assert chosen == [tmp_path / "cache" / "kernels"]


def test_a_folder_that_cannot_be_made(tmp_path: Path, chosen: list[Path]) -> None:
    (tmp_path / "file").write_text("x")
    model.keep_kernels_in(tmp_path / "file" / "kernels")
    assert chosen[0].is_dir()
    assert tmp_path not in chosen[0].parents


def test_a_full_disk(tmp_path: Path, chosen: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "KERNELS_ROOM", 1 << 62)
    model.keep_kernels_in(tmp_path)
    assert chosen[0] != tmp_path
