"""The model that comes with the program: found in its resources, never on the user's list."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.packed_starter import NAME, pack_none, pack_starter
from helpers.starter_questions import starter_file as trained_file
from helpers.tiny_models import write_tiny_llama

from engine.api import Engine
from engine.base.errors import UsageError
from engine.base.paths import Paths
from engine.base.starter_file import starter_file
from engine.library import Library
from engine.library.starter import starter_model

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    found = Library(Paths.under(tmp_path / "home"))
    yield found
    found.close()


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return pack_starter(monkeypatch, tmp_path / "packed" / "starter")


def test_it_says_what_it_is(packed: Path) -> None:
    found = starter_model()
    assert found is not None
    assert (found.name, found.title, found.path) == ("starter", NAME, packed)
    assert found.file_bytes == packed.stat().st_size
    assert not found.problem


@pytest.mark.parametrize("name", ["starter", "Starter", " STARTER "])
def test_its_name_always_works(library: Library, packed: Path, name: str) -> None:
    assert library.resolve(name) == packed
    assert library.find(name).path == packed
    assert list(library.list()) == [], "asking for it does not put it on the list"


def test_the_front_door_knows_it(packed: Path, tmp_path: Path) -> None:
    with Engine(Paths.under(tmp_path / "home")) as engine:
        assert engine.resolve("starter") == packed


def test_a_model_of_that_name_comes_first(library: Library, packed: Path, tmp_path: Path) -> None:
    own = write_tiny_llama(tmp_path / "starter.gguf")
    library.add(own)
    assert library.resolve("starter") == own
    found = library.starter()
    assert found is not None
    assert found.path == packed, "the window still offers the one that came with the program"
    library.remove("starter")
    assert library.resolve("starter") == packed


def test_a_name_that_only_begins_so_does_not(
    library: Library, packed: Path, tmp_path: Path
) -> None:
    library.add(write_tiny_llama(tmp_path / "starter-chat.gguf"))
    assert library.resolve("starter") == packed


def test_it_cannot_be_removed_or_renamed(library: Library, packed: Path) -> None:
    with pytest.raises(UsageError, match="comes with the program and cannot be removed"):
        library.remove("starter")
    with pytest.raises(UsageError, match="comes with the program and cannot be renamed"):
        library.rename("starter", "mine")
    assert packed.is_file()


def test_it_can_be_verified_and_stays_off_the_list(library: Library, packed: Path) -> None:
    found = library.verify("starter", deep=True)
    assert found.ok
    assert len(found.sha256) == 64
    assert list(library.list()) == []


def test_a_copy_without_one_says_so(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    pack_none(monkeypatch)
    assert library.starter() is None
    with pytest.raises(UsageError, match="no starter model"):
        library.resolve("starter")


def test_other_files_beside_it_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "MODEL_CARD.md").write_text("a card")
    (tmp_path / "chaski-starter.gguf.part").write_bytes(b"GGUF")
    monkeypatch.setattr("engine.base.starter_file.resource_path", lambda *names: tmp_path)
    assert starter_file() is None
    monkeypatch.setattr("engine.base.starter_file.resource_path", lambda *names: None)
    assert starter_file() is None


def test_it_is_found_where_a_wheel_puts_it(tmp_path: Path) -> None:
    """A wheel is unpacked beside other packages: no file of the clone may be needed."""
    site = tmp_path / "site-packages"
    (site / "resources" / "starter").mkdir(parents=True)
    packed = write_tiny_llama(site / "resources" / "starter" / "chaski-starter.gguf")
    shutil.copytree(ROOT / "engine", site / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r}); "
        "from engine.library.starter import starter_file; print(starter_file())"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-S", "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stdout.strip() == str(packed), done.stderr


def test_the_trained_one_is_in_this_copy() -> None:
    path = trained_file()  # skips where it was not trained yet
    found = starter_model()
    assert found is not None
    assert (found.path, found.title, found.problem) == (path, NAME, "")
