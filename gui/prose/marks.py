"""Marks on words that were searched for, in a document that is shown."""

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from gui.prose.code import utf16
from gui.prose.places import finds
from gui.widgets.paint import colour


def mark_words(edit: QTextEdit, words: str) -> None:
    """Mark these words wherever they stand; "" marks none."""
    marks = []
    text = edit.document().toRawText() if words else ""
    for start, end in finds(text, words):
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(edit.document())
        cursor.setPosition(utf16(text, start))
        cursor.setPosition(utf16(text, end), QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(colour("warn_soft"))
        form.setForeground(colour("warn_ink"))
        mark.cursor, mark.format = cursor, form
        marks.append(mark)
    edit.setExtraSelections(marks)


def first_mark(edit: QTextEdit) -> QTextCursor | None:
    """Where the first marked word begins."""
    marks = edit.extraSelections()
    if not marks:
        return None
    cursor = QTextCursor(marks[0].cursor)
    cursor.setPosition(cursor.selectionStart())
    return cursor
