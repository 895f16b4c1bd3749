"""A line to search in, with a magnifying glass where the eye begins."""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QToolButton

from gui.language import tr
from gui.theme.icons import icon, paint_icon
from gui.theme.theme import current
from gui.widgets.menus import native_keys
from gui.widgets.paint import colour, theme_font

TARGET = 24
TRAILING = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class SearchField(QLineEdit):
    """Esc empties it; Return asks for another place, Shift for the one on the other side."""

    stepped = Signal(int)

    def __init__(self, name: str, tip: str, keys: str = "") -> None:
        super().__init__()
        self._keys = native_keys(keys) if keys else ""
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self._empty_it = self.addAction(QIcon(), self.ActionPosition.TrailingPosition)
        self._empty_it.setToolTip(tr("Empty the search (Esc)"))
        for button in self.findChildren(QToolButton):
            button.installEventFilter(self)
            button.setAccessibleName(tr("Empty the search"))
        self._empty_it.triggered.connect(self.clear)
        self.textChanged.connect(self._show_way_out)
        self._show_way_out()
        self._measure()
        current().follow(self, self._measure)

    def _measure(self) -> None:
        self._empty_it.setIcon(icon("x", colour("muted").name(), current().px(14)))
        room = current().px(24)
        self.setTextMargins(*((0, 0, room, 0) if self.isRightToLeft() else (room, 0, 0, 0)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt makes the button in the field as large as its icon: too small to be hit easily."""
        moved = event.type() in (QEvent.Type.Move, QEvent.Type.Resize)
        if moved and isinstance(watched, QToolButton):
            side = current().px(TARGET)
            box = QRect(0, 0, side, side)
            box.moveCenter(watched.geometry().center())
            if watched.geometry() != box:
                watched.setGeometry(box)
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._measure()

    def _show_way_out(self) -> None:
        self._empty_it.setVisible(bool(self.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.stepped.emit(1 if shifted else -1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        px = current().px
        side = px(15)
        painter = QPainter(self)
        mirrored = self.isRightToLeft()
        left = self.width() - side - px(14) if mirrored else px(14)
        spot = QRectF(left, (self.height() - side) / 2, side, side)
        paint_icon(painter, "search", colour("muted").name(), spot)
        if self._keys and not (self.text() or self.hasFocus() or mirrored):
            font, room = theme_font(11.5), self.rect().adjusted(px(12), 0, -px(12), 0)
            words = QFontMetrics(self.font()).horizontalAdvance(self.placeholderText())
            if words + QFontMetrics(font).horizontalAdvance(self._keys) < self.width() - px(72):
                painter.setFont(font)
                painter.setPen(colour("muted"))
                painter.drawText(room, TRAILING, self._keys)
        painter.end()
