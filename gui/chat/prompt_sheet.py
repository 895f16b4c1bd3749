"""The prompt as the model reads it: the real template's text with the borders of its tokens; the
numbers of those under the pointer are told."""

from bisect import bisect_right

from PySide6.QtCore import QEvent
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from engine.base.events import PromptPiece, PromptShown
from gui.language import marked, tr
from gui.theme.fonts import mono_font
from gui.theme.theme import current
from gui.widgets.dialogs import ReadingDialog
from gui.widgets.paint import colour

TITLE = marked("What the model reads")
MOST_PIECES = 40_000  # whose borders are shown; all of the text is


class PromptSheet(ReadingDialog):
    """Of one prompt."""

    def __init__(self, parent: QWidget, shown: PromptShown) -> None:
        super().__init__(parent, tr(TITLE), facts_of(shown), PromptText(shown.pieces))


def facts_of(shown: PromptShown) -> str:
    words = tr(
        "{n:,} of {size:,} tokens. Shades show where tokens begin; point at one for its number. "
        "Coloured words are tokens with a meaning of their own.",
        n=shown.n_tokens,
        size=shown.context_size,
    )
    full = tr("The context is full: some messages are left out.")
    return f"{words} {full}" if shown.left_out else words


class PromptText(QPlainTextEdit):
    """Read only; knows which tokens stand where."""

    def __init__(self, pieces: tuple[PromptPiece, ...]) -> None:
        super().__init__()
        self.setProperty("role", "code")
        self.setFont(mono_font(current().px(13)))
        self.setAccessibleName(tr("The prompt with its tokens"))
        self._pieces = pieces
        self._starts, at = list[int](), 0
        for piece in pieces:
            self._starts.append(at)
            at += _units(piece.text)
        self.setPlainText("".join(piece.text for piece in pieces))
        self._borders = _Borders(self.document(), pieces[:MOST_PIECES], self._starts)

    def piece_at(self, place: int) -> tuple[int, PromptPiece] | None:
        """The piece at this place of the document, and how many tokens stand before it."""
        i = bisect_right(self._starts, place) - 1
        if not 0 <= i < len(self._pieces):
            return None
        before = sum(len(piece.tokens) for piece in self._pieces[:i])
        return before, self._pieces[i]

    def told_at(self, place: int) -> str:
        """ "“ fox”: token 1234, the 57th"."""
        found = self.piece_at(place)
        if found is None:
            return ""
        before, piece = found
        shown = piece.text.replace("\n", "↵").replace("\t", "⇥")
        numbers = ", ".join(str(token) for token in piece.tokens)
        return tr(
            "“{text}”\n{n:token|tokens} {numbers} · {place:,} from the beginning",
            text=shown,
            n=len(piece.tokens),
            numbers=numbers,
            place=before + 1,
        )

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cursor = self.cursorForPosition(event.pos())
            place = cursor.position()
            if self.cursorRect(cursor).left() > event.pos().x() and place > 0:
                place -= 1  # the cursor goes to the nearer side of a letter
            QToolTip.showText(event.globalPos(), self.told_at(place), self)
            return True
        return super().viewportEvent(event)


class _Borders(QSyntaxHighlighter):
    """Every second token on a ground of its own."""

    def __init__(
        self, document: QTextDocument, pieces: tuple[PromptPiece, ...], starts: list[int]
    ) -> None:
        super().__init__(document)
        self._pieces, self._starts = pieces, starts[: len(pieces)]

    def highlightBlock(self, text: str) -> None:
        first = self.currentBlock().position()
        end = first + self.currentBlock().length()
        i = max(0, bisect_right(self._starts, first) - 1)
        while i < len(self._pieces) and self._starts[i] < end:
            piece, start = self._pieces[i], self._starts[i]
            left, right = max(start, first), min(start + _units(piece.text), end)
            if right > left:
                self.setFormat(left - first, right - left, self._look(i, piece))
            i += 1

    def _look(self, i: int, piece: PromptPiece) -> QTextCharFormat:
        look = QTextCharFormat()
        ground = QColor(colour("accent" if piece.is_special else "muted"))
        ground.setAlphaF(0.28 if i % 2 else 0.12)
        look.setBackground(QBrush(ground))
        if piece.is_special:
            look.setForeground(QBrush(colour("accent_ink")))
        return look


def _units(text: str) -> int:
    """Places in a document of Qt's, which counts halves of rare letters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
