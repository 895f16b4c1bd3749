"""Where the keyboard goes when what had it disappears: to where one writes, never to the rail.

Qt itself would take the next widget in the order of Tab, whatever that is.
"""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class FocusHome(QObject):
    """Watches one window; `home` is called when its focused widget was hidden, switched off or
    deleted, at once or while another window was in front."""

    def __init__(self, window: QWidget, home: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._home = home
        self._had: QWidget | None = None  # what had the focus last, in this window
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._changed)

    def _changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if not isValid(self._window) or not self._window.isVisible():
            return
        had = self._had
        if now is None:
            if self._window.isActiveWindow():  # nobody has it
                self._home()
        elif now.window() is self._window:
            self._had = now
            if had is not None and not _usable(had):
                self._home()


def _usable(widget: QWidget) -> bool:
    return isValid(widget) and widget.isVisible() and widget.isEnabled()


def discard(part: QWidget, at_once: bool = False) -> None:
    """It is wanted no more; `at_once` where nothing of it is on any call's way."""
    part.deleteLater()
    if at_once:
        QCoreApplication.sendPostedEvents(part, QEvent.Type.DeferredDelete.value)


def let_go(part: QWidget) -> None:
    """Before a part is taken away: its focus goes home, and not to the next in line first, which
    would be scrolled into sight."""
    focused = part.window().focusWidget()
    if focused is not None and (focused is part or part.isAncestorOf(focused)):
        focused.clearFocus()
