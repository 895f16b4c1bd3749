"""Where other programs keep their models, one declaration each. Nothing there is ever changed.

A place says which folder it is on which system, how its models are found and named (`finder`), and
whether their files are shared inside (`shared`), so that only the program itself can remove one.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.base.paths import folder_of
from engine.library import stores
from engine.library.walk import Steps, Trail

Finder = Callable[[Path, Trail], Steps]


@dataclass(frozen=True)
class Place:
    """A folder where a program keeps its models."""

    program: str
    folder: Path
    finder: Finder
    shared: str = ""  # how the program removes a model, where its files are shared inside


def places(home: Path, platform: str = sys.platform) -> list[Place]:
    """Where the programs keep their models, the folders named by their variables first."""
    return [
        *(Place("LM Studio", folder, stores.plain) for folder in _lm_studio(home)),
        *(Place("GPT4All", folder, stores.plain) for folder in _gpt4all(home, platform)),
        *(Place("Jan", folder, stores.jan) for folder in _jan(home, platform)),
        *(
            Place("Ollama", folder, stores.ollama, "ollama rm")
            for folder in _ollama(home, platform)
        ),
        *(Place("Unsloth", folder, stores.plain) for folder in _unsloth(home)),
        *(
            Place("Unsloth", root / "cache/huggingface/hub", stores.hugging_face, HF_REMOVE)
            for root in _unsloth_roots(home)
        ),
        *(
            Place("Hugging Face", folder, stores.hugging_face, HF_REMOVE)
            for folder in _hugging_face(home)
        ),
        *(Place("llama.cpp", folder, stores.llama_cpp) for folder in _llama_cpp(home, platform)),
    ]


HF_REMOVE = "hf cache rm"


def _data(home: Path, platform: str, *, roaming: bool = False) -> Path:
    """Where the system wants a program's data."""
    if platform == "darwin":
        return home / "Library/Application Support"
    if platform == "win32":
        return home / ("AppData/Roaming" if roaming else "AppData/Local")
    return folder_of("XDG_DATA_HOME") or home / ".local/share"


def _cache(home: Path, platform: str) -> Path:
    if platform == "darwin":
        return home / "Library/Caches"
    if platform == "win32":
        return home / "AppData/Local"
    return folder_of("XDG_CACHE_HOME") or home / ".cache"


def _config(home: Path, platform: str) -> Path:
    return home / ("AppData/Roaming" if platform == "win32" else ".config")


def _lm_studio(home: Path) -> list[Path]:
    """Its home may have been moved, and in its settings the models' folder alone."""
    named = stores.first_line(home / ".lmstudio-home-pointer")
    roots = _unique([Path(named) if named else None, home / ".lmstudio"])
    chosen = (stores.small_json(root / "settings.json").get("downloadsFolder") for root in roots)
    own = [root / "models" for root in roots]
    return _unique([*map(_as_path, chosen), *own, home / ".cache/lm-studio/models"])


def _gpt4all(home: Path, platform: str) -> list[Path]:
    """Its settings are a file in the form of Qt's, with the folder that was chosen."""
    ini = _config(home, platform) / "nomic.ai/GPT4All.ini"
    chosen = stores.setting_of(ini, "modelPath")
    return _unique([_as_path(chosen), _data(home, platform) / "nomic.ai/GPT4All"])


def _jan(home: Path, platform: str) -> list[Path]:
    """Jan's data folder may have been moved; earlier versions kept all in the home folder."""
    data = _data(home, platform, roaming=True) / "Jan"
    chosen = stores.small_json(data / "settings.json").get("data_folder")
    roots = [folder_of("JAN_DATA_FOLDER"), _as_path(chosen), data / "data", home / "jan"]
    return [root / below for root in _unique(roots) for below in ("llamacpp/models", "models")]


def _ollama(home: Path, platform: str) -> list[Path]:
    service = Path("/usr/share/ollama/.ollama/models")  # on Linux it has a user of its own
    own = home / ".ollama/models"
    return _unique([folder_of("OLLAMA_MODELS"), own, service if platform == "linux" else None])


def _unsloth_roots(home: Path) -> list[Path]:
    above = folder_of("UNSLOTH_HOME")
    return _unique(
        [
            folder_of("UNSLOTH_STUDIO_HOME"),
            above / "studio" if above else None,
            home / ".unsloth/studio",
        ]
    )


def _unsloth(home: Path) -> list[Path]:
    """What was trained and exported; what it downloads lies in a cache of Hugging Face's form."""
    return [
        root / below for root in _unsloth_roots(home) for below in ("exports", "outputs", "models")
    ]


def _hugging_face(home: Path) -> list[Path]:
    own, cache = folder_of("HF_HOME"), folder_of("XDG_CACHE_HOME")
    return _unique(
        [
            folder_of("HF_HUB_CACHE"),
            folder_of("HUGGINGFACE_HUB_CACHE"),
            own / "hub" if own else None,
            cache / "huggingface/hub" if cache else None,
            home / ".cache/huggingface/hub",
        ]
    )


def _llama_cpp(home: Path, platform: str) -> list[Path]:
    """Its older cache is flat, its newer one has Hugging Face's form; one folder may have both."""
    return _unique([folder_of("LLAMA_CACHE"), _cache(home, platform) / "llama.cpp"])


def _as_path(text: object) -> Path | None:
    """A folder that another program's settings name, if it can be one."""
    if not isinstance(text, str) or not text.strip() or "\0" in text:
        return None
    path = Path(text)
    return path if path.is_absolute() else None


def _unique(folders: list[Path | None]) -> list[Path]:
    return list(dict.fromkeys(folder for folder in folders if folder is not None))
