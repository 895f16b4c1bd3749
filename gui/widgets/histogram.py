"""A painted histogram: bars over a range. Knows nothing of what it counts."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from gui.language import figures, tr
from gui.theme.theme import current
from gui.widgets.groups import Group
from gui.widgets.paint import colour, theme_font

GAP = 2.0


class Bars(Group):
    """Counts of equal steps from `low` to `high`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._counts: tuple[int, ...] = ()
        self._ends = ("", "")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: tuple[int, ...], low: float, high: float) -> None:
        self._counts = counts
        self._ends = (figures(f"{low:.4g}"), figures(f"{high:.4g}"))
        self.setAccessibleDescription(
            tr("from {low} to {high}", low=self._ends[0], high=self._ends[1])
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(current().px(420), current().px(110))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._counts:
            return
        px = current().px
        painter = QPainter(self)
        area = QRectF(0, 0, self.width(), self.height() - px(20))
        step, most = area.width() / len(self._counts), max(1, *self._counts)
        for i, count in enumerate(self._counts):
            # A bar that is there can be seen, however few it counts.
            height = max(float(count > 0), area.height() * count / most)
            left = area.left() + i * step
            bar = QRectF(left, area.bottom() - height, max(1.0, step - GAP), height)
            painter.fillRect(bar, colour("accent"))
        painter.fillRect(QRectF(0, area.bottom(), self.width(), 1), colour("line"))
        painter.setPen(colour("muted"))
        painter.setFont(theme_font(11.5))
        words = self.rect().adjusted(0, int(area.bottom()) + px(2), 0, 0)
        for text, side in zip(self._ends, ("AlignLeft", "AlignRight"), strict=True):
            painter.drawText(words, getattr(Qt.AlignmentFlag, side), text)
        painter.end()
