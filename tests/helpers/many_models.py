"""Folders of other programs with any number of model files, each small and sound, none the same."""

import json
import os
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

# Variables that would lead elsewhere.
ELSEWHERE = (
    *("HF_HOME", "HF_HUB_CACHE", "LLAMA_CACHE", "OLLAMA_MODELS"),
    *("XDG_CACHE_HOME", "XDG_DATA_HOME"),
)


def gguf_bytes(name: str, n_bytes: int = 400) -> bytes:
    """A sound file without tensors."""

    def text(value: str) -> bytes:
        raw = value.encode()
        return struct.pack("<Q", len(raw)) + raw

    def pair(key: str, value: str) -> bytes:
        return text(key) + struct.pack("<I", 8) + text(value)

    pairs = [pair("general.architecture", "llama"), pair("general.name", name)]
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs)) + b"".join(pairs)
    return head + bytes(max(0, n_bytes - len(head)))


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def lm_studio(home: Path, n: int) -> None:
    for i in range(n):
        repo = home / f".lmstudio/models/maker{i % 20}/repo{i // 4}"
        write(repo / f"Model-{i}-Q4_K_M.gguf", gguf_bytes(f"studio {i}"))


def hugging_face(home: Path, n: int, hub: str = ".cache/huggingface/hub") -> None:
    for i in range(n):
        put_in_hub(home / hub, f"maker/hub{i // 4}", f"hub-{i}-Q8_0.gguf", gguf_bytes(f"hub {i}"))


def put_in_hub(hub: Path, repo: str, name: str, data: bytes, revision: str = "a" * 40) -> Path:
    """A file of the hub's cache: a blob, and the link to it."""
    folder = hub / f"models--{repo.replace('/', '--')}"
    digest = sha256(data).hexdigest()
    write(folder / f"blobs/{digest}", data)
    link = folder / "snapshots" / revision / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(Path(*[".."] * (2 + name.count("/"))) / "blobs" / digest)
    write(folder / "refs/main", revision.encode())
    return link


def ollama(home: Path, n: int, host: str = "registry.ollama.ai") -> None:
    for i in range(n):
        put_in_ollama(home / ".ollama/models", f"{host}/library/llama{i}/3b", f"ollama {i}")


def put_in_ollama(folder: Path, manifest: str, title: str, pictures: bytes = b"") -> Path:
    """A manifest and its blobs."""
    layers = []
    for kind, data in (("model", gguf_bytes(title)), ("projector", pictures)):
        if data:
            digest = sha256(data).hexdigest()
            write(folder / f"blobs/sha256-{digest}", data)
            media = f"application/vnd.ollama.image.{kind}"
            layers.append({"mediaType": media, "digest": f"sha256:{digest}", "size": len(data)})
    write(folder / "manifests" / manifest, json.dumps({"layers": layers}).encode())
    return folder / "blobs" / str(layers[0]["digest"]).replace(":", "-")


def llama_cpp(home: Path, n: int) -> None:
    for i in range(n):
        put_in_llama_cpp(home / ".cache/llama.cpp", f"org/repo{i}", f"flat-{i}-Q4_0.gguf")


def put_in_llama_cpp(folder: Path, repo: str, name: str, tag: str = "Q4_0") -> Path:
    """The older, flat form: the file and the manifest that it came with."""
    data = gguf_bytes(f"{repo} {name}")
    record = {"sha256": sha256(data).hexdigest(), "size": len(data)}
    maker, _, model = repo.partition("/")
    manifest = {"ggufFile": {"rfilename": name, "size": len(data), "lfs": record}}
    write(folder / f"manifest={maker}={model}={tag}.json", json.dumps(manifest).encode())
    return write(folder / f"{maker}_{model}_{name.replace('/', '_')}", data)


def jan(home: Path, n: int) -> None:
    for i in range(n):
        folder = home / f".local/share/Jan/data/llamacpp/models/janhq/jan-{i}"
        write(folder / "model.gguf", gguf_bytes(f"jan {i}"))
        words = f"model_path: llamacpp/models/janhq/jan-{i}/model.gguf\nname: Jan {i}\n"
        write(folder / "model.yml", words.encode())


def gpt4all(home: Path, n: int) -> None:
    for i in range(n):
        folder = home / ".local/share/nomic.ai/GPT4All"
        write(folder / f"gpt4all-{i}.Q4_0.gguf", gguf_bytes(f"gpt4all {i}"))


def unsloth(home: Path, n: int) -> None:
    for i in range(n):
        folder = home / f".unsloth/studio/exports/run{i // 2}"
        write(folder / f"tuned-{i}.Q4_K_M.gguf", gguf_bytes(f"unsloth {i}"))


ALL = {
    lm_studio: 30,
    hugging_face: 20,
    ollama: 10,
    llama_cpp: 10,
    jan: 10,
    gpt4all: 10,
    unsloth: 10,
}


def fill(home: Path, n: int) -> None:
    """n models, shared out among all programs."""
    for make, percent in ALL.items():
        make(home, n * percent // 100)


@contextmanager
def home_of_many(count: int) -> Iterator[Path]:
    """A home of its own, full of other programs' models; it goes at the end."""
    for name in ELSEWHERE:
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home, count)
        os.environ["HOME"] = os.environ["USERPROFILE"] = str(home)
        yield home
