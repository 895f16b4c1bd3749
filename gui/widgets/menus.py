"""Menus, whose words may be the names of files."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget


def round_menu(parent: QWidget) -> QMenu:
    """With round corners; gone when it was closed."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # its corners are round
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def drop_up(menu: QMenu, under: QWidget) -> None:
    """Open it over this part, from the edge where its words begin."""
    spot = under.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4))
    menu.popup(spot)


def drop_down(menu: QMenu, under: QWidget, *, right: bool = False) -> None:
    """Open it below this part, from its left edge or with their right edges in line."""
    left = under.width() - menu.sizeHint().width() if right else 0
    menu.popup(under.mapToGlobal(QPoint(left, under.height() + 4)))


def native_keys(keys: str) -> str:
    """As this system writes them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def unmarked(words: str) -> str:
    """Words in which & is a letter, and no mark of a key."""
    return words.replace("&", "&&")
