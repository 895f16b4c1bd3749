"""The token microscope of a window: a word of an answer, what else could have stood there, and
going on from another word. Alt with a click opens it, or the button under an answer."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize
from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import isValid

from engine.api import Ticket
from engine.base.conversation import Turn
from engine.base.errors import ChaskiError
from engine.base.events import Listener, PromptProgress
from engine.base.looks import Alternative, AnswerPlace, TokenLook
from gui.chat.answer import Answer
from gui.chat.asking import Asking
from gui.chat.chats import Chats
from gui.chat.token_card import TokenCard
from gui.language import tr
from gui.theme.theme import current
from gui.workers import Feed, sentence


def beside(word: QRect, card: QSize, room: QSize, px: Callable[[float], int]) -> QPoint:
    """Where a card goes: under the word, over it where there is no room, at worst to its side."""
    edge, gap, most = px(8), px(6), room.width() - card.width() - px(16)
    x = max(edge, min(word.left() - px(16), most))
    below, above = word.bottom() + gap, word.top() - gap - card.height()
    if below + card.height() <= room.height() - edge:
        return QPoint(x, below)
    if above > edge:
        return QPoint(x, above)
    y = max(edge, room.height() - card.height() - edge)
    for side in (word.right() + px(16), word.left() - px(16) - card.width()):
        if edge <= side <= most:
            return QPoint(side, y)
    return QPoint(x, y)


class Looking(Protocol):
    """Who has answers to look at: the chat that is shown, or one side of a comparison."""

    def when_ready(self, act: Callable[[], object]) -> None:
        """Do this with the model that wrote, as soon as it is here and free."""

    def look(self, turn: Turn, place: AnswerPlace, listener: Listener) -> Ticket:
        """What else could have stood there: see Chat.look. Raises ChaskiError."""

    def take(self, turn: Turn, text: str, *, ends: bool) -> None:
        """Another answer that begins so, and that the model goes on with unless it `ends`."""


class ShownChat:
    """Answers of the chat that is shown."""

    def __init__(self, chats: Chats, asking: Asking) -> None:
        self._chats, self._asking = chats, asking

    def when_ready(self, act: Callable[[], object]) -> None:
        self._asking.when_ready(act)

    def look(self, turn: Turn, place: AnswerPlace, listener: Listener) -> Ticket:
        return self._chats.talk.look(turn, place, listener)

    def take(self, turn: Turn, text: str, *, ends: bool) -> None:
        self._chats.talk.take(turn, text, ends=ends)


class Microscope(QObject):
    """Looks at one place of one answer at a time; closes with a click elsewhere."""

    def __init__(self, of: Looking, scroll: QScrollArea, host: QWidget) -> None:
        """`scroll`: where the answers stand; `host`: what the card may lie over."""
        super().__init__(scroll)
        self._of, self._scroll = of, scroll
        self._row: Answer | None = None
        self._look: TokenLook | None = None
        self._host, self.card = host, TokenCard(host)
        current().dress_when_shown(self.card)
        self._feed = Feed(self)
        self._feed.prompt.connect(self._on_prompt)
        self._feed.done.connect(self._on_done)
        self._feed.failed.connect(self.card.fail)
        self.card.closed.connect(self.close)
        self.card.stepped.connect(self._step)
        self.card.taken.connect(self._take)
        scroll.verticalScrollBar().valueChanged.connect(lambda _: self._place())
        scroll.viewport().installEventFilter(self)
        self.card.installEventFilter(self)
        current().changed.connect(self._place)

    def look_at(self, row: Answer, letter: int) -> None:
        """At this letter of the answer, as soon as its model is here."""
        if self._row is not None and self._row is not row:
            self.close()
        self._row = row
        row.text.picking.is_on = True
        self._ask(AnswerPlace(letter=letter))

    def _ask(self, place: AnswerPlace) -> None:
        self.card.wait("")
        self.card.show()
        self._place()
        self.card.setFocus()
        self._of.when_ready(lambda: self._begin(place))

    def _begin(self, place: AnswerPlace) -> None:
        row = self._row
        if row is None:
            return
        self._feed.close()
        try:
            self._feed.follow(lambda listener: self._of.look(row.turn, place, listener))
        except ChaskiError as error:
            self.card.fail(sentence(error))

    def _on_prompt(self, event: PromptProgress) -> None:
        fresh = event.total - event.reused
        if fresh > event.done - event.reused:
            self.card.wait(tr("Reading {n:,} tokens", n=fresh))

    def _on_done(self, look: object) -> None:
        if isinstance(look, TokenLook) and self._row is not None:
            self._look = look
            self.card.show_look(look)
            self._place()

    def _step(self, step: int) -> None:
        if self._look is not None:
            self._ask(AnswerPlace(token=self._look.number + step))

    def _take(self, each: Alternative) -> None:
        """Another variant: what stood before, this token, and what the model makes of it."""
        row, look, of = self._row, self._look, self._of
        if row is None or look is None:
            return
        turn, before = row.turn, row.turn.text[: look.begin]
        self.close()
        if each.is_end:
            of.when_ready(lambda: of.take(turn, before.rstrip(), ends=True))
        else:
            of.when_ready(lambda: of.take(turn, before + each.text, ends=False))

    def _place(self) -> None:
        """Under the word, or over it where there is no room."""
        row = self._row
        if row is None or not isValid(row) or self.card.isHidden():
            return
        look = self._look
        spot = row.text.picking.mark(look.begin, look.end) if look else None
        word = spot or QRect(0, 0, current().px(8), current().px(8))
        word.moveTopLeft(row.text.mapTo(self._host, word.topLeft()))
        self.card.move(beside(word, self.card.size(), self._host.size(), current().px))

    def close(self) -> None:
        """Put the card away, and the mark."""
        row, had = self._row, self.card.hasFocus()
        if row is None:
            return
        self._feed.close()
        self._row = self._look = None
        self.card.hide()
        self.card.clear()
        if isValid(row):
            row.text.picking.is_on = False
            row.text.picking.unmark()
        if had:
            self._scroll.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._row is not None:
            if event.type() == QEvent.Type.MouseButtonPress and watched is not self.card:
                self.close()
            elif event.type() == QEvent.Type.Resize:
                self._place()
        return False
