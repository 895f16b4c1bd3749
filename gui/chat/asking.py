"""What is asked of a model that may not be here yet: it waits for it.

Nothing that was written is lost, and no answer leaves its place before another is certain to come.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from engine.base.conversation import Turn
from gui.chat.attaching import Attaching
from gui.chat.chats import Chats
from gui.chat.composer import Composer
from gui.chat.conversation import Conversation
from gui.chat.model_choice import ModelChoice
from gui.chat.transcript import Transcript
from gui.language import tr


@dataclass(frozen=True)
class Waiting:
    """Something that is done as soon as its model is here and free; `path` "": any model."""

    talk: Conversation
    act: Callable[[], object]
    path: str
    text: str = ""  # a question that stands in the composer until then


class Asking(QObject):
    """Of the chat that is shown, now or as soon as its model is ready."""

    changed = Signal()  # something waits, or waits no more
    model_needed = Signal()  # somebody has to say which

    def __init__(
        self,
        chats: Chats,
        models: ModelChoice,
        composer: Composer,
        transcript: Transcript,
        attaching: Attaching,
    ) -> None:
        super().__init__(transcript)
        self._chats, self._models, self._attaching = chats, models, attaching
        self._composer, self._transcript = composer, transcript
        self._waiting: Waiting | None = None
        composer.sent.connect(self.send)
        composer.edit.textChanged.connect(self._on_box_changed)
        transcript.again.connect(self._again)
        transcript.continued.connect(self._go_on)
        transcript.rolled.connect(self._go_on_rolling)
        transcript.kept_ends.connect(self._go_on_with_ends)
        transcript.read_files_by(attaching.read)
        transcript.edited.connect(self._edit)
        transcript.edit_cancelled.connect(lambda _turn: self.forget())
        models.given_up.connect(self.forget)
        models.came.connect(self.go_on)

    # What is asked

    def send(self, text: str) -> None:
        """What is asked while its model is being opened waits in the box until that is here."""
        if self._models.is_ready:
            self._chats.talk.send(text, self._attaching.take())
            return
        self._composer.edit.setPlainText(text)
        self.when_ready(lambda: self._send_from_box(text), text)

    def _send_from_box(self, text: str) -> None:
        if self._attaching.reading:  # it came late: the whole is sent by hand
            return
        self._composer.edit.clear()
        self._chats.talk.send(text, self._attaching.take())

    def _on_box_changed(self) -> None:
        """A question that is changed while it waits is to be sent again."""
        waiting, text = self._waiting, self._composer.edit.toPlainText().strip()
        if waiting is not None and waiting.text and waiting.text != text:
            self.forget()

    def _again(self, turn: Turn) -> None:
        self.when_ready(lambda: self._chats.talk.again(turn))

    def _go_on(self, turn: Turn) -> None:
        self.when_ready(lambda: self._chats.talk.go_on(turn))

    def _go_on_rolling(self, turn: Turn) -> None:
        self.when_ready(lambda: self._chats.talk.go_on_rolling(turn))

    def _go_on_with_ends(self, turn: Turn) -> None:
        self.when_ready(lambda: self._chats.talk.go_on_with_ends(turn))

    def go_on_reopened(self, turn: Turn) -> None:
        """As soon as its model is open again: it closes and opens just now."""
        talk = self._chats.talk
        path = str(talk.model.path) if talk.model is not None else self._models.own_path
        self._waiting = Waiting(talk, lambda: talk.go_on(turn), path)
        self.changed.emit()

    def _edit(self, turn: Turn, text: str) -> None:
        """The box stays open until its words have become a turn."""
        busy = self._chats.talk.busy
        if turn.role == "assistant" and not busy:
            self._take_edit(turn, text)
            return
        self.when_ready(lambda: self._take_edit(turn, text))
        if self._waiting is not None:
            self._transcript.keep_edit(
                turn,
                tr("Asked as soon as this answer has ended")
                if busy
                else tr("Asked as soon as the model is ready"),
            )

    def _take_edit(self, turn: Turn, text: str) -> None:
        attached = self._transcript.edited_files(turn)
        self._transcript.end_edit(turn)
        self._chats.talk.edit(turn, text, attached)

    # What waits

    def when_ready(self, act: Callable[[], object], text: str = "") -> None:
        """Do this with the chat's model: now, or as soon as it is here and free."""
        models, talk = self._models, self._chats.talk
        if models.is_ready:
            act()
            return
        path = models.wanted or models.own_path
        self._waiting = Waiting(talk, act, path, text)
        if talk.model is None and not models.wanted:
            if path:
                models.use(path)
            else:
                self.model_needed.emit()
        self.changed.emit()

    def go_on(self) -> None:
        """Do what waited, if it may be done by now."""
        waiting, talk = self._waiting, self._chats.talk
        if waiting is None or waiting.talk is not talk or not self._models.is_ready:
            return
        self._waiting = None
        if talk.model is not None and waiting.path in ("", str(talk.model.path)):
            waiting.act()
        else:
            self._release()  # another model has come: what was written stays to be sent again

    def forget(self) -> None:
        """What was written can be changed and sent again."""
        if self._waiting is not None:
            self._waiting = None
            self._release()
            self.changed.emit()

    def drop(self) -> None:
        """Another chat is shown."""
        self._waiting = None

    def _release(self) -> None:
        for turn in self._chats.talk.record.tree.path():
            self._transcript.keep_edit(turn, "")

    @property
    def words(self) -> str:
        """What the question in the box waits for, in words."""
        if self._waiting is None or not self._waiting.text:
            return ""
        awaited = self._models.awaited
        return tr("Sent as soon as {model} is ready", model=awaited) if awaited else ""
