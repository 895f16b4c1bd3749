"""First start: what this program is, and the ways to talk now: the guide, a file, a first model."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.chat.guide import GuideProgress, Questions
from gui.chat.starts import Badge
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.frames import Card, row, scroller
from gui.widgets.labels import ElidedLabel, label

FIRST_MODEL = "Qwen/Qwen3-4B-GGUF"
WIDEST, GAP = 264, 14
LOW = 420  # below this there is no room for the sign
PROMISE = marked("Language models on your own computer. Nothing you write leaves it.")
GUIDE = marked(
    "A small guide is already here. It answers questions about this program in English, "
    "French and Japanese."
)
FILE = marked("Choose a GGUF file, or drop it anywhere on this window. It stays where it is.")
PAGE = marked("Many are free to download. Good to begin with: Qwen3 4B, type Q4_K_M, 2.5 GB.")


class Offer(Card):
    """A card with a title, a sentence or two, and a button."""

    def __init__(self, title: str, words: str, button: Button, role: str) -> None:
        super().__init__(role=role)
        self.box.addWidget(ElidedLabel(title, "section"))
        self._words = label(words, "small", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.box.addWidget(self._words, 1)
        self.box.addLayout(row(button, None))

    def fit(self, width: int) -> None:
        """So wide, and as high as the words then are."""
        margins = self.box.contentsMargins()
        inside = width - margins.left() - margins.right() - 2
        self._words.setMinimumHeight(max(current().px(56), self._words.heightForWidth(inside)))
        self.setFixedWidth(width)


class Welcome(QWidget):
    """One card of the row has the accent: the guide where it is all there is, else the file.

    Most windows never show it, so it is made when it is shown."""

    file_wanted = Signal()
    model_chosen = Signal(str)
    guide_wanted = Signal()
    asked = Signal(str)  # a question for the guide
    page_wanted = Signal(str)  # a repository's

    def __init__(self) -> None:
        super().__init__()
        self._found: list[tuple[str, str, str]] = []
        self._guide = self._with_guide = self._is_made = False
        self._machine = "\N{NO-BREAK SPACE}"  # its room is kept
        self.cards: list[Offer] = []
        self.progress = GuideProgress()
        self.progress.setParent(self)  # it may show itself before it has its place
        current().follow(self, self._fit_cards)

    def showEvent(self, event: QShowEvent) -> None:
        if not self._is_made:
            self._make()
        super().showEvent(event)

    def _make(self) -> None:
        self._is_made = True
        px = current().px
        canvas = QWidget()
        canvas.setProperty("role", "canvas")
        box = QVBoxLayout(canvas)
        box.setSpacing(px(6))
        box.addStretch(5)
        self._badge = Badge()
        self._badge.setFixedHeight(px(56))
        box.addWidget(self._badge)
        box.addSpacing(px(12))
        self._add_words(box, tr("Welcome to Chaski"), "display")
        self._add_words(box, tr(PROMISE), "lead")
        self._fits = self._add_words(box, self._machine, "lead")
        box.addSpacing(px(16))
        self._row = QHBoxLayout()
        self._row.setSpacing(px(GAP))
        self._row.addStretch(1)
        self._row.addStretch(1)
        box.addLayout(self._row)
        box.addSpacing(px(8))
        self._add_guide(box)
        box.addStretch(6)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        view = scroller(canvas)
        whole.addWidget(view)
        self._rebuild()
        view.show()  # now: what comes into a layout that is seen is shown an event later

    def _add_words(self, box: QVBoxLayout, text: str, role: str) -> QLabel:
        words = label(text, role)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(words)
        return words

    def _add_guide(self, box: QVBoxLayout) -> None:
        self.questions = Questions()
        self.questions.asked.connect(self.asked)
        self.quiet_guide = Button(
            tr("Or ask the guide, a small model that knows this program"),
            "message-square",
            "ghost",
            True,
            tr("Ask the guide"),
            on_click=self.guide_wanted.emit,
        )
        box.addWidget(self.questions)
        box.addSpacing(current().px(8))
        box.addWidget(self.progress)
        box.addWidget(self.quiet_guide, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_machine(self, words: str) -> None:
        """What this machine can run, in one sentence."""
        self._machine = words
        if self._is_made:
            self._fits.setText(words)

    def show_found(self, found: list[tuple[str, str, str]], guide: bool = False) -> None:
        """Models that are on this machine already: (path, name, detail), at most two; and whether
        there is a guide."""
        if (found[:2], guide) != (self._found, self._guide):
            self._found, self._guide = found[:2], guide
            if self._is_made:
                self._rebuild()

    def show_guide(self, here: bool) -> None:
        """The guide is here or coming: it can be asked below."""
        self._with_guide = here
        if self._is_made:
            self._show_parts()

    # The row of cards

    def _rebuild(self) -> None:
        for card in self.cards:
            self._row.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = self._make_cards()
        for i, card in enumerate(self.cards, 1):
            self._row.insertWidget(i, card)
        self._fit_cards()
        self._show_parts()

    def _make_cards(self) -> list[Offer]:
        if self._found:
            return [self._file_card(True), *(self._found_card(*one) for one in self._found)]
        if self._guide:
            return [self._guide_card(), self._page_card(), self._file_card(False)]
        return [self._file_card(True), self._page_card()]

    def _show_parts(self) -> None:
        self.questions.setVisible(self._guide and (self._with_guide or not self._found))
        self.progress.setMaximumHeight(16777215 if self._guide else 0)
        self.quiet_guide.setVisible(self._guide and bool(self._found) and not self._with_guide)

    def _guide_card(self) -> Offer:
        button = Button(
            tr("Ask the guide"),
            "message-square",
            "primary",
            True,
            tr("Talk with the small model that is already here"),
            on_click=self.guide_wanted.emit,
        )
        return Offer(tr("Talk now"), tr(GUIDE), button, "cardAccent")

    def _file_card(self, first: bool) -> Offer:
        button = Button(
            tr("Open a file"),
            "folder-open",
            "primary" if first else "plain",
            True,
            on_click=self.file_wanted.emit,
        )
        # The window has the shortcut; two that have it would both be deaf.
        keys = QKeySequence("Ctrl+O").toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(tr("Open a model file ({keys})", keys=keys))
        return Offer(tr("I have a model file"), tr(FILE), button, "cardAccent" if first else "card")

    def _page_card(self) -> Offer:
        button = Button(
            tr("Show me one"),
            "search",
            "plain",
            True,
            tr("Show a good first model, and what it needs here"),
            on_click=lambda: self.page_wanted.emit(FIRST_MODEL),
        )
        return Offer(tr("I need a model"), tr(PAGE), button, "card")

    def _found_card(self, path: str, name: str, detail: str) -> Offer:
        button = Button(
            tr("Talk to it"),
            "message-square",
            "plain",
            True,
            tr("Open {name}", name=name),
            on_click=partial(self.model_chosen.emit, path),
        )
        return Offer(name, detail, button, "card")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_cards()

    def _fit_cards(self) -> None:
        """All cards are equally wide and stand in one line, in a narrow window too."""
        if not self._is_made:
            return
        px = current().px
        gaps = px(GAP) * (len(self.cards) - 1)
        room = (self.width() - 2 * px(24) - gaps) // len(self.cards)
        for card in self.cards:
            card.fit(max(px(160), min(px(WIDEST), room)))
        self._badge.setVisible(self.height() >= px(LOW))
