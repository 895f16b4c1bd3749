"""Tooltips in lines that can be read (Qt breaks only rich text), with round corners."""

import textwrap

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

LETTERS = 52  # a line


class Tooltips(QObject):
    """Stands between the application and its widgets, dresses tips and breaks the long ones."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app: QApplication | None = app
        app.installEventFilter(self)

    def close(self) -> None:
        """Stand aside: an application that goes on must not carry the filters of what is gone."""
        if self._app is not None:
            self._app.removeEventFilter(self)
            self._app = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Polish and watched.inherits("QTipLabel"):
            # Before its window is made, which cannot become transparent later.
            watched.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # type: ignore[attr-defined]
            return False
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return False
        if not isinstance(watched, QWidget):
            return False
        tip = watched.toolTip()
        if len(tip) <= LETTERS or tip.startswith("<"):
            return False
        QToolTip.showText(event.globalPos(), wrapped(tip), watched)
        return True


def wrapped(tip: str) -> str:
    """The tip with its own line breaks and those that its length needs."""
    lines = (textwrap.wrap(line, LETTERS) or [""] for line in tip.splitlines())
    return "\n".join("\n".join(line) for line in lines)
