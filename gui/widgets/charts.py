"""A painted chart: a line over a few points. Knows nothing of what it shows."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy

from gui.theme.theme import current
from gui.widgets.groups import Group
from gui.widgets.paint import colour, theme_font

APART = 24  # between two labels, at least


class LineChart(Group):
    """Points joined by a line over a grid with round numbers; both axes start at zero."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._points: list[tuple[float, float]] = []
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_points(self, points: list[tuple[float, float]]) -> None:
        self._points = points
        told = ", ".join(f"{x:g}: {y:.1f}" for x, y in points)
        self.setAccessibleDescription(told)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(current().px(420), current().px(184))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._points:
            return
        px = current().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(px(40), px(10), self.width() - px(60), self.height() - px(40))
        step = round_step(max(y for _, y in self._points))
        lines = max(1, -(-int(max(y for _, y in self._points) * 1000) // int(step * 1000)))
        self._paint_grid(painter, area, step, lines)
        self._paint_line(painter, area, step * lines)
        painter.end()

    def _paint_grid(self, painter: QPainter, area: QRectF, step: float, lines: int) -> None:
        px = current().px
        painter.setFont(theme_font(11.5))
        for i in range(lines + 1):
            y = area.bottom() - area.height() * i / lines
            painter.setPen(QPen(colour("line"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(colour("muted"))
            box = QRectF(0, y - px(8), area.left() - px(8), px(16))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, flags, f"{step * i:g}")

    def _paint_line(self, painter: QPainter, area: QRectF, top: float) -> None:
        px = current().px
        last = max(x for x, _ in self._points)
        spots = [
            QPointF(
                area.left() + area.width() * x / (last * 1.04),
                area.bottom() - area.height() * y / top,
            )
            for x, y in self._points
        ]
        painter.setPen(QPen(colour("accent"), px(2)))
        painter.drawPolyline(QPolygonF(spots))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        for spot in spots:
            painter.drawEllipse(spot, px(3.5), px(3.5))
        painter.setPen(colour("muted"))
        for at in apart([spot.x() for spot in spots], px(APART)):
            box = QRectF(spots[at].x() - px(20), area.bottom() + px(6), px(40), px(16))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{self._points[at][0]:g}")


def apart(places: Sequence[float], least: float) -> list[int]:
    """Which labels can be written without touching: the last, the first, and what fits between."""
    if not places:
        return []
    chosen = [len(places) - 1]
    for i in range(len(places) - 2, -1, -1):
        free = places[chosen[-1]] - places[i] >= least
        if free and (i == 0 or places[i] - places[0] >= least):
            chosen.append(i)
    return chosen[::-1]


def round_step(top: float) -> float:
    """A grid step of 1, 2 or 5 times a power of ten that gives three to five lines."""
    step = 10.0
    while step * 4 > top and step > 1e-6:
        step /= 10
    for factor in (1, 2, 5, 10):
        if step * factor * 4 >= top:
            return step * factor
    return step * 10
