"""The start of every day but the first: a greeting over the box, what answers and what was talked
of under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.chat.daily_cards import CARD_HEIGHT, ChatCard, Past
from gui.chat.guide import Questions
from gui.chat.model_chip import Choice, ModelChip
from gui.chat.starts import Badge
from gui.language import marked, tr
from gui.theme.theme import current
from gui.widgets.buttons import Button
from gui.widgets.frames import row
from gui.widgets.labels import ElidedLabel, label

PROMISE = marked("Nothing you write leaves this computer.")
COLUMN = 720
MINUTE_MS = 60_000


def greeting(hour: int) -> str:
    """For this hour of the day."""
    if 5 <= hour < 12:
        return tr("Good morning")
    return tr("Good afternoon") if 12 <= hour < 18 else tr("Good evening")


class Greeting(QWidget):
    """Stands at the lower end of the room over the box."""

    def __init__(self) -> None:
        super().__init__()
        px = current().px
        self._title, self._words = ElidedLabel("", "greeting"), ElidedLabel(tr(PROMISE), "muted")
        beside = QVBoxLayout()
        beside.setSpacing(px(2))
        beside.addWidget(self._title)
        beside.addWidget(self._words)
        self._badge = Badge(44)
        line = QWidget()
        line.setMaximumWidth(px(COLUMN))
        inner = QHBoxLayout(line)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(px(14))
        inner.addWidget(self._badge)
        inner.addLayout(beside, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(12), px(12), px(12), px(24))
        box.addStretch(1)
        box.addLayout(row(line, spacing=0))
        self._clock = QTimer(self)  # a window may stand open for days
        self._clock.setInterval(MINUTE_MS)
        self._clock.timeout.connect(self._greet)
        self._clock.start()
        self._greet()

    def _greet(self) -> None:
        self._title.set_full(greeting(datetime.now().hour))


@dataclass(frozen=True)
class Day:
    """What is at hand: models to answer with, chats to go on with; `guide`: questions for it."""

    choices: Sequence[Choice] = ()
    past: Sequence[Past] = ()
    guide: bool = False


class AtHand(QWidget):
    """Under the box. What it shows keeps its place: rows that come later had their room before."""

    chosen = Signal(str)  # path of a model
    opened = Signal(int)  # a chat
    asked = Signal(str)
    more_wanted = Signal()  # models

    def __init__(self) -> None:
        super().__init__()
        px = current().px
        self.day = Day()
        self._is_shown = False
        self._has_room = True  # for cards
        self.chips: list[ModelChip] = []
        self.cards: list[ChatCard] = []
        self._who = QWidget()
        self._line = QHBoxLayout(self._who)
        self._line.setContentsMargins(0, px(6), 0, 0)
        self._line.setSpacing(px(8))
        self._answers = label(tr("Answers:"), "small")
        self._more = Button(
            tr("Get another"),
            "plus",
            "tool",
            True,
            tr("Find a model that runs well here"),
            on_click=self.more_wanted.emit,
        )
        self.questions = Questions()
        self.questions.asked.connect(self.asked)
        self._go_on = label(tr("Go on with"), "group")
        self._row = QHBoxLayout()
        self._row.setSpacing(px(12))
        self._column = QWidget()
        self._column.setMaximumWidth(px(COLUMN))
        box = QVBoxLayout(self._column)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(8))
        box.addWidget(self._who)
        box.addWidget(self.questions)
        box.addSpacing(px(18))
        box.addWidget(self._go_on)
        box.addLayout(self._row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(px(12), 0, px(12), px(12))
        whole.addLayout(row(self._column, spacing=0))
        whole.addStretch(1)
        self._line.addWidget(self._answers)
        self._line.addWidget(self._more)
        self._line.addStretch(1)
        self._who.installEventFilter(self)
        self.show_day(Day())

    def show_day(self, day: Day) -> None:
        before, self.day = self.day, day
        if self._is_shown and before == day:
            return
        if not self._is_shown or before.choices != day.choices:
            self._show_choices(day.choices)
        if not self._is_shown or before.past != day.past:
            self._show_past(day.past)
        self._is_shown = True
        self.questions.setVisible(day.guide)
        self._show_go_on()

    def _show_choices(self, choices: Sequence[Choice]) -> None:
        if [chip.choice.path for chip in self.chips] == [choice.path for choice in choices]:
            for chip, choice in zip(self.chips, choices, strict=True):
                chip.show_choice(choice)
            self._fit_chips()
            return
        for chip in self.chips:
            self._line.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(choice) for choice in choices]
        for place, chip in enumerate(self.chips, 1):
            self._line.insertWidget(place, chip)
        self._answers.setVisible(bool(choices))
        self._fit_chips()

    def _fit_chips(self) -> None:
        """On one line, whatever they are called: the last ones give way, but the chosen one."""
        gap = self._line.spacing()
        room = self._who.width() - self._answers.sizeHint().width() - gap
        more = self._more.sizeHint().width() + gap
        self._more.set_brief(sum(c.sizeHint().width() + gap for c in self.chips) + more > room)
        room -= self._more.sizeHint().width() + gap
        room -= sum(c.sizeHint().width() + gap for c in self.chips if c.choice.chosen)
        for chip in self.chips:
            if not chip.choice.chosen:
                room -= chip.sizeHint().width() + gap
                chip.setVisible(room >= 0)
            else:
                chip.show()

    def _chip(self, choice: Choice) -> ModelChip:
        chip = ModelChip(choice)
        chip.clicked.connect(lambda: self.chosen.emit(chip.choice.path))
        return chip

    def _show_past(self, past: Sequence[Past]) -> None:
        if len(past) != len(self.cards):
            for card in self.cards:
                self._row.removeWidget(card)
                card.hide()
                card.deleteLater()
            self.cards = [self._card(one) for one in past]
            for card in self.cards:
                self._row.addWidget(card, 1)
        for card, one in zip(self.cards, past, strict=True):
            card.show_past(one)

    def _card(self, past: Past) -> ChatCard:
        card = ChatCard(past)
        card.clicked.connect(lambda: self.opened.emit(card.past.chat_id))
        return card

    def show_room(self, height: int) -> None:
        """Cards that would be cut are not shown."""
        self._has_room = height >= current().px(CARD_HEIGHT + 300)
        self._show_go_on()

    def _show_go_on(self) -> None:
        for part in (self._go_on, *self.cards):
            part.setVisible(self._has_room and bool(self.cards))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit_chips()
        return False
