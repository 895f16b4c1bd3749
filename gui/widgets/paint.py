"""Small helpers for widgets that paint themselves with the theme's colours and fonts."""

import unicodedata

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication

from gui.theme.theme import current

# Where words begin: on the right where the window is mirrored, as Qt understands it.
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
# The tones of a pill: its ground and its ink.
TONES = {
    "neutral": ("selection", "muted"),
    "off": ("bg", "muted"),
    "good": ("good_soft", "good_ink"),
    "warn": ("warn_soft", "warn_ink"),
    "bad": ("bad_soft", "bad"),
    "accent": ("accent_soft", "accent_ink"),
}


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


def reads_from_right(words: str) -> bool:
    """By the first letter that has a direction: Arabic, Hebrew and their like."""
    kinds = (unicodedata.bidirectional(letter) for letter in words)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)


def line_flags(words: str, direction: Qt.LayoutDirection) -> int:
    """Words begin where lines begin in the window, and keep their own order: "2.5 GB" is not turned
    round in a window that is mirrored, nor an Arabic title in one that is not."""
    mirrored = direction == Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    force = Qt.TextFlag.TextForceLeftToRight
    if reads_from_right(words):
        force = Qt.TextFlag.TextForceRightToLeft
    placed = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    return int(placed.value | force.value | Qt.TextFlag.TextSingleLine.value)


def text_line(
    painter: QPainter,
    box: QRectF,
    words: str,
    font: QFont,
    role: str,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> float:
    """One line of plain words, shortened where it has no room; answers how wide it is."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(words, elide, int(box.width()))
    painter.setFont(font)
    painter.setPen(colour(role))
    painter.drawText(box, line_flags(words, painter.layoutDirection()), shown)
    return metrics.horizontalAdvance(shown)


def text_lines(
    painter: QPainter, box: QRectF, words: str, font: QFont, role: str, most: int
) -> None:
    """As many lines as that, the last one shortened where there is more."""
    metrics = QFontMetrics(font)
    layout = QTextLayout(words, font)
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
    begins: list[int] = []
    layout.beginLayout()
    while len(begins) <= most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(box.width())
        begins.append(line.textStart())
    layout.endLayout()
    for i, begin in enumerate(begins[:most]):
        last = i == most - 1 and len(begins) > most
        end = begins[i + 1] if i + 1 < len(begins) and not last else len(words)
        place = QRectF(box.left(), box.top() + i * (metrics.height() + 2), box.width(), 0)
        place.setHeight(metrics.height())
        text_line(painter, place, words[begin:end].rstrip(), font, role)


def line_ground(painter: QPainter, box: QRectF, *, has_focus: bool) -> None:
    """What a line of a list lies on while it is chosen or the pointer is over it."""
    rounded(painter, box, current().px(8), "selection", "accent" if has_focus else "")


def pill_font() -> QFont:
    return theme_font(12, QFont.Weight.Medium)


def pill(
    painter: QPainter,
    box: QRectF,
    words: str,
    tone: str,
    *,
    right: bool = False,
    is_chosen: bool = False,
) -> QRectF:
    """A pill at the left of the box, or at its right; answers where it stands. `is_chosen`: its
    line has the ground of a neutral one, which has a border there."""
    px, font = current().px, pill_font()
    width = min(box.width(), QFontMetrics(font).horizontalAdvance(words) + px(16))
    left = box.right() - width if right else box.left()
    place = QRectF(left, box.center().y() - px(10), width, px(20))
    line = "line" if is_chosen and TONES[tone][0] == "selection" else ""
    fill_pill(painter, place, words, tone, font, line)
    return place


def fill_pill(
    painter: QPainter, place: QRectF, words: str, tone: str, font: QFont, line: str = ""
) -> None:
    ground, ink = TONES[tone]
    rounded(painter, place, current().px(5), ground, line)
    painter.setFont(font)
    painter.setPen(colour(ink))
    room = int(place.width()) - current().px(6)
    shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, room)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)
