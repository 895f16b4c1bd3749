"""Models that other programs have on this machine: found, read in place, never changed."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from engine.base.errors import ChaskiError
from engine.base.paths import folder_of, home_folder
from engine.base.reading import read_file
from engine.library.files import model_files, plain_name, size_of
from engine.library.records import LibraryModel

_MAX_FOLDERS = 5_000
_MAX_MANIFEST = 1 << 20
_MODEL_LAYER = "application/vnd.ollama.image.model"

Found = Iterator[tuple[str, Path]]  # name, file
Finder = Callable[[Path], Found]


@dataclass(frozen=True)
class Place:
    """A folder where a program keeps its models, and how to find them in it."""

    program: str
    folder: Path
    finder: Finder


def discover(home: Path | None = None) -> list[LibraryModel]:
    """All of them, each file once; unreadable places are passed over."""
    found: dict[Path, LibraryModel] = {}
    home = home or home_folder()
    for place in places(home) if home is not None else ():
        for name, path in _found_in(place):
            real = path.resolve()
            if real not in found:
                size = size_of(path)
                found[real] = LibraryModel(name, path, size, source=place.program)
    return sorted(found.values(), key=lambda model: (model.source, model.name.casefold()))


def _found_in(place: Place) -> Found:
    try:
        if place.folder.is_dir():
            yield from place.finder(place.folder)
    except OSError:
        return


def places(home: Path, platform: str = sys.platform) -> list[Place]:
    """Where the programs keep their models, the folders named by their variables first."""
    data, cache = _data_folder(home, platform), _cache_folder(home, platform)
    hub = folder_of("HF_HUB_CACHE") or (folder_of("HF_HOME") or home / ".cache/huggingface") / "hub"
    llama = folder_of("LLAMA_CACHE") or cache / "llama.cpp"
    ollama = [folder_of("OLLAMA_MODELS"), home / ".ollama/models"]
    if platform == "linux":  # the service of Linux has a user of its own
        ollama.append(Path("/usr/share/ollama/.ollama/models"))
    return [
        *(Place("LM Studio", folder, _plain) for folder in _lm_studio(home)),
        Place("GPT4All", data / "nomic.ai/GPT4All", _plain),
        Place("Jan", data / "Jan/data/llamacpp/models", _jan),
        Place("Jan", home / "jan/models", _plain),
        *(Place("Ollama", folder, _ollama) for folder in ollama if folder),
        Place("Hugging Face", hub, _plain),
        Place("llama.cpp", llama, _plain),
    ]


def _data_folder(home: Path, platform: str) -> Path:
    if platform == "darwin":
        return home / "Library/Application Support"
    if platform == "win32":
        return home / "AppData/Local"
    return home / ".local/share"


def _cache_folder(home: Path, platform: str) -> Path:
    if platform == "darwin":
        return home / "Library/Caches"
    return home / ("AppData/Local" if platform == "win32" else ".cache")


def _lm_studio(home: Path) -> list[Path]:
    folders = [home / ".lmstudio/models", home / ".cache/lm-studio/models"]
    chosen = _json(home / ".lmstudio/settings.json").get("downloadsFolder")
    return [Path(chosen), *folders] if isinstance(chosen, str) and chosen else folders


def _plain(folder: Path) -> Found:
    for path in model_files(folder):
        yield plain_name(path), path


def _jan(folder: Path) -> Found:
    """Jan calls every file model.gguf; the folders above carry the name."""
    for name, path in _plain(folder):
        above = "/".join(path.parent.relative_to(folder).parts)
        yield (above or name) if name == "model" else name, path


def _ollama(folder: Path) -> Found:
    """Manifests name the blob with the weights: manifests/HOST/library/NAME/TAG."""
    manifests = folder / "manifests"
    for place, _, names in islice(os.walk(manifests), _MAX_FOLDERS):
        for tag in sorted(names)[:_MAX_FOLDERS]:
            path = _blob(folder, _json(Path(place) / tag))
            if path is not None:
                words = Path(place).relative_to(manifests).parts[1:]  # without the host
                name = "/".join(words[1:] if words[:1] == ("library",) else words)
                yield f"{name}:{tag}", path


def _blob(folder: Path, manifest: dict[str, object]) -> Path | None:
    layers = manifest.get("layers")
    for layer in layers if isinstance(layers, list) else []:
        if isinstance(layer, dict) and layer.get("mediaType") == _MODEL_LAYER:
            digest = str(layer.get("digest", "")).replace(":", "-")
            path = folder / "blobs" / digest
            if digest.startswith("sha256-") and digest[7:].isalnum() and path.is_file():
                return path
    return None


def _json(path: Path) -> dict[str, object]:
    """A small file of another program; anything odd in it counts as nothing."""
    try:
        found = json.loads(read_file(path, _MAX_MANIFEST))
    except (ChaskiError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
