"""A question that waits for the answer before it: in outline, to change or to take back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from gui.chat.column import Row
from gui.chat.conversation import Queued
from gui.chat.question import BUBBLE_WIDTH
from gui.language import tr
from gui.prose.rich_text import RichText
from gui.theme.theme import current
from gui.widgets.buttons import icon_button
from gui.widgets.labels import label


class QueuedRow(Row):
    """`busy`: it will be asked by itself; else somebody has stopped the answer, and it waits."""

    edited = Signal()
    removed = Signal()
    sent = Signal()

    def __init__(self, asked: Queued, busy: bool) -> None:
        super().__init__()
        px = current().px
        bubble = QFrame()
        bubble.setProperty("role", "bubbleWaiting")
        inside = QVBoxLayout(bubble)
        inside.setContentsMargins(px(15), px(8), px(15), px(11))
        self.text = RichText(muted=True, max_width=BUBBLE_WIDTH)
        self.text.set_plain(asked.text or ", ".join(each.name for each in asked.attached))
        inside.addWidget(self.text)
        self.edit = icon_button("pencil", tr("Back to the box, to change it"), self.edited.emit)
        self.remove = icon_button("x", tr("Do not ask this"), self.removed.emit)
        self.send = icon_button("arrow-up", tr("Ask this now"), self.sent.emit)
        self._words = label(tr("Waiting"), "small")
        self._line = line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(4))
        line.addStretch(1)
        for part in (self._words, self.edit, self.remove, self.send):
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addSpacing(px(4))
        line.addWidget(bubble)
        self.set_busy(busy)
        self.setAccessibleName(tr("Waiting to be asked: {text}", text=asked.text))

    def set_busy(self, busy: bool) -> None:
        self._words.setText(tr("Asked after this answer") if busy else tr("Waiting"))
        self.send.setVisible(not busy)

    def set_room(self, narrow: int, wide: int) -> None:
        if self._line.contentsMargins().right() != wide - narrow:
            self._line.setContentsMargins(0, 0, wide - narrow, 0)

    def rewrite(self) -> None:
        self.text.rewrite()
