"""A piece of running text: as wide as it may be, as high as it needs, text can be selected.

Loads nothing: no images, no files, whatever the text says. Links open only by a click.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

from markdown_it.token import Token
from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QShowEvent,
    QTextBlock,
    QTextCursor,
    QTextLine,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser

from gui.language import tr
from gui.prose.links import show_link
from gui.prose.prose_writer import QUOTE, RULE, ProseWriter
from gui.prose.spans import CODE, SOURCE
from gui.theme.theme import current
from gui.widgets.paint import colour, rounded


class Prose(QTextBrowser):
    """Shows blocks of markdown-it tokens; `replace_tail` rewrites only what may have changed."""

    def __init__(self, pixels: float, muted: bool = False, ground: str = "code") -> None:
        super().__init__()
        self.setProperty("role", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the message has one
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(current().px(22))
        self.follow: Callable[[QUrl], object] = lambda url: show_link(self, url)
        self.anchorClicked.connect(lambda url: self.follow(url))
        self.setAccessibleName(tr("Text"))
        self._pixels, self._muted, self._ground = pixels, muted, ground
        self._ends: list[int] = []  # document position after each block
        self._tokens: list[list[Token]] = []
        self._cursor_shown = False
        self._leads = False  # its links are reached by keyboard
        self._heights: dict[int, int] = {}  # by width; empty when the text has changed
        self._ideal = 0
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    def lead(self, follow: Callable[[QUrl], object]) -> None:
        """Its links lead there, and the keyboard reaches them."""
        self.follow = follow
        self._leads = True
        self._let_reach()

    def _let_reach(self) -> None:
        """The keyboard stops here only where there is a link to stop at."""
        found = self._leads and any(
            inner.type == "link_open"
            for block in self._tokens
            for token in block
            for inner in token.children or ()
        )
        policy = Qt.FocusPolicy.StrongFocus if found else Qt.FocusPolicy.ClickFocus
        self.setFocusPolicy(policy)

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
        if not self.textCursor().hasSelection():
            cursor.setPosition(0)  # nothing that is wider than the view begins at its end
            self.setTextCursor(cursor)
        self._heights, self._ideal = {}, 0
        self._let_reach()
        self.updateGeometry()

    def rewrite(self) -> None:
        """After a change of theme: the same blocks in the new colours and sizes. What is selected
        stays so."""
        before = self.textCursor()
        self.document().setIndentWidth(current().px(22))
        chosen = (before.anchor(), before.position()) if before.hasSelection() else None
        self.replace_tail(0, list(self._tokens))
        if chosen is not None:
            cursor = self.textCursor()
            cursor.setPosition(chosen[0])
            cursor.setPosition(chosen[1], cursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)

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
        self.verticalScrollBar().setValue(0)  # all of it is seen

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()

    def ideal_width(self) -> float:
        """Without a line that is broken."""
        if self._ideal == 0:
            document = self.document()
            before = document.textWidth()
            document.setTextWidth(-1)
            self._ideal = math.ceil(document.idealWidth()) + 1
            document.setTextWidth(before)
        return self._ideal

    def wanted_width(self) -> int:
        """Words take what there is."""
        return 0

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
        return self._words_between(cursor.selectionStart(), cursor.selectionEnd())

    def all_words(self) -> str:
        return self._words_between(0, self.document().characterCount())

    def _words_between(self, start: int, end: int) -> str:
        parts: list[str] = []
        block = self.document().findBlock(start)
        while block.isValid() and block.position() < end:
            parts.append(_words_of(block, start, end))
            block = block.next()
        return "\n".join(parts).replace("\u2028", "\n")

    def paintEvent(self, event: QPaintEvent) -> None:
        self._lay_out()
        self._paint_grounds(event)
        super().paintEvent(event)
        self._paint_marks()
        if self._cursor_shown:
            self._paint_cursor()

    def _paint_grounds(self, event: QPaintEvent) -> None:
        """Code within a line stands on a ground of its own."""
        painter = QPainter(self.viewport())
        px = current().px
        painter.translate(-self.horizontalScrollBar().value(), 0)
        for box in self._code_boxes(event.rect().top(), event.rect().bottom()):
            rounded(painter, box.adjusted(-px(3), 0, px(3), 0), px(4), self._ground)
        painter.end()

    def _code_boxes(self, top: int, bottom: int) -> Iterator[QRectF]:
        """Where code stands in lines between these heights."""
        block, layout = self.document().begin(), self.document().documentLayout()
        while block.isValid():
            box = layout.blockBoundingRect(block)
            if box.bottom() >= top and box.top() <= bottom and block.length() > 1:
                yield from _boxes_in(block, box)
            block = block.next()

    def _paint_marks(self) -> None:
        """The bars at the left of quoted paragraphs, one for each depth; lines across."""
        px, block = current().px, self.document().begin()
        painter = QPainter(self.viewport())
        while block.isValid():
            if block.blockFormat().hasProperty(QUOTE):
                box = self.document().documentLayout().blockBoundingRect(block)
                for depth in range(int(block.blockFormat().property(QUOTE))):
                    # The letters of a line stand low in it.
                    side = float(px(2 + 16 * depth))
                    if block.textDirection() == Qt.LayoutDirection.RightToLeft:
                        side = self.viewport().width() - side - px(3)
                    bar = QRectF(side, box.top() + px(4), px(3), box.height() - px(2))
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


def _boxes_in(block: QTextBlock, box: QRectF) -> Iterator[QRectF]:
    """The boxes of the code in one block, one for each line that it stands on."""
    px = current().px
    pieces = block.begin()
    while not pieces.atEnd():
        piece = pieces.fragment()
        pieces += 1
        if not piece.charFormat().hasProperty(CODE):
            continue
        first = piece.position() - block.position()
        last = first + piece.length()
        layout = block.layout()
        for n in range(layout.lineCount()):
            line = layout.lineAt(n)
            begin, end = line.textStart(), line.textStart() + line.textLength()
            if begin < last and first < end:
                left, right = _sides(line, max(begin, first), min(end, last))
                height = px(21)
                # The letters of a line of fixed height stand low in it.
                middle = box.top() + line.y() + line.height() / 2 + 1
                yield QRectF(box.left() + left, middle - height / 2, right - left, height)


def _sides(line: QTextLine, begin: int, end: int) -> tuple[float, float]:
    """Where letters stand on their line, whichever way they run."""
    boxes = [run.boundingRect() for run in line.glyphRuns(begin, end - begin)]
    if line.textLength() and boxes:
        lefts = [box.left() for box in boxes]
        rights = [box.right() for box in boxes]
        edges = sorted((_x(line, begin), _x(line, end)))
        # Spaces at the edges have no glyphs; letters that run the other way have other edges.
        whole = edges[0] <= min(lefts) + 2 and edges[1] >= max(rights) - 2
        return (edges[0], edges[1]) if whole else (min(lefts), max(rights))
    left, right = sorted((_x(line, begin), _x(line, end)))
    return left, right


def _x(line: QTextLine, position: int) -> float:
    found: Any = line.cursorToX(position)  # bindings differ in whether the position comes back, too
    return float(found[0] if isinstance(found, tuple) else found)
