"""A piece of running text: as wide as it may be, as high as it needs, text can be selected.

Loads nothing: no images, no files, whatever the text says. Links open only by a click.
"""

import math

from markdown_it.token import Token
from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QPainter,
    QPaintEvent,
    QShowEvent,
    QTextBlock,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from gui.prose.prose_writer import QUOTE, RULE, ProseWriter
from gui.prose.spans import SOURCE
from gui.theme.theme import current
from gui.widgets.paint import colour, rounded

OPENABLE = ("http", "https", "mailto")


class Prose(QTextBrowser):
    """Shows blocks of markdown-it tokens; `replace_tail` rewrites only what may have changed."""

    def __init__(self, pixels: float = 14.0, muted: bool = False, max_width: int = 0) -> None:
        super().__init__()
        self.setProperty("role", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(current().px(22))
        self.anchorClicked.connect(_open_link)
        self._pixels, self._muted, self._max_width = pixels, muted, max_width
        self._ends: list[int] = []  # document position after each block
        self._tokens: list[list[Token]] = []
        self._cursor_shown = False
        self._heights: dict[int, int] = {}  # by width; empty when the text has changed
        self._ideal = 0
        policy = QSizePolicy(
            QSizePolicy.Policy.Maximum if max_width else QSizePolicy.Policy.Expanding,
            QSizePolicy.Policy.Preferred,  # layouts ask for the height of the width they give
        )
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    def replace_tail(self, keep: int, fresh: list[list[Token]]) -> None:
        """Keep the first `keep` blocks as they are, write the others anew."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.setPosition(self._ends[keep - 1] if keep else 0)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        del self._ends[keep:], self._tokens[keep:]
        for tokens in fresh:
            ProseWriter(cursor, self._pixels, self._muted).write(tokens)
            cursor.movePosition(QTextCursor.MoveOperation.End)
            self._ends.append(cursor.position())
            self._tokens.append(tokens)
        cursor.endEditBlock()
        self._heights, self._ideal = {}, 0
        self.updateGeometry()

    def rewrite(self) -> None:
        """After a change of theme: the same blocks in the new colours and sizes."""
        self.document().setIndentWidth(current().px(22))
        self.replace_tail(0, list(self._tokens))

    def n_blocks(self) -> int:
        return len(self._ends)

    def show_cursor(self, shown: bool) -> None:
        self._cursor_shown = shown
        self.viewport().update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Layouts ask for several widths again and again; each is laid out once per content."""
        if width not in self._heights:
            document, shown = self.document(), self.viewport().width()
            document.setTextWidth(width)
            self._heights[width] = math.ceil(document.size().height())
            if self.isVisible() and width != shown:
                document.setTextWidth(shown)
        return self._heights[width]

    def _lay_out(self) -> None:
        """Widths that were asked for while this was hidden are not the one it is shown at."""
        width = self.viewport().width()
        if self.document().textWidth() != width:
            self.document().setTextWidth(width)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()

    def sizeHint(self) -> QSize:
        if not self._max_width:
            # Never the height of the width that it happens to have: that would hold up a column
            # which is about to be laid out at another.
            return QSize(current().px(200), current().px(16))
        if self._ideal == 0:
            document = self.document()
            before = document.textWidth()
            document.setTextWidth(-1)
            self._ideal = math.ceil(document.idealWidth()) + 1
            document.setTextWidth(before)
        width = min(self._ideal, current().px(self._max_width))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(20), current().px(16))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the transcript scrolls, not its parts

    def loadResource(self, kind: int, url: QUrl | str) -> object:
        return None  # formulas are resources of the document; nothing else is ever shown

    def createMimeDataFromSelection(self) -> QMimeData:
        """What is copied: words, and formulas as they were written."""
        found = QMimeData()
        found.setText(self.selected_text())
        return found

    def selected_text(self) -> str:
        cursor = self.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        parts: list[str] = []
        block = self.document().findBlock(start)
        while block.isValid() and block.position() < end:
            parts.append(_words_of(block, start, end))
            block = block.next()
        return "\n".join(parts).replace("\u2028", "\n")

    def paintEvent(self, event: QPaintEvent) -> None:
        self._lay_out()
        super().paintEvent(event)
        self._paint_marks()
        if self._cursor_shown:
            self._paint_cursor()

    def _paint_marks(self) -> None:
        """The bars at the left of quoted paragraphs, one for each depth; lines across."""
        px, block = current().px, self.document().begin()
        painter = QPainter(self.viewport())
        while block.isValid():
            if block.blockFormat().hasProperty(QUOTE):
                box = self.document().documentLayout().blockBoundingRect(block)
                for depth in range(int(block.blockFormat().property(QUOTE))):
                    # The letters of a line stand low in it.
                    bar = QRectF(px(2 + 16 * depth), box.top() + px(4), px(3), box.height() - px(2))
                    rounded(painter, bar, px(1.5), "line")
            if block.blockFormat().hasProperty(RULE):
                box = self.document().documentLayout().blockBoundingRect(block)
                middle = box.center().y()
                painter.fillRect(QRectF(0, middle, self.viewport().width(), 1), colour("line"))
            block = block.next()
        painter.end()

    def _paint_cursor(self) -> None:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        spot = self.cursorRect(cursor)
        px = current().px
        height = px(16)
        top = spot.top() + (spot.height() - height) / 2
        painter = QPainter(self.viewport())
        rounded(painter, QRectF(spot.left() + px(3), top, px(8), height), px(2), "accent")
        painter.end()


def _words_of(block: QTextBlock, start: int, end: int) -> str:
    """The part of a block that lies in a selection."""
    words: list[str] = []
    pieces = block.begin()
    while not pieces.atEnd():
        piece = pieces.fragment()
        pieces += 1
        first = max(0, start - piece.position())
        last = min(piece.length(), end - piece.position())
        if first < last:
            source = piece.charFormat().property(SOURCE)
            words.append(str(source) if source else piece.text()[first:last])
    return "".join(words)


def _open_link(url: QUrl) -> None:
    if url.scheme() in OPENABLE:
        QDesktopServices.openUrl(url)
