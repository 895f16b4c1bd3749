"""Models of other programs, in small copies of their folders; nothing there may be changed."""

import json
from pathlib import Path

import pytest

from engine.library.places import places
from engine.library.refresh import discover

VARIABLES = (
    "HF_HOME",
    "HF_HUB_CACHE",
    "HUGGINGFACE_HUB_CACHE",
    "JAN_DATA_FOLDER",
    "LLAMA_CACHE",
    "OLLAMA_MODELS",
    "UNSLOTH_HOME",
    "UNSLOTH_STUDIO_HOME",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
)


@pytest.fixture(autouse=True)
def own_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


def write(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def found_in(home: Path, program: str) -> dict[str, Path]:
    return {m.name: m.path for m in discover(home) if m.source == program}


def data_of(home: Path, program: str, number: int = 0) -> Path:
    return [place.folder for place in places(home) if place.program == program][number]


def test_lm_studio(tmp_path: Path) -> None:
    path = write(tmp_path / ".lmstudio/models/maker/repo/Tiny-Q4_K_M.gguf")
    write(tmp_path / ".lmstudio/models/maker/repo/mmproj-Tiny.gguf")
    assert found_in(tmp_path, "LM Studio") == {"Tiny-Q4_K_M": path}


def test_lm_studio_with_a_chosen_folder(tmp_path: Path) -> None:
    path = write(tmp_path / "big disk/m/r/Tiny.gguf")
    settings = json.dumps({"downloadsFolder": str(tmp_path / "big disk")})
    write(tmp_path / ".lmstudio/settings.json", settings)
    assert found_in(tmp_path, "LM Studio") == {"Tiny": path}


def test_gpt4all_and_llama_cpp(tmp_path: Path) -> None:
    one = write(data_of(tmp_path, "GPT4All") / "Falcon.Q4_0.gguf")
    two = write(data_of(tmp_path, "llama.cpp") / "ggml-org_tiny.gguf")
    assert found_in(tmp_path, "GPT4All") == {"Falcon.Q4_0": one}
    assert found_in(tmp_path, "llama.cpp") == {"ggml-org_tiny": two}


def test_jan_takes_the_name_of_the_folder(tmp_path: Path) -> None:
    path = write(data_of(tmp_path, "Jan") / "janhq/Jan-v1-4B/model.gguf")
    assert found_in(tmp_path, "Jan") == {"janhq/Jan-v1-4B": path}


def ollama(home: Path, manifest: object, host: str = "registry.ollama.ai") -> Path:
    folder = home / ".ollama/models"
    write(folder / f"manifests/{host}/library/llama3.2/3b", json.dumps(manifest))
    return write(folder / "blobs/sha256-abc123", "weights")


def test_ollama(tmp_path: Path) -> None:
    layers = [
        {"mediaType": "application/vnd.ollama.image.license", "digest": "sha256:fff"},
        {"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:abc123"},
    ]
    path = ollama(tmp_path, {"layers": layers})
    assert found_in(tmp_path, "Ollama") == {"llama3.2:3b": path}


@pytest.mark.parametrize(
    "manifest",
    [
        [],
        {"layers": "x"},
        {"layers": [1]},
        {"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": 5}]},
        {
            "layers": [
                {
                    "mediaType": "application/vnd.ollama.image.model",
                    "digest": "sha256:../../../../etc/passwd",
                }
            ]
        },
    ],
)
def test_odd_manifests_of_ollama_are_passed_over(tmp_path: Path, manifest: object) -> None:
    ollama(tmp_path, manifest)
    write(tmp_path / ".ollama/models/manifests/h/library/m/t", "{not json")
    assert found_in(tmp_path, "Ollama") == {}


def test_hugging_face_links_count_once(tmp_path: Path) -> None:
    repo = data_of(tmp_path, "Hugging Face") / "models--maker--tiny"
    blob = write(repo / "blobs/0123")
    for revision in ("aaa", "bbb"):
        link = repo / "snapshots" / revision / "tiny.gguf"
        link.parent.mkdir(parents=True)
        link.symlink_to(blob)
    assert list(found_in(tmp_path, "Hugging Face")) == ["tiny"]


def test_variables_name_other_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_CACHE", str(tmp_path / "elsewhere"))
    path = write(tmp_path / "elsewhere/a.gguf")
    assert found_in(tmp_path, "llama.cpp") == {"a": path}


def test_nothing_there_is_nothing_found(tmp_path: Path) -> None:
    assert [m for m in discover(tmp_path / "nobody") if m.source != "Ollama"] == []


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_every_system_has_its_places(tmp_path: Path, platform: str) -> None:
    programs = {place.program for place in places(tmp_path, platform)}
    others = {"LM Studio", "GPT4All", "Jan", "Ollama", "Hugging Face", "llama.cpp"}
    assert programs == others | {"Unsloth"}
