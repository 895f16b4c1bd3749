"""A word of a text that somebody points at, as a letter of its source, and the mark on it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from gui.prose.aligned import Aligned
from gui.prose.code import utf16
from gui.widgets.paint import colour

if TYPE_CHECKING:
    from gui.prose.rich_text import RichText

MARK = QTextCharFormat.Property.UserProperty.value + 9  # tells our mark from others


class Picking(QObject):
    """Watches the pieces of one text; a click with Alt picks, and any while `is_on`."""

    picked = Signal(int)  # letter of the source

    def __init__(self, text: "RichText") -> None:
        super().__init__(text)
        self._text = text
        self.is_on = False

    def watch(self, edit: QTextEdit) -> None:
        edit.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent):
            return False
        edit, alt = watched.parent(), event.modifiers() & Qt.KeyboardModifier.AltModifier
        wanted = event.button() == Qt.MouseButton.LeftButton and (alt or self.is_on)
        if not wanted or not isinstance(edit, QTextEdit) or edit.textCursor().hasSelection():
            return False
        letter = self.letter_at(edit, event.position().toPoint())
        if letter is None:
            return False
        self.picked.emit(letter)
        return True

    def letter_at(self, edit: QTextEdit, spot: QPoint) -> int | None:
        """Of the source; None where no letter of it is."""
        cursor = edit.cursorForPosition(spot)  # the place between two letters that is nearest
        if edit.cursorRect(cursor).left() > spot.x():
            cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter)
        at, before = 0, 0
        texts = self._texts()
        for one, text in texts:
            if one is edit:
                at = before + len(_first_units(text, cursor.position()))
            before += len(text) + 1
        return self._aligned(texts).in_source(at)

    def _texts(self) -> list[tuple[QTextEdit, str]]:
        """All pieces, also those that are not near the eyes."""
        self._text.parts()
        return [(edit, edit.document().toRawText()) for edit in self._text.edits()]

    def _aligned(self, texts: list[tuple[QTextEdit, str]]) -> Aligned:
        return Aligned("\n".join(text for _, text in texts), self._text.source)

    def unmark(self) -> None:
        for edit in self._text.edits():
            marks = edit.extraSelections()
            others = [mark for mark in marks if not mark.format.hasProperty(MARK)]
            if len(others) < len(marks):
                edit.setExtraSelections(others)

    def mark(self, begin: int, end: int) -> QRect | None:
        """Mark this part of the source; answers where its words are seen, if they are."""
        self.unmark()
        texts = self._texts()
        shown = self._aligned(texts).shown(begin, end)
        for edit, text in texts if shown is not None else []:
            assert shown is not None
            if shown[0] <= len(text):
                return self._marked(edit, text, *shown)
            shown = shown[0] - len(text) - 1, shown[1] - len(text) - 1
        return None

    def _marked(self, edit: QTextEdit, text: str, begin: int, end: int) -> QRect:
        cursor = QTextCursor(edit.document())
        cursor.setPosition(utf16(text, begin))
        rect = edit.cursorRect(cursor)
        cursor.setPosition(utf16(text, min(end, len(text))), QTextCursor.MoveMode.KeepAnchor)
        mark, form = QTextEdit.ExtraSelection(), QTextCharFormat()
        form.setBackground(colour("accent_soft"))
        form.setFontUnderline(True)
        form.setUnderlineColor(colour("accent"))
        form.setProperty(MARK, True)
        mark.cursor, mark.format = cursor, form
        edit.setExtraSelections([*edit.extraSelections(), mark])
        last = edit.cursorRect(cursor)
        rect = rect.united(last) if last.top() == rect.top() else rect
        return QRect(edit.viewport().mapTo(self._text, rect.topLeft()), rect.size())


def _first_units(text: str, n: int) -> str:
    """The letters before a position that counts as Qt does."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * n].decode("utf-16-le", "ignore")
