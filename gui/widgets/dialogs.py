"""Windows over the window: no larger than it is, and one to read a text in."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.frames import row
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.tab_order import step

WIDTH, HEIGHT = 760, 600


def fit(dialog: QDialog, over: QWidget, width: int, height: int) -> None:
    """This size at the user's text size, and never more than the window that it lies over."""
    px = current().px
    dialog.resize(QSize(px(width), px(height)).boundedTo(over.window().size()))


class Sheet(QDialog):
    """A window over the window; Tab goes through it as it is read."""

    def setVisible(self, visible: bool) -> None:
        if visible:
            current().dress(self)
        super().setVisible(visible)

    def focusNextPrevChild(self, next: bool) -> bool:
        return step(self, next)


class ReadingDialog(Sheet):
    """A text, what is to be said of it, and copying it. Closes with Esc; changes nothing."""

    def __init__(self, parent: QWidget, title: str, facts: str, text: QPlainTextEdit) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        fit(self, parent, WIDTH, HEIGHT)
        px = current().px
        self.text = text
        text.setReadOnly(True)
        self.facts = label(facts, "muted", wrap=True)
        self._copy = Button(tr("Copy all"), "copy", small=True, on_click=self._act_copy)
        close = Button(tr("Close"), "", "primary", small=True, on_click=self.accept)
        close.setDefault(True)
        self.tools = row(self._copy, None, close)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(20), px(16), px(20), px(16))
        box.setSpacing(px(10))
        box.addWidget(ElidedLabel(title, "section"))
        box.addWidget(self.facts)
        box.addWidget(text, 1)
        box.addLayout(self.tools)
        text.setFocus()

    def _act_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._copy.confirm()
