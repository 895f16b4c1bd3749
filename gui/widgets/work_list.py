"""A column of works: cards come and go, those that stay keep their place."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.theme.theme import current
from gui.widgets.work_card import Work, WorkCard


class WorkList(QWidget):
    """Passes on what its cards say."""

    paused = Signal(int)
    resumed = Signal(int)
    stopped = Signal(int)
    forgotten = Signal(int)
    chat_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[int, WorkCard] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(current().px(12))

    def show_works(self, works: Sequence[Work]) -> None:
        """In their order."""
        wanted = {work.id for work in works}
        for gone in [number for number in self.cards if number not in wanted]:
            card = self.cards.pop(gone)
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()
        for place, work in enumerate(works):
            card = self.cards.get(work.id) or self._made(work)
            card.show_work(work)
            if self._box.indexOf(card) != place:
                self._box.removeWidget(card)
                self._box.insertWidget(place, card)

    def _made(self, work: Work) -> WorkCard:
        card = self.cards[work.id] = WorkCard(work)
        card.paused.connect(self.paused)
        card.resumed.connect(self.resumed)
        card.stopped.connect(self.stopped)
        card.forgotten.connect(self.forgotten)
        card.chat_wanted.connect(self.chat_wanted)
        return card
