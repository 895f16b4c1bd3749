"""Paints the lines of Discover's list: a name, who made it, and whether it runs here."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from gui.desk import TONES
from gui.discover.shown import Found, second_line
from gui.language import said, tr
from gui.theme.theme import current
from gui.widgets.lists import ROW, Index, LineDelegate
from gui.widgets.paint import line_ground, pill, text_line, theme_font

HEIGHT = 60


class FoundDelegate(LineDelegate):
    """Name, maker and verdict."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found = index.data(ROW)
        if not isinstance(found, Found):
            return
        px, state = current().px, option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        box = QRectF(option.rect).adjusted(0, px(1), 0, -px(2))
        focus = bool(state & QStyle.StateFlag.State_HasFocus)
        has_ground = chosen or focus or bool(state & QStyle.StateFlag.State_MouseOver)
        if has_ground:
            line_ground(painter, box, has_focus=focus)
        inner = box.adjusted(px(10), px(8), -px(10), -px(8))
        words, tone = verdict(found)
        if words:
            place = pill(painter, inner, words, tone, right=True, is_chosen=has_ground)
            inner.setRight(place.left() - px(8))
        top = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
        weight = QFont.Weight.Medium if chosen else QFont.Weight.Normal
        text_line(painter, top, found.name, theme_font(14, weight), "text")
        below = QRectF(inner.left(), inner.center().y(), inner.width(), inner.height() / 2)
        text_line(painter, below, second_line(found), theme_font(12), "muted")
        painter.restore()


def verdict(found: Found) -> tuple[str, str]:
    """Words and tone of the pill; "" where nothing is known."""
    if found.problem:
        return tr("Cannot run"), "neutral"
    if found.fit is not None:
        return said(found.fit.label), TONES[found.fit.verdict]
    return "", "neutral"
