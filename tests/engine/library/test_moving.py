"""A model to another folder or disk: whole at every moment, wherever its program is killed."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.many_models import gguf_bytes, write
from helpers.patience import WAIT

from engine.base.errors import ChaskiError, UsageError
from engine.base.events import Progress
from engine.base.paths import Paths
from engine.library import Library, moving

SIZE = 5 * (1 << 16) + 777
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(Paths.under(tmp_path / "home 家"))
    yield made
    made.close()


@pytest.fixture
def other_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that counts as another disk's."""
    monkeypatch.setattr(moving, "_on_one_disk", lambda *paths: False)
    monkeypatch.setattr(moving, "CHUNK", 1 << 16)
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


def own(library: Library, name: str = "a.gguf", size: int = SIZE) -> Path:
    path = write(library._folder / name, gguf_bytes(name, size))
    library.list()
    return path


def move(library: Library, name: str, folder: Path) -> list[Progress]:
    return list(library.moving(name, folder))


def is_whole(path: Path, name: str = "") -> bool:
    return path.read_bytes() == gguf_bytes(name or path.name, SIZE)


def test_to_another_disk(library: Library, other_disk: Path) -> None:
    path = own(library)
    library.tag("a", ["kept"])
    steps = move(library, "a", other_disk)
    assert not path.exists()
    assert is_whole(other_disk / "a.gguf")
    model = library.find("a")
    assert (model.path, model.tags, model.problem) == (other_disk / "a.gguf", ("kept",), "")
    shares = [step.done / step.total for step in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert library.moves() == []
    assert [p.name for p in other_disk.iterdir()] == ["a.gguf"]


def test_on_one_disk_nothing_is_copied(library: Library, tmp_path: Path) -> None:
    path = own(library)
    number = path.stat().st_ino
    (tmp_path / "near").mkdir()
    move(library, "a", tmp_path / "near")
    assert not path.exists()
    assert (tmp_path / "near/a.gguf").stat().st_ino == number


def test_a_split_model(library: Library, other_disk: Path) -> None:
    parts = [own(library, f"big-0000{n}-of-00002.gguf") for n in (1, 2)]
    move(library, "big", other_disk)
    assert not any(part.exists() for part in parts)
    assert all(is_whole(other_disk / part.name) for part in parts)


@pytest.mark.parametrize("linked", [False, True])
def test_killed_anywhere_nothing_is_lost(tmp_path: Path, linked: bool) -> None:
    """A program of its own, killed at each of its steps in turn, as often as it takes."""
    home, disk = tmp_path / "home", tmp_path / "disk"
    disk.mkdir()
    library = Library(Paths.under(home))
    names = [f"big-0000{n}-of-00002.gguf" for n in (1, 2)]
    for name in names:
        own(library, name)
    library.tag("big", ["kept"])
    library.close()
    script = ROOT / "tests/helpers/mover.py"
    more = ["linked"] if linked else []
    for step in (1, 4, 7, 2, 11, 9, 1, 30):
        words = [str(home), "big", str(disk), str(step), *more]
        ended = subprocess.run(
            [sys.executable, str(script), *words], capture_output=True, timeout=WAIT
        )
        for name in names:
            old = home / "models" / name
            assert is_whole(old if old.exists() else disk / name)
        again = Library(Paths.under(home))
        (model,) = again.list()
        assert (model.name, model.problem) == ("big", "")
        again.close()
        if model.path.parent == disk:
            break
        assert ended.returncode == 9, ended.stderr
    library = Library(Paths.under(home))
    for _ in library.refreshing():
        pass
    assert library.moves() == []
    assert library.find("big").path.parent == disk
    assert library.find("big").tags == ("kept",)
    assert sorted(p.name for p in disk.iterdir()) == names
    assert list((home / "models").iterdir()) == []
    library.close()


def test_it_goes_on_where_it_was_stopped(library: Library, other_disk: Path) -> None:
    own(library)
    steps = library.moving("a", other_disk)
    for _ in range(3):
        next(steps)
    steps.close()
    (begun,) = library.moves()
    assert (begun.name, begun.switched) == ("a", False)
    assert 0 < begun.done_bytes < begun.file_bytes
    assert library.find("a").path.parent == library._folder
    move(library, "a", other_disk)
    assert is_whole(other_disk / "a.gguf")


def test_one_that_is_given_up(library: Library, other_disk: Path) -> None:
    path = own(library)
    steps = library.moving("a", other_disk)
    for _ in range(3):
        next(steps)
    steps.close()
    library.abandon_move("A")
    assert list(other_disk.iterdir()) == []
    assert library.moves() == []
    assert is_whole(path)


def test_what_was_written_wrongly_is_written_anew(library: Library, other_disk: Path) -> None:
    own(library)
    steps = library.moving("a", other_disk)
    for _ in range(4):
        next(steps)
    steps.close()
    part = other_disk / f"a.gguf{moving.ENDING}"
    data = bytearray(part.read_bytes())
    data[100] ^= 1
    part.write_bytes(data)
    move(library, "a", other_disk)
    assert is_whole(other_disk / "a.gguf")


def test_a_disk_that_forgets(
    library: Library, other_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = own(library)
    reading = moving._reading

    def wrong(path: Path, digest: "hashlib._Hash") -> Iterator[int]:
        yield from reading(path, digest)
        digest.update(b"x")

    monkeypatch.setattr(moving, "_reading", wrong)
    with pytest.raises(ChaskiError, match="may be failing"):
        move(library, "a", other_disk)
    assert is_whole(path)
    assert list(other_disk.iterdir()) == []


def test_a_source_that_changes_meanwhile(library: Library, other_disk: Path) -> None:
    path = own(library)
    steps = library.moving("a", other_disk)
    next(steps)
    with path.open("r+b") as file:
        file.seek(SIZE - 1)
        file.write(b"x")
    os.utime(path, ns=(5, 5))
    with pytest.raises(ChaskiError, match="has changed while it was copied"):
        list(steps)
    assert path.exists()
    move(library, "a", other_disk)
    assert (other_disk / "a.gguf").read_bytes()[-1:] == b"x"


def test_a_name_that_is_taken(library: Library, other_disk: Path) -> None:
    path = own(library)
    there = write(other_disk / "a.gguf", b"somebody's")
    with pytest.raises(UsageError, match="exists already"):
        move(library, "a", other_disk)
    there.unlink()
    steps = library.moving("a", other_disk)
    next(steps)
    write(there, gguf_bytes("somebody's, of the same size", SIZE))
    with pytest.raises(UsageError, match=r"made by somebody else|exists already"):
        list(steps)
    library.abandon_move("a")
    assert there.read_bytes() == gguf_bytes("somebody's, of the same size", SIZE)
    assert is_whole(path)


def test_a_disk_that_is_too_small(
    library: Library, other_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(library)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(1000, 900, 100))
    with pytest.raises(UsageError, match="100 bytes are free there"):
        move(library, "a", other_disk)
    assert list(other_disk.iterdir()) == []


def test_a_disk_that_fills_up(
    library: Library, other_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = own(library)

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ChaskiError, match="No space left on device. It stays where it was"):
        move(library, "a", other_disk)
    assert is_whole(path)


def test_places_that_are_none(library: Library, tmp_path: Path) -> None:
    path = own(library)
    with pytest.raises(UsageError, match="there is no folder"):
        move(library, "a", tmp_path / "absent")
    with pytest.raises(UsageError, match="already"):
        move(library, "a", path.parent)
    if os.name != "nt":
        real = path.rename(tmp_path / "real.gguf")
        path.symlink_to(real)
        with pytest.raises(UsageError, match="is a link to"):
            move(library, "a", tmp_path)
    path.unlink()
    with pytest.raises(UsageError, match="is missing"):
        move(library, "a", tmp_path)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no second disk is at hand")
def test_a_real_second_disk_and_back(library: Library, tmp_path: Path) -> None:
    path = own(library)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        disk = Path(folder)
        if disk.stat().st_dev == tmp_path.stat().st_dev:
            pytest.skip("it is the same disk")
        move(library, "a", disk)
        assert not path.exists()
        assert is_whole(disk / "a.gguf")
        list(library.moving("a", path.parent, confirmed=True))
        assert is_whole(path)
        assert list(disk.iterdir()) == []
