"""Into the trash and back: the system's own on Linux, a folder of ours that waits elsewhere."""

import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.many_models import gguf_bytes, put_in_ollama, write
from helpers.own_trash import trash_in

from engine.base.errors import ChaskiError, UnconfirmedError, UsageError
from engine.base.paths import Paths
from engine.library import Library
from engine.library import trash as trash_module
from engine.library.trash import WAITING, WAITS_S, Trash

linux = pytest.mark.skipif(sys.platform != "linux", reason="only there the trash can be asked")


@pytest.fixture(autouse=True)
def own_trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's real trash gets anything of a test's."""
    return trash_in(tmp_path, monkeypatch)


@pytest.fixture(params=["system", "ours"])
def library(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Library]:
    """One whose trash is the system's, and one whose trash cannot be asked."""
    if request.param == "system" and sys.platform != "linux":
        pytest.skip("only Linux says where its trash has a file")
    made = Library(Paths.under(tmp_path / "home 家"))
    made._trash = Trash(made._registry, ask_system=request.param == "system")
    yield made
    made.close()


def own(library: Library, name: str = "a.gguf") -> Path:
    return write(library._folder / name, gguf_bytes(name))


def names(library: Library) -> list[str]:
    return [model.name for model in library.list()]


def test_there_and_back(library: Library) -> None:
    path = own(library, "Élan 1B.gguf")
    library.tag(library.list()[0].name, ["kept"])
    library.rename("élan 1b", "Élan")
    gone = library.trash("élan")
    assert not path.exists()
    assert names(library) == []
    assert (gone.name, gone.path, gone.file_bytes) == ("Élan", path, 400)
    assert [item.name for item in library.trashed()] == ["Élan"]
    model = library.restore("élan")
    assert (model.name, model.tags) == ("Élan", ("kept",))
    assert path.read_bytes() == gguf_bytes("Élan 1B.gguf")
    assert names(library) == ["Élan"]
    assert library.trashed() == []
    assert not (path.parent / WAITING).exists()
    with pytest.raises(UsageError, match="no model"):
        library.restore("élan")


def test_a_split_model_goes_as_one(library: Library) -> None:
    parts = [own(library, f"big-0000{n}-of-00003.gguf") for n in (1, 2, 3)]
    library.list()
    library.trash("big")
    assert not any(part.exists() for part in parts)
    library.restore("big")
    assert all(part.exists() for part in parts)


def test_all_of_it_or_nothing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [own(library, f"big-0000{n}-of-00002.gguf") for n in (1, 2)]
    library.list()
    away = Trash._away

    def refuse(self: Trash, path: Path, number: int) -> None:
        if path == parts[1]:
            raise PermissionError(13, "Permission denied")
        away(self, path, number)

    monkeypatch.setattr(Trash, "_away", refuse)
    with pytest.raises(ChaskiError, match="not yours. It stays where it is"):
        library.trash("big")
    assert all(part.exists() for part in parts)
    assert names(library) == ["big"]
    assert library.trashed() == []


def test_killed_before_the_file_was_moved(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = own(library)
    library.list()
    with monkeypatch.context() as patch:
        patch.setattr(Trash, "_away", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            library.trash("a")
    assert names(library) == ["a"]
    library.restore("a")
    assert path.exists()
    assert names(library) == ["a"]


def test_killed_before_it_left_the_list(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own(library)
    library.list()
    with monkeypatch.context() as patch:
        patch.setattr(trash_module, "_drop", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            library.trash("a")
    assert not path.exists()
    library.restore("a")
    assert path.exists()
    assert names(library) == ["a"]


def test_what_took_its_place_stays(library: Library) -> None:
    path = own(library)
    library.list()
    library.trash("a")
    write(path, gguf_bytes("another one"))
    with pytest.raises(UsageError, match="in the way"):
        library.restore("a")
    assert path.read_bytes() == gguf_bytes("another one")
    path.unlink()
    library.restore("a")
    assert path.read_bytes() == gguf_bytes("a.gguf")


def test_an_emptied_trash_is_told(library: Library, own_trash: Path) -> None:
    path = own(library)
    library.list()
    library.trash("a")
    shutil.rmtree(own_trash, ignore_errors=True)
    shutil.rmtree(path.parent / WAITING, ignore_errors=True)
    with pytest.raises(ChaskiError, match="not in the trash any more"):
        library.restore("a")


def test_two_of_one_name(library: Library) -> None:
    for text in ("one", "two"):
        write(library._folder / "a.gguf", gguf_bytes(text))
        library.list()
        library.trash("a")
    path = library.restore("a").path
    assert path.read_bytes() == gguf_bytes("two"), "the latest comes first"
    path.unlink()
    library.remove("a")
    assert library.restore("a").path.read_bytes() == gguf_bytes("one")


def test_what_waited_long_enough_goes_to_the_systems_trash(
    library: Library, own_trash: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Path] = []

    def send(path: Path) -> None:
        sent.append(path)
        Path(path).unlink()

    path = own(library)
    library.list()
    library.trash("a")
    monkeypatch.setattr(trash_module, "_send", send)
    library._trash.empty_old(time.time() + WAITS_S - 60)
    assert sent == []
    library._trash.empty_old(time.time() + WAITS_S + 60)
    if library._trash._ask_system:
        assert [item.name for item in library.trashed()] == ["a"], "it can still be brought back"
        shutil.rmtree(own_trash)
        library._trash.empty_old(time.time() + WAITS_S + 60)
    else:
        assert [p.name for p in sent] == ["a.gguf"]
        assert not (path.parent / WAITING).exists()
    assert library.trashed() == []


@linux
def test_the_trash_holds_it_as_every_program_does(tmp_path: Path, own_trash: Path) -> None:
    library = Library(Paths.under(tmp_path / "home"))
    own(library)
    library.list()
    library.trash("a")
    assert [p.name for p in (own_trash / "files").iterdir()] == ["a.gguf"]
    assert [p.name for p in (own_trash / "info").iterdir()] == ["a.gguf.trashinfo"]
    library.restore("a")
    assert list((own_trash / "files").iterdir()) == list((own_trash / "info").iterdir()) == []
    library.close()


# Whose file it is


def test_what_is_not_ours_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "somebody"
    monkeypatch.setattr("engine.library.refresh.home_folder", lambda: home)
    library = Library(Paths.under(tmp_path / "home"))
    by_hand = write(tmp_path / "Downloads/mine.gguf", gguf_bytes("mine"))
    studio = write(home / ".lmstudio/models/m/r/theirs.gguf", gguf_bytes("theirs"))
    blob = put_in_ollama(home / ".ollama/models", "registry.ollama.ai/library/x/1b", "x")
    library.add(by_hand)
    library.add(studio)
    for _ in library.refreshing():
        pass
    with pytest.raises(UnconfirmedError, match="no folder of Chaski's"):
        library.trash("mine")
    with pytest.raises(UnconfirmedError, match="belongs to LM Studio"):
        library.trash("theirs")
    for confirmed in (False, True):
        with pytest.raises(UsageError, match="ollama rm"):
            library.trash("x:1b", confirmed=confirmed)
    assert by_hand.exists()
    assert studio.exists()
    assert blob.exists()
    library.watch(studio.parent)
    library.list()
    with pytest.raises(UnconfirmedError, match="belongs to LM Studio"):
        library.trash("theirs")
    library.trash("theirs", confirmed=True)
    assert not studio.exists()
    assert library.restore("theirs").path == studio
    library.close()


def test_the_guide_is_not_thrown_away(library: Library) -> None:
    if library.starter() is None:
        pytest.skip("this copy has no guide")
    with pytest.raises(UsageError, match="comes with the program"):
        library.trash("starter", confirmed=True)


@pytest.mark.parametrize("files", ["'{'", "'[[1,2,3,4]]'", "x'ff'", "'[]'", "'[[\"a\",1,2]]'"])
def test_a_damaged_note_is_passed_over(library: Library, files: str) -> None:
    own(library)
    library.list()
    library.trash("a")
    with library._registry.database.write() as db:
        db.execute(f"UPDATE trash SET files = {files}")
    assert library.trashed() == []
    library._trash.empty_old(time.time() + 2 * WAITS_S)


def test_a_damaged_catalogue_still_brings_back(library: Library) -> None:
    path = own(library)
    library.list()
    library.trash("a")
    library.close()
    file = library._registry.database.path
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    data = bytearray(file.read_bytes())
    data[:60] = b"x" * 60
    file.write_bytes(data)
    assert [item.name for item in library.trashed()] == ["a"]
    library.restore("a")
    assert path.exists()
