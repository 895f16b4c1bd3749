"""Editing messages in their place: a box with the text, a question's files, Save and Cancel."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from engine.base.attachments import Attachment
from engine.base.conversation import Turn
from gui.chat.column import Column, Item
from gui.chat.composer import GrowingEdit
from gui.chat.edited_files import EditedFiles, Reader
from gui.chat.following import Following
from gui.language import tr
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import row
from gui.widgets.labels import label


class InlineEdit(QFrame):
    """Enter saves, Shift+Enter breaks the line, Esc cancels. `read`: by what files are read that
    shall go with a question; an answer has none."""

    saved = Signal(str)
    cancelled = Signal()

    def __init__(self, turn: Turn, save_words: str, read: Reader | None = None) -> None:
        super().__init__()
        self.setProperty("role", "composer")
        px = current().px
        text = turn.text
        self.edit = GrowingEdit(takes_files=read is not None)
        self.edit.setAccessibleName(tr("Edit the message"))
        self.edit.setPlainText(text)
        self._wait = label("", "small")
        self._save = Button(save_words, "", "primary", True, on_click=self._act_save)
        self._cancel = Button(tr("Cancel"), "", "ghost", True, on_click=self.cancelled.emit)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(16), px(12), px(12), px(12))
        box.setSpacing(px(10))
        self.files = EditedFiles(self, turn.attachments, read) if read is not None else None
        parts: list[QWidget | None] = [self._wait, None, self._cancel, self._save]
        if self.files is not None:
            box.addWidget(self.files.row)
            parts.insert(0, self._with_files(self.files))
        box.addWidget(self.edit)
        box.addLayout(row(*parts))
        self.edit.entered.connect(self._act_save)
        self.edit.installEventFilter(self)

    def _with_files(self, files: EditedFiles) -> QWidget:
        """The button that attaches more."""
        self.edit.files_given.connect(files.add_files)
        self.edit.long_given.connect(files.add_text)
        files.changed.connect(self._on_files)
        files.failed.connect(self._wait.setText)
        return icon_button("paperclip", tr("Attach files"), files.ask_for_files)

    def _on_files(self) -> None:
        reading = self.files.reading if self.files is not None else ""
        self._wait.setText(tr("Reading {name}", name=reading) if reading else "")
        self._save.setEnabled(not reading)

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
        if text or (self.files is not None and self.files.attached):
            self.saved.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class Edits(QObject):
    """The boxes that stand in the place of messages of a column. `following`: who knows where the
    reader is in it."""

    edited = Signal(object, str)  # Turn, its new words; the box stays until `end_of`
    cancelled = Signal(object)  # Turn

    def __init__(self, column: Column, following: Following) -> None:
        super().__init__(following)
        self._column, self._following = column, following
        self._boxes: list[tuple[Turn, InlineEdit]] = []
        self.read: Reader | None = None  # by what files are read

    def __bool__(self) -> bool:
        return bool(self._boxes)

    def _box_of(self, turn: Turn) -> InlineEdit | None:
        return next((box for one, box in self._boxes if one is turn), None)

    def begin(self, item: Item, turn: Turn) -> None:
        """In the place of this message."""
        open_box = self._box_of(turn)
        if open_box is not None:
            open_box.take_focus()
            return
        if turn.role == "user":
            box = InlineEdit(turn, tr("Save and ask again"), self.read)
        else:
            box = InlineEdit(turn, tr("Save"))
        self._following.stay()
        self._boxes.append((turn, box))

        def save(text: str) -> None:
            if text != turn.text or self.files_of(turn) != tuple(turn.attachments):
                self.edited.emit(turn, text)
            else:
                self.end_of(turn)

        box.cancelled.connect(lambda: self._cancel(turn))
        box.saved.connect(save)
        self._following.reveal(box)
        self._column.stand_in(item, box)
        box.take_focus()

    def files_of(self, turn: Turn) -> tuple[Attachment, ...]:
        """What goes with this message as it stands in its box; without one, what it has."""
        box = self._box_of(turn)
        files = box.files if box is not None else None
        return files.attached if files is not None else tuple(turn.attachments)

    def _cancel(self, turn: Turn) -> None:
        self.end_of(turn)
        self.cancelled.emit(turn)

    def keep(self, turn: Turn, words: str) -> None:
        """The new words of this message wait; "" lets them be changed and saved again."""
        box = self._box_of(turn)
        if box is not None:
            box.wait(words)

    def keep_only(self, path: Sequence[Turn]) -> None:
        """Messages that are shown no more have no boxes."""
        there = {id(turn) for turn in path}
        for turn, _box in list(self._boxes):
            if id(turn) not in there:
                self.end_of(turn)

    def end_of(self, turn: Turn) -> None:
        """The message stands in its place again; what was written may have become a turn."""
        box = self._box_of(turn)
        if box is None:
            return
        self._boxes = [(one, other) for one, other in self._boxes if other is not box]
        self._following.revealed(box)
        for item in self._column.items:
            if item.stand_in is box:
                self._column.stand_in(item, None)
