"""Paints the lines of Discover's list: a name, who made it, and whether it runs here."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.desk import TONES
from gui.discover.shown import Found, second_line
from gui.theme.theme import current
from gui.widgets.labels import Pill
from gui.widgets.paint import colour, rounded, theme_font

Index = QModelIndex | QPersistentModelIndex
HEIGHT = 60
ROW = int(Qt.ItemDataRole.UserRole)


class FoundDelegate(QStyledItemDelegate):
    """Fixed heights, so that hundreds of lines cost nothing."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, current().px(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found = index.data(ROW)
        if not isinstance(found, Found):
            return
        px = current().px
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        box = QRectF(option.rect).adjusted(0, px(1), 0, -px(2))
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            focus = bool(state & QStyle.StateFlag.State_HasFocus) and chosen
            rounded(painter, box, px(8), "selection", "faint" if focus else "")
        inner = box.adjusted(px(10), px(8), -px(10), -px(8))
        left = _pill(painter, inner, found)
        inner.setRight(left - px(8))
        top = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
        weight = QFont.Weight.Medium if chosen else QFont.Weight.Normal
        _line(painter, top, found.name, theme_font(14, weight), "text")
        below = QRectF(inner.left(), inner.center().y(), inner.width(), inner.height() / 2)
        _line(painter, below, second_line(found), theme_font(12), "muted")
        painter.restore()


def verdict(found: Found) -> tuple[str, str]:
    """Words and tone of the pill; "" where nothing is known."""
    if found.problem:
        return "Cannot run", "neutral"
    if found.fit is not None:
        return found.fit.label, TONES[found.fit.verdict]
    return "", "neutral"


def _pill(painter: QPainter, inner: QRectF, found: Found) -> float:
    """Paints it at the right; returns where it begins."""
    words, tone = verdict(found)
    if not words:
        return inner.right()
    px = current().px
    font = theme_font(12, QFont.Weight.Medium)
    ground, ink = Pill.GROUND[tone]
    width = QFontMetrics(font).horizontalAdvance(words) + px(16)
    box = QRectF(inner.right() - width, inner.center().y() - px(10), width, px(20))
    rounded(painter, box, px(5), ground)
    painter.setFont(font)
    painter.setPen(colour(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    return box.left()


def _line(painter: QPainter, box: QRectF, text: str, font: QFont, role: str) -> None:
    painter.setFont(font)
    painter.setPen(colour(role))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, flags, shown)
