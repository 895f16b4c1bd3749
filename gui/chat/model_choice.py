"""Which model a chat talks with: wanted, being opened, open, gone; and when it is the guide."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.api import ModelInfo
from gui.chat.book import ChatRecord
from gui.chat.chats import Chats
from gui.desk import Desk, KnownModel


class ModelChoice(QObject):
    """Follows the desk for the chat that is shown, and draws nothing."""

    changed = Signal()
    asked = Signal()  # a model shall be opened for this chat
    taken = Signal(object, bool)  # ModelInfo: the chat talks with it now; whether it was asked for
    failed = Signal(str, str)  # name, sentence
    given_up = Signal()  # no model will come that one could wait for
    came = Signal()  # after `changed`: what waited for a model may go on

    def __init__(self, desk: Desk, chats: Chats, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._chats = desk, chats
        self.wanted = ""  # the file of the model that this window waits for
        desk.loaded.connect(self._on_loaded)
        desk.load_failed.connect(self._on_load_failed)
        desk.load_ended.connect(self._on_load_ended)
        desk.models_changed.connect(self._on_models_changed)

    # What is wanted

    def use(self, path: str) -> None:
        """The chat that is shown shall talk with the model in this file."""
        self.asked.emit()
        mine = bool(self.wanted) and self.wanted == self._desk.opening_path
        self.wanted = path
        self._desk.open_model(path, instead=mine)
        self.changed.emit()

    def prefer(self, path: str) -> None:
        """Whoever has said nothing yet can choose without waiting: the next message opens it."""
        talk, desk = self._chats.talk, self._desk
        known = desk.known_at(path)
        if desk.model_at(path) or desk.is_guide(path) or talk.record.tree.turns or known is None:
            self.use(path)
            return
        if self.wanted:
            self.cancel()
        talk.use_model(None)
        talk.record.model, talk.record.model_path = known.name, path
        self.changed.emit()

    def cancel(self) -> None:
        wanted, self.wanted = self.wanted, ""
        self._desk.cancel_opening(wanted if self._desk.is_coming(wanted) else "")
        self.changed.emit()

    # Which one it is

    @property
    def is_ready(self) -> bool:
        """There is the model that one wants to talk with, and it does nothing else here."""
        talk = self._chats.talk
        return talk.model is not None and not self.wanted and not talk.busy

    @property
    def own_path(self) -> str:
        """The file of the model that this chat goes on with, where it is not open."""
        talk, guide = self._chats.talk, self._desk.guide
        if talk.model is not None:
            return str(talk.model.path)
        if self.guide_is_coming and guide is not None:
            return guide.path
        if self.resting is not None:
            return self.resting.path
        if talk.record.model_path:
            return talk.record.model_path  # to be told why it does not open
        return guide.path if guide is not None and not talk.record.tree.turns else ""

    @property
    def resting(self) -> KnownModel | None:
        """The model that is opened by the next message: this chat's own, else the last used."""
        talk, desk = self._chats.talk, self._desk
        if talk.model is not None or self.guide_is_coming:
            return None
        record = talk.record
        guest = desk.is_guide(record.model_path) and not record.tree.turns
        if desk.can_open(record.model_path) and not guest:
            there = desk.known_at(record.model_path)
            return there or KnownModel(record.model_path, record.model, "")
        return desk.last_used

    @property
    def awaited(self) -> str:
        """The name of the model that is being opened for this chat, or ""."""
        if self.wanted:
            coming = self._desk.opening_path == self.wanted
            return self._desk.opening if coming else Path(self.wanted).stem
        return self._desk.opening if self._chats.talk.model is None else ""

    def usual(self, record: ChatRecord | None = None) -> ModelInfo | None:
        """The shown chat's model for the next one, too; the guide gives way to any other, and does
        not go on with what another began."""
        model = self._chats.talk.model
        if model is None or self.is_guide(model):
            model = self._desk.newest_model()
        begun = record is not None and bool(record.tree.turns)
        return None if begun and self.is_guide(model) else model

    def of(self, record: ChatRecord) -> ModelInfo | None:
        """A chat goes on with its own model; only where that is gone, with another."""
        own = self._desk.model_at(record.model_path)
        return own if own is not None or self._has_own(record) else self.usual(record)

    def only_one(self, record: ChatRecord) -> ModelInfo | None:
        """The one that is open, where that is all there is."""
        alone = len(self._desk.models()) == 1 and not self._has_own(record)
        return self.usual(record) if alone else None

    def _has_own(self, record: ChatRecord) -> bool:
        """It was begun with a model that can be opened again."""
        return bool(record.tree.turns) and self._desk.can_open(record.model_path)

    def is_guide(self, model: ModelInfo | None) -> bool:
        return model is not None and self._desk.is_guide(str(model.path))

    @property
    def guide_is_coming(self) -> bool:
        """It is being opened, or will be where nothing says that there is another model."""
        desk = self._desk
        expected = desk.expecting and desk.guide is not None and desk.last_used is None
        return self._chats.talk.model is None and (desk.opening_guide or expected)

    # What the desk tells

    def _on_loaded(self, info: ModelInfo) -> None:
        talk = self._chats.talk
        asked = bool(self.wanted) and str(info.path) == self.wanted
        free = not self.wanted and not self._has_own(talk.record)
        own = str(info.path) == talk.record.model_path
        if asked or (talk.model is None and (free or own)):
            self.wanted = ""
            talk.use_model(info)
            self.taken.emit(info, asked)
        self.changed.emit()
        self.came.emit()

    def _on_load_failed(self, name: str, words: str) -> None:
        lost = self.wanted and not self._desk.is_coming(self.wanted)
        if lost or self._desk.opening_path == self.wanted or self._chats.talk.model is None:
            self.wanted = ""
            self.given_up.emit()
            self.failed.emit(name, words)
        self.changed.emit()

    def _on_load_ended(self) -> None:
        if self.wanted and not self._desk.is_coming(self.wanted):
            self.wanted = ""  # it was stopped
            self.given_up.emit()
        elif not self._desk.opening and not self.wanted and self._chats.talk.model is None:
            self.given_up.emit()
        self.changed.emit()

    def _on_models_changed(self) -> None:
        model = self._chats.talk.model
        if model is not None and model not in self._desk.models():
            self._chats.talk.use_model(None)
        self.changed.emit()
