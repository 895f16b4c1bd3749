"""Editing a message in its place: the text, Save and Cancel."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from gui.chat.composer import GrowingEdit
from gui.theme.theme import current
from gui.widgets.buttons import Button
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
