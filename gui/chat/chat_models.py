"""Which model a chat talks with: wanted, being opened, open, gone; and when it is the guide.

What needs a model that is not here yet waits for it: nothing that was written is lost, and no
answer leaves its place before another is certain to come.
"""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.api import ModelInfo, headline
from gui.chat.book import ChatRecord
from gui.chat.chat_parts import ChatParts
from gui.chat.conversation import Conversation
from gui.chat.turns import Turn
from gui.desk import Desk, KnownModel
from gui.language import said


@dataclass(frozen=True)
class Waiting:
    """Something that is done as soon as its model is here and free; `path` "": any model."""

    talk: Conversation
    act: Callable[[], object]
    path: str
    text: str = ""  # a question that stands in the composer until then


class ChatModels(ChatParts):
    """Follows the desk; what is drawn of it is the view's."""

    talk: Conversation

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._wanted_path = ""  # the model this window waits for
        self._waiting: Waiting | None = None

    @abstractmethod
    def _update(self) -> None:
        """Show what has changed."""

    @abstractmethod
    def _show_parameters(self) -> None:
        """Show the values of the chat, or the model's own."""

    @abstractmethod
    def _offer_system(self) -> None:
        """Let an untouched new chat begin with its model's own system prompt."""

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
        self.composer.edit.textChanged.connect(self._on_box_changed)
        self.transcript.again.connect(self._again)
        self.transcript.continued.connect(lambda turn: self._when_ready(self._going_on(turn)))
        self.transcript.rolled.connect(lambda turn: self._when_ready(self._rolling(turn)))
        self.transcript.edited.connect(self._edit)
        self.transcript.edit_cancelled.connect(lambda _turn: self._forget_waiting())
        for cancels in (self.loading.cancelled, self.header.cancelled):
            cancels.connect(self._cancel)
        desk.loading.connect(self._on_loading)
        desk.load_progress.connect(self._on_load_progress)
        desk.loaded.connect(self._on_loaded)
        desk.load_failed.connect(self._on_load_failed)
        desk.load_ended.connect(self._on_load_ended)
        desk.models_changed.connect(self._on_models_changed)
        desk.known_changed.connect(self._on_known_changed)
        self._show_known()  # a second window finds everything known
        if desk.opening:  # or the first one waiting for a model
            self._begin_waiting(desk.opening)

    # What is wanted

    def use_path(self, path: str) -> None:
        """This window shall talk with the model in this file."""
        self.error.hide()
        mine = bool(self._wanted_path) and self._wanted_path == self._desk.opening_path
        self._wanted_path = path
        self._desk.open_model(path, instead=mine)
        self._update()

    def _cancel(self) -> None:
        wanted, self._wanted_path = self._wanted_path, ""
        self._forget_waiting()
        self._desk.cancel_opening(wanted if self._desk.is_coming(wanted) else "")
        self._update()

    def use_guide(self) -> None:
        """Talk with the small model that comes with the program."""
        guide = self._desk.guide
        if guide is not None and not self._is_guide(self.talk.model):
            self.use_path(guide.path)
        self.take_focus()

    # What is asked

    def _send(self, text: str) -> None:
        """What is asked while its model is being opened waits in the box until that is here."""
        if self._is_ready():
            self.talk.send(text)
            return
        self.composer.edit.setPlainText(text)
        self._when_ready(lambda: self._send_from_box(text), text)

    def _send_from_box(self, text: str) -> None:
        self.composer.edit.clear()
        self.talk.send(text)

    def _on_box_changed(self) -> None:
        """A question that is changed while it waits is to be sent again."""
        waiting, text = self._waiting, self.composer.edit.toPlainText().strip()
        if waiting is not None and waiting.text and waiting.text != text:
            self._forget_waiting()

    def _again(self, turn: Turn) -> None:
        self._when_ready(lambda: self.talk.again(turn))

    def _going_on(self, turn: Turn) -> Callable[[], object]:
        return lambda: self.talk.go_on(turn)

    def _rolling(self, turn: Turn) -> Callable[[], object]:
        return lambda: self.talk.go_on_rolling(turn)

    def _edit(self, turn: Turn, text: str) -> None:
        """The box stays open until its words have become a turn."""
        if turn.role == "assistant" and not self.talk.busy:
            self._take_edit(turn, text)
            return
        self._when_ready(lambda: self._take_edit(turn, text))
        if self._waiting is not None:
            what = "this answer has ended" if self.talk.busy else "the model is ready"
            self.transcript.keep_edit(turn, f"Asked as soon as {what}")

    def _take_edit(self, turn: Turn, text: str) -> None:
        self.transcript.end_edit(turn)
        self.talk.edit(turn, text)

    def _is_ready(self) -> bool:
        """There is the model that one wants to talk with, and it does nothing else here."""
        return self.talk.model is not None and not self._wanted_path and not self.talk.busy

    def _when_ready(self, act: Callable[[], object], text: str = "") -> None:
        """Do this with the chat's model: now, or as soon as it is here and free."""
        if self._is_ready():
            act()
            return
        path = self._wanted_path or self._own_path()
        self._waiting = Waiting(self.talk, act, path, text)
        if self.talk.model is None and not self._wanted_path:
            if path:
                self.use_path(path)
            else:
                self.header.show_menu()  # somebody has to say which
        self._update()

    def _own_path(self) -> str:
        """The file of the model that this chat goes on with, where it is not open."""
        if self.talk.model is not None:
            return str(self.talk.model.path)
        guide = self._desk.guide
        if self._guide_is_coming and guide is not None:
            return guide.path
        resting = self._resting()
        if resting is not None:
            return resting.path
        if self.talk.record.model_path:
            return self.talk.record.model_path  # to be told why it does not open
        return guide.path if guide is not None and not self.talk.record.tree.turns else ""

    def _resting(self) -> KnownModel | None:
        """The model that is opened by the next message: this chat's own, else the last used."""
        if self.talk.model is not None or self._guide_is_coming:
            return None
        record, desk = self.talk.record, self._desk
        guest = desk.is_guide(record.model_path) and not record.tree.turns
        if desk.can_open(record.model_path) and not guest:
            there = desk.known_at(record.model_path)
            return there or KnownModel(record.model_path, record.model, "")
        return desk.last_used

    def _has_own(self, record: ChatRecord) -> bool:
        """It was begun with a model that can be opened again."""
        return bool(record.tree.turns) and self._desk.can_open(record.model_path)

    def _do_waiting(self) -> None:
        waiting = self._waiting
        if waiting is None or waiting.talk is not self.talk or not self._is_ready():
            return
        self._waiting = None
        model = self.talk.model
        if model is not None and waiting.path in ("", str(model.path)):
            waiting.act()
        else:
            self._release()  # another model has come: what was written stays to be sent again

    def _forget_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting = None
            self._release()
            self._update()

    def _release(self) -> None:
        for turn in self.talk.record.tree.path():
            self.transcript.keep_edit(turn, "")

    def _waits_in_box(self) -> str:
        """What the question in the box waits for, in words."""
        if self._waiting is None or not self._waiting.text:
            return ""
        awaited = self._awaited()
        return f"Sent as soon as {awaited} is ready" if awaited else ""

    def _awaited(self) -> str:
        """The name of the model that is being opened for this chat, or ""."""
        if self._wanted_path:
            coming = self._desk.opening_path == self._wanted_path
            return self._desk.opening if coming else Path(self._wanted_path).stem
        return self._desk.opening if self.talk.model is None else ""

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
        if self._awaited() == self._desk.opening:
            self.header.show_progress(fraction)

    def _on_loaded(self, info: ModelInfo) -> None:
        wanted = bool(self._wanted_path) and str(info.path) == self._wanted_path
        free = not self._wanted_path and not self._has_own(self.talk.record)
        own = str(info.path) == self.talk.record.model_path
        if wanted or (self.talk.model is None and (free or own)):
            self._wanted_path = ""
            self.talk.use_model(info)
            self._offer_system()
            if wanted or not self._is_guide(info):  # the guide comes unasked: an error still stands
                self.error.hide()
            self._show_parameters()
            if not self.transcript.is_editing:
                self.composer.take_focus()
        self._update()
        self._do_waiting()

    def _on_load_failed(self, name: str, words: str) -> None:
        wanted = self._wanted_path and not self._desk.is_coming(self._wanted_path)
        if wanted or self._desk.opening_path == self._wanted_path or self.talk.model is None:
            self._wanted_path = ""
            self._forget_waiting()
            self.error.show_error(f"{name} could not be opened", words)
        self._update()

    def _on_load_ended(self) -> None:
        if self._wanted_path and not self._desk.is_coming(self._wanted_path):
            self._wanted_path = ""  # it was stopped
            self._forget_waiting()
        elif not self._desk.opening and not self._wanted_path and self.talk.model is None:
            self._forget_waiting()
        self._update()

    def _on_models_changed(self) -> None:
        model = self.talk.model
        if model is not None and model not in self._desk.models():
            self.talk.use_model(None)
        self._update()

    def _on_known_changed(self) -> None:
        self._show_known()
        self._update()

    def _show_known(self) -> None:
        known = self._desk.known
        there = [m for m in known if not m.problem and not m.built_in]
        found = [(m.path, m.name, m.detail) for m in there]
        self.welcome.show_found(found, guide=self._desk.guide is not None)
        if self._desk.hardware is not None:
            self.welcome.show_machine(f"{said(headline(self._desk.hardware)[0])}.")

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
        """It is being opened, or will be where nothing says that there is another model."""
        desk = self._desk
        expected = desk.expecting and desk.guide is not None and desk.last_used is None
        return self.talk.model is None and (desk.opening_guide or expected)
