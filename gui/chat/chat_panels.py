"""What is chosen for one chat: its parameters and its system prompt, each on a panel."""

from dataclasses import replace
from typing import Any, cast

from PySide6.QtCore import QObject, Signal

from engine.api import GenerationParams, SamplingParams, WhenFull
from gui.chat.book import Book, ChatRecord
from gui.chat.chats import Chats
from gui.chat.composer import Composer
from gui.chat.parameters import Parameters
from gui.chat.prompt_library import PromptLibrary
from gui.chat.system_prompt import SystemPrompt
from gui.desk import Desk
from gui.language import tr
from gui.presets import BUILT_IN, shown, told


class ChatPanels(QObject):
    """Shows what is chosen for the chat that is shown, and keeps every change with it."""

    said = Signal(str)
    undoable = Signal(str, object)  # words, what takes it back

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
        composer.limit_chosen.connect(lambda n: self._change_reply(thinking_tokens=n))
        row = parameters.presets
        row.saved.connect(self._save_preset)
        row.deleted.connect(self._delete_preset)
        row.own_wanted.connect(self._make_own)
        row.usual_wanted.connect(self._make_usual)
        system.library_wanted.connect(self.show_library)

    def begin(self) -> None:
        """Another chat is shown: `show` follows."""
        self._has_own_system = False
        self._give_system()
        record = self._chats.talk.record
        if not record.tree.turns and not record.id:
            self._give_usual(record)

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
        model = self._chats.talk.model
        name = model.name if model is not None else ""
        self._parameters.show_presets(self._desk.presets.all, name)
        self._show_thinking()

    def _give_usual(self, record: ChatRecord) -> None:
        """A new chat begins with what was chosen for all of them."""
        chosen = self._desk.preferences
        if record.sampling is None:
            record.sampling = self._preset(chosen.preset)
        if record.generation == GenerationParams():
            full = cast("WhenFull", chosen.when_full)
            record.generation = replace(record.generation, when_full=full)

    # Presets

    def _preset(self, name: str) -> SamplingParams | None:
        """Its values; None: there is no such preset (any more)."""
        return {**BUILT_IN, **self._desk.presets.all}.get(name)

    def _save_preset(self, name: str) -> None:
        record = self._chats.talk.record
        values = record.sampling or self._own_sampling()
        self._desk.presets.put(name, replace(values, seed=-1))
        self.show_parameters()

    def _delete_preset(self, name: str) -> None:
        values = self._desk.presets.take(name)
        self.show_parameters()
        if values is not None:
            self.undoable.emit(
                tr("“{name}” was deleted", name=name), lambda: self._put_back(name, values)
            )

    def _put_back(self, name: str, values: SamplingParams) -> None:
        self._desk.presets.put(name, values)
        self.show_parameters()

    def _make_own(self) -> None:
        """The values of this chat are its model's own from now on, in every new chat."""
        model, sampling = self._chats.talk.model, self._chats.talk.record.sampling
        if model is None or sampling is None:
            return
        if self._desk.is_guide(str(model.path)):
            self.said.emit(tr("The guide keeps its values; save yours as a preset instead."))
            return
        wished = told(replace(sampling, seed=-1))
        usual = {name: getattr(SamplingParams(), name) for name in told(model.default_sampling)}
        values = {**usual, **wished}
        done = tr("New chats with {model} begin with these values", model=model.name)
        self._desk.wish(
            model, lambda wishes: replace(wishes, sampling=values), lambda: self.said.emit(done)
        )

    def _make_usual(self, name: str) -> None:
        self._desk.set_preferences(replace(self._desk.preferences, preset=name))
        words = tr(
            "New chats begin with “{preset}”"
            if name
            else "New chats begin with the model’s own values",
            preset=shown(name),
        )
        self.said.emit(words)

    def _show_thinking(self) -> None:
        model, values = self._chats.talk.model, self._chats.talk.record.generation
        can_end = model is not None and model.thinks_in_tags
        self._composer.show_thinking(values, model is not None and model.thinks, can_end)
        self._parameters.offer_limit(can_end)

    def _change_thinking(self, wanted: bool | None) -> None:
        was_off = not self._chats.talk.record.generation.thinking_tokens
        tokens = {"thinking_tokens": -1} if was_off and wanted is not False else {}
        self._change_reply(enable_thinking=wanted, **tokens)

    def _change_reply(self, **values: Any) -> None:
        record = self._chats.talk.record
        record.generation = replace(record.generation, **values)
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

    def show_library(self) -> None:
        """Choose among the prompts that are kept, or change them."""
        now = self._chats.talk.record.system
        sheet = PromptLibrary(self._parameters.window(), self._desk.prompts, now)
        sheet.used.connect(self._use_prompt)
        sheet.deleted.connect(self._on_prompt_deleted)
        sheet.finished.connect(sheet.deleteLater)
        sheet.open()

    def _use_prompt(self, text: str) -> None:
        self._system.show_text(text)
        self._change_system(text)
        self.show_system(True)
        self._chats.talk.measure()

    def _on_prompt_deleted(self, name: str, text: str) -> None:
        def undo() -> None:
            self._desk.prompts.put(self._desk.prompts.free_name(name), text)

        self.undoable.emit(tr("“{name}” was deleted", name=name), undo)

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
