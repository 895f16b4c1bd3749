"""What is chosen for one chat: its parameters and its system prompt, each on a panel."""

from dataclasses import replace

from PySide6.QtCore import QObject

from engine.api import GenerationParams, SamplingParams
from gui.chat.book import Book
from gui.chat.chats import Chats
from gui.chat.composer import Composer
from gui.chat.parameters import Parameters
from gui.chat.system_prompt import SystemPrompt
from gui.desk import Desk


class ChatPanels(QObject):
    """Shows what is chosen for the chat that is shown, and keeps every change with it."""

    def __init__(
        self,
        desk: Desk,
        book: Book,
        chats: Chats,
        parameters: Parameters,
        system: SystemPrompt,
        composer: Composer,
    ) -> None:
        super().__init__(parameters)
        self._desk, self._book, self._chats = desk, book, chats
        self._parameters, self._system, self._composer = parameters, system, composer
        self._has_own_system = False  # somebody has written one for the chat that is shown
        parameters.changed.connect(self.change_parameters)
        system.changed.connect(self._change_system)
        system.closed.connect(lambda: self.show_system(False))
        composer.system_wanted.connect(lambda: self.show_system(self._system.isHidden()))
        composer.thinking_chosen.connect(self._change_thinking)

    def begin(self) -> None:
        """Another chat is shown: `show` follows."""
        self._has_own_system = False
        self._give_system()

    def show(self) -> None:
        record = self._chats.talk.record
        self._system.show_text(record.system)
        self.show_system(bool(record.system) and not record.tree.turns)
        self.show_parameters()

    # Parameters

    def show_parameters(self) -> None:
        """The values of the chat, or the model's own."""
        record, own = self._chats.talk.record, self._own_sampling()
        self._parameters.show_values(record.sampling or own, record.generation, own)
        self._show_thinking()

    def _show_thinking(self) -> None:
        talk = self._chats.talk
        known = talk.model is not None and talk.model.thinks
        self._composer.show_thinking(known, talk.record.generation.enable_thinking)

    def _change_thinking(self, wanted: bool | None) -> None:
        record = self._chats.talk.record
        record.generation = replace(record.generation, enable_thinking=wanted)
        self._keep()
        self.show_parameters()

    def change_parameters(self, sampling: SamplingParams, generation: GenerationParams) -> None:
        record = self._chats.talk.record
        record.sampling = None if sampling == self._own_sampling() else sampling
        record.generation = generation
        self._show_thinking()
        self._keep()

    def _own_sampling(self) -> SamplingParams:
        model = self._chats.talk.model
        return model.default_sampling if model is not None else SamplingParams()

    # The system prompt

    def _give_system(self) -> bool:
        """A new chat begins with the system prompt of its model, else with the one of Settings,
        until somebody has written another. Answers whether it has changed."""
        record, model = self._chats.talk.record, self._chats.talk.model
        if record.tree.turns or self._has_own_system:
            return False
        own = model.default_system if model is not None else ""
        record.system = own or self._desk.preferences.system_prompt
        return record.system != self._system.text()

    def offer_system(self) -> None:
        """Let an untouched new chat begin with its model's own system prompt."""
        if self._give_system():
            text = self._chats.talk.record.system
            self._system.show_text(text)
            self.show_system(bool(text))

    def _change_system(self, text: str) -> None:
        self._has_own_system = True
        self._chats.talk.record.system = text
        self._composer.show_system(bool(text), True)
        self._keep()

    def show_system(self, shown: bool) -> None:
        if self._system.isVisible() and not shown:
            self._chats.talk.measure()
        self._system.setVisible(shown)
        self._composer.show_system(bool(self._chats.talk.record.system), shown)
        if shown:
            self._system.take_focus()

    def _keep(self) -> None:
        if self._chats.talk.record.id:
            self._book.save(self._chats.talk.record)
