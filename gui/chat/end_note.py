"""What stands under an answer that its model did not end: how it ended, and the ways on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from engine.base.conversation import Turn
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.flow import FlowLayout
from gui.widgets.help_button import help_button
from gui.widgets.labels import label
from gui.workers import whole_sentence

QUIET = {
    "length": marked("Ended at the longest reply that is set in Parameters."),
    "cancelled": marked("Stopped before its end."),
    "": marked("Broken off before its end."),
}
NOTHING = marked("Stopped before its first word.")
LARGER = marked("Open the model with a larger context")


class EndNote(QFrame):
    """A quiet line for what the user wanted, a card for what stands in the way; nothing for an
    answer that is complete: most are, so its parts are made for the first that is not."""

    continued = Signal()
    rolled = Signal()
    kept_ends = Signal()
    larger_wanted = Signal()
    new_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._larger: tuple[str, str] = "", ""
        self._can_grow = self._is_made = False
        self.hide()

    def _make(self) -> None:
        px = current().px
        self.words = label("", "small", wrap=True)
        self.go_on = Button(
            tr("Continue"),
            "",
            "plain",
            True,
            tr("Go on with this answer where it was cut"),
            on_click=self.continued.emit,
        )
        self.roll = Button(
            tr("Go on without the oldest messages"),
            "",
            "plain",
            True,
            tr("They stay in this chat; the model does not read them any more"),
            on_click=self.rolled.emit,
        )
        self.ends = Button(
            tr("Keep the beginning and the end"),
            "",
            "plain",
            True,
            tr(
                "The model goes on reading the first exchange and the last ones; all stay in this "
                "chat"
            ),
            on_click=self.kept_ends.emit,
        )
        self.larger = Button(tr(LARGER), "", "plain", True, on_click=self.larger_wanted.emit)
        self.new = Button(
            tr("New chat"),
            "",
            "plain",
            True,
            tr("Begin a new chat with this model"),
            on_click=self.new_wanted.emit,
        )
        ways = QWidget()
        line = FlowLayout(ways, gap=px(8))
        self.why = help_button("context", tr("Why a chat becomes full"))
        for way in (self.go_on, self.larger, self.roll, self.ends, self.new, self.why):
            line.addWidget(way)
        self._ways = ways
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setSpacing(px(10))
        self._box.addWidget(self.words)
        self._box.addWidget(ways, 1)
        self._is_made = True
        self.offer_larger(*self._larger)

    def show_end(self, turn: Turn, last: bool) -> None:
        """`last`: nothing was said after this answer, so that it can go on."""
        full = turn.ending in ("context", "full", "alone")
        begun = bool(turn.text or turn.thinking)
        words = turn.error or (
            "" if turn.complete else tr(QUIET[turn.ending]) if begun else tr(NOTHING)
        )
        self._can_grow = last and full
        self.setVisible(bool(words))
        if not words:
            return
        if not self._is_made:
            self._make()
        self.words.setText(whole_sentence(words))
        self.go_on.setVisible(last and begun and not turn.complete and not full)
        self.roll.setVisible(last and full and turn.ending != "alone")
        self.ends.setVisible(last and full and turn.ending != "alone")
        self.offer_larger(*self._larger)
        self.new.setVisible(last and full)
        self.why.setVisible(full)
        self._ways.setVisible(last and (full or (begun and not turn.complete)))
        self._dress("cardWarn" if full else "cardBad" if turn.error else "bare")

    def offer_larger(self, words: str, tip: str = "") -> None:
        """Opening the model with a larger context would help, and there is room for it; "": not."""
        self._larger = words, tip
        if not self._is_made:
            return
        self.larger.set_words(words)
        self.larger.describe(tip or words or tr(LARGER))
        self.larger.setVisible(bool(words) and self._can_grow)

    def _dress(self, role: str) -> None:
        px, ways = current().px, QBoxLayout.Direction
        card = role != "bare"
        self.words.setWordWrap(card)
        self._box.setDirection(ways.TopToBottom if card else ways.LeftToRight)
        self._box.setContentsMargins(*(px(14), px(10), px(14), px(10)) if card else (0, 0, 0, 0))
        for part, name in ((self, role), (self.words, "smallText" if card else "small")):
            part.setProperty("role", name)
            part.style().unpolish(part)
            part.style().polish(part)
