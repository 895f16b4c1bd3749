"""What stands in the chat's middle before there is a conversation: loading, empty chat."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.chat.guide import Questions
from gui.theme.icons import paint_icon
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.frames import Card, row
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.paint import colour, rounded


class Badge(QWidget):
    """The rounded square with the program's sign."""

    def sizeHint(self) -> QSize:
        side = current().px(56)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        px = current().px
        painter = QPainter(self)
        side = float(px(56))
        box = QRectF((self.width() - side) / 2, 0, side, side)
        rounded(painter, box, px(16), "accent")
        inner = px(36)
        spot = QRectF(box.center().x() - inner / 2, (side - inner) / 2, inner, inner)
        paint_icon(painter, "quipu", colour("on_accent").name(), spot)
        painter.end()


class EmptyChat(QWidget):
    """A model is ready and nothing has been said; of the guide, what one may ask."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setSpacing(current().px(8))
        box.addStretch(4)
        badge = Badge()
        badge.setFixedHeight(current().px(56))
        self._title = ElidedLabel("", "title")
        self._words = label("", "muted", wrap=True)
        box.addWidget(badge)
        box.addSpacing(current().px(8))
        for part in (self._title, self._words):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            box.addWidget(part)
        box.addSpacing(current().px(8))
        self.questions = Questions()
        self.questions.asked.connect(self.asked)
        box.addWidget(self.questions)
        box.addStretch(5)

    def show_words(self, title: str, words: str, *, guide: bool = False) -> None:
        self._title.set_full(title)
        self._words.setText(words)
        self.questions.setVisible(guide)


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
            "Cancel", "", "plain", True, "Stop opening the model", on_click=self.cancelled.emit
        )
        for part in (self._title, self._bar, self._words, self._hint):
            card.box.addWidget(part)
        card.box.addLayout(row(None, cancel))
        box = QVBoxLayout(self)
        box.addStretch(4)
        box.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(5)

    def begin(self, name: str) -> None:
        self._title.set_full(f"Opening {name}")
        self._hint.setText("")
        self._bar.begin()
        self.show_progress("Reading the file", None)

    def show_progress(self, words: str, fraction: float | None) -> None:
        percent = f" · {fraction:.0%}" if fraction is not None else ""
        self._words.setText(f"{words}{percent}")
        self._bar.set_fraction(fraction)
        if "ompil" in words or "rocessor" in words:
            self._hint.setText("Only the first time: Chaski makes its code fit your processor.")
