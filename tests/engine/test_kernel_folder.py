"""Where compiled kernels go when the user's cache folder cannot take them."""

from pathlib import Path

import pytest

from engine.compute import place
from engine.compute.kernels import kernel_cache


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    folders: list[Path] = []
    monkeypatch.setattr(place, "_named", [])
    monkeypatch.setattr(kernel_cache, "_chosen", [])
    monkeypatch.delenv(kernel_cache.HANDED_OVER, raising=False)  # by helpers/compiling.py
    monkeypatch.setattr(kernel_cache, "set_cache_folder", folders.append)
    return folders


def test_the_users_folder_is_used(tmp_path: Path, chosen: list[Path]) -> None:
    place.keep_kernels_in(tmp_path / "cache" / "kernels")
    place.take_kernel_folder()
    assert chosen == [tmp_path / "cache" / "kernels"]


def test_a_folder_that_cannot_be_made(tmp_path: Path, chosen: list[Path]) -> None:
    (tmp_path / "file").write_text("x")
    place.keep_kernels_in(tmp_path / "file" / "kernels")
    place.take_kernel_folder()
    assert chosen[0].is_dir()
    assert tmp_path not in chosen[0].parents


def test_a_full_disk(tmp_path: Path, chosen: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "KERNELS_ROOM", 1 << 62)
    place.keep_kernels_in(tmp_path)
    place.take_kernel_folder()
    assert chosen[0] != tmp_path


def test_what_was_taken_first_stays(tmp_path: Path, chosen: list[Path]) -> None:
    kernel_cache._chosen.append(tmp_path / "first")
    place.keep_kernels_in(tmp_path / "second")
    place.take_kernel_folder()
    assert not chosen
    assert not (tmp_path / "second").exists()
