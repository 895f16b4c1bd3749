"""The system prompt of a chat: a card above the composer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import Card, row
from gui.widgets.labels import label


class SystemPrompt(Card):
    """Tells the new text while it is written; it counts from the next message on."""

    changed = Signal(str)
    closed = Signal()
    library_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        close = icon_button("x", tr("Close the system prompt"), self.closed.emit)
        tip = tr("Prompts that are kept under a name")
        self.library = Button(tr("Library"), "scroll-text", "ghost", True, tip)
        self.library.clicked.connect(lambda: self.library_wanted.emit())
        self._edit = QPlainTextEdit()
        self._edit.setAccessibleName(tr("System prompt"))
        self._edit.setPlaceholderText(tr("For example: Answer briefly, in French."))
        self._edit.setTabChangesFocus(True)
        self._edit.setFixedHeight(current().px(96))
        self._edit.textChanged.connect(lambda: self.changed.emit(self.text()))
        help_text = tr("The model reads this before the conversation. Only for this chat.")
        self.box.addLayout(row(label(tr("System prompt"), "strong"), None, self.library, close))
        self.box.addWidget(label(help_text, "small", wrap=True))
        self.box.addWidget(self._edit)

    def text(self) -> str:
        return self._edit.toPlainText().strip()

    def show_text(self, text: str) -> None:
        if text != self.text():
            self._edit.blockSignals(True)
            self._edit.setPlainText(text)
            self._edit.blockSignals(False)

    def take_focus(self) -> None:
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
