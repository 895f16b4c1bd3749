"""What covers the window while a file is dragged over it: drop it anywhere."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.theme.icons import paint_icon
from gui.theme.theme import current
from gui.widgets.paint import colour, theme_font


class DropCover(QWidget):
    """Lets every event through; it only shows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_over(self, words: str) -> None:
        self._words = words
        self.setGeometry(self._host.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        px = current().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(colour("surface"))
        ground.setAlpha(235)
        painter.fillRect(self.rect(), ground)
        frame = QRectF(self.rect()).adjusted(px(16), px(16), -px(16), -px(16))
        painter.setPen(QPen(colour("accent"), px(2), Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, px(16), px(16))
        side = px(40)
        spot = QRectF((self.width() - side) / 2, self.height() / 2 - px(48), side, side)
        paint_icon(painter, "download", colour("accent").name(), spot)
        painter.setPen(colour("text"))
        painter.setFont(theme_font(18, QFont.Weight.DemiBold))
        words = self.rect().adjusted(0, px(40), 0, px(40))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._words)
        painter.end()
