"""What the daily start has at hand: the last models with their speed here, the last chats."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer

from gui.chat.book import Book
from gui.chat.chats import Chats
from gui.chat.daily import AtHand, Day
from gui.chat.daily_cards import Past
from gui.chat.model_chip import Choice
from gui.chat.model_choice import ModelChoice
from gui.chat.model_picker import speed_words
from gui.chat.words import when_words
from gui.desk import Desk, KnownModel

MOST = 3
BEAT_MS = 1000
LETTERS = 160  # of what was said last
MARKS = re.compile(r"[`*|]+|^\s*(#+|>+|[-+]|```\w*)\s+|\$\$", re.MULTILINE)  # of Markdown


class DayAtHand(QObject):
    """Fills the page; `show` follows whatever has changed."""

    def __init__(
        self, desk: Desk, book: Book, chats: Chats, models: ModelChoice, at_hand: AtHand
    ) -> None:
        super().__init__(at_hand)
        self._desk, self._book, self._chats, self._models = desk, book, chats, models
        self._at_hand = at_hand
        self._last: dict[int, tuple[datetime, str]] = {}  # what was said last, and when
        book.changed.connect(self._refresh)
        self._clock = QTimer(self)  # answers grow, and time goes by
        self._clock.setInterval(BEAT_MS)
        self._clock.timeout.connect(self._refresh)
        self._clock.start()

    def show(self, *, guide: bool) -> None:
        """`guide`: it is the guide that answers, so one is shown what to ask it."""
        self._at_hand.show_day(Day(self._choices(), self._past(), guide))

    # Models

    def _choices(self) -> Sequence[Choice]:
        chosen = self._models.own_path if not self._models.wanted else self._models.wanted
        return [
            Choice(model.path, model.name, speed_words(self._desk, model), model.path == chosen)
            for model in self._offered(chosen)
        ]

    def _offered(self, chosen: str) -> list[KnownModel]:
        """The chosen one, the last used, the guide: three, in an order that choosing leaves."""
        desk = self._desk
        there = [model for model in desk.known if not model.problem and not model.built_in]
        there.sort(key=lambda model: (model.path != desk.preferences.model, -model.last_used))
        if desk.last_used is not None and not there:
            there = [desk.last_used]
        found = there[:MOST]
        resting = self._models.resting
        if resting is not None and all(model.path != resting.path for model in found):
            found = [resting, *found[: MOST - 1]]
        for model in desk.models():  # open, but of another place than the list knows
            if str(model.path) == chosen and all(m.path != chosen for m in found):
                named = KnownModel(chosen, model.name, "")
                found = [*found[: MOST - 1], desk.known_at(chosen) or named]
        guide = desk.guide
        if guide is not None and len(found) < MOST and all(m.path != guide.path for m in found):
            found.append(guide)
        return found

    # Chats

    def _past(self) -> Sequence[Past]:
        now, shown = datetime.now(), self._chats.talk.record.id
        rows = [row for row in self._book.rows() if row.id != shown][:MOST]
        for row in rows:
            kept = self._last.get(row.id)
            if kept is None or kept[0] != row.updated:
                self._last[row.id] = (row.updated, kept[1] if kept else "")
                self._book.glance(row.id, partial(self._take_words, row.id, row.updated))
        return [
            Past(
                row.id,
                row.title,
                row.model,
                when_words(row.updated, now),
                self._last[row.id][1],
                self._book.marks.get(row.id, ""),
                self._chats.progress_of(row.id),
            )
            for row in rows
        ]

    def _take_words(self, chat_id: int, updated: datetime, words: str) -> None:
        line = " ".join(MARKS.sub("", words).split())[:LETTERS]
        if self._last.get(chat_id) == (updated, line):
            return
        self._last[chat_id] = (updated, line)
        self._refresh()

    def _refresh(self) -> None:
        """What has changed of the chats; the rest stays as it is."""
        if self._at_hand.isVisible():
            day = self._at_hand.day
            self._at_hand.show_day(Day(day.choices, self._past(), day.guide))
