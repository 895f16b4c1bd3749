"""Paints the rows of the chat list: day headings, and chats with title and a second line."""

from PySide6.QtCore import QAbstractItemModel, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionViewItem, QWidget

from gui.chat.book import UNSEEN, ChatRow
from gui.chat.words import count
from gui.theme.theme import current
from gui.widgets.lists import ROW, Index, LineDelegate
from gui.widgets.paint import LEFT, colour, line_ground, text_line, theme_font

HEADING, CHAT, MARK_ROOM = 38, 58, 14
MARK, FOUND = ROW + 1, ROW + 2


class ChatListDelegate(LineDelegate):
    """Headings of days are lower than chats."""

    renamed = Signal(int, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, CHAT, "Title of the chat")

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        heading = isinstance(index.data(ROW), str)
        return QSize(0, current().px(HEADING if heading else CHAT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ROW)
        painter.save()
        if isinstance(item, str):
            _paint_heading(painter, option.rect, item)
        elif isinstance(item, ChatRow):
            state = option.state
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            hover = bool(state & QStyle.StateFlag.State_MouseOver)
            focus = bool(state & QStyle.StateFlag.State_HasFocus)
            bottom = _paint_chat(painter, option.rect, item, chosen, hover, focus)
            _paint_second(painter, bottom, item, index.data(FOUND))
            _paint_mark(painter, option.rect, str(index.data(MARK) or ""))
        painter.restore()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        px = current().px
        editor.setGeometry(option.rect.adjusted(0, px(8), 0, -px(8)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        item = index.data(ROW)
        if isinstance(editor, QLineEdit) and isinstance(item, ChatRow) and editor.text().strip():
            self.renamed.emit(item.id, editor.text().strip())


def _paint_heading(painter: QPainter, rect: QRect, text: str) -> None:
    px = current().px
    painter.setFont(theme_font(12, QFont.Weight.DemiBold))
    painter.setPen(colour("muted"))
    painter.drawText(rect.adjusted(px(8), 0, -px(8), 0), LEFT, text)


def _paint_chat(
    painter: QPainter, rect: QRect, chat: ChatRow, chosen: bool, hover: bool, focus: bool
) -> QRectF:
    """Ground and title; returns where the second line stands."""
    px = current().px
    box = QRectF(rect).adjusted(0, px(1), 0, -px(2))
    if chosen or hover:
        line_ground(painter, box, has_focus=chosen and focus)
    weight = QFont.Weight.Medium if chosen else QFont.Weight.Normal
    inner = box.adjusted(px(10), px(8), -px(10 + MARK_ROOM), -px(8))
    top = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
    text_line(painter, top, chat.title, theme_font(14, weight), "text")
    return QRectF(inner.left(), inner.center().y(), inner.width(), inner.height() / 2)


def _paint_second(
    painter: QPainter, box: QRectF, chat: ChatRow, found: tuple[str, str, str] | None
) -> None:
    """Model and length; while one searches, the words that were found and what is around them."""
    if found is None:
        parts = [chat.model, count(chat.n_messages, "message", "messages")]
        text_line(painter, box, " · ".join(p for p in parts if p), theme_font(12), "muted")
        return
    plain, strong = theme_font(12), theme_font(12, QFont.Weight.DemiBold)
    for text, font, role in zip(
        found, (plain, strong, plain), ("muted", "accent_ink", "muted"), strict=True
    ):
        text_line(painter, box, text, font, role)
        box.setLeft(min(box.right(), box.left() + QFontMetrics(font).horizontalAdvance(text)))


def _paint_mark(painter: QPainter, rect: QRect, mark: str) -> None:
    """A ring while the chat is being answered, a dot when that was not seen yet."""
    px = current().px
    if not mark:
        return
    side = px(8)
    box = QRectF(rect.right() - px(10) - side, rect.center().y() - side / 2, side, side)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour("accent"), px(2)))
    painter.setBrush(colour("accent") if mark == UNSEEN else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box)
