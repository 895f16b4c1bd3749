"""A selection that crosses the pieces of a text: from prose into code and on, as if they were one.

Each piece keeps its own cursor; whoever drags out of one selects to its end, and all between.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QTextEdit
from shiboken6 import isValid

if TYPE_CHECKING:
    from gui.prose.rich_text import RichText

MOVE, KEEP = QTextCursor.MoveMode.MoveAnchor, QTextCursor.MoveMode.KeepAnchor
START, END = QTextCursor.MoveOperation.Start, QTextCursor.MoveOperation.End


class Selecting(QObject):
    """Watches the texts of one message."""

    dragged = Signal(QPoint)  # global
    dropped = Signal()

    def __init__(self, text: "RichText") -> None:
        super().__init__(text)
        self._text = text
        self._begun: tuple[QTextEdit, int] | None = None  # where the button went down
        self.of_all: Callable[[], str] | None = None  # where others are selected with it
        self.leads_on = False  # what is selected goes on in another text

    def watch(self, edit: QTextEdit) -> None:
        edit.installEventFilter(self)
        edit.viewport().installEventFilter(self)

    # What is selected

    def selected(self) -> str:
        """The words of it, formulas as they were written; "" where nothing is."""
        parts = [words_in(edit).strip("\n") for edit in self._text.edits()]
        return "\n\n".join(part for part in parts if part)

    def whole(self) -> str:
        """The words of the selection that this is a part of."""
        return (self.of_all or self.selected)()

    def select_all(self) -> None:
        self._text.parts()
        for edit in self._text.edits():
            edit.selectAll()

    def clear(self, but: QTextEdit | None = None) -> None:
        for edit in self._text.edits():
            if edit is not but and edit.textCursor().hasSelection():
                cursor = edit.textCursor()
                cursor.clearSelection()
                edit.setTextCursor(cursor)

    def run_out(self, down: bool) -> None:
        """Selected from where the button went down to its end; not `down`: to its beginning."""
        if self._begun is None or not isValid(self._begun[0]):
            return
        first, at = self._begun
        self._text.show_to(self._text.height() if down else 0)
        edits = self._text.edits()
        for i, one in enumerate(edits):
            cursor = one.textCursor()
            if one is first:
                cursor.setPosition(at, MOVE)
                cursor.movePosition(END if down else START, KEEP)
            elif (i > edits.index(first)) == down:
                cursor.select(QTextCursor.SelectionType.Document)
            else:
                cursor.clearSelection()
            one.setTextCursor(cursor)

    def reach(self, pointer: QPoint, down: bool) -> None:
        """Selected from its beginning to a place of the screen; not `down`: from its end."""
        here = self._text.mapFromGlobal(pointer)
        self._text.show_to(here.y())
        edits = self._text.edits()
        tops = [one.viewport().mapTo(self._text, QPoint(0, 0)).y() for one in edits]
        over = max((i for i, top in enumerate(tops) if here.y() >= top), default=0)
        for i, one in enumerate(edits):
            cursor = one.textCursor()
            if i == over:
                cursor.movePosition(START if down else END, MOVE)
                cursor.setPosition(self._position(one, here), KEEP)
            elif (i < over) == down:
                cursor.select(QTextCursor.SelectionType.Document)
            else:
                cursor.clearSelection()
            one.setTextCursor(cursor)

    def _position(self, edit: QTextEdit, here: QPoint) -> int:
        """The letter there, or the end that is nearest."""
        spot = edit.viewport().mapFrom(self._text, here)
        if spot.y() < 0:
            return 0
        if spot.y() >= edit.viewport().height():
            return edit.document().characterCount() - 1
        return edit.cursorForPosition(spot).position()

    def copy(self) -> None:
        words = self.whole()
        if words:
            QGuiApplication.clipboard().setText(words)

    # Keys and the mouse

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QTextEdit):
            return isinstance(event, QKeyEvent) and self._key(event)
        edit = watched.parent()
        if not isinstance(edit, QTextEdit) or not isinstance(event, QMouseEvent):
            return False
        left = Qt.MouseButton.LeftButton
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == left:
            self.leads_on = False
            self._text.selecting_begins.emit()
            self.clear(edit)
            spot = event.position().toPoint()
            self._begun = (edit, edit.cursorForPosition(spot).position())
        elif event.type() == QEvent.Type.MouseMove and event.buttons() & left:
            crossed = self._drag(edit, event.position().toPoint())
            if self._begun is not None:
                self.dragged.emit(event.globalPosition().toPoint())
            return crossed or self.leads_on
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._begun = None
            self.dropped.emit()
        return False

    def go_on(self, pointer: QPoint) -> bool:
        """What is selected ends at the pointer still, though the text moves under it; False: nobody
        drags any more."""
        if self._begun is None or not isValid(self._begun[0]):
            return False
        edit, at = self._begun
        spot = edit.viewport().mapFromGlobal(pointer)
        if not self._drag(edit, spot):
            cursor = edit.textCursor()
            cursor.setPosition(at, MOVE)
            cursor.setPosition(edit.cursorForPosition(spot).position(), KEEP)
            edit.setTextCursor(cursor)
        self.dragged.emit(pointer)
        return True

    def _key(self, event: QKeyEvent) -> bool:
        copies = event.matches(QKeySequence.StandardKey.Copy)
        whole = event.matches(QKeySequence.StandardKey.SelectAll)
        if not copies and not whole:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            (self.copy if copies else self.select_all)()
        return True

    def _drag(self, edit: QTextEdit, spot: QPoint) -> bool:
        """True where the pointer has left the piece in which it went down."""
        if self._begun is None or not isValid(self._begun[0]):
            return False
        first, at = self._begun
        here = edit.viewport().mapTo(self._text, spot)
        self._text.show_to(here.y())
        edits = self._text.edits()
        tops = [one.viewport().mapTo(self._text, QPoint(0, 0)).y() for one in edits]
        over = max((i for i, top in enumerate(tops) if here.y() >= top), default=0)
        a, b = edits.index(first), over
        if a == b:
            self.clear(first)
            return False
        for i, one in enumerate(edits):
            cursor = one.textCursor()
            if not min(a, b) <= i <= max(a, b):
                cursor.clearSelection()
            elif i == a:
                cursor.setPosition(at, MOVE)
                cursor.movePosition(END if b > a else START, KEEP)
            elif i == b:
                inside = one.viewport().mapFrom(self._text, here)
                end = one.cursorForPosition(inside).position()
                cursor.movePosition(START if b > a else END, MOVE)
                cursor.setPosition(end, KEEP)
            else:
                cursor.select(QTextCursor.SelectionType.Document)
            one.setTextCursor(cursor)
        return True


def words_in(edit: QTextEdit) -> str:
    """What is selected in it."""
    of = getattr(edit, "selected_text", None)
    if of is not None:
        return str(of())
    return edit.textCursor().selectedText().replace("\u2029", "\n").replace("\u2028", "\n")
