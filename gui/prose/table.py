"""A table that is wider than the column scrolls sideways; its columns are never squeezed."""

import math

from markdown_it.token import Token
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QWheelEvent
from PySide6.QtWidgets import QTextEdit

from gui.language import tr
from gui.prose.prose import Prose
from gui.theme.theme import current

COLUMN = 150  # a column that needs more than this wraps its words rather than scroll


class Table(Prose):
    """One table; its words wrap as long as columns keep a readable width."""

    def __init__(self, pixels: float, muted: bool = False) -> None:
        super().__init__(pixels, muted)
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setAccessibleName(tr("Table"))
        font = self.document().defaultFont()
        font.setFeature(QFont.Tag("tnum"), 1)  # figures stand below each other
        self.document().setDefaultFont(font)

    def replace_tail(self, keep: int, fresh: list[list[Token]]) -> None:
        super().replace_tail(keep, fresh)
        for frame in self.document().rootFrame().childFrames():
            form = frame.frameFormat()
            form.setBottomMargin(0)  # which a table has within other text
            frame.setFrameFormat(form)
        self._heights = {}

    def wanted_width(self) -> int:
        """All on one line, or columns of a readable width where that is too much."""
        return min(math.ceil(self.ideal_width()), self._least())

    def _least(self) -> int:
        first = self._tokens[0] if self._tokens else []
        row = next((i for i, t in enumerate(first) if t.type == "tr_close"), 0)
        columns = sum(token.type in ("th_open", "td_open") for token in first[:row])
        return current().px(COLUMN) * columns

    def heightForWidth(self, width: int) -> int:
        inner = max(width, self.wanted_width())
        bar = self.horizontalScrollBar().sizeHint().height() if inner > width else 0
        return super().heightForWidth(inner) + bar

    def _lay_out(self) -> None:
        inner = max(self.viewport().width(), self.wanted_width())
        if self.lineWrapColumnOrWidth() != inner:
            self.setLineWrapColumnOrWidth(inner)
        if self.document().textWidth() != inner:
            self.document().setTextWidth(inner)
        self.verticalScrollBar().setValue(0)

    def sizeHint(self) -> QSize:
        return QSize(self.wanted_width(), self.heightForWidth(self.wanted_width()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            QTextEdit.wheelEvent(self, event)
        else:
            event.ignore()
