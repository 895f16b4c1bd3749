"""Which model a chat talks with: wanted, being opened, open, gone; and when it is the guide."""

from abc import abstractmethod

from engine.api import ModelInfo, headline
from gui.chat.book import ChatRecord
from gui.chat.chat_parts import ChatParts
from gui.chat.conversation import Conversation
from gui.desk import Desk


class ChatModels(ChatParts):
    """Follows the desk; what is drawn of it is the view's."""

    talk: Conversation

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._wanted_path = ""  # the model this window waits for
        self._question = ""  # asked while the guide is being opened

    @abstractmethod
    def _update(self) -> None:
        """Show what has changed."""

    @abstractmethod
    def _show_parameters(self) -> None:
        """Show the values of the chat, or the model's own."""

    @abstractmethod
    def take_focus(self) -> None:
        """Go to where one writes."""

    def _connect_models(self) -> None:
        desk = self._desk
        self.header.model_chosen.connect(self.use_path)
        self.header.close_wanted.connect(desk.close_model)
        self.welcome.model_chosen.connect(self.use_path)
        self.welcome.guide_wanted.connect(self.use_guide)
        for asks in (self.composer.sent, self.welcome.asked, self.empty.asked):
            asks.connect(self._send)
        self.loading.cancelled.connect(desk.cancel_opening)
        desk.loading.connect(self._on_loading)
        desk.load_progress.connect(self._on_load_progress)
        desk.loaded.connect(self._on_loaded)
        desk.load_failed.connect(self._on_load_failed)
        desk.load_ended.connect(self._update)
        desk.models_changed.connect(self._on_models_changed)
        desk.known_changed.connect(self._on_known_changed)
        self._on_known_changed()  # a second window finds everything known
        if desk.opening:  # or the first one waiting for a model
            self._begin_waiting(desk.opening)

    # What is wanted

    def use_path(self, path: str) -> None:
        """This window shall talk with the model in this file."""
        self.error.hide()
        self._wanted_path = path
        self._desk.open_model(path)

    def use_guide(self) -> None:
        """Talk with the small model that comes with the program."""
        guide = self._desk.guide
        if guide is not None and not self._is_guide(self.talk.model):
            self.use_path(guide.path)
        self.take_focus()

    def _send(self, text: str) -> None:
        """What is asked while the guide is being opened waits in the box until it is here."""
        if self.talk.model is not None:
            self.talk.send(text)
            return
        self._question = text
        self.composer.edit.setPlainText(text)
        self.use_guide()

    def _send_waiting(self) -> None:
        question, self._question = self._question, ""
        unchanged = self.composer.edit.toPlainText().strip() == question
        if question and unchanged and self._is_guide(self.talk.model):
            self.composer.edit.clear()
            self._send(question)

    # What the desk tells

    def _begin_waiting(self, name: str) -> None:
        self.loading.begin(name)
        if self._desk.opening_guide:
            self.welcome.progress.begin()

    def _on_loading(self, name: str) -> None:
        self._begin_waiting(name)
        self._update()
        if self._wanted_path or self._guide_is_coming:
            self.take_focus()  # one may write while the model is being opened

    def _on_load_progress(self, words: str, fraction: float | None) -> None:
        self.loading.show_progress(words, fraction)
        self.welcome.progress.show_progress(words, fraction)
        self.header.show_opening(self._desk.opening, fraction)

    def _on_loaded(self, info: ModelInfo) -> None:
        wanted = bool(self._wanted_path) and str(info.path) == self._wanted_path
        if wanted or self.talk.model is None:
            self._wanted_path = ""
            self.talk.use_model(info)
            if wanted or not self._is_guide(info):  # the guide comes unasked: an error still stands
                self.error.hide()
            self._show_parameters()
            self.composer.take_focus()
        self._update()
        self._send_waiting()

    def _on_load_failed(self, name: str, words: str) -> None:
        if self._wanted_path or self.talk.model is None:
            self._wanted_path = self._question = ""
            self.error.show_error(f"{name} could not be opened", words)
        self._update()

    def _on_models_changed(self) -> None:
        model = self.talk.model
        if model is not None and model not in self._desk.models():
            self.talk.use_model(None)
        self._update()

    def _on_known_changed(self) -> None:
        known = self._desk.known
        there = [m for m in known if not m.problem and not m.built_in]
        found = [(m.path, m.name, m.detail) for m in there]
        self.welcome.show_found(found, guide=self._desk.guide is not None)
        if self._desk.hardware is not None:
            self.welcome.show_machine(f"{headline(self._desk.hardware)[0]}.")

    # Which one it is

    def _usual_model(self, record: ChatRecord | None = None) -> ModelInfo | None:
        """This chat's model for the next one, too; the guide gives way to any other, and does not
        go on with what another began."""
        model = self.talk.model
        if model is None or self._is_guide(model):
            model = self._desk.newest_model()
        begun = record is not None and bool(record.tree.turns)
        return None if begun and self._is_guide(model) else model

    def _is_guide(self, model: ModelInfo | None) -> bool:
        return model is not None and self._desk.is_guide(str(model.path))

    @property
    def _guide_is_coming(self) -> bool:
        return self.talk.model is None and self._desk.opening_guide
