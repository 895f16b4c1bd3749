"""Small helpers for widgets that paint themselves with the theme's colours and fonts."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QApplication

from gui.theme.theme import current


def colour(role_or_hex: str) -> QColor:
    """A colour by token name ("muted") or written out ("#RRGGBB")."""
    if role_or_hex.startswith("#"):
        return QColor(role_or_hex)
    return QColor(getattr(current().tokens, role_or_hex))


def theme_font(pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The interface font at a size of the look, scaled to the user's text size."""
    font = QFont(QApplication.font())
    font.setPixelSize(current().px(pixels))
    font.setWeight(weight)
    return font


def rounded(painter: QPainter, rect: QRectF, radius: float, fill: str, line: str = "") -> None:
    """A filled rounded rectangle, with a one-pixel border when `line` names a colour."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(colour(fill))
    if line:
        painter.setPen(colour(line))
        rect = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(rect, radius, radius)
