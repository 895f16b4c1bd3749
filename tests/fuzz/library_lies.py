"""What other programs write about their models, and the catalogue of ours, full of lies."""

import json
import shutil
import sqlite3
from pathlib import Path
from random import Random

from fuzz import evil
from helpers.many_models import gguf_bytes, put_in_llama_cpp, put_in_ollama, write

from engine.base.paths import Paths

WORDS = (
    ".lmstudio-home-pointer",
    ".lmstudio/settings.json",
    ".config/nomic.ai/GPT4All.ini",
    ".local/share/Jan/settings.json",
    ".local/share/Jan/data/llamacpp/models/a/model.yml",
    ".cache/llama.cpp/manifest=org=repo=Q4_0.json",
    ".ollama/models/manifests/registry.ollama.ai/library/x/1b",
    ".cache/huggingface/hub/models--m--n/refs/main",
)


def make(rng: Random, folder: Path) -> Path:
    """A home with a model of each program, some of whose words are bent, and a catalogue."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    put_in_ollama(home / ".ollama/models", "registry.ollama.ai/library/x/1b", "ollama")
    put_in_llama_cpp(home / ".cache/llama.cpp", "org/repo", "flat.gguf")
    write(home / ".local/share/Jan/data/llamacpp/models/a/model.gguf", gguf_bytes("jan"))
    write(home / ".cache/huggingface/hub/models--m--n/snapshots/r/hub.gguf", gguf_bytes("hub"))
    write(home / ".lmstudio/models/m/r/studio.gguf", gguf_bytes("studio"))
    for name in rng.sample(WORDS, rng.randrange(1, 4)):
        write(home / name, _bent(rng, home / name, home))
    if rng.random() < 0.4:
        _bend_catalogue(rng, home)
    return home


def _bent(rng: Random, path: Path, home: Path) -> bytes:
    """Of a manifest its own tree, changed; else lines and values that hurt."""
    if path.is_file() and rng.random() < 0.8:
        tree = evil.mutate_tree(rng, json.loads(path.read_bytes()))
        data = evil.as_json(tree)
    elif path.suffix == ".json":
        key = rng.choice(("downloadsFolder", "data_folder"))
        data = evil.as_json({key: rng.choice((str(home), "/", "..", "\0", evil.scalar(rng)))})
    else:
        value = rng.choice((*evil.TEXTS, str(home), "/etc/passwd", "/dev/zero", "../../x.gguf"))
        key = rng.choice(("model_path: ", "modelPath=", "name: ", ""))
        data = f"{key}{value}\n".encode("utf-8", "replace")
    return evil.mutate_bytes(rng, data) if rng.random() < 0.3 else data


def _bend_catalogue(rng: Random, home: Path) -> None:
    """Sound pages, but rows with values of any kind."""
    use(home)
    db = sqlite3.connect(Paths.under(home / "chaski").library_file)
    values = (7, 1.5, None, b"\xff\0", "{", "[]", '{"added": []}', "x" * 5000, "\x1b[2J")
    for _ in range(rng.randrange(1, 4)):
        table, column = rng.choice(
            (
                *(("models", c) for c in ("path", "hidden", "stamp", "words", "source", "own")),
                *(("looked", "stamp"), ("moves", "words"), ("trash", "files")),
            )
        )
        try:
            db.execute(
                f"UPDATE {table} SET {column} = ? WHERE rowid % 2 = 0", (rng.choice(values),)
            )
        except sqlite3.IntegrityError:
            continue
    db.commit()
    db.close()


def use(home: Path) -> None:
    """Everything that is asked of a library; names are fit to be shown, whatever was written."""
    from engine.library import Library, refresh

    refresh.home_folder = lambda: home
    library = Library(Paths.under(home / "chaski"))
    try:
        for job in (library.refreshing, library.describing, lambda: library.duplicates(1)):
            for _ in job():
                pass
        for model in library.known():
            assert model.name.isprintable()
            assert model.name.strip()
            library.verify(str(model.path), deep=True)
        library.has_changed()
        library.list()
        library.trashed()
        library.moves()
    finally:
        library.close()
