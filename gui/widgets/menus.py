"""Menus, whose words may be the names of files."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget


def round_menu(parent: QWidget) -> QMenu:
    """With round corners; gone when it was closed."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # its corners are round
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def unmarked(words: str) -> str:
    """Words in which & is a letter, and no mark of a key."""
    return words.replace("&", "&&")
