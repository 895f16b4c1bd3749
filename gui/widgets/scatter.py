"""A painted chart of a few named points: two measures against each other. Knows not of what.

Everything the picture says is also its accessible description; the arrow keys walk the points.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.charts import round_step
from gui.widgets.groups import Group
from gui.widgets.paint import colour, rounded, theme_font

LEFT, TOP, RIGHT, BOTTOM = 52, 34, 20, 46  # around the points
DOT, LARGE, REACH = 4.5, 6.0, 16.0  # radius of a dot, of the one that matters; of the mouse
MARGIN = 0.06  # of the width, left free on both sides of the points
APART = 26  # between lines of the grid, at least
ROUND = (1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Point:
    """One dot. `kind`: "base" is what the others are held against, "now" the one that matters."""

    name: str
    x: float
    y: float
    words: str  # its values, for people
    kind: str = ""


@dataclass(frozen=True)
class Axes:
    """What is measured, and how a number of each axis is written."""

    x: str
    y: str
    tell_x: Callable[[float], str]
    tell_y: Callable[[float], str]


class Scatter(Group):
    """Points with their names; the best for their size are joined.

    Heights grow with the square root, from zero: losses span orders of magnitude, and those that
    matter are small.
    """

    pointed = Signal(int)  # a point under the mouse or chosen by the keyboard; -1: none

    def __init__(self, name: str) -> None:
        super().__init__()
        self._points: list[Point] = []
        self._axes = Axes("", "", str, str)
        self.at = -1
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_points(self, points: Sequence[Point], axes: Axes) -> None:
        self._points = sorted(points, key=lambda point: (point.x, point.y))
        self._axes = axes
        self.at = -1
        told = "; ".join(f"{point.name}: {point.words}" for point in self._points)
        self.setAccessibleDescription(
            tr("{y} against {x}. {points}", y=axes.y, x=axes.x, points=told)
        )
        self.update()

    def points(self) -> list[Point]:
        """From left to right, as the arrow keys walk them."""
        return list(self._points)

    def sizeHint(self) -> QSize:
        return QSize(current().px(420), current().px(272))

    # Mouse and keyboard

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spots = self._spots()
        near = [(_distance(spot, event.position()), i) for i, spot in enumerate(spots)]
        distance, i = min(near, default=(REACH * 2, -1))
        self._point(i if distance <= current().px(REACH) else -1)

    def leaveEvent(self, event: QEvent) -> None:
        self._point(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._points) - 1
        steps = {
            Qt.Key.Key_Right: min(self.at + 1, last),
            Qt.Key.Key_Left: max(self.at - 1, 0) if self.at >= 0 else last,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        wanted = steps.get(Qt.Key(event.key()))
        if wanted is None or last < 0:
            super().keyPressEvent(event)
        else:
            self._point(wanted)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.at < 0 and self._points and event.reason() != Qt.FocusReason.MouseFocusReason:
            now = [i for i, point in enumerate(self._points) if point.kind == "now"]
            self._point(now[0] if now else 0)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(-1)
        self.update()

    def _point(self, i: int) -> None:
        if i != self.at:
            self.at = i
            self.update()
            self.pointed.emit(i)

    # Where things are

    def _area(self) -> QRectF:
        px = current().px
        return QRectF(self.rect()).adjusted(px(LEFT), px(TOP), -px(RIGHT), -px(BOTTOM))

    def _across(self) -> tuple[float, float]:
        """The values at the left and the right end."""
        low = min((point.x for point in self._points), default=0.0)
        high = max((point.x for point in self._points), default=1.0)
        room = MARGIN * (high - low) or 0.5 * high or 1.0
        return max(0.0, low - 2 * room), high + 2 * room

    def _top(self) -> float:
        """A round number above all points."""
        highest = max((point.y for point in self._points), default=0.0)
        return next(number for number in _round_numbers() if number >= max(1.04 * highest, 1e-3))

    def _left_of(self, x: float) -> float:
        (low, high), area = self._across(), self._area()
        return area.left() + area.width() * (x - low) / (high - low)

    def _height_of(self, y: float) -> float:
        area = self._area()
        return area.bottom() - area.height() * math.sqrt(max(0.0, y) / self._top())

    def _spots(self) -> list[QPointF]:
        return [QPointF(self._left_of(p.x), self._height_of(p.y)) for p in self._points]

    def _lines(self) -> list[float]:
        """Heights of the grid's lines: zero, and round numbers that are not too close."""
        kept, free = [0.0], self._height_of(0) - current().px(APART)
        last = self._height_of(self._top()) + current().px(APART)
        for number in _round_numbers():
            if number >= self._top():
                return [*kept, number]
            if last <= self._height_of(number) <= free:
                kept.append(number)
                free = self._height_of(number) - current().px(APART)
        return kept

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        px = current().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), 1))
            ring = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(ring, px(8), px(8))
        if self._points:
            self._paint_grid(painter)
            spots = self._spots()
            self._paint_line(painter, spots)
            self._paint_dots(painter, spots)
            self._paint_names(painter, spots)
        painter.end()

    def _paint_grid(self, painter: QPainter) -> None:
        px, area, flags = current().px, self._area(), Qt.AlignmentFlag
        painter.setFont(theme_font(11.5))
        for number in self._lines():
            y = self._height_of(number)
            painter.setPen(QPen(colour("line" if number else "faint"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(colour("muted"))
            box = QRectF(0, y - px(8), area.left() - px(8), px(16))
            painter.drawText(box, flags.AlignRight | flags.AlignVCenter, self._axes.tell_y(number))
        low, high = self._across()
        step = round_step((high - low) / 1.5)
        for n in range(math.ceil(low / step), math.floor(high / step) + 1):
            box = QRectF(self._left_of(step * n) - px(40), area.bottom() + px(5), px(80), px(16))
            painter.drawText(box, flags.AlignCenter, self._axes.tell_x(step * n))
        below = QRectF(area.left(), self.height() - px(24), area.width(), px(16))
        painter.drawText(below, flags.AlignCenter, self._axes.x)
        above = QRectF(px(12), px(8), self.width() - px(24), px(16))
        painter.drawText(above, flags.AlignLeft | flags.AlignVCenter, self._axes.y)

    def _paint_line(self, painter: QPainter, spots: list[QPointF]) -> None:
        """Joins the points that nothing smaller or as large beats."""
        painter.setPen(QPen(colour("faint"), current().px(1.5), Qt.PenStyle.DotLine))
        painter.drawPolyline(QPolygonF(self._best(spots)))

    def _best(self, spots: list[QPointF]) -> list[QPointF]:
        best, line = float("inf"), []
        for point, spot in zip(self._points, spots, strict=True):
            if point.y < best or (point.y == best and point.kind == "base"):
                best = point.y
                line.append(spot)
        return line

    def _paint_dots(self, painter: QPainter, spots: list[QPointF]) -> None:
        px = current().px
        for i, (point, spot) in enumerate(zip(self._points, spots, strict=True)):
            radius = float(px(LARGE if point.kind == "now" else DOT))
            if i == self.at:
                painter.setBrush(colour("accent_soft"))
                painter.setPen(QPen(colour("accent"), px(1.5)))
                painter.drawEllipse(spot, radius + px(4), radius + px(4))
            fill = {"now": "accent", "base": "raised"}.get(point.kind, "muted")
            edge = {"now": "accent", "base": "text"}.get(point.kind, "muted")
            painter.setBrush(colour(fill))
            painter.setPen(QPen(colour(edge), px(2) if point.kind == "base" else 1))
            painter.drawEllipse(spot, radius, radius)

    def _paint_names(self, painter: QPainter, spots: list[QPointF]) -> None:
        """Each name beside its dot, where it covers neither another name nor a dot."""
        px = current().px
        reach = px(LARGE) + px(2)
        taken = [QRectF(s.x() - reach, s.y() - reach, 2 * reach, 2 * reach) for s in spots]
        line = _along(self._best(spots), px(4))
        order = sorted(range(len(spots)), key=lambda i: _RANK.get(self._points[i].kind, 2))
        for i in order:
            point = self._points[i]
            heavy = QFont.Weight.DemiBold if point.kind == "now" else QFont.Weight.Normal
            font = theme_font(12, heavy)
            metrics = QFontMetricsF(font)
            size = QSize(round(metrics.horizontalAdvance(point.name)) + 2, px(14))
            box = self._place(spots[i], size, taken + line, i)
            box = box or self._place(spots[i], size, taken, i)
            if box is None and i != self.at:
                continue
            box = box or _places(spots[i], size, px(9))[0]
            taken.append(box)
            rounded(painter, box.adjusted(-px(2), 0, px(2), 0), px(3), "raised")  # over the grid
            painter.setFont(font)
            ink = "accent_ink" if point.kind == "now" else "text" if i == self.at else "muted"
            painter.setPen(colour(ink))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, point.name)

    def _place(self, spot: QPointF, size: QSize, taken: list[QRectF], own: int) -> QRectF | None:
        inside = QRectF(self.rect()).adjusted(current().px(LEFT), 0, -2, -current().px(BOTTOM))
        for box in _places(spot, size, current().px(9)):
            others = (area for i, area in enumerate(taken) if i != own)
            if inside.contains(box) and not any(box.intersects(area) for area in others):
                return box
        return None


_RANK = {"now": 0, "base": 1}  # who finds a place for its name first


def _places(spot: QPointF, size: QSize, gap: float) -> list[QRectF]:
    """Right, above, left, below and the corners."""
    w, h, x, y = size.width(), size.height(), spot.x(), spot.y()
    corners = (
        (x + gap, y - h / 2),
        (x - w / 2, y - gap - h),
        (x + gap * 0.7, y - gap * 0.5 - h),
        (x - gap - w, y - h / 2),
        (x - gap * 0.7 - w, y - gap * 0.5 - h),
        (x - w / 2, y + gap),
        (x + gap * 0.7, y + gap * 0.5),
    )
    return [QRectF(left, top, w, h) for left, top in corners]


def _along(line: list[QPointF], every: float) -> list[QRectF]:
    """Small squares on a line: where a name would be struck through."""
    found = []
    for a, b in zip(line, line[1:], strict=False):
        n = max(1, int(_distance(a, b) / every))
        for i in range(n + 1):
            at = a + (b - a) * (i / n)
            found.append(QRectF(at.x() - 1, at.y() - 1, 2, 2))
    return found


def _round_numbers() -> Iterator[float]:
    """1, 2, 5, 10, … from very small ones on."""
    for power in range(-6, 12):
        for factor in ROUND:
            yield float(f"{factor}e{power}")
    yield float("inf")


def _distance(a: QPointF, b: QPointF) -> float:
    return float(((a.x() - b.x()) ** 2 + (a.y() - b.y()) ** 2) ** 0.5)
