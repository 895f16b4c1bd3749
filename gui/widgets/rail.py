"""The rail on the left edge: one button per view, exactly one of them chosen."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QVBoxLayout, QWidget

from gui.language import tr
from gui.theme.icons import paint_icon
from gui.theme.theme import current
from gui.widgets.paint import colour, rounded, theme_font

SIDE, WIDEST = 48, 100
CLOSE = 95  # percent: letters stand a little closer where a word is long


class RailButton(QAbstractButton):
    """An icon over a word; on a ground of its own when chosen."""

    def __init__(self, text: str, glyph: str, shortcut: str) -> None:
        super().__init__()
        self._glyph = glyph
        self._busy = False
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)  # one of several, also to screen readers
        self.setShortcut(shortcut)
        self.setToolTip(f"{text} ({self.shortcut().toString()})")
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_busy(self, busy: bool) -> None:
        """A dot: something goes on behind it."""
        if busy != self._busy:
            self._busy = busy
            name = self.text()
            self.setAccessibleName(tr("{name}, something goes on", name=name) if busy else name)
            self.update()

    def sizeHint(self) -> QSize:
        px = current().px
        words = QFontMetrics(_font(QFont.Weight.Medium)).horizontalAdvance(self.text())
        fits = words * CLOSE / 100 <= px(SIDE + 2)
        return QSize(px(SIDE) if fits else min(words, px(WIDEST)), px(SIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        px = current().px
        painter = QPainter(self)
        ink = "text" if self.isChecked() else "muted"
        if self.isChecked():
            rounded(painter, QRectF(self.rect()), px(8), "selection")
        elif self.underMouse():
            rounded(painter, QRectF(self.rect()), px(8), "selection")
            ink = "text"
        if self.hasFocus():
            painter.setPen(colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), px(8), px(8))
        side = px(20)
        box = QRectF((self.width() - side) / 2, px(6), side, side)
        paint_icon(painter, self._glyph, colour(ink).name(), box)
        if self._busy:
            dot = QRectF(box.right() - px(1), box.top() - px(2), px(8), px(8))
            rounded(painter, dot, px(4), "accent", "bg")
        painter.setPen(colour(ink))
        weight = QFont.Weight.Medium if self.isChecked() else QFont.Weight.Normal
        font = _font(weight)
        if QFontMetrics(font).horizontalAdvance(self.text()) > self.width() - px(2):
            font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, CLOSE)
        painter.setFont(font)
        words = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width() + px(2)
        )
        room = self.rect().adjusted(0, px(29), 0, -px(3))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()


def _font(weight: QFont.Weight) -> QFont:
    return theme_font(10.5, weight)


class Rail(QFrame):
    """Holds the rail's buttons; `chosen` tells the name of the view."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        current().dress(self)
        self.setProperty("role", "side")
        self._group = QButtonGroup(self)
        self._buttons: dict[str, RailButton] = {}
        self._above = 0
        self._box = QVBoxLayout(self)
        self._box.addStretch(1)
        self._measure()
        current().follow(self, self._measure)

    def add(self, name: str, text: str, glyph: str, shortcut: str, at_bottom: bool = False) -> None:
        button = RailButton(text, glyph, shortcut)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(button)
        self._buttons[name] = button
        # The stretch parts the views from what stands at the bottom.
        self._box.insertWidget(self._box.count() if at_bottom else self._above, button)
        self._above += not at_bottom
        self._measure()

    def show_busy(self, name: str, busy: bool) -> None:
        self._buttons[name].show_busy(busy)

    def names(self) -> list[str]:
        """The views there are."""
        return list(self._buttons)

    def words(self) -> str:
        """Of the view that is chosen."""
        chosen = self._group.checkedButton()
        return chosen.text() if chosen is not None else ""

    def choose(self, name: str) -> None:
        self._buttons[name].setChecked(True)

    def _measure(self) -> None:
        """As wide as its longest word wants to be."""
        px = current().px
        widest = max((each.sizeHint().width() for each in self._buttons.values()), default=0)
        self.setFixedWidth(max(px(SIDE), widest) + px(16))
        self._box.setContentsMargins(px(8), px(12), px(7), px(12))
        self._box.setSpacing(px(4))
