"""The menus of the view of models: what can be done with one, and with the list."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from engine.api import ModelInfo
from gui.desk import Desk
from gui.known import KnownModel
from gui.language import tr
from gui.library.deeds import Deeds, Left
from gui.widgets.menus import round_menu, unmarked

if TYPE_CHECKING:
    from engine.api import TrashedModel, UnfinishedMove

Act = Callable[[], object]
Act1 = Callable[[KnownModel], object]
Entry = tuple[str, str, Act] | None  # words, shortcut, what it does; None: a line between
MOST_TRASHED = 12


def entries(
    model: KnownModel,
    info: ModelInfo | None,
    acts: Mapping[str, Act1],
    without: Sequence[str] = (),
) -> list[Entry]:
    """What can be done with this model, but for `without`. `acts` by name."""

    def entry(words: str, name: str, shortcut: str = "") -> Entry:
        return words, shortcut, lambda: acts[name](model)

    usual = [
        (tr("Chat"), "chat", "Return"),
        (tr("Details"), "details", "Space"),
        (tr("Look inside"), "inspect", ""),
    ]
    if info is not None:
        usual.append((tr("Close and free its memory"), "close", ""))
    file = [
        (tr("Rename"), "rename", "F2"),
        (tr("Verify"), "verify", ""),
        (tr("Show in folder"), "reveal", ""),
        (tr("Move to another folder…"), "move", ""),
    ]
    away = [(tr("Take off the list"), "remove", ""), (tr("Move to trash"), "trash", "Del")]
    found: list[Entry] = []
    for group in [usual] if model.built_in else [usual, file, away]:
        parts = [entry(*part) for part in group if part[1] not in without]
        found += [None, *parts] if found and parts else parts
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
        (tr("Bring back {model}", model=item.name), "", partial(restore, item.name, str(item.path)))
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
        name, folder = move.name, move.target.parent
        words = tr("Go on moving {model} to {folder}", model=name, folder=folder)
        if move.file_bytes:
            share = 100 * move.done_bytes // move.file_bytes
            words = f"{words} ({share} %)"
        found.append((words, "", partial(go_on, move)))
        leave = tr("Leave {model} where it is", model=name)
        found.append((leave, "", partial(abandon, move)))
    return found


class Menus:
    """Of one view of models. `acts`: what the view itself does with a model, by name."""

    def __init__(
        self, desk: Desk, deeds: Deeds, acts: Mapping[str, Act1], say: Callable[[str], object]
    ) -> None:
        self._desk, self._deeds, self._say = desk, deeds, say
        self._acts: dict[str, Act1] = {
            "close": self._close,
            "verify": deeds.verify,
            "reveal": deeds.reveal,
            "move": deeds.move,
            "remove": deeds.remove,
            "trash": deeds.trash,
            **acts,
        }

    def entries_of(self, model: KnownModel, without: Sequence[str] = ()) -> list[Entry]:
        """What can be done with it."""
        return entries(model, self._desk.model_at(model.path), self._acts, without)

    def _close(self, model: KnownModel) -> None:
        info = self._desk.model_at(model.path)
        if info is not None:
            self._desk.close_model(info)

    def show_at(self, parent: QWidget, model: KnownModel, spot: QPoint) -> None:
        menu_of(parent, self.entries_of(model)).popup(spot)

    def show_rest(self, button: QWidget, model: KnownModel) -> None:
        """Without what the panel of details itself offers."""
        own = ("chat", "details", "inspect", "rename")
        _popup(button, self.entries_of(model, own))

    def show_of_list(self, button: QWidget) -> None:
        """What concerns the whole list; what was left undone is asked first."""
        self._deeds.left(lambda left: _popup(button, self.entries_of_list(left)))

    def entries_of_list(self, left: Left) -> list[Entry]:
        parts: list[Entry] = [(tr("Look through the folders again"), "", self._desk.refresh_known)]
        if left.moves:
            parts += [None, *move_entries(left.moves, self._go_on_moving, self._deeds.abandon)]
        if left.trashed:
            parts += [None, *trash_entries(left.trashed, self._deeds.restore)]
        return parts

    def _go_on_moving(self, move: "UnfinishedMove") -> None:
        model = self._desk.known_at(str(move.path))
        if model is None:
            self._say(tr("{model} is not in the list any more", model=move.name))
        else:
            self._deeds.move_to(model, str(move.target.parent))


def _popup(button: QWidget, parts: Sequence[Entry]) -> None:
    menu_of(button, parts).popup(button.mapToGlobal(button.rect().bottomLeft()))
