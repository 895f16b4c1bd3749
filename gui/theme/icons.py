"""Line icons from resources/icons (Lucide), drawn in any colour at any size and pixel ratio."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gui.resources import resource

STROKE = 'stroke-width="1.75"'
MARK_SIDES = (16, 20, 24, 32, 48, 64, 128, 256)  # that a desktop asks an icon for
SMALL = 24  # up to this side the mark has fewer knots


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    text = resource("icons", f"{name}.svg").read_text("utf-8")
    return text.replace('stroke-width="2"', STROKE)


@lru_cache(maxsize=512)
def renderer(name: str, colour: str) -> QSvgRenderer:
    """A renderer of the icon in one colour; kept, because views paint it again and again."""
    svg = _source(name).replace("currentColor", colour)
    return QSvgRenderer(QByteArray(svg.encode()))


def paint_icon(painter: QPainter, name: str, colour: str, rect: QRectF) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer(name, colour).render(painter, rect)


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    side = round(size * ratio)
    image = QPixmap(QSize(side, side))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_icon(painter, name, colour, QRectF(0, 0, side, side))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def icon(name: str, colour: str, size: int, disabled: str = "") -> QIcon:
    """An icon that is sharp on every screen that is there."""
    return _icon(name, colour, size, disabled, _ratios())


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, size: int, disabled: str, ratios: tuple[float, ...]) -> QIcon:
    result = QIcon()
    for ratio in ratios:
        result.addPixmap(pixmap(name, colour, size, ratio))
        if disabled:
            result.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return result


def _ratios() -> tuple[float, ...]:
    """Pixels to a point, of each screen: pictures for others would be most of the work of a step
    of the text size."""
    found = {screen.devicePixelRatio() for screen in QGuiApplication.screens()}
    return tuple(sorted(found or {1.0}))


def window_icon() -> QIcon:
    """The program's mark, drawn for each size by itself."""
    result = QIcon()
    for side in MARK_SIDES:
        result.addPixmap(pixmap("chaski-small" if side <= SMALL else "chaski", "", side))
    return result
