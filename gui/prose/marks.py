"""Marks on words that were searched for, in a document that is shown."""

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from gui.prose.code import utf16
from gui.prose.places import finds
from gui.widgets.paint import colour


def mark_words(edit: QTextEdit, words: str, pointed: int | None = None) -> None:
    """Mark these words wherever they stand; "" marks none. The one that is pointed at, from 0, has
    another colour."""
    marks = []
    text = edit.document().toRawText() if words else ""
    for i, (start, end) in enumerate(finds(text, words)):
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(edit.document())
        cursor.setPosition(utf16(text, start))
        cursor.setPosition(utf16(text, end), QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(colour("accent" if i == pointed else "warn_soft"))
        form.setForeground(colour("on_accent" if i == pointed else "warn_ink"))
        mark.cursor, mark.format = cursor, form
        marks.append(mark)
    edit.setExtraSelections(marks)


def begin_of_mark(edit: QTextEdit, which: int = 0) -> QTextCursor | None:
    """Where a marked word begins; the last one where there are not so many."""
    marks = edit.extraSelections()
    if not marks:
        return None
    cursor = QTextCursor(marks[min(which, len(marks) - 1)].cursor)
    cursor.setPosition(cursor.selectionStart())
    return cursor
