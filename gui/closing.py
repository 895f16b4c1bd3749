"""The one question before a window closes: answers are still being written."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.frames import row
from gui.widgets.labels import label

KEPT = (
    "What they have written is kept, and can be continued later. The window can also wait in the "
    "background and close by itself when they are done."
)
WIDTH = 460


def ask_to_close(
    window: QWidget, n: int, stop: Callable[[], object], wait: Callable[[], object]
) -> None:
    """Ask in front of this window, once; Esc goes back to it."""
    if window.findChild(Closing) is None:
        Closing(window, n, stop, wait).open()


class Closing(QDialog):
    """Stop and close, close when done, or go back."""

    def __init__(
        self, parent: QWidget, n: int, stop: Callable[[], object], wait: Callable[[], object]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Close")
        px = current().px
        self.setFixedWidth(px(WIDTH))
        title = "An answer is still being written" if n == 1 else f"{n} answers are being written"
        words = label(KEPT, "muted", wrap=True)
        words.setMinimumHeight(words.heightForWidth(px(WIDTH - 48)))
        self.stop = Button("Stop and close", small=True, on_click=lambda: self._do(stop))
        self.wait = Button("Close when done", small=True, on_click=lambda: self._do(wait))
        self.back = Button("Cancel", "", "primary", small=True, on_click=self.reject)
        self.back.setDefault(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(24), px(20), px(24), px(20))
        box.setSpacing(px(10))
        box.addWidget(label(title, "section"))
        box.addWidget(words)
        box.addSpacing(px(6))
        box.addLayout(row(None, self.stop, self.wait, self.back))

    def _do(self, act: Callable[[], object]) -> None:
        self.accept()
        act()
