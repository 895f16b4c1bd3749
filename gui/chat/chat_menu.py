"""What can be done with a chat, in one menu: of its row in the list, and of the header's "…"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from gui.widgets.menus import unmarked


@dataclass(frozen=True)
class Deed:
    """One line of the menu; `keys` are told here and belong to somebody else. `deeds`: a menu of
    its own. `checked`: it is a switch."""

    words: str
    act: Callable[[], object] = lambda: None
    keys: str = ""
    deeds: "tuple[Deed | None, ...]" = ()
    checked: bool | None = None


Deeds = Sequence[Deed | None]  # None: a line between


def fill_menu(menu: QMenu, deeds: Deeds) -> None:
    for deed in deeds:
        if deed is None:
            menu.addSeparator()
        elif deed.deeds:
            inner = menu.addMenu(unmarked(deed.words))
            inner.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # round corners
            fill_menu(inner, deed.deeds)
        else:
            _add(menu, deed)


def _add(menu: QMenu, deed: Deed) -> None:
    action = menu.addAction(unmarked(deed.words))
    action.triggered.connect(lambda _on=False, act=deed.act: act())
    if deed.keys:
        action.setShortcut(QKeySequence(deed.keys))
        action.setShortcutVisibleInContextMenu(True)
    if deed.checked is not None:
        action.setCheckable(True)
        action.setChecked(deed.checked)
