"""The catalogue of the user's models and other programs': what is kept of them, looked at anew and
forgotten; older files and damaged ones."""

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.many_models import fill, gguf_bytes, put_in_ollama, write
from helpers.tiny_models import write_tiny_llama

from engine.base.errors import UsageError
from engine.base.paths import Paths
from engine.base.settings import LoadOptions, SamplingParams
from engine.library import Library, refresh
from engine.library.records import ModelDefaults
from engine.library.registry_rows import version_1


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose other programs are looked at."""
    for name in ("HF_HOME", "HF_HUB_CACHE", "LLAMA_CACHE", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("engine.library.refresh.home_folder", lambda: tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.under(tmp_path / "chaski 家")


@pytest.fixture
def library(paths: Paths) -> Iterator[Library]:
    found = Library(paths)
    yield found
    found.close()


def look(library: Library) -> None:
    for _ in library.refreshing():
        pass


def names(library: Library) -> list[str]:
    return [model.name for model in library.known()]


def studio(home: Path, name: str) -> Path:
    return write(home / f".lmstudio/models/m/r/{name}.gguf", gguf_bytes(name))


def test_what_others_have_is_listed_and_forgotten(home: Path, library: Library) -> None:
    path = studio(home, "a")
    look(library)
    (model,) = library.known()
    assert (model.name, model.path, model.source) == ("a", path, "LM Studio")
    path.unlink()
    assert names(library) == ["a"], "until the next look"
    look(library)
    assert names(library) == []


def test_what_the_user_said_of_one_is_kept(home: Path, library: Library) -> None:
    path = studio(home, "a")
    look(library)
    library.rename("a", "Alpha")
    library.tag("alpha", ["small", " fast ", "small", ""])
    library.note("Alpha", "Good at\nhaiku")
    path.write_bytes(gguf_bytes("another", 500))
    look(library)
    (model,) = library.known()
    assert (model.name, model.tags, model.notes) == ("Alpha", ("small", "fast"), "Good at\nhaiku")
    assert model.file_bytes == 500
    path.unlink()
    look(library)
    assert names(library) == ["Alpha"], "nobody forgets what was written down"
    assert path.name == "a.gguf"


def test_one_that_was_added_is_the_users_own(home: Path, library: Library, tmp_path: Path) -> None:
    path = studio(home, "a")
    look(library)
    library.tag("a", ["mine"])
    model = library.add(path)
    assert (model.source, model.tags) == ("", ("mine",))
    look(library)
    assert [(m.name, m.source) for m in library.known()] == [("a", "")]
    os.link(path, write(home / ".local/share/nomic.ai/GPT4All/x", b"").with_name("b.gguf"))
    look(library)
    assert names(library) == ["a"], "another name of the same file"


def test_a_removed_one_stays_away(home: Path, library: Library) -> None:
    studio(home, "a")
    look(library)
    library.remove("a")
    look(library)
    assert names(library) == []


def test_names_of_others_are_found(home: Path, library: Library) -> None:
    manifest = "registry.ollama.ai/library/llama3.2/3b"
    blob = put_in_ollama(home / ".ollama/models", manifest, "llama")
    assert library.resolve("llama3.2:3b") == blob
    assert library.find("llama3").source == "Ollama"


def test_the_users_own_come_first(home: Path, library: Library, tmp_path: Path) -> None:
    studio(home, "qwen3-4b")
    look(library)
    library.add(write(tmp_path / "qwen3-8b.gguf", gguf_bytes("8b")))
    assert library.find("qwen3").name == "qwen3-8b"
    assert library.find("qwen3-4b").source == "LM Studio"


def test_many_of_one_name_get_numbers(home: Path, library: Library) -> None:
    for n in range(30):
        write(home / f".lmstudio/models/m/r{n}/model.gguf", gguf_bytes(f"{n}"))
    look(library)
    assert set(names(library)) == {"model", *(f"model ({n})" for n in range(2, 31))}


def test_a_look_given_up_halfway_loses_nothing(
    home: Path, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "BATCH", 4)
    fill(home, 100)
    library = Library(paths)
    steps = library.refreshing()
    for _ in range(8):
        next(steps)
    steps.close()
    some = len(names(library))
    assert 0 < some < 100
    look(library)
    assert len(names(library)) == 100
    library.close()


def test_a_cheap_look_tells_whether_something_changed(
    home: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.library.walk.FRESH_NS", 0)  # a clock whose ticks are short
    studio(home, "a")
    assert library.has_changed(), "nothing was looked at yet"
    look(library)
    assert not library.has_changed()
    studio(home, "b")
    assert library.has_changed()
    look(library)
    put_in_ollama(home / ".ollama/models", "registry.ollama.ai/library/x/1b", "x")
    assert library.has_changed(), "a program was installed"


def test_what_changed_just_now_is_looked_at_again(home: Path, library: Library) -> None:
    studio(home, "a")
    look(library)
    assert library.has_changed(), "within one tick of the disk's clock it could change unseen"


def test_a_watched_folder(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "Modèles"
    path = write(folder / "deep/a.gguf", gguf_bytes("a"))
    library.watch(folder)
    assert [m.path for m in library.list()] == [path]
    library.remove("a")
    assert library.list() == [], "it does not come back"
    write(folder / "b.gguf", gguf_bytes("b"))
    write(folder / "c.gguf.part", gguf_bytes("c"))
    assert [m.name for m in library.list()] == ["b"]
    assert library.watched() == [folder]
    library.unwatch(folder)
    assert library.list() == []
    assert path.exists()
    with pytest.raises(UsageError, match="not watched"):
        library.unwatch(folder)
    with pytest.raises(UsageError, match="no folder"):
        library.watch(tmp_path / "absent")


def test_headers_are_read_one_by_one(home: Path, library: Library) -> None:
    for name in "abc":
        studio(home, name)
    write(home / ".lmstudio/models/m/r/broken.gguf", b"GGUF, it says")
    look(library)
    assert {m.architecture for m in library.known()} == {""}
    assert len(list(library.describing())) == 4
    assert [m.architecture for m in library.known()] == ["llama", "llama", "", "llama"]
    assert library.find("broken").problem
    assert list(library.describing()) == []


def test_headers_that_were_read_are_kept(home: Path, library: Library) -> None:
    for name in "abc":
        studio(home, name)
    look(library)
    steps = library.describing()
    next(steps)
    next(steps)
    steps.close()
    assert [m.architecture for m in library.known()] == ["llama", "llama", ""]


def test_a_file_that_goes_away_while_headers_are_read(home: Path, library: Library) -> None:
    paths = [studio(home, name) for name in "ab"]
    look(library)
    steps = library.describing()
    next(steps)
    for path in paths:
        path.unlink()
    list(steps)
    assert names(library) == ["a", "b"]
    look(library)
    assert names(library) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights mean nothing here")
def test_a_folder_that_may_not_be_read(home: Path, library: Library) -> None:
    studio(home, "a")
    locked = home / ".lmstudio/models/locked"
    locked.mkdir()
    locked.chmod(0)
    look(library)
    locked.chmod(0o700)
    assert names(library) == ["a"]


# Wishes and use


def test_wishes_for_one_model(library: Library, tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "a.gguf")
    library.add(path)
    wishes = ModelDefaults("Be brief", {"temperature": 0.2, "top_k": 5}, 256, 2, "q8_0")
    library.set_defaults("a", wishes)
    assert library.defaults_of(path) == wishes
    assert wishes.opened(LoadOptions()) == LoadOptions(n_ctx=256, threads=2, cache_type="q8_0")
    assert wishes.opened(LoadOptions(n_ctx=64)).n_ctx == 64, "what is chosen now comes first"
    assert replace(wishes, cache_type="").opened(LoadOptions()).cache_type == "f16"
    assert wishes.sampled(SamplingParams()) == SamplingParams(temperature=0.2, top_k=5)
    assert library.defaults_of(tmp_path / "other.gguf") == ModelDefaults()


@pytest.mark.parametrize(
    "wrong",
    [
        ModelDefaults(cache_type="q2"),
        ModelDefaults(n_ctx=-1),
        ModelDefaults(n_ctx=10**30),
        ModelDefaults(threads=10**9),
        ModelDefaults(sampling={"temperature": float("nan")}),
        ModelDefaults(sampling={"temperature": float("inf")}),
        ModelDefaults(sampling={"temprature": 1.0}),
        ModelDefaults(sampling={"top_k": "many"}),
        ModelDefaults(sampling={"temperature": True}),
    ],
)
def test_a_wish_that_cannot_be(library: Library, tmp_path: Path, wrong: ModelDefaults) -> None:
    library.add(write_tiny_llama(tmp_path / "a.gguf"))
    with pytest.raises(UsageError):
        library.set_defaults("a", wrong)


def test_use_is_noted(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.gguf", gguf_bytes("a"))
    library.add(path)
    library.add(write(tmp_path / "b.gguf", gguf_bytes("b", 900)))
    assert library.unused(3) == []
    day = refresh.time.time() + 100 * 86400
    monkeypatch.setattr("engine.library.models.time.time", lambda: day)
    assert [m.name for m in library.unused(3)] == ["b", "a"], "the largest first"
    library.note_use(path, 12.5)
    library.note_use("A")
    library.note_use("nobody")
    a = library.find("a")
    assert (a.last_used, a.tokens_per_second) == (day, 12.5)
    assert [m.name for m in library.unused(3)] == ["b"]


def test_notes_have_an_end(library: Library, tmp_path: Path) -> None:
    library.add(write(tmp_path / "a.gguf", gguf_bytes("a")))
    for change in (
        lambda: library.note("a", "x" * 30_000),
        lambda: library.tag("a", ["x" * 100]),
        lambda: library.tag("a", [str(n) for n in range(80)]),
    ):
        with pytest.raises(UsageError):
            change()
    library.note("a", "half \ud800 a letter")
    assert "half" in library.find("a").notes


# Older files and damaged ones


def old_catalogue(paths: Paths, model: Path) -> None:
    paths.data.mkdir(parents=True)
    db = sqlite3.connect(paths.library_file, isolation_level=None)
    version_1(db)
    words = (
        '{"file_bytes": 7, "architecture": "llama", "type_name": "F32", "parameters": 3, '
        '"n_ctx_train": 512, "title": "T", "source": "", "added": 1700000000.5, '
        f'"sha256": "{"a" * 64}", "problem": ""}}'
    )
    found = model.stat()
    stamp = f"{found.st_size}:{found.st_mtime_ns}"
    rows = [
        ("Mine", "mine", os.fsencode(model), 0, stamp, words),
        ("Hidden", "hidden", b"/models/hidden.gguf", 1, "", "{}"),
    ]
    db.executemany("INSERT INTO models VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.execute("PRAGMA user_version = 1")
    db.close()


def test_an_older_catalogue_loses_nothing(paths: Paths, tmp_path: Path) -> None:
    path = write_tiny_llama(tmp_path / "a.gguf")
    old_catalogue(paths, path)
    library = Library(paths)
    (model,) = library.known()
    assert (model.name, model.path, model.file_bytes, model.title) == ("Mine", path, 7, "T")
    assert (model.sha256, model.added, model.source) == ("a" * 64, 1700000000.5, "")
    assert library.list() == [model], "its header is not read anew for that"
    library.tag("mine", ["kept"])
    library.close()
    db = sqlite3.connect(paths.library_file)
    assert db.execute("PRAGMA user_version").fetchone() == (2,)
    assert db.execute("SELECT name FROM models WHERE hidden = 1").fetchall() == [("Hidden",)]
    db.close()


def damage(path: Path) -> None:
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    data = bytearray(path.read_bytes())
    data[:60] = b"x" * 60
    path.write_bytes(data)


def test_a_damaged_catalogue_is_filled_from_it_and_from_the_disk(
    home: Path, paths: Paths, tmp_path: Path
) -> None:
    library = Library(paths)
    library.add(write(tmp_path / "a.gguf", gguf_bytes("a")))
    library.tag("a", ["kept"])
    library.set_defaults("a", ModelDefaults(system="Be brief", n_ctx=128))
    watched = tmp_path / "watched"
    watched.mkdir()
    library.watch(watched)
    studio(home, "b")
    look(library)
    library.note("b", "from the studio")
    library.close()
    damage(paths.library_file)
    studio(home, "c")
    again = Library(paths)
    look(again)
    assert names(again) == ["a", "b", "c"]
    assert "were taken over into a new one" in again.notice
    a, b, _ = again.known()
    assert (a.tags, a.defaults) == (("kept",), ModelDefaults(system="Be brief", n_ctx=128))
    assert (b.notes, b.source) == ("from the studio", "LM Studio")
    assert again.watched() == [watched]
    again.close()


def test_odd_values_of_a_row_cost_those(library: Library, tmp_path: Path) -> None:
    """Each wish counts by itself; numbers that nobody measures are none."""
    path = write_tiny_llama(tmp_path / "a.gguf")
    library.add(path)
    own = {
        "last_used": 10**400,
        "tokens_per_second": float("nan"),
        "defaults": {
            "system": "Be brief",
            "n_ctx": -5,
            "threads": 10**9,
            "cache_type": "q2",
            "sampling": {"top_k": 5, "temperature": "hot", "min_p": float("inf"), "odd": 1},
        },
    }
    words = {"file_bytes": -7, "parameters": 10**30, "added": float("inf"), "title": "a"}
    with library._registry.database.write() as db:
        db.execute("UPDATE models SET own = ?, words = ?", (json.dumps(own), json.dumps(words)))
    (model,) = library.known()
    assert model.defaults == ModelDefaults("Be brief", {"top_k": 5})
    assert (model.last_used, model.tokens_per_second) == (0.0, 0.0)
    assert (model.file_bytes, model.parameters, model.title) == (0, 0, "a")
    (again,) = library.list()
    assert again.file_bytes == path.stat().st_size, "what the file says is read again"


@pytest.mark.parametrize(
    "own", ["'{'", "'[1]'", "x'ff'", "7", '\'{"tags": 3, "defaults": {"n_ctx": "x"}}\'']
)
def test_damaged_words_of_the_users_cost_those(library: Library, tmp_path: Path, own: str) -> None:
    library.add(write(tmp_path / "a.gguf", gguf_bytes("a")))
    with library._registry.database.write() as db:
        db.execute(f"UPDATE models SET own = {own}")
    (model,) = library.known()
    assert (model.name, model.tags, model.defaults) == ("a", (), ModelDefaults())
    library.tag("a", ["new"])
    assert library.find("a").tags == ("new",)


def test_two_programs_look_at_once(home: Path, paths: Paths) -> None:
    fill(home, 50)
    one, two = Library(paths), Library(paths)
    steps = one.refreshing(), two.refreshing()
    for both in zip(*steps, strict=False):
        assert both
    look(one)
    assert len(names(one)) == len(names(two)) == 50
    one.close()
    two.close()


def test_records_stay_as_they_are(library: Library, tmp_path: Path) -> None:
    model = library.add(write(tmp_path / "a.gguf", gguf_bytes("a")))
    assert hash(model) == hash(replace(model))
