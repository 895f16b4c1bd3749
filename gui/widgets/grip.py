"""The edge of a side list that is drawn with the mouse: wider, narrower, away."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.paint import colour

GRASP = 6  # as wide as a hand is sure of


class Grip(QWidget):
    """Lies on the right edge of its parent and tells how wide that shall be, in pixels of the
    screen; a double click tells 0: as it usually is."""

    drawn = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setToolTip(tr("Draw to make the list wider; a double click makes it as it was"))
        self._from: tuple[int, int] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        parent.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        host = self._host
        wide = current().px(GRASP)
        left = 0 if host.isRightToLeft() else host.width() - wide
        self.setGeometry(left, 0, wide, host.height())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutDirectionChange):
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = (round(event.globalPosition().x()), self._host.width())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            way = round(event.globalPosition().x()) - self._from[0]
            self.drawn.emit(self._from[1] + (-way if self.isRightToLeft() else way))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.drawn.emit(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not (self.underMouse() or self._from is not None):
            return
        painter = QPainter(self)
        left = 0 if self.isRightToLeft() else self.width() - 2
        painter.fillRect(left, 0, 2, self.height(), colour("faint"))
        painter.end()
