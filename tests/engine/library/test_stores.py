"""What other programs keep, in the forms their folders really have: found, named, put together; and
what is not whole is never shown."""

import json
import os
import sys
from pathlib import Path

import pytest
from helpers.many_models import (
    fill,
    gguf_bytes,
    put_in_hub,
    put_in_llama_cpp,
    put_in_ollama,
    write,
)

from engine.library import walk
from engine.library.checking import told_sha256
from engine.library.places import places
from engine.library.records import LibraryModel
from engine.library.refresh import discover

VARIABLES = (
    "HF_HOME HF_HUB_CACHE HUGGINGFACE_HUB_CACHE JAN_DATA_FOLDER LLAMA_CACHE OLLAMA_MODELS "
    "UNSLOTH_HOME UNSLOTH_STUDIO_HOME XDG_CACHE_HOME XDG_DATA_HOME"
)
links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")


@pytest.fixture(autouse=True)
def own_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES.split():
        monkeypatch.delenv(variable, raising=False)


def found(home: Path, program: str) -> dict[str, LibraryModel]:
    return {m.name: m for m in discover(home) if m.source == program}


def folder_of(home: Path, program: str, platform: str = sys.platform, number: int = 0) -> Path:
    return [p.folder for p in places(home, platform) if p.program == program][number]


# What is not whole


@pytest.mark.parametrize(
    "names",
    [
        ["downloading_a.gguf.part"],  # LM Studio
        ["incomplete-a.gguf"],  # GPT4All
        ["a.gguf.incomplete"],  # the hub's client
        ["a.gguf.downloadInProgress"],  # llama.cpp
        ["a.gguf", "a.gguf.aria2"],  # aria2 makes the file in its full size at once
        ["a.gguf", "a.gguf.part"],  # Firefox keeps the name with an empty file
        ["a.gguf.crdownload"],
        ["a-00001-of-00003.gguf", "a-00002-of-00003.gguf"],
        ["a-00001-of-00002.gguf", "a-00002-of-00002.gguf.part"],
        ["a-00002-of-00002.gguf"],
        ["mmproj-a.gguf"],
        [".a.gguf"],
        ["a.safetensors"],
    ],
)
def test_what_is_not_whole_is_not_shown(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        write(folder_of(tmp_path, "LM Studio") / "maker/repo" / name, gguf_bytes("a"))
        write(folder_of(tmp_path, "GPT4All") / name, gguf_bytes("b"))
    assert discover(tmp_path) == []


def test_an_empty_file_is_none(tmp_path: Path) -> None:
    write(folder_of(tmp_path, "LM Studio") / "m/r/a.gguf", b"")
    assert discover(tmp_path) == []


def test_a_split_model_is_one(tmp_path: Path) -> None:
    for n in (1, 2, 3):
        write(folder_of(tmp_path, "LM Studio") / f"m/r/a-0000{n}-of-00003.gguf", gguf_bytes("x"))
    model = found(tmp_path, "LM Studio")["a"]
    assert model.file_bytes == 1200
    assert model.path.name == "a-00001-of-00003.gguf"


def test_the_half_that_reads_pictures_is_set_apart(tmp_path: Path) -> None:
    repo = folder_of(tmp_path, "LM Studio") / "maker/gemma"
    for name in ("gemma-3-4b-it-Q4_K_M.gguf", "mmproj-gemma-3-4b-it-f16.gguf", "other.gguf"):
        write(repo / name, gguf_bytes(name))
    write(repo.parent / "alone/vision-Q8_0.gguf", gguf_bytes("v"))
    half = write(repo.parent / "alone/mmproj-F16.gguf", gguf_bytes("h"))
    models = found(tmp_path, "LM Studio")
    assert set(models) == {"gemma-3-4b-it-Q4_K_M", "other", "vision-Q8_0"}
    gemma = models["gemma-3-4b-it-Q4_K_M"].pictures
    assert gemma == str(repo / "mmproj-gemma-3-4b-it-f16.gguf")
    assert models["other"].pictures == ""
    assert models["vision-Q8_0"].pictures == str(half)


# Each program's own ways


def test_lm_studio_that_was_moved(tmp_path: Path) -> None:
    elsewhere = tmp_path / "big disk/studio"
    write(tmp_path / ".lmstudio-home-pointer", f"{elsewhere}\n".encode())
    write(elsewhere / "models/m/r/a.gguf", gguf_bytes("a"))
    chosen = tmp_path / "chosen"
    write(elsewhere / "settings.json", json.dumps({"downloadsFolder": str(chosen)}).encode())
    write(chosen / "m/r/b.gguf", gguf_bytes("b"))
    assert set(found(tmp_path, "LM Studio")) == {"a", "b"}


def test_gpt4all_with_a_chosen_folder(tmp_path: Path) -> None:
    chosen = tmp_path / "Modèles 模型"
    ini = f"[General]\nlastVersionStarted=3.10.0\nmodelPath={chosen}\n"
    write(tmp_path / ".config/nomic.ai/GPT4All.ini", ini.encode())
    write(chosen / "Falcon.Q4_0.gguf", gguf_bytes("f"))
    assert set(found(tmp_path, "GPT4All")) == {"Falcon.Q4_0"}


def test_jan_keeps_its_folders_names(tmp_path: Path) -> None:
    models = folder_of(tmp_path, "Jan")
    write(models / "janhq/Jan-v1-4B/model.gguf", gguf_bytes("jan"))
    write(models / "janhq/Jan-v1-4B/mmproj.gguf", gguf_bytes("half"))
    words = b"model_path: llamacpp/models/janhq/Jan-v1-4B/model.gguf\nname: Jan-v1-4B\n"
    write(models / "janhq/Jan-v1-4B/model.yml", words)
    assert set(found(tmp_path, "Jan")) == {"janhq/Jan-v1-4B"}


def test_jan_names_a_file_elsewhere(tmp_path: Path) -> None:
    path = write(tmp_path / "Downloads/imported-Q4_0.gguf", gguf_bytes("i"))
    words = f'embedding: false\nmodel_path: "{path}"\n  model_path: /wrong\nname: mine\n'
    write(folder_of(tmp_path, "Jan") / "mine/model.yml", words.encode())
    write(folder_of(tmp_path, "Jan") / "gone/model.yml", b"model_path: /nowhere/x.gguf\n")
    write(folder_of(tmp_path, "Jan") / "odd/model.yml", b"\xff\x00model_path\n- : :\n")
    write(folder_of(tmp_path, "Jan") / "evil/model.yml", b"model_path: /etc/passwd\n")
    assert {m.name: m.path for m in found(tmp_path, "Jan").values()} == {"mine": path}


def test_jan_that_was_moved(tmp_path: Path) -> None:
    data = tmp_path / "moved"
    settings = folder_of(tmp_path, "Jan").parents[2] / "settings.json"
    write(settings, json.dumps({"data_folder": str(data)}).encode())
    write(data / "llamacpp/models/a/b/model.gguf", gguf_bytes("x"))
    assert set(found(tmp_path, "Jan")) == {"a/b"}


def test_jan_lies_in_the_roaming_profile_of_windows(tmp_path: Path) -> None:
    assert "Roaming" in folder_of(tmp_path, "Jan", "win32").parts
    assert "Local" in folder_of(tmp_path, "GPT4All", "win32").parts


def test_ollama_as_its_own_list_names_them(tmp_path: Path) -> None:
    folder = tmp_path / ".ollama/models"
    host = "registry.ollama.ai"
    put_in_ollama(folder, f"{host}/library/llama3.2/3b", "one", gguf_bytes("half"))
    put_in_ollama(folder, f"{host}/somebody/tuned/latest", "two")
    put_in_ollama(folder, "hf.co/bartowski/Qwen3-4B-GGUF/Q4_K_M", "three")
    write(folder / f"blobs/sha256-{'d' * 64}-partial", gguf_bytes("p"))
    write(folder / f"blobs/sha256-{'d' * 64}-partial-0", b"{}")
    layer = {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{'d' * 64}"}
    write(folder / f"manifests/{host}/library/coming/7b", json.dumps({"layers": [layer]}).encode())
    models = found(tmp_path, "Ollama")
    assert set(models) == {
        "llama3.2:3b",
        "somebody/tuned:latest",
        "hf.co/bartowski/Qwen3-4B-GGUF:Q4_K_M",
    }
    assert models["llama3.2:3b"].pictures.startswith(str(folder / "blobs/sha256-"))
    assert told_sha256(models["llama3.2:3b"].path)[1] == "Ollama"


def test_two_tags_of_ollama_with_one_blob_are_one(tmp_path: Path) -> None:
    for tag in ("3b", "latest"):
        manifest = f"registry.ollama.ai/library/llama3.2/{tag}"
        put_in_ollama(tmp_path / ".ollama/models", manifest, "same")
    assert list(found(tmp_path, "Ollama")) == ["llama3.2:3b"]


@links
def test_the_hubs_cache(tmp_path: Path) -> None:
    hub = folder_of(tmp_path, "Hugging Face")
    old, new = "0" * 40, "f" * 40
    put_in_hub(hub, "maker/tiny", "tiny-Q8_0.gguf", gguf_bytes("old"), old)
    link = put_in_hub(hub, "maker/tiny", "tiny-Q8_0.gguf", gguf_bytes("new"), new)
    put_in_hub(hub, "maker/tiny", "sub/deep.gguf", gguf_bytes("deep"), new)
    for n in (1, 2):
        name = f"Q4/big-0000{n}-of-00002.gguf"
        put_in_hub(hub, "maker/big", name, gguf_bytes(f"part {n}"))
    repo = hub / "models--maker--tiny"
    write(repo / f"blobs/{'e' * 64}.incomplete", gguf_bytes("half of it"))
    (repo / f"snapshots/{new}/coming.gguf").symlink_to(f"../../blobs/{'e' * 64}")
    write(hub / ".locks/models--maker--tiny/x.gguf", b"lock")
    write(hub / "datasets--x/snapshots/a/data.gguf", gguf_bytes("data"))
    models = discover(tmp_path)
    assert sorted(m.name for m in models) == ["big", "deep", "tiny-Q8_0", "tiny-Q8_0"]
    tiny = [m.path for m in models if m.name == "tiny-Q8_0"]
    assert link in tiny
    assert told_sha256(link) == (link.resolve().name, "Hugging Face")


def test_the_hubs_cache_without_links(tmp_path: Path) -> None:
    repo = folder_of(tmp_path, "Hugging Face") / "models--maker--tiny"
    path = write(repo / "snapshots/abc/tiny.gguf", gguf_bytes("copied"))
    assert {m.path for m in found(tmp_path, "Hugging Face").values()} == {path}


def test_what_the_hubs_client_notes_beside_a_download(tmp_path: Path) -> None:
    path = write(tmp_path / "models/sub/a.gguf", gguf_bytes("a"))
    notes = tmp_path / "models/.cache/huggingface/download/sub/a.gguf.metadata"
    write(notes, f"{'a' * 40}\n{'b' * 64}\n1700000000.0\n".encode())
    assert told_sha256(path) == ("b" * 64, "Hugging Face")


def test_llama_cpps_flat_cache_has_the_hubs_names(tmp_path: Path) -> None:
    cache = folder_of(tmp_path, "llama.cpp")
    path = put_in_llama_cpp(cache, "unsloth/Qwen3-4B-GGUF", "Qwen3-4B-Q4_K_M.gguf")
    put_in_llama_cpp(cache, "org/deep", "Q8/Deep-Q8_0.gguf")
    write(cache / "org_repo_coming.gguf.downloadInProgress", gguf_bytes("c"))
    write(cache / "manifest=odd.json", b"[")
    write(cache / "by_hand.gguf", gguf_bytes("h"))
    assert set(found(tmp_path, "llama.cpp")) == {"Qwen3-4B-Q4_K_M", "Deep-Q8_0", "by_hand"}
    assert told_sha256(path)[1] == "llama.cpp"


@links
def test_llama_cpps_newer_cache_has_the_hubs_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "llama"
    monkeypatch.setenv("LLAMA_CACHE", str(cache))
    put_in_llama_cpp(cache, "org/old", "old.gguf")
    put_in_hub(cache, "ggml-org/new", "new-Q4_0.gguf", gguf_bytes("new"))
    assert set(found(tmp_path, "llama.cpp")) == {"old", "new-Q4_0"}


@links
def test_unsloth(tmp_path: Path) -> None:
    studio = tmp_path / ".unsloth/studio"
    write(studio / "exports/my-tune/model.Q4_K_M.gguf", gguf_bytes("tuned"))
    put_in_hub(studio / "cache/huggingface/hub", "unsloth/x", "x-Q4_0.gguf", gguf_bytes("x"))
    assert set(found(tmp_path, "Unsloth")) == {"model.Q4_K_M", "x-Q4_0"}


# Links


@links
def test_loops_of_links_end(tmp_path: Path) -> None:
    models = folder_of(tmp_path, "LM Studio")
    write(models / "m/r/a.gguf", gguf_bytes("a"))
    (models / "m/again").symlink_to(models)
    (models / "m/r/up").symlink_to(tmp_path)
    (models / "m/itself").symlink_to("itself")
    (models / "m/one").symlink_to(models / "m/two")
    (models / "m/two").symlink_to(models / "m/one")
    (models / "m/r/b.gguf").symlink_to("b.gguf")
    assert set(found(tmp_path, "LM Studio")) == {"a"}


@links
def test_a_folder_on_another_disk_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "big disk/r/a.gguf", gguf_bytes("a"))
    models = folder_of(tmp_path, "LM Studio")
    models.mkdir(parents=True)
    (models / "maker").symlink_to(tmp_path / "big disk")
    assert set(found(tmp_path, "LM Studio")) == {"a"}


@links
def test_a_file_with_several_names_is_met_once(tmp_path: Path) -> None:
    path = write(folder_of(tmp_path, "LM Studio") / "m/r/a.gguf", gguf_bytes("a"))
    other = folder_of(tmp_path, "GPT4All") / "b.gguf"
    other.parent.mkdir(parents=True)
    os.link(path, other)
    assert [m.name for m in discover(tmp_path)] == ["a"]


# Bounds


def test_a_look_has_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_ENTRIES", 20)
    folder = folder_of(tmp_path, "GPT4All")
    for n in range(40):
        write(folder / f"deep/{n}/a{n}.gguf", gguf_bytes(f"a{n}"))
    trail = walk.Trail()
    assert len([s for s in walk.walk(folder, trail) if s]) <= 20
    assert trail.truncated


def test_many_models_of_all_programs(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("links need a privilege there")
    fill(tmp_path, 100)
    models = discover(tmp_path)
    assert len(models) == 100
    assert len({m.source for m in models}) == 7
    assert all(m.file_bytes == 400 for m in models)


def test_a_setting_that_names_the_whole_home_is_none(tmp_path: Path) -> None:
    write(tmp_path / "Documents/private.gguf", gguf_bytes("private"))
    for folder in ("/", str(tmp_path), str(tmp_path.parent)):
        settings = json.dumps({"downloadsFolder": folder}).encode()
        write(tmp_path / ".lmstudio/settings.json", settings)
        assert discover(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_pipes_are_passed_over(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "LM Studio") / "m/r"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "a.gguf")
    os.mkfifo(tmp_path / ".lmstudio/settings.json")
    os.mkfifo(tmp_path / ".lmstudio-home-pointer")
    (folder / "folder.gguf").mkdir()
    assert discover(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_names_that_are_no_text_are_made_fit_to_be_shown(tmp_path: Path) -> None:
    odd = os.fsdecode(b"caf\xe9\x1b[2J")
    put_in_ollama(tmp_path / ".ollama/models", f"registry.ollama.ai/library/{odd}/3b", "odd")
    write(folder_of(tmp_path, "Jan") / odd / "model.gguf", gguf_bytes("jan"))
    names = [model.name for model in discover(tmp_path)]
    assert len(names) == 2
    assert all(name.isprintable() and name.encode() for name in names)
