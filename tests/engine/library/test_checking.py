"""Checksums against what others tell, and contents that take room twice."""

import hashlib
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from helpers.many_models import gguf_bytes, put_in_hub, put_in_llama_cpp, put_in_ollama, write

from engine.base.errors import CancelledError
from engine.base.paths import Paths, openable
from engine.library import Library, checking
from engine.library.twins import fingerprint

T = TypeVar("T")
links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HF_HOME", "HF_HUB_CACHE", "LLAMA_CACHE", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("engine.library.refresh.home_folder", lambda: tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def library(tmp_path: Path, home: Path) -> Iterator[Library]:
    made = Library(Paths.under(tmp_path / "chaski"))
    yield made
    made.close()


def driven(steps: Generator[object, None, T]) -> T:
    """What a job answers at its end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: T = end.value
            return found


def spoil(path: Path) -> None:
    """One bit, and nothing that the system tells of the file."""
    found = path.stat()
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


@links
@pytest.mark.parametrize("program", ["Hugging Face", "Ollama", "llama.cpp"])
def test_against_what_the_store_tells(library: Library, home: Path, program: str) -> None:
    put_in_hub(home / ".cache/huggingface/hub", "m/hub", "hub.gguf", gguf_bytes("hub"))
    put_in_ollama(home / ".ollama/models", "registry.ollama.ai/library/oll/1b", "ollama")
    put_in_llama_cpp(home / ".cache/llama.cpp", "org/repo", "flat.gguf")
    name = {"Hugging Face": "hub", "Ollama": "oll:1b", "llama.cpp": "flat"}[program]
    found = library.verify(name, deep=True)
    assert (found.ok, found.told) == (True, program)
    assert found.sha256 == hashlib.sha256(found.path.read_bytes()).hexdigest()
    spoil(found.path.resolve())
    found = library.verify(name, deep=True)
    assert not found.ok
    assert f"is not what {program} says it should be" in found.problems[0]


@links
def test_each_part_of_a_split_model(library: Library, home: Path) -> None:
    hub = home / ".cache/huggingface/hub"
    for n in (1, 2):
        put_in_hub(hub, "m/big", f"big-0000{n}-of-00002.gguf", gguf_bytes(f"part {n}"))
    library.discover()
    parts = [hub / f"models--m--big/snapshots/{'a' * 40}/big-0000{n}-of-00002.gguf" for n in (1, 2)]
    digests = [hashlib.sha256(part.read_bytes()).hexdigest() for part in parts]
    whole = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()
    assert driven(checking.hashing(parts)) == checking.Digests(tuple(digests), whole)


def test_what_a_download_was_told(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "a.gguf", gguf_bytes("a"))
    library.add(path, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    assert library.verify("a", deep=True).ok
    spoil(path)
    assert not library.verify("a", deep=True).ok


def test_hashing_can_be_stopped(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "CHUNK", 1000)
    library.add(write(tmp_path / "a.gguf", gguf_bytes("a", 50_000)))
    steps = library.verifying("a")
    assert [next(steps).done for _ in range(3)] == [1000, 2000, 3000]
    with pytest.raises(CancelledError):
        steps.throw(CancelledError("stopped"))
    assert library.find("a").sha256 == ""


def test_a_file_that_cannot_be_read_is_told(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add(write(tmp_path / "a.gguf", gguf_bytes("a")))

    def locked(paths: object) -> Iterator[object]:
        raise PermissionError(13, "another program has locked it")
        yield

    monkeypatch.setattr(checking, "hashing", locked)
    found = library.verify("a", deep=True)
    assert found.problems == ("it cannot be read: another program has locked it",)


# Twice the same


def twins(library: Library) -> list[tuple[set[str], int, bool]]:
    found = driven(library.duplicates(smallest=1))
    return [({m.name for m in t.models}, t.wasted_bytes, t.certain) for t in found]


@links
def test_the_same_in_several_places(library: Library, home: Path, tmp_path: Path) -> None:
    data = gguf_bytes("same", 500_000)
    mine = write(tmp_path / "mine.gguf", data)
    library.add(mine)
    write(home / ".lmstudio/models/m/r/theirs.gguf", data)
    put_in_hub(home / ".cache/huggingface/hub", "m/hub", "hub.gguf", data)
    write(home / ".lmstudio/models/m/r/other.gguf", gguf_bytes("else", 500_000))
    library.discover()
    ((names, wasted, certain),) = twins(library)
    assert names == {"mine", "theirs", "hub"}
    assert wasted == 1_000_000
    assert not certain, "only some pieces were compared"
    for name in ("mine", "theirs"):
        library.verify(name, deep=True)
    assert twins(library) == [(names, wasted, True)]


def test_what_differs_in_the_middle_is_told_apart(library: Library, tmp_path: Path) -> None:
    data = bytearray(gguf_bytes("same", 900_000))
    library.add(write(tmp_path / "a.gguf", bytes(data)))
    data[200_000] ^= 1  # in none of the pieces
    library.add(write(tmp_path / "b.gguf", bytes(data)))
    assert [certain for _, _, certain in twins(library)] == [False]
    for name in "ab":
        library.verify(name, deep=True)
    assert twins(library) == []


@links
def test_names_of_one_file_take_no_room(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "a.gguf", gguf_bytes("a", 5000))
    (tmp_path / "b.gguf").symlink_to(path)
    os.link(path, tmp_path / "c.gguf")
    for name in "abc":
        library.add(tmp_path / f"{name}.gguf")
    assert twins(library) == []


def test_a_file_that_went_away_has_no_twins(library: Library, tmp_path: Path) -> None:
    for name in "ab":
        library.add(write(tmp_path / f"{name}.gguf", gguf_bytes("same", 5000)))
    (tmp_path / "a.gguf").unlink()
    assert twins(library) == []
    assert fingerprint(tmp_path / "a.gguf") == ""


# Long paths and those of a network, as Windows takes them


@pytest.mark.parametrize(
    ("path", "opened"),
    [
        (r"C:\models\a.gguf", r"C:\models\a.gguf"),
        ("C:\\" + "x" * 250, "\\\\?\\C:\\" + "x" * 250),
        (r"\\server\share" + "\\" + "x" * 250, r"\\?\UNC\server\share" + "\\" + "x" * 250),
        ("\\\\?\\C:\\" + "x" * 250, "\\\\?\\C:\\" + "x" * 250),
        (r"\\server\share\a.gguf", r"\\server\share\a.gguf"),
    ],
)
def test_paths_of_windows(path: str, opened: str) -> None:
    assert openable(path, "nt") == opened
    assert openable(path, "posix") == path


def test_a_very_long_path(library: Library, tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["a long name of a folder, 家"] * 14)
    path = write(folder / "a.gguf", gguf_bytes("a"))
    assert len(str(path)) > 300
    library.add(path)
    library.watch(folder)
    assert library.verify("a", deep=True).ok
    assert library.resolve("a") == path
