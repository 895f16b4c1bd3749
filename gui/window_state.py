"""What a window remembers from one start to the next: place, size, view, last folder, chat.

A small JSON file of its own beside the settings: nothing in it is precious, so whatever is damaged
or odd is left out, value by value.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

LARGEST = 1 << 16  # bytes; no file of ours is larger


@dataclass
class WindowState:
    """`geometry` is Qt's own, in base 64; the rest is plain."""

    geometry: str = ""
    view: str = ""
    panel: bool = False  # the parameters are shown
    list_wide: int = 0  # of the list of chats; 0: as usual
    list_away: bool = False
    closed_folders: list[str] = field(default_factory=list)  # of chats
    folder: str = ""  # where the last file was chosen
    chat: int = 0  # the chat that was shown


def load_state(path: Path) -> WindowState:
    """What was kept; the usual where nothing sound is there."""
    values: Any = None
    with suppress(OSError, ValueError, RecursionError):
        if path.stat().st_size <= LARGEST:
            values = json.loads(path.read_text("utf-8"))
    found = WindowState()
    if isinstance(values, dict):
        for each in fields(found):
            value = values.get(each.name)
            if type(value) is type(getattr(found, each.name)):
                setattr(found, each.name, value)
        found.closed_folders = [name for name in found.closed_folders if isinstance(name, str)]
    return found


def save_state(path: Path, state: WindowState) -> None:
    """Written beside, then renamed. Where the disk refuses, nothing is remembered."""
    part = path.with_name(path.name + ".part")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(asdict(state)) + "\n", "utf-8")
        part.replace(path)
