"""The menus of the view of models: what can be done with one, and with the list."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from engine.api import ModelInfo
from gui.known import KnownModel
from gui.widgets.menus import round_menu, unmarked

if TYPE_CHECKING:
    from engine.api import TrashedModel, UnfinishedMove

Act = Callable[[], object]
Entry = tuple[str, str, Act] | None  # words, shortcut, what it does; None: a line between
MOST_TRASHED = 12


def entries(
    model: KnownModel, info: ModelInfo | None, acts: Mapping[str, Callable[[KnownModel], object]]
) -> list[Entry]:
    """What can be done with this model. `acts` by name."""

    def entry(words: str, name: str, shortcut: str = "") -> Entry:
        return words, shortcut, lambda: acts[name](model)

    found: list[Entry] = [
        entry("Chat", "chat", "Return"),
        entry("Details", "details", "Space"),
        entry("Look inside", "inspect"),
    ]
    if info is not None:
        found.append(entry("Close and free its memory", "close"))
    if model.built_in:
        return found
    found += [None, entry("Rename", "rename", "F2"), entry("Verify", "verify")]
    found += [entry("Show in folder", "reveal"), entry("Move to another folder…", "move")]
    found += [None, entry("Take off the list", "remove"), entry("Move to trash", "trash", "Del")]
    return found


def menu_of(parent: QWidget, parts: Sequence[Entry]) -> QMenu:
    menu = round_menu(parent)
    for part in parts:
        if part is None:
            menu.addSeparator()
            continue
        words, shortcut, act = part
        action = menu.addAction(unmarked(words))
        if shortcut:  # shown only: the list itself hears the keys
            action.setShortcut(QKeySequence(shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _on=False, a=act: a())
    return menu


def trash_entries(
    trashed: Sequence["TrashedModel"], restore: Callable[[str, str], object]
) -> list[Entry]:
    """What can be brought back, the latest first."""
    return [
        (f"Bring back {item.name}", "", partial(restore, item.name, str(item.path)))
        for item in trashed[:MOST_TRASHED]
    ]


def move_entries(
    moves: Sequence["UnfinishedMove"],
    go_on: Callable[["UnfinishedMove"], object],
    abandon: Callable[["UnfinishedMove"], object],
) -> list[Entry]:
    """Moves that were begun and ended with the program."""
    found: list[Entry] = []
    for move in moves:
        share = f" ({100 * move.done_bytes // move.file_bytes} %)" if move.file_bytes else ""
        words = f"Go on moving {move.name} to {move.target.parent}{share}"
        found.append((words, "", partial(go_on, move)))
        found.append((f"Leave {move.name} where it is", "", partial(abandon, move)))
    return found
