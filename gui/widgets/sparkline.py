"""A painted line of the last moments: small, without axes. Knows nothing of what it shows."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from gui.theme.theme import current
from gui.widgets.groups import Group
from gui.widgets.paint import colour, rounded

GAP_S = 5.0  # where nothing was looked at for so long, the line is broken
Moment = tuple[float, float]  # seconds before the last one, and the value


class Sparkline(Group):
    """Values over time, the newest on the right; from zero up to `top`."""

    def __init__(self, name: str, seconds: float, height: int = 44) -> None:
        super().__init__()
        self._seconds, self._height = seconds, height
        self._moments: list[Moment] = []
        self._top = 1.0
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_moments(self, moments: Sequence[Moment], top: float, words: str) -> None:
        """`words`: what is to be seen, for those who do not see it."""
        self._moments = [m for m in moments if 0 <= m[0] <= self._seconds]
        self._top = max(top, 1e-9)
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(current().px(160), current().px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        px = current().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = px(4)
        area = QRectF(0, edge, self.width() - edge, self.height() - edge - 1)
        floor = QRectF(0, area.bottom(), self.width(), 1)
        painter.fillRect(floor, colour("line"))
        for run in _unbroken(self._moments):
            self._paint_run(painter, area, [self._spot(area, moment) for moment in run])
        if self._moments:
            dot = px(2.5)
            spot = self._spot(area, self._moments[-1])
            rounded(
                painter, QRectF(spot.x() - dot, spot.y() - dot, 2 * dot, 2 * dot), dot, "accent"
            )
        painter.end()

    def _spot(self, area: QRectF, moment: Moment) -> QPointF:
        ago, value = moment
        share = min(1.0, max(0.0, value / self._top))
        return QPointF(
            area.right() - area.width() * ago / self._seconds,
            area.bottom() - area.height() * share,
        )

    def _paint_run(self, painter: QPainter, area: QRectF, spots: list[QPointF]) -> None:
        if len(spots) < 2:
            return
        line = QPainterPath(spots[0])
        for spot in spots[1:]:
            line.lineTo(spot)
        ground = QPainterPath(line)
        ground.lineTo(spots[-1].x(), area.bottom())
        ground.lineTo(spots[0].x(), area.bottom())
        painter.fillPath(ground, colour("accent_soft"))
        pen = QPen(colour("accent"), current().px(1.5))
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(line, pen)


def _unbroken(moments: Sequence[Moment]) -> Iterator[list[Moment]]:
    run: list[Moment] = []
    for moment in moments:
        if run and run[-1][0] - moment[0] > GAP_S:
            yield run
            run = []
        run.append(moment)
    if run:
        yield run
