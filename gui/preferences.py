"""What the user chose for the window: a small JSON file beside the engine's own settings."""

import json
import os
import re
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine.base.catalogue import Words

LARGEST = 1 << 20  # bytes of the file that are read; a prompt of ours is far shorter
ALLOWED: dict[str, tuple[object, ...]] = {
    "theme": ("system", "light", "dark", "contrast"),
    "quiet": ("auto", "off", "on"),
    "when_full": ("stop", "roll", "ends"),
    "motion": ("system", "less"),
}
RANGES = {
    "font_pixels": (10, 28),
    "threads": (0, 256),
    "context": (0, 1 << 20),
    "unload_minutes": (0, 24 * 60),
}


@dataclass(frozen=True)
class Preferences:
    """0 for threads and context means: chosen well for each model and this machine; 0 minutes:
    models are never unloaded. `quiet`: when fewer threads compute (auto: battery and heat)."""

    theme: str = "system"
    font_pixels: int = 14
    models_folder: str = ""  # "": the usual place
    threads: int = 0
    context: int = 0
    quiet: str = "auto"
    unload_minutes: int = 0
    system_prompt: str = ""
    show_statistics: bool = True
    auto_titles: bool = True  # after its first answer a model gives the chat a title
    notify: bool = True  # of a long answer that is done while one looks at something else
    motion: str = "system"  # "less": nothing moves that need not
    model: str = ""  # the file that was talked with last, and its name
    model_name: str = ""
    when_full: str = "stop"  # what becomes of new chats whose context is full
    preset: str = ""  # that new chats begin with; "": the model's own values
    attach_folder: str = ""  # where files were attached from last
    weekly_updates: bool = False  # whether a newer release may be looked for once a week
    language: str = "system"  # or a code such as "en"; one that is not there means English


def read(path: Path) -> tuple[Preferences, str]:
    """What can be read of the file, value by value, and a sentence on what cannot ("": nothing).

    A damaged value costs that value alone; it is the usual one then.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST)
    except FileNotFoundError:
        return Preferences(), ""
    except OSError as error:
        return Preferences(), Words(
            "The settings file {file} cannot be read: {reason}.",
            file=str(path),
            reason=error.strerror,
        )
    text = data.decode("utf-8", "replace")
    values, whole = _values(text)
    known = asdict(Preferences())
    sound = {k: _clean(v) for k, v in values.items() if k in known and _is_sound(k, v, known[k])}
    odd = [_shown(k) for k in values if k not in sound]
    lost = ", ".join(odd) or ("" if whole else Words("some of them"))
    if not lost and "\N{REPLACEMENT CHARACTER}" not in text:
        return replace(Preferences(), **sound), ""
    lost = lost or Words("some letters")
    words = Words(
        "The settings file {file} is damaged or of another version; not understood: {lost}.",
        file=str(path),
        lost=lost,
    )
    return replace(Preferences(), **sound), words


def load(path: Path) -> Preferences:
    """The preferences, with the usual value for each that cannot be read."""
    return read(path)[0]


def mend(path: Path) -> tuple[Preferences, str]:
    """`read`, and where something was damaged, the old file is kept beside a sound one."""
    preferences, complaint = read(path)
    if complaint and path.is_file():
        aside = path.with_name(f"{path.stem}.damaged{path.suffix}")
        try:
            shutil.copyfile(path, aside)
            save(path, preferences)
        except OSError:  # it stays as it is
            return preferences, complaint
        complaint = Words(
            "{complaint} The others are as they were, and the old file was kept as {file}.",
            complaint=complaint,
            file=aside.name,
        )
    return preferences, complaint


def save(path: Path, preferences: Preferences) -> None:
    """Written beside, then renamed: a crash leaves the old file. Nobody else may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as file:
        part.chmod(0o600)
        file.write(json.dumps(asdict(preferences), indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _values(text: str) -> tuple[dict[str, Any], bool]:
    """The object, and whether it is whole; of a broken one each `"name": value` by itself."""
    try:
        found = json.loads(text)
        return (found, True) if isinstance(found, dict) else ({}, False)
    except (ValueError, RecursionError):
        pass
    values: dict[str, Any] = {}
    decoder = json.JSONDecoder()
    for name in asdict(Preferences()):
        at = re.search(rf'"{name}"\s*:\s*', text)
        if at is not None:
            with suppress(ValueError, RecursionError):
                values[name] = decoder.raw_decode(text, at.end())[0]
    return values, False


def _is_sound(key: str, value: Any, usual: Any) -> bool:
    if type(value) is not type(usual) or value not in ALLOWED.get(key, (value,)):
        return False
    low, high = RANGES.get(key, (value, value))
    return bool(low <= value <= high) if key in RANGES else True


def _clean(value: Any) -> Any:
    """Half a letter (of a broken escape) is none that could be kept or shown."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _shown(key: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in key[:40])
