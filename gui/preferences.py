"""What the user chose for the window: a small JSON file beside the engine's own settings."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine.base.errors import UsageError

ALLOWED: dict[str, tuple[object, ...]] = {"theme": ("system", "light", "dark", "contrast")}
RANGES = {"font_pixels": (10, 28), "threads": (0, 256), "context": (0, 1 << 20)}


@dataclass(frozen=True)
class Preferences:
    """0 for threads and context means: chosen well for each model and this machine."""

    theme: str = "system"
    font_pixels: int = 14
    models_folder: str = ""  # "": the usual place
    threads: int = 0
    context: int = 0
    system_prompt: str = ""
    show_statistics: bool = True


def checked(values: dict[str, Any]) -> Preferences:
    """Preferences from untrusted values; an unknown or wrong one is an error with its key."""
    usual = asdict(Preferences())
    for key, value in values.items():
        if key not in usual:
            raise UsageError(f"unknown setting {key!r}; remove it from the settings file")
        if type(value) is not type(usual[key]) or value not in ALLOWED.get(key, (value,)):
            raise UsageError(f"setting {key!r} cannot be {value!r}; change or remove it")
        if key in RANGES and not RANGES[key][0] <= value <= RANGES[key][1]:
            low, high = RANGES[key]
            raise UsageError(f"setting {key!r} must lie between {low} and {high}, not {value}")
    return replace(Preferences(), **values)


def load(path: Path) -> Preferences:
    if not path.exists():
        return Preferences()
    try:
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"the settings file {path} cannot be read: {error}") from None
    if not isinstance(values, dict):
        raise UsageError(f"the settings file {path} is not a JSON object; delete it to start anew")
    return checked(values)


def save(path: Path, preferences: Preferences) -> None:
    """Written beside, then renamed: a crash leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(asdict(preferences), indent=2) + "\n", "utf-8")
    part.replace(path)
