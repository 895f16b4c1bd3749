"""Labels by role, labels that shorten their text, and pills."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QWidget

from gui.theme.theme import current
from gui.widgets.paint import fill_pill, pill_font


class TurningLabel(QLabel):
    """Its words begin where lines begin in the window, in whatever letters they are."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        if QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            self.turn()

    def turn(self) -> None:
        """The window was mirrored; it tells its labels, which are too many to listen for that
        among all that changes."""
        now = self.alignment()
        flags = Qt.AlignmentFlag
        if now & flags.AlignHCenter or not (self.isRightToLeft() or now & flags.AlignAbsolute):
            return
        side = flags.AlignRight if self.isRightToLeft() else flags.AlignLeft
        self.setAlignment(now & flags.AlignVertical_Mask | side | flags.AlignAbsolute)


def label(text: str = "", role: str = "", wrap: bool = False) -> QLabel:
    """A plain-text label; `role` picks its size, weight and colour from the style sheet."""
    result = TurningLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setProperty("role", role)
    result.setWordWrap(wrap)
    return result


def turn_labels(window: QWidget) -> None:
    for each in window.findChildren(TurningLabel):
        each.turn()


class ElidedLabel(TurningLabel):
    """A one-line label that ends in … when there is no room; the tooltip has the whole text."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._full = self._tip = ""
        self.set_full(text)

    def explain(self, tip: str) -> None:
        """What the tooltip says beside the whole text, also where that is seen."""
        self._tip = tip
        self._shorten()

    def set_full(self, text: str) -> None:
        self._full = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._shorten()

    def full(self) -> str:
        return self._full

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._full) + 2, self._height(metrics))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(32), self._height(QFontMetrics(self.font())))

    def _height(self, metrics: QFontMetrics) -> int:
        """Letters of another font, such as Japanese ones, stand higher than the font's own."""
        line = metrics.size(Qt.TextFlag.TextSingleLine, self._full)
        return max(metrics.height(), line.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._full, Qt.TextElideMode.ElideRight, max(self.width(), 1)
        )
        self.setText(shown)
        parts = (self._full if shown != self._full else "", self._tip)
        self.setToolTip("\n".join(dict.fromkeys(part for part in parts if part)))


class Pill(QLabel):
    """A short word on a soft ground: `tone` is neutral, good, warn, bad, accent or off."""

    def __init__(self, text: str, tone: str = "neutral", tip: str = "", height: int = 20) -> None:
        super().__init__(text)
        self._height = height
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(tip)
        self.tone = tone
        self.setProperty("role", "pill")
        self._restyle()
        current().follow(self, self._restyle)

    def set_state(self, text: str, tone: str, tip: str = "") -> None:
        self.setText(text)
        self.setToolTip(tip)
        self.tone = tone
        self._restyle()

    def _restyle(self) -> None:
        theme = current()
        font = pill_font()
        font.setStrikeOut(self.tone == "off")
        self.setFont(font)
        self.setContentsMargins(theme.px(8), 0, theme.px(8), 0)
        self.setFixedHeight(theme.px(self._height))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(self.text()) + current().px(17)
        return QSize(width, current().px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_pill(painter, QRectF(self.rect()), self.text(), self.tone, self.font())
        painter.end()
