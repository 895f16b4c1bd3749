"""A file as a chip: its name, what it costs, and a cross where it can be taken away."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from gui.language import tr
from gui.theme.theme import current
from gui.widgets.buttons import Button, icon_button
from gui.widgets.frames import row
from gui.widgets.labels import label
from gui.widgets.paint import theme_font

WIDEST_NAME = 190


class FileChip(QFrame):
    """Tells when it is opened or taken away."""

    opened = Signal()
    removed = Signal()

    def __init__(self, name: str, removable: bool = True) -> None:
        super().__init__()
        px = current().px
        self.name = name
        self.setProperty("role", "fileChip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        shown = QFontMetrics(theme_font(13)).elidedText(
            name, Qt.TextElideMode.ElideMiddle, px(WIDEST_NAME)
        )
        self.button = Button(shown, "file", "ghost", True, on_click=self.opened.emit)
        self._detail = label("", "small")
        self.cross = icon_button("x", tr("Take {name} away", name=name), self.removed.emit)
        self.cross.setParent(self)
        self.cross.hide()  # a part without a place would be a window of its own
        parts = [self.button, self._detail]
        if removable:
            parts.append(self.cross)
            self.cross.show()
        line = row(*parts, spacing=4)
        line.setContentsMargins(px(2), 0, px(2 if removable else 10), 0)
        self.setLayout(line)
        self.setFixedHeight(px(32))
        self.show_detail("", tr("Show what is in {name}", name=name))

    def show_detail(self, words: str, tip: str) -> None:
        """What stands behind the name, and what the tooltip says."""
        self._detail.setText(words)
        self._detail.setVisible(bool(words))
        self.button.describe(tip)
        self.button.setAccessibleName(f"{self.name} {words}".strip())
        self.setToolTip(tip)
        self.updateGeometry()

    @property
    def detail(self) -> str:
        return self._detail.text()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self.opened.emit()
