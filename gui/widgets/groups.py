"""A part that is a group to screen readers, which Qt tells by the class alone. It has no frame and
no title, so it is measured and drawn as a plain widget is."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGroupBox, QWidget


class Group(QGroupBox):
    """Told by its accessible name and description; what is in it stands below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)

    def changeEvent(self, event: QEvent) -> None:
        QWidget.changeEvent(self, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        QWidget.resizeEvent(self, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing of its own."""

    def minimumSizeHint(self) -> QSize:
        return QWidget.minimumSizeHint(self)
