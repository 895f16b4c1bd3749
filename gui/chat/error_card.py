"""A failure above the composer: what, why and the way on; the chat stays as it is."""

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui.language import tr
from gui.theme.icons import paint_icon
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.labels import label
from gui.widgets.paint import colour
from gui.workers import whole_sentence


class Glyph(QWidget):
    """An icon as a picture: it does nothing and says nothing."""

    def __init__(self, name: str, role: str, side: int = 18) -> None:
        super().__init__()
        self._name, self._role, self._side = name, role, side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = current().px(self._side)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, self._name, colour(self._role).name(), QRectF(self.rect()))
        painter.end()


class ErrorCard(QFrame):
    """One error at a time; a new one takes its place."""

    file_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "cardBad")
        px = current().px
        self._title = label("", "strong", wrap=True)
        self._words = label("", "smallText", wrap=True)
        self._open = Button(
            tr("Open another file"), "folder-open", "plain", True, on_click=self.file_wanted.emit
        )
        close = icon_button("x", tr("Dismiss"), self.hide)
        words = QVBoxLayout()
        words.setSpacing(px(4))
        words.addWidget(self._title)
        words.addWidget(self._words)
        actions = QHBoxLayout()
        actions.setContentsMargins(0, px(6), 0, 0)
        actions.addWidget(self._open)
        actions.addStretch(1)
        words.addLayout(actions)
        side = QVBoxLayout()
        side.addWidget(Glyph("circle-alert", "bad"))
        side.addStretch(1)
        end = QVBoxLayout()
        end.addWidget(close)
        end.addStretch(1)
        box = QHBoxLayout(self)
        box.setContentsMargins(px(16), px(14), px(10), px(14))
        box.setSpacing(px(12))
        box.addLayout(side)
        box.addLayout(words, 1)
        box.addLayout(end)

    def show_error(self, title: str, words: str) -> None:
        self._title.setText(title)
        self._words.setText(whole_sentence(words))
        self.show()
