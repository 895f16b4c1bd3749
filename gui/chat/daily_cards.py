"""A chat of the last days as a card: its title, who answered and when, how it ended."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from gui.chat.book import UNSEEN, WRITING
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.paint import pill, rounded, text_line, text_lines, theme_font

CARD_HEIGHT, LEAST = 112, 120
NOW = {
    WRITING: (marked("answering now"), "warn"),
    UNSEEN: (marked("answered, not seen yet"), "good"),
}


@dataclass(frozen=True)
class Past:
    """`mark` as in the list; `words`: the end of what was said, "" while that is not read."""

    chat_id: int
    title: str
    model: str
    when: str
    words: str = ""
    mark: str = ""
    progress: str = ""  # how far the answer is, where that is known


class ChatCard(QAbstractButton):
    """A click goes on with it."""

    def __init__(self, past: Past) -> None:
        super().__init__()
        self.past = past
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_past(past)

    def show_past(self, past: Past) -> None:
        self.past = past
        now = NOW.get(past.mark)
        go_on = tr("Go on with {title}", title=past.title)
        self.setAccessibleName(f"{go_on}, {tr(now[0])}" if now else go_on)
        self.setToolTip(past.title)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(current().px(232), current().px(CARD_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(LEAST), current().px(CARD_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        px, past = current().px, self.past
        painter = QPainter(self)
        line = "accent" if self.hasFocus() else "faint" if self.underMouse() else "line"
        rounded(painter, QRectF(self.rect()), px(12), "raised", line)
        room = QRectF(self.rect()).adjusted(px(14), px(12), -px(14), -px(10))
        strong, small = theme_font(14, QFont.Weight.DemiBold), theme_font(12.5)
        high = QFontMetrics(strong).height() + px(2)
        top = QRectF(room.left(), room.top(), room.width(), high)
        text_line(painter, top, past.title, strong, "text")
        room.setTop(room.top() + high + px(1))
        said = " · ".join(part for part in (past.model, past.when) if part)
        high = QFontMetrics(small).height() + px(2)
        second = QRectF(room.left(), room.top(), room.width(), high)
        text_line(painter, second, said, small, "muted")
        room.setTop(room.top() + high + px(7))
        now = NOW.get(past.mark)
        if now is not None:
            words = past.progress or tr(now[0])
            box = QRectF(room.left(), room.top(), room.width(), px(20))
            pill(painter, box, words, now[1], right=self.isRightToLeft())
        elif past.words:
            text_lines(painter, room, tr("“{text}”", text=past.words), small, "muted", 2)
        painter.end()
