"""A combo box with the look's own chevron, and an on/off switch."""

import sys

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QListView,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
)

from gui.theme.icons import paint_icon
from gui.theme.theme import current
from gui.widgets.paint import colour, rounded


class ComboBox(QComboBox):
    """A combo box; the wheel does not turn it, so that a page can be scrolled past it."""

    def __init__(self, name: str, options: list[tuple[str, object]]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        if sys.platform.startswith("linux"):  # where Qt tells what is chosen as its name
            self.setAccessibleDescription(name)
        self.setView(QListView())  # one of our own: the style sheet gives its rows their height
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view().setAccessibleName(name)
        popup = self.view().window()  # round corners, as the field has
        popup.setWindowFlags(
            Qt.WindowType.Popup
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.NoDropShadowWindowHint
        )
        popup.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        for text, value in options:
            self.addItem(text, value)

    def choose(self, value: object) -> None:
        self.blockSignals(True)
        self.setCurrentIndex(max(0, self.findData(value)))
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def shown_option(self) -> QStyleOptionComboBox:
        """What is drawn: what is chosen ends in … where there is no room for it."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        elide = Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(self.currentText(), elide, room.width())
        return option

    def paintEvent(self, event: QPaintEvent) -> None:
        px = current().px
        painter = QStylePainter(self)
        shown = self.shown_option()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, shown)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, shown)
        side = px(16)
        left = px(8) if self.isRightToLeft() else self.width() - side - px(8)
        box = QRectF(left, (self.height() - side) / 2, side, side)
        paint_icon(painter, "chevron-down", colour("muted").name(), box)
        painter.end()


class Switch(QCheckBox):
    """An on/off switch, painted; the keyboard and screen readers see a check box."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(current().px(36), current().px(24))

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        height = float(current().px(20))
        top = (self.height() - height) / 2
        line = "text" if self.hasFocus() else "accent" if on else "faint"
        ground = QRectF(0, top, self.width(), height)
        rounded(painter, ground, height / 2, "accent" if on else "line", line)
        knob = height - 6
        spot = QRectF(self.width() - knob - 3 if on else 3, top + 3, knob, knob)
        rounded(painter, spot, knob / 2, "on_accent" if on else "raised")
        painter.end()
