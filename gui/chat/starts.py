"""The program's sign, and what stands in the middle while the first model is opened."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.chat.guide import is_first
from gui.language import figures, tr
from gui.theme.icons import paint_icon
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.frames import Card, row
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.paint import colour, rounded


class Badge(QWidget):
    """The rounded square with the program's sign, so wide."""

    def __init__(self, side: int = 56) -> None:
        super().__init__()
        self._side = side

    def sizeHint(self) -> QSize:
        side = current().px(self._side)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        px = current().px
        painter = QPainter(self)
        side = float(px(self._side))
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        rounded(painter, box, side * 0.27, "accent")
        inner = side * 0.66
        spot = QRectF(box.center().x() - inner / 2, (side - inner) / 2 + box.top(), inner, inner)
        paint_icon(painter, "quipu", colour("on_accent").name(), spot)
        painter.end()


class Loading(QWidget):
    """A model is being opened: its name, what is being done, a bar, and Cancel."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        px = current().px
        card = Card()
        card.setFixedWidth(px(440))
        self._title = ElidedLabel("", "section")
        self._words = label("", "small")
        self._bar = Bar()
        self._hint = label("", "small", wrap=True)
        self._hint.setMinimumHeight(px(34))
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        cancel = Button(
            tr("Cancel"),
            "",
            "plain",
            True,
            tr("Stop opening the model"),
            on_click=self.cancelled.emit,
        )
        for part in (self._title, self._bar, self._words, self._hint):
            card.box.addWidget(part)
        card.box.addLayout(row(None, cancel))
        box = QVBoxLayout(self)
        box.addStretch(4)
        box.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(5)

    def begin(self, name: str) -> None:
        self._title.set_full(tr("Opening {name}", name=name))
        self._hint.setText("")
        self._bar.begin()
        self.show_progress(tr("Reading the file"), None)

    def show_progress(self, words: str, fraction: float | None) -> None:
        percent = figures(f" · {fraction:.0%}") if fraction is not None else ""
        self._words.setText(f"{words}{percent}")
        self._bar.set_fraction(fraction)
        if is_first(words):
            self._hint.setText(tr("Only the first time: Chaski makes its code fit your processor."))
