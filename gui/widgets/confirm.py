"""One question before something is done that somebody may not have meant."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.frames import row
from gui.widgets.labels import label

WIDTH = 460


class Confirm(QDialog):
    """Do it, or go back; Esc and Return go back."""

    def __init__(
        self, parent: QWidget, title: str, words: str, deed: str, act: Callable[[], object]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        px = current().px
        self.setFixedWidth(px(WIDTH))
        told = label(words, "muted", wrap=True)
        told.setMinimumHeight(told.heightForWidth(px(WIDTH - 48)))
        self.go_on = Button(deed, small=True, on_click=lambda: self._do(act))
        self.back = Button("Cancel", "", "primary", small=True, on_click=self.reject)
        self.back.setDefault(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(24), px(20), px(24), px(20))
        box.setSpacing(px(10))
        box.addWidget(label(title, "section", wrap=True))
        box.addWidget(told)
        box.addSpacing(px(6))
        box.addLayout(row(None, self.go_on, self.back))

    def _do(self, act: Callable[[], object]) -> None:
        self.accept()
        act()
