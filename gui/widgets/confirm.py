"""One question before something is done that somebody may not have meant."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.dialogs import Sheet
from gui.widgets.frames import row
from gui.widgets.labels import label

WIDTH = 460
Deed = tuple[str, Callable[[], object]]  # the words of its button, and what it does


class Question(Sheet):
    """What may be done, or back; Esc and Return go back."""

    def __init__(self, parent: QWidget, title: str, words: str, deeds: Sequence[Deed]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        px = current().px
        self.deeds = [self._button(words, act) for words, act in deeds]
        self.back = Button(tr("Cancel"), "", "primary", small=True, on_click=self.reject)
        self.back.setDefault(True)
        buttons = row(None, *self.deeds, self.back)
        wide = max(px(WIDTH), min(buttons.sizeHint().width() + px(48), parent.width()))
        self.setFixedWidth(wide)
        told = label(words, "muted", wrap=True)
        told.setMinimumHeight(told.heightForWidth(wide - px(48)))
        box = QVBoxLayout(self)
        box.setContentsMargins(px(24), px(20), px(24), px(20))
        box.setSpacing(px(10))
        box.addWidget(label(title, "section", wrap=True))
        box.addWidget(told)
        box.addSpacing(px(6))
        box.addLayout(buttons)

    def _button(self, words: str, act: Callable[[], object]) -> Button:
        return Button(words, small=True, on_click=lambda: self._do(act))

    def _do(self, act: Callable[[], object]) -> None:
        self.accept()
        act()


class Confirm(Question):
    """Do it, or go back."""

    def __init__(
        self, parent: QWidget, title: str, words: str, deed: str, act: Callable[[], object]
    ) -> None:
        super().__init__(parent, title, words, [(deed, act)])
        (self.go_on,) = self.deeds
