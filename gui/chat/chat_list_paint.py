"""Paints the rows of the chat list: day headings, and chats on one line each. A second line stands
only where words were found; at the end of a line its mark, and "…" under the pointer."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionViewItem, QWidget

from gui.chat.book import UNSEEN, ChatRow
from gui.chat.chat_lines import FOUND, INSIDE, MARK, FolderLine
from gui.language import tr
from gui.theme.icons import paint_icon
from gui.theme.theme import current
from gui.widgets.lists import ROW, Index, LineDelegate
from gui.widgets.paint import colour, line_ground, reads_from_right, text_line, theme_font

HEADING, CHAT, FOUND_CHAT = 32, 34, 54
MARK_ROOM, MORE_ROOM = 20, 28


class ChatListDelegate(LineDelegate):
    """Headings of days are lower than chats."""

    renamed = Signal(int, str)
    folder_renamed = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, CHAT, tr("Title"))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if isinstance(index.data(ROW), str):
            return QSize(0, current().px(HEADING))
        return QSize(0, current().px(CHAT if index.data(FOUND) is None else FOUND_CHAT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ROW)
        painter.save()
        if isinstance(item, str):
            _paint_heading(painter, option.rect, item)
        elif isinstance(item, FolderLine):
            _paint_folder(painter, option, item)
        elif isinstance(item, ChatRow):
            _ChatLine(painter, option, item, index).paint()
        painter.restore()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -1))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        item = index.data(ROW)
        name = editor.text().strip() if isinstance(editor, QLineEdit) else ""
        if name and isinstance(item, ChatRow):
            self.renamed.emit(item.id, name)
        elif name and isinstance(item, FolderLine):
            self.folder_renamed.emit(item.name, name)


def more_rect(line: QRect, mirrored: bool) -> QRect:
    """Where "…" stands in a line."""
    px = current().px
    side = px(MORE_ROOM)
    left = line.left() + px(3) if mirrored else line.right() - px(3) - side
    return QRect(left, line.top(), side, min(line.height(), px(CHAT)))


def _more_place(option: QStyleOptionViewItem) -> QRect:
    return more_rect(option.rect, option.direction == Qt.LayoutDirection.RightToLeft)


def _paint_heading(painter: QPainter, rect: QRect, text: str) -> None:
    px = current().px
    painter.setFont(theme_font(12, QFont.Weight.DemiBold))
    painter.setPen(colour("muted"))
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
    painter.drawText(rect.adjusted(px(8), 0, -px(8), -px(5)), flags, text)


def _paint_folder(painter: QPainter, option: QStyleOptionViewItem, folder: FolderLine) -> None:
    """Its name and, where it is closed, how many chats are in it; an arrow says whether it is.
    Where there is none, that is told."""
    px = current().px
    box = QRectF(option.rect).adjusted(0, px(1), 0, -px(1))
    state = option.state
    chosen = bool(state & QStyle.StateFlag.State_Selected)
    if chosen or state & QStyle.StateFlag.State_MouseOver:
        focus = bool(state & QStyle.StateFlag.State_HasFocus)
        line_ground(painter, box, has_focus=chosen and focus)
    mirrored = option.direction == Qt.LayoutDirection.RightToLeft
    arrow = QRectF(0, 0, px(14), px(14))
    edge = box.right() - px(15) if mirrored else box.left() + px(15)
    arrow.moveCenter(QRectF(edge, box.center().y(), 0, 0).topLeft())
    glyph = "chevron-down" if folder.is_open else "chevron-left" if mirrored else "chevron-right"
    paint_icon(painter, glyph, colour("muted").name(), arrow)
    room = box.adjusted(px(40), 0, -px(26), 0) if mirrored else box.adjusted(px(26), 0, -px(40), 0)
    text_line(painter, room, folder.name, theme_font(13.5, QFont.Weight.Medium), "text")
    if not (folder.is_open and folder.n_chats):
        side = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
        painter.setFont(theme_font(12))
        painter.setPen(colour("muted"))
        inner = box.adjusted(px(10), 0, -px(10), 0)
        told = f"{folder.n_chats:,}" if folder.n_chats else tr("empty", sense="a folder")
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, told)


class _ChatLine:
    """One chat being painted."""

    def __init__(
        self, painter: QPainter, option: QStyleOptionViewItem, chat: ChatRow, index: Index
    ) -> None:
        state = option.state
        self._painter, self._rect, self._chat = painter, option.rect, chat
        self._chosen = bool(state & QStyle.StateFlag.State_Selected)
        self._hover = bool(state & QStyle.StateFlag.State_MouseOver)
        self._focus = bool(state & QStyle.StateFlag.State_HasFocus)
        self._more = _more_place(option)
        self._mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        self._mark = str(index.data(MARK) or "")
        self._found = index.data(FOUND)
        self._begin = current().px(26 if index.data(INSIDE) else 8)  # where its words begin

    def paint(self) -> None:
        px = current().px
        box = QRectF(self._rect).adjusted(0, px(1), 0, -px(1))
        if self._chosen or self._hover:
            line_ground(self._painter, box, has_focus=self._chosen and self._focus)
        weight = QFont.Weight.Medium if self._chosen else QFont.Weight.Normal
        room = self._room(box)
        top = QRectF(room.left(), box.top(), room.width(), px(CHAT - 2))
        text_line(self._painter, top, self._chat.title, theme_font(13.5, weight), "text")
        if self._found is not None:
            top.moveTop(top.top() + px(19))
            self._paint_found(top, self._found)
        if self._hover:
            self._paint_more()
        elif self._mark:
            self._paint_mark()

    def _room(self, box: QRectF) -> QRectF:
        """For the title: what stands at the end of the line has its own."""
        px = current().px
        end = px(MORE_ROOM + 4) if self._hover else px(MARK_ROOM + 2) if self._mark else px(8)
        if self._mirrored:
            return box.adjusted(end, 0, -self._begin, 0)
        return box.adjusted(self._begin, 0, -end, 0)

    def _paint_found(self, box: QRectF, found: tuple[str, str, str]) -> None:
        """The words that were found and what is around them."""
        plain, strong = theme_font(12), theme_font(12, QFont.Weight.DemiBold)
        wide = sum(
            QFontMetrics(font).horizontalAdvance(text)
            for text, font in zip(found, (plain, strong, plain), strict=True)
        )
        from_right = reads_from_right("".join(found))
        if self._mirrored and not from_right:
            box.setLeft(max(box.left(), box.right() - wide - 1))
        ways = Qt.LayoutDirection
        self._painter.setLayoutDirection(ways.RightToLeft if from_right else ways.LeftToRight)
        for text, font, role in zip(
            found, (plain, strong, plain), ("muted", "accent_ink", "muted"), strict=True
        ):
            text_line(self._painter, box, text, font, role)
            wide = QFontMetrics(font).horizontalAdvance(text)
            if from_right:
                box.setRight(max(box.left(), box.right() - wide))
            else:
                box.setLeft(min(box.right(), box.left() + wide))

    def _paint_more(self) -> None:
        px = current().px
        side = px(16)
        spot = QRectF(0, 0, side, side)
        spot.moveCenter(QRectF(self._more).center())
        paint_icon(self._painter, "ellipsis", colour("muted").name(), spot)

    def _paint_mark(self) -> None:
        """A ring while the chat is being answered, a dot when that was not seen yet."""
        px = current().px
        side = px(8)
        box = QRectF(0, 0, side, side)
        edge = self._rect.left() + px(14) if self._mirrored else self._rect.right() - px(13)
        box.moveCenter(QRectF(edge, self._more.center().y(), 0, 0).topLeft())
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(QPen(colour("accent"), px(2)))
        dot = self._mark == UNSEEN
        self._painter.setBrush(colour("accent") if dot else Qt.BrushStyle.NoBrush)
        self._painter.drawEllipse(box)
