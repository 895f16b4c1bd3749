"""Editing messages in their place: a box with the text, Save and Cancel."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gui.chat.answer import Answer
from gui.chat.composer import GrowingEdit
from gui.chat.following import Following
from gui.chat.question import Question
from gui.chat.turns import Turn
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.focus_home import let_go
from gui.widgets.frames import row
from gui.widgets.labels import label


class InlineEdit(QFrame):
    """Enter saves, Shift+Enter breaks the line, Esc cancels."""

    saved = Signal(str)
    cancelled = Signal()

    def __init__(self, text: str, save_words: str) -> None:
        super().__init__()
        self.setProperty("role", "composer")
        px = current().px
        self.edit = GrowingEdit()
        self.edit.setAccessibleName("Edit the message")
        self.edit.setPlainText(text)
        self._wait = label("", "small")
        self._save = Button(save_words, "", "primary", True, on_click=self._act_save)
        self._cancel = Button("Cancel", "", "ghost", True, on_click=self.cancelled.emit)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(16), px(12), px(12), px(12))
        box.setSpacing(px(10))
        box.addWidget(self.edit)
        box.addLayout(row(self._wait, None, self._cancel, self._save))
        self.edit.entered.connect(self._act_save)
        self.edit.installEventFilter(self)

    def take_focus(self) -> None:
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Esc is this box's, even where it would stop the answer that is being written.
        overrides = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if overrides and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def wait(self, words: str) -> None:
        """What was written is kept here until it can be used; `words` say what it waits for."""
        self._wait.setText(words)
        self.edit.setReadOnly(bool(words))
        self._save.setEnabled(not words)

    def _act_save(self) -> None:
        if not self._save.isEnabled():
            return
        text = self.edit.toPlainText().strip()
        if text:
            self.saved.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class Edits(QObject):
    """The boxes that stand in the place of messages of a column. `following`: who knows where the
    reader is in it."""

    edited = Signal(object, str)  # Turn, its new words; the box stays until `end`
    cancelled = Signal(object)  # Turn

    def __init__(self, column: QVBoxLayout, following: Following) -> None:
        super().__init__(following)
        self._column, self._following = column, following
        self._boxes: dict[Question | Answer, InlineEdit] = {}

    def __bool__(self) -> bool:
        return bool(self._boxes)

    def stands_for(self, row: Question | Answer) -> QWidget:
        """What is seen of a message: itself or its box."""
        return self._boxes.get(row, row)

    def begin(self, row: Question | Answer) -> None:
        if row in self._boxes:
            self._boxes[row].take_focus()
            return
        turn = row.turn
        box = InlineEdit(turn.text, "Save and ask again" if turn.role == "user" else "Save")
        self._following.stay()
        self._boxes[row] = box
        self._following.stand_in(row, box)
        self._column.insertWidget(self._column.indexOf(row), box)
        row.hide()

        def save(text: str) -> None:
            if text != turn.text:
                self.edited.emit(turn, text)
            else:
                self.end(row)

        box.cancelled.connect(lambda: self._cancel(row))
        box.saved.connect(save)
        box.take_focus()
        self._following.reveal(box)

    def _cancel(self, row: Question | Answer) -> None:
        self.end(row)
        self.cancelled.emit(row.turn)

    def keep(self, turn: Turn, words: str) -> None:
        """The new words of this message wait; "" lets them be changed and saved again."""
        for message, box in self._boxes.items():
            if message.turn is turn:
                box.wait(words)

    def end_of(self, turn: Turn) -> None:
        """What was written has become a turn."""
        for message in list(self._boxes):
            if message.turn is turn:
                self.end(message)

    def end(self, row: Question | Answer) -> None:
        """The message stands in its place again."""
        box = self._boxes.pop(row, None)
        if box is not None:
            self._following.revealed(box)
            self._following.stand_in(box, row)
            take_out(self._column, box)
            row.show()


def take_out(column: QVBoxLayout, part: QWidget) -> None:
    """It goes, and its focus to where one writes."""
    let_go(part)
    column.removeWidget(part)
    part.hide()
    part.deleteLater()
