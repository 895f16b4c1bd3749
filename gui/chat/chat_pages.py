"""What of a chat view is seen: the page in its middle, the hint in the box, what has room."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.api import ModelInfo, headline
from engine.base.events import Progress
from gui.chat.asking import Asking
from gui.chat.book import Book
from gui.chat.chat_header import RESTING
from gui.chat.chat_parts import ChatParts
from gui.chat.chats import Chats
from gui.chat.day import DayAtHand
from gui.chat.model_choice import ModelChoice
from gui.desk import Desk, Meter
from gui.language import said, tr
from gui.theme.theme import current
from gui.workers import whole_sentence

LEAST_ROOM = 400  # for a conversation
LOW = 660  # a window's height below which the composer is content with one line


class ChatPages(QObject):
    """Follows from the chat that is shown, its model and what waits: `update` draws it anew."""

    def __init__(
        self,
        desk: Desk,
        book: Book,
        parts: ChatParts,
        chats: Chats,
        models: ModelChoice,
        asking: Asking,
    ) -> None:
        super().__init__(parts.middle)
        self._desk, self._book, self._parts = desk, book, parts
        self._chats, self._models, self._asking = chats, models, asking
        self._bare = True  # nothing but the welcome: no chats yet, no model
        self._meter = Meter()  # of a model that is opened again
        self._day = DayAtHand(desk, book, chats, models, parts.at_hand)
        models.changed.connect(self.update)
        asking.changed.connect(self.update)
        desk.load_progress.connect(self._on_load_progress)
        desk.known_changed.connect(self._on_known_changed)
        self._show_known()  # a second window finds everything known
        if desk.opening:  # or the first one waiting for a model
            self._begin_waiting(desk.opening)

    def update(self) -> None:
        parts = self._parts
        models, talk = self._models, self._chats.talk
        model, has_turns = talk.model, bool(talk.record.tree.turns)
        parts.transcript.set_busy(talk.busy)
        resting, coming = models.resting, models.guide_is_coming
        begins = model is None and not self._desk.opening and not has_turns
        first = begins and resting is None and not (coming or self._chats.reopening)
        ready = model is not None or bool(models.wanted or models.own_path)
        parts.composer.set_state(talk.busy, ready, self._hint(model))
        parts.composer.show_waiting(self._asking.words)
        parts.foot.setVisible(not first or not parts.error.isHidden())
        parts.composer.setVisible(not first)
        parts.header.setVisible(not first)
        page = self._page()
        guide = self._desk.guide if coming else None
        parts.header.show_resting(resting or guide, tr("opening") if guide else tr(RESTING))
        parts.header.show_model(model, models.awaited, cancel=page is not parts.loading)
        self._bare = page is parts.welcome and not (self._book.rows() or self._book.folders())
        self.make_room()
        parts.welcome.show_guide(models.is_guide(model) or coming)
        if not self._desk.opening_guide:
            parts.welcome.progress.end()
        daily = page is parts.empty
        if daily:
            self._day.show(guide=models.is_guide(model) or (model is None and coming))
        parts.show_at_hand(daily)
        parts.middle.setCurrentWidget(page)

    def _page(self) -> QWidget:
        """What the middle shows. The guide is opened behind the welcome, so that one may read it
        and ask at once."""
        parts = self._parts
        models, talk, coming = self._models, self._chats.talk, self._models.guide_is_coming
        model = talk.model
        if talk.record.tree.turns or self._chats.reopening:
            return parts.transcript
        if models.awaited and not coming:  # its progress stands in the pill, but for the first
            return parts.empty if self._has_days_behind() else parts.loading
        if coming or models.is_guide(model):
            return parts.empty if self._book.rows() else parts.welcome
        return parts.empty if model is not None or models.resting is not None else parts.welcome

    def _has_days_behind(self) -> bool:
        """There are chats, or a model that was talked with."""
        return bool(self._book.rows() or self._desk.last_used or self._desk.models())

    def make_room(self) -> None:
        """In a narrow window the list of chats gives way to the parameters."""
        parts = self._parts
        if parts.is_covered:
            return
        panel = 0 if parts.parameters.isHidden() else parts.parameters.width()
        room = parts.view.width() - parts.list.width() - panel
        parts.at_hand.show_room(parts.view.height())
        parts.composer.set_low(parts.view.height() < current().px(LOW))
        fits = not self._bare and room >= current().px(LEAST_ROOM)
        parts.list.setVisible(fits and not parts.list.is_put_away)
        parts.header.list_button.setVisible(fits and parts.list.is_put_away)

    def _hint(self, model: ModelInfo | None) -> str:
        models = self._models
        if models.guide_is_coming:
            return tr("Ask now; the guide answers as soon as it is ready")
        if models.awaited:
            return tr("Ask now; {model} answers as soon as it is ready", model=models.awaited)
        if model is not None:
            temporary = self._chats.talk.record.temporary
            return tr(
                "Message {model} – a temporary chat, nothing of it is written"
                if temporary
                else "Message {model}",
                model=model.name,
            )
        if models.resting is not None:
            return tr("Message {model}", model=models.resting.name)
        if models.own_path and self._chats.talk.record.model:
            return tr("Message {model}", model=self._chats.talk.record.model)
        return tr("Choose a model to go on")

    # A model is being opened

    def begin_waiting(self, name: str) -> None:
        self._begin_waiting(name)
        self.update()

    def _begin_waiting(self, name: str) -> None:
        self._parts.loading.begin(name)
        if self._desk.opening_guide:
            self._parts.welcome.progress.begin()

    def _on_load_progress(self, words: str, fraction: float | None) -> None:
        parts = self._parts
        parts.loading.show_progress(words, fraction)
        parts.welcome.progress.show_progress(words, fraction)
        if self._models.awaited == self._desk.opening:
            parts.header.show_progress(fraction)

    def show_waking(self, event: Progress) -> None:
        """The model rested: it is opened again before it reads."""
        words, fraction = self._meter.read(event)
        self._parts.header.show_waking(fraction)
        model = self._chats.talk.model
        if model is not None:
            words = tr(
                "Opening {model} again: {step}",
                model=model.name,
                step=words[:1].lower() + words[1:],
            )
            self._parts.transcript.show_waking(words, fraction)

    def end_waking(self) -> None:
        self._meter = Meter()
        self._parts.header.end_waking()
        self.update()

    # What is known of models

    def _on_known_changed(self) -> None:
        self._show_known()
        self.update()

    def _show_known(self) -> None:
        known = self._desk.known
        there = [m for m in known if not m.problem and not m.built_in]
        found = [(m.path, m.name, m.detail) for m in there]
        self._parts.welcome.show_found(found, guide=self._desk.guide is not None)
        if self._desk.hardware is not None:
            self._parts.welcome.show_machine(whole_sentence(said(headline(self._desk.hardware)[0])))
