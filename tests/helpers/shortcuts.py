"""What acts on which key in a window: none twice, and each as its tooltip tells."""

import re

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.main_window import MainWindow
from gui.widgets.buttons import Button

Keys = dict[str, list[QObject]]


def live_shortcuts(window: MainWindow) -> Keys:
    """What would act on each key now, by Qt's own rule: visible and not switched off."""
    found: Keys = {}
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and button.isEnabled() and not button.shortcut().isEmpty():
            found.setdefault(button.shortcut().toString(), []).append(button)
    for shortcut in window.findChildren(QShortcut):
        owner = shortcut.parent()
        own = shortcut.context() == Qt.ShortcutContext.WidgetShortcut  # only where it has the focus
        if isinstance(owner, QWidget) and owner.isVisible() and shortcut.isEnabled() and not own:
            found.setdefault(shortcut.key().toString(), []).append(shortcut)
    return found


def check_shortcuts(window: MainWindow) -> set[str]:
    """None is taken twice, and each button has the one that its tooltip tells."""
    live = live_shortcuts(window)
    assert not {keys: owners for keys, owners in live.items() if len(owners) > 1}
    for button in window.findChildren(Button):
        told = re.search(r"\((\S+\+\S+|Esc)\)$", button.toolTip())
        has = button.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        assert has == (told[1] if told and "Ctrl+O" not in told[1] else "")
    return set(live)
