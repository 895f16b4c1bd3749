"""The token microscope of a window: a word of an answer, what else could have stood there, and
going on from another word. Alt with a click opens it, or the button under an answer."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from engine.base.errors import ChaskiError
from engine.base.events import PromptProgress
from engine.base.looks import Alternative, AnswerPlace, TokenLook
from gui.chat.answer import Answer
from gui.chat.asking import Asking
from gui.chat.chats import Chats
from gui.chat.conversation import Conversation
from gui.chat.token_card import TokenCard
from gui.chat.transcript import Transcript
from gui.language import tr
from gui.theme.theme import current
from gui.workers import Feed, sentence


class Microscope(QObject):
    """Looks at one place of one answer at a time; closes with a click elsewhere."""

    def __init__(self, chats: Chats, asking: Asking, transcript: Transcript, host: QWidget) -> None:
        """`host`: what the card may lie over."""
        super().__init__(transcript)
        self._chats, self._asking, self._transcript = chats, asking, transcript
        self._row: Answer | None = None
        self._look: TokenLook | None = None
        self._host, self.card = host, TokenCard(host)
        self._feed = Feed(self)
        self._feed.prompt.connect(self._on_prompt)
        self._feed.done.connect(self._on_done)
        self._feed.failed.connect(self.card.fail)
        self.card.closed.connect(self.close)
        self.card.stepped.connect(self._step)
        self.card.taken.connect(self._take)
        transcript.looked.connect(self.look_at)
        transcript.verticalScrollBar().valueChanged.connect(lambda _: self._place())
        transcript.viewport().installEventFilter(self)
        self.card.installEventFilter(self)
        current().changed.connect(self._place)

    @property
    def _talk(self) -> Conversation:
        return self._chats.talk

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
        self._asking.when_ready(lambda: self._begin(place))

    def _begin(self, place: AnswerPlace) -> None:
        row, talk = self._row, self._talk
        if row is None:
            return
        self._feed.close()
        try:
            self._feed.follow(lambda listener: talk.look(row.turn, place, listener))
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
        row, look, talk = self._row, self._look, self._talk
        if row is None or look is None:
            return
        turn, before = row.turn, row.turn.text[: look.begin]
        self.close()
        if each.is_end:
            self._asking.when_ready(lambda: talk.take(turn, before.rstrip(), ends=True))
        else:
            self._asking.when_ready(lambda: talk.take(turn, before + each.text, ends=False))

    def _place(self) -> None:
        """Under the word, or over it where there is no room."""
        row = self._row
        if row is None or not isValid(row) or self.card.isHidden():
            return
        look, px, host = self._look, current().px, self._host
        spot = row.text.picking.mark(look.begin, look.end) if look else None
        rect = spot or QRect(0, 0, px(8), px(8))
        at = row.text.mapTo(host, rect.bottomLeft()) + QPoint(-px(16), px(6))
        if at.y() + self.card.height() > host.height() - px(8):
            above = row.text.mapTo(host, rect.topLeft()).y() - px(6) - self.card.height()
            at.setY(max(px(8), above if above > px(8) else host.height() - self.card.height()))
        left = max(px(8), min(at.x(), host.width() - self.card.width() - px(16)))
        self.card.move(left, at.y())

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
            self._transcript.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._row is not None:
            if event.type() == QEvent.Type.MouseButtonPress and watched is not self.card:
                self.close()
            elif event.type() == QEvent.Type.Resize:
                self._place()
        return False
