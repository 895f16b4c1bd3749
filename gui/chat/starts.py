"""What stands in the chat's middle before there is a conversation: welcome, loading, empty chat."""

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.theme.icons import paint_icon
from gui.theme.theme import current
from gui.widgets.bars import Bar
from gui.widgets.buttons import Button
from gui.widgets.frames import Card, row
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.paint import colour, rounded

FIRST_MODEL_PAGE = "https://huggingface.co/Qwen/Qwen3-4B-GGUF"


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
        inner = px(28)
        spot = QRectF(box.center().x() - inner / 2, (side - inner) / 2, inner, inner)
        paint_icon(painter, "message-square", colour("on_accent").name(), spot)
        painter.end()


class Welcome(QWidget):
    """First start: what this program is, and the ways to a model that work now."""

    file_wanted = Signal()
    model_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        px = current().px
        box = QVBoxLayout(self)
        box.setSpacing(px(6))
        box.addStretch(5)
        badge = Badge()
        badge.setFixedHeight(px(56))
        box.addWidget(badge)
        box.addSpacing(px(12))
        self._add_words(box, "Welcome to Chaski", "display")
        self._add_words(
            box, "Language models on your own computer. Nothing you write leaves it.", "lead"
        )
        self._fits = self._add_words(box, "", "lead")
        self._fits.hide()
        box.addSpacing(px(22))
        self._cards = QHBoxLayout()
        self._cards.setSpacing(px(14))
        self._cards.addStretch(1)
        self._cards.addWidget(self._file_card())
        self._page = self._page_card()
        self._cards.addWidget(self._page)
        self._cards.addStretch(1)
        box.addLayout(self._cards)
        box.addStretch(6)
        self._offers: list[QWidget] = []

    def _add_words(self, box: QVBoxLayout, text: str, role: str) -> QLabel:
        words = label(text, role)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(words)
        return words

    def _file_card(self) -> Card:
        button = Button(
            "Open a file",
            "folder-open",
            "primary",
            True,
            "Open a model file",
            "Ctrl+O",
            self.file_wanted.emit,
        )
        return _offer(
            "I have a model file",
            "Choose a GGUF file, or drop it anywhere on this window. It stays where it is.",
            button,
            "cardAccent",
        )

    def _page_card(self) -> Card:
        button = Button(
            "Show me one",
            "square-arrow-out-up-right",
            "plain",
            True,
            "Open a good first model's page in your browser",
            on_click=lambda: QDesktopServices.openUrl(QUrl(FIRST_MODEL_PAGE)),
        )
        words = "Many are free to download. Good to begin with: Qwen3 4B, type Q4_K_M, 2.5 GB."
        return _offer("I need a model", words, button, "card")

    def show_machine(self, words: str) -> None:
        """What this machine can run, in one sentence."""
        self._fits.setText(words)
        self._fits.show()

    def show_found(self, found: list[tuple[str, str, str]]) -> None:
        """Models that are on this machine already: (path, name, detail), at most two."""
        for card in self._offers:
            self._cards.removeWidget(card)
            card.deleteLater()
        self._offers = []
        self._page.setVisible(not found)
        for path, name, detail in found[:2]:
            button = Button(
                "Talk to it",
                "message-square",
                "plain",
                True,
                f"Open {name}",
                on_click=partial(self.model_chosen.emit, path),
            )
            card = _offer(name, detail, button, "card")
            self._offers.append(card)
            self._cards.insertWidget(self._cards.count() - 1, card)


def _offer(title: str, words: str, button: Button, role: str) -> Card:
    card = Card(role=role)
    card.setFixedWidth(current().px(264))
    head = ElidedLabel(title, "section")
    card.box.addWidget(head)
    text = label(words, "small", wrap=True)
    text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    text.setMinimumHeight(current().px(56))
    card.box.addWidget(text, 1)
    card.box.addLayout(row(button, None))
    return card


class EmptyChat(QWidget):
    """A model is ready and nothing has been said."""

    def __init__(self) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setSpacing(current().px(8))
        box.addStretch(4)
        badge = Badge()
        badge.setFixedHeight(current().px(56))
        self._title = label("", "title")
        self._words = label("", "muted", wrap=True)
        box.addWidget(badge)
        box.addSpacing(current().px(8))
        for part in (self._title, self._words):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            box.addWidget(part)
        box.addStretch(5)

    def show_words(self, title: str, words: str) -> None:
        self._title.setText(title)
        self._words.setText(words)


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
