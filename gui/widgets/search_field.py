"""A line to search in, with a magnifying glass where the eye begins."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from gui.theme.icons import paint_icon
from gui.theme.theme import current
from gui.widgets.paint import colour


class SearchField(QLineEdit):
    """Esc empties it."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self._measure()
        current().changed.connect(self._measure)

    def _measure(self) -> None:
        self.setTextMargins(current().px(24), 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        px = current().px
        side = px(15)
        painter = QPainter(self)
        spot = QRectF(px(14), (self.height() - side) / 2, side, side)
        paint_icon(painter, "search", colour("muted").name(), spot)
        painter.end()
